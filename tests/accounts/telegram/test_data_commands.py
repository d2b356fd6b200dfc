"""/privacy and /mydata: what a person is told of what is stored about them."""

import json
from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest
from django.apps import apps
from pytest_django import Settings

from accounts import audit
from accounts.models import AccountSession, EmailCode, Subscriber, Subscription, Timing
from accounts.personal import filters, profiles
from accounts.privacy import notice_text
from accounts.pseudonyms import pseudonym
from accounts.signin import links, tokens
from accounts.subscribing.forgetting import forget
from accounts.subscribing.my_data import stored_about
from accounts.telegram import data_commands
from accounts.telegram.registry import in_database
from notifications.models import Interest, Notice, WaitingReply
from notifications.my_time.calendar_links import link_token
from notifications.publishing.fan_out import fan_out
from tests.bot import GROUP, OTHER, STUDENT, Talk, bot_at_work, cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.PRIVACY_CONTACT = "cell@example.edu"
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def fill(person: Subscriber) -> None:
    """Everything that can be stored about a person."""
    subscription = Subscription.objects.get(subscriber=person)
    subscription.muted.create(category="webinar")
    EmailCode.objects.create(
        subscriber=person, address_digest="a" * 64, code_digest="b" * 64, expires_at=person.created_at, tries_left=5
    )
    notice = Notice.objects.create(
        external_key="1", title="Kestrel visits", season=None, published_at=person.created_at
    )
    fan_out(notice)
    filters.add(person.telegram_id or 0, filters.parse("word", "python"))
    Timing.objects.create(subscriber=person, quiet_from=time(23), quiet_until=time(7))
    Interest.objects.create(subscriber=person, key="1", applied_at=person.created_at)
    link_token(person)
    tokens.make(person, "script", ["me:read"], timedelta(days=1))
    links.make(person.telegram_id or 0)
    AccountSession.objects.create(subscriber=person, digest="a" * 64, by="link", expires_at=person.created_at)
    WaitingReply.objects.create(chat_id=person.telegram_id or 0, kind="x", token=_TOKEN, content={})

    profiles.agree(person.telegram_id or 0)
    profiles.tell(person.telegram_id or 0, "number", "22103001")


_TOKEN = "12345678123456781234567812345678"


async def test_privacy_says_whom_to_ask_and_when_copies_end(talk: Talk, settings: Settings) -> None:
    text = (await talk.say("/privacy")).text
    assert "cell@example.edu" in text
    assert f"within {settings.KEEP_BACKUPS_DAYS} days" in text


@pytest.mark.parametrize(
    ("kept", "said"),
    [(400, "edits reach you: for 400 days."), (0, "edits reach you: for as long as the service runs.")],
)
def test_the_notice_breaks_no_sentence(settings: Settings, kept: int, said: str) -> None:
    settings.KEEP_DELIVERIES_DAYS, settings.KEEP_BACKUPS_DAYS = kept, 1
    text = notice_text()
    assert said in text
    assert "within 1 day," in text
    heading, *paragraphs = text.split("\n\n")
    assert "." not in heading
    assert [each for each in paragraphs if "\n" in each or not each.endswith((".", "!"))] == []


async def test_mydata_counts_and_sends_everything(talk: Talk) -> None:
    await talk.say("/start")
    await in_database(lambda: fill(Subscriber.objects.get(telegram_id=STUDENT)))
    await talk.say("/mydata")
    await talk.idle()
    told = talk.api.messages(STUDENT)[-1]
    assert told.document
    assert "• you: name, id, membership\n" in told.text
    assert "• notices sent to you\n" in told.text
    assert "• your profile (/me)" in told.text
    assert not [table for table in ("profiles:", "counters", "subscribers", "deliveries") if table in told.text]
    found = await in_database(stored_about, STUDENT)
    assert found.keys() >= {"subscribers", "subscriptions", "muted categories", "deliverys", "deliveries"} - {
        "deliverys"
    }
    assert not any(name.endswith("digest") for rows in found.values() for row in rows for name in row)
    json.dumps(found, default=str)


async def test_the_file_is_sent_a_few_times_an_hour(talk: Talk) -> None:
    await talk.say("/start")
    for _ in range(7):
        await talk.say("/mydata")
        await talk.idle()
    assert talk.api.calls["sendDocument"] == 5
    assert talk.api.messages(STUDENT)[-1].text.startswith("You have just had it.")


async def test_mydata_after_all_was_deleted(talk: Talk) -> None:
    await talk.say("/start")
    await talk.say("/mydata")
    await talk.press(await talk.say("/forget"), "Delete it all")
    await talk.say("/mydata")
    await talk.idle()
    assert talk.api.messages(STUDENT)[-1].text == str(data_commands.COUNTERS_ALONE)


async def test_mydata_of_a_stranger_and_in_a_group(talk: Talk) -> None:
    assert (await talk.say("/mydata", by=OTHER)).text == str(data_commands.NOTHING)
    assert (await talk.say("/mydata", chat=GROUP)).text == str(data_commands.IN_PRIVATE)


def test_every_table_about_a_person_is_told_and_forgotten(subscribe: object) -> None:
    person = Subscriber.objects.create(telegram_id=77, name="Asha Verma")
    subscription = Subscription.objects.create(subscriber=person, channel="telegram", address="77")
    subscription.seasons.create(season=202627)
    fill(person)
    found = stored_about(77)
    for model in apps.get_models():
        leads = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
        if leads & {Subscriber, Subscription} and not model._meta.proxy:
            assert found.get(str(model._meta.verbose_name_plural)), f"{model.__name__} is not told, or not filled here"
    forget(77)
    assert stored_about(77) == {}


def test_an_admin_is_told_what_they_did(subscribe: object) -> None:
    Subscriber.objects.create(telegram_id=77)
    audit.record(pseudonym(77), "bot users", target=pseudonym(77))
    audit.record(pseudonym(78), "bot users", target=pseudonym(78))
    assert [row["actor"] for row in stored_about(77)["audit log"]] == [pseudonym(77)]


def test_an_act_upon_several_tells_each_of_themselves_alone() -> None:
    Subscriber.objects.create(telegram_id=77)
    audit.record("staff:1", "POST admit", target=f"/admin/ {pseudonym(77)} {pseudonym(78)}")
    assert [row["target"] for row in stored_about(77)["audit log"]] == [f"/admin/ {pseudonym(77)} …"]


def test_who_is_told_of_in_a_chat_is_forgotten_and_told_alike(subscribe: object) -> None:
    """A row without an id, whose messages go to the chat, as an import may make it."""
    nameless = Subscriber.objects.create(name="Asha Verma")
    Subscription.objects.create(subscriber=nameless, channel="telegram", address="79")
    assert [row["name"] for row in stored_about(79)["subscribers"]] == ["Asha Verma"]
    assert forget(79)
    assert stored_about(79) == {}
