"""Who is no member reads no name and no number of a student, in no message, edit, file or push (spec: personal)."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings
from time_machine import TimeMachineFixture

from accounts.categories import Category
from accounts.models import Subscriber
from accounts.subscribing import members
from notifications.delivery import ledger
from notifications.delivery.tidy import tidy
from notifications.models import Delivery, Notice
from notifications.publishing.publish import publish, withdraw
from notifications.rendering.public import without_names
from notifications.rendering.render import push_parts, telegram_parts
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests import season
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.django_db(transaction=True)
STUDENTS = ({"name": "Asha Verma", "enrollment": "22103001"}, {"name": "Bilal Khan", "enrollment": "9922103002"})
SECRETS = [text for student in STUDENTS for text in student.values()]
MAIN_TEXT = "<p>Selected: Asha Verma</p><p>Report at 9 AM.</p>"


@pytest.fixture(autouse=True)
def approve(settings: Settings) -> None:
    settings.MEMBERSHIP = "approve"


def shortlist(draft: MakeDraft, **fields: object) -> Notice:
    facts = {"category": "shortlisting", "company": "Kestrel", "roster": STUDENTS, "roster_meaning": "shortlisted"}
    texts = {"title": "Kestrel shortlist", "body": MAIN_TEXT}
    return publish(draft("list:1", **(texts | facts | fields))).notice


def says(telegram: BotApi, chat: str) -> str:
    return telegram.messages(int(chat))[-1].text


def leaks(texts: Iterable[str]) -> list[str]:
    return [secret for text in texts for secret in SECRETS if secret in text]


def test_a_member_reads_the_list_and_nobody_else_does(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    member, stranger = subscribe(), subscribe()
    members.admit(Subscriber.objects.filter(pk=member.subscriber_id), by="approval")
    shortlist(draft)
    run()
    assert leaks([says(telegram, member.address)]) == SECRETS
    told = says(telegram, stranger.address)
    assert leaks([told]) == []
    assert "2 students are listed. Members read the names: /join" in told
    assert "Report at 9 AM." in told


def test_an_edit_of_what_was_sent_before_a_membership_ended_names_nobody(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    member = subscribe()
    person = Subscriber.objects.filter(pk=member.subscriber_id)
    members.admit(person, by="approval")
    shortlist(draft)
    run()
    assert leaks([says(telegram, member.address)]) == SECRETS
    members.end(person)
    run()
    assert leaks([says(telegram, member.address)]) == []
    shortlist(draft, venue="LT-4")
    run()
    assert leaks(message.text for message in telegram.messages(int(member.address))) == []
    withdraw("list:1")
    run()
    assert leaks([says(telegram, member.address)]) == []


def test_who_becomes_a_member_sees_the_names_in_what_came_before(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    stranger = subscribe()
    shortlist(draft)
    run()
    members.admit(Subscriber.objects.all(), by="approval")
    run()
    listed, told = telegram.messages(int(stranger.address))
    assert leaks([listed.text]) == SECRETS
    assert "You are a member now" in told.text


def test_a_title_a_venue_and_a_label_that_name_somebody_are_left_out(draft: MakeDraft) -> None:
    notice = shortlist(
        draft,
        title="Asha Verma placed",
        venue="with Bilal Khan",
        author="22103001",
        details={"First": "Asha Verma", "Dress": "formal"},
        links=({"url": "https://x.example/", "label": "Asha Verma"},),
    )
    shown = without_names(notice)
    parts = [part.body.text for part in telegram_parts(shown)] + [push_parts(shown)[0].body, push_parts(shown)[0].title]
    assert leaks(parts) == []
    assert "formal" in parts[0]


def test_a_list_that_was_not_read_is_held_back_whole(draft: MakeDraft) -> None:
    notice = shortlist(draft, roster=(), body="<p>Shortlisted: a person nobody read</p>")
    (part,) = telegram_parts(without_names(notice))
    assert "nobody read" not in part.body.text
    assert "Students may be listed. Members read the names: /join" in part.body.text


def test_the_notice_of_a_change_names_nobody_either(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    stranger = subscribe()
    titled = {"title": "Asha Verma and others", "company": "", "category": "update"}
    shortlist(draft, **titled)
    run()
    shortlist(draft, **titled, venue="LT-4")
    run()
    messages = telegram.messages(int(stranger.address))
    assert "Venue is LT-4" in messages[-1].text
    assert leaks(message.text for message in messages) == []


def test_a_list_that_was_read_in_part_hides_the_lines_of_the_rest(draft: MakeDraft) -> None:
    body = "<p>1. Asha Verma</p><p>2. Chitra Iyer 21BCE1234</p><p>Bring your card</p>"
    notice = shortlist(draft, body=body, roster_unread=1)
    told = telegram_parts(without_names(notice))[0].body.text
    assert "Chitra" not in told
    assert "Bring your card" in told


def test_a_list_that_was_held_back_whole_is_shown_to_who_becomes_a_member(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    stranger = subscribe()
    shortlist(draft, roster=(), body="<p>Shortlisted: a person nobody read</p>")
    run()
    members.admit(Subscriber.objects.all(), by="approval")
    run()
    assert "nobody read" in telegram.messages(int(stranger.address))[0].text


def test_what_was_on_its_way_when_a_membership_ended_is_edited_later(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, time_machine: TimeMachineFixture
) -> None:
    member = subscribe()
    person = Subscriber.objects.filter(pk=member.subscriber_id)
    person.update(membership=members.Membership.MEMBER)
    shortlist(draft)
    (claimed,) = ledger.claim("telegram", "me", limit=5, lease=timedelta(minutes=1))
    members.end(person)
    sent = ledger.Settlement(id=claimed.id, state="sent", attempts=0, parts_sent=1, message_ids=(1,), version_sent=1)
    ledger.settle("me", [replace(sent, sent_at=timezone.now())], lease=timedelta(minutes=1))
    tidy()
    assert Delivery.objects.get().state == "sent"
    time_machine.move_to(timezone.now() + timedelta(minutes=6))
    tidy()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.work) == ("pending", "edit")


def test_what_went_out_in_part_is_edited_and_ended(subscribe: Subscribe, draft: MakeDraft) -> None:
    member = subscribe()
    person = Subscriber.objects.filter(pk=member.subscriber_id)
    person.update(membership=members.Membership.MEMBER)
    shortlist(draft)
    (claimed,) = ledger.claim("telegram", "me", limit=5, lease=timedelta(minutes=1))
    part = ledger.Settlement(id=claimed.id, state="retry", attempts=1, parts_sent=1, message_ids=(1,), version_sent=1)
    ledger.settle("me", [part], lease=timedelta(minutes=1))
    members.end(person)
    assert Delivery.objects.get().work == "edit"


def test_an_edit_for_a_new_member_does_not_say_that_the_notice_was_edited(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    stranger = subscribe()
    shortlist(draft)
    run()
    members.admit(Subscriber.objects.all(), by="approval")
    run()
    assert "Edited" not in telegram.messages(int(stranger.address))[0].text


def test_pages_api_and_calendar_name_nobody_in_any_field(client: Client, draft: MakeDraft) -> None:
    fields = {"company": "Asha Verma Ltd", "venue": "with Bilal Khan", "author": "Asha Verma"}
    link = {"url": "https://x.example/22103001.pdf", "label": "Asha Verma"}
    notice = shortlist(draft, **fields, event_at=timezone.now() + timedelta(days=1), links=(link,))
    Notice.objects.update(edit_note="venue is with Bilal Khan", edited_at=timezone.now())
    for path in (
        "/",
        f"/notices/{notice.pk}",
        "/api/notices",
        f"/api/notices/{notice.pk}",
        f"/notices/{notice.pk}.ics",
    ):
        answer = client.get(path, HTTP_ACCEPT="text/html", follow=True)
        assert answer.status_code == 200
        assert leaks([answer.content.decode()]) == [], path


@pytest.mark.parametrize("words", ["asha", "22103001", "2210300"])
def test_a_search_is_no_oracle(client: Client, draft: MakeDraft, words: str) -> None:
    shortlist(draft, title="Asha Verma selected", company="Zed")
    publish(draft("u:1", title="Report", body="<p>22103001 must bring a card</p>"))
    assert client.get(f"/api/notices?q={words}").json()["items"] == []


def test_a_push_to_a_browser_of_nobody_names_nobody(subscribe: Subscribe, draft: MakeDraft) -> None:
    browser = subscribe(channel="web-push", address="https://push.example/1")
    Subscriber.objects.filter(pk=browser.subscriber_id).update(kind="browser", telegram_id=None)
    shortlist(draft)
    (claimed,) = ledger.claim("web-push", "me", limit=5, lease=timedelta(minutes=1))
    assert not claimed.names


def test_a_claim_asks_once_who_reads_names(
    subscribe: Subscribe, draft: MakeDraft, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(50):
        subscribe()
    shortlist(draft)
    with django_assert_num_queries(2):
        assert len(ledger.claim("telegram", "me", limit=100, lease=timedelta(minutes=1))) == 50


@pytest.fixture(scope="module")
def made_up() -> Callable[[random.Random], Notice]:
    """Makes notices in which names and numbers stand anywhere a text may stand."""
    category = [value for value in Category.values if value]

    def make(chance: random.Random) -> Notice:
        def text() -> str:
            said = [
                chance.choice([*SECRETS, "Report at 9", "LT-3", "·", "Kestrel"]) for _ in range(chance.randint(0, 4))
            ]
            return chance.choice([" ", ", ", "\n", " - "]).join(said)

        return Notice(
            pk=1,
            title=text() or "Notice",
            category=chance.choice(category),
            body=f"<p>{text()}</p><table><tr><td>{text()}</td><td>{text()}</td></tr></table>",
            author=text(),
            company=text(),
            role=text(),
            stage=text(),
            location=text(),
            venue=text(),
            package=text(),
            details={f"{text()} x": text(), "Documents": text(), "Roles": text(), "Placed": "2"},
            links=[{"url": "https://x.example/a", "label": text()}],
            roster=list(STUDENTS),
            roster_meaning=chance.choice(["", "shortlisted", "selected", "absent", "unknown"]),
            edit_note=text(),
            edited_at=timezone.now(),
            published_at=timezone.now(),
            withdrawn_at=chance.choice([None, timezone.now()]),
            follows=chance.choice([None, Notice(pk=5)]),
        )

    return make


@hypothesis_settings(max_examples=1500, deadline=None)
@given(seed=st.integers(0, 10**9), edited=st.booleans())
def test_no_notice_whatever_names_anybody(
    made_up: Callable[[random.Random], Notice], *, seed: int, edited: bool
) -> None:
    shown = without_names(made_up(random.Random(seed)))
    parts = telegram_parts(shown, edited=edited)
    push = push_parts(shown, edited=edited)[0]
    buttons = [button.text for part in parts for button in part.buttons]
    assert leaks([*(part.body.text for part in parts), push.title, push.body, *buttons]) == []


def test_the_whole_season_of_the_sandbox_names_nobody() -> None:
    season.fill_notices()
    for notice in Notice.objects.all():
        told = "".join(part.body.text for part in telegram_parts(without_names(notice)))
        assert not [name for name in season.NAMES if name in told]


def test_the_fuzzer_finds_a_planted_leak(made_up: Callable[[random.Random], Notice]) -> None:
    found = [leaks(part.body.text for part in telegram_parts(made_up(random.Random(seed)))) for seed in range(50)]
    assert any(found)


def test_nothing_but_names_is_withheld(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    stranger = subscribe()
    publish(draft("plain", title="Kestrel visits", body="<p>Bring your identity card.</p>"))
    run()
    assert "Bring your identity card." in says(telegram, stranger.address)
    assert Delivery.objects.get().state == "sent"
