"""/applied: what one applied to, and what the lists that name one say."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Subscriber
from accounts.personal import profiles
from accounts.telegram import replies
from accounts.telegram.registry import in_database
from accounts.times import moment
from notifications.bot import lists_of_late
from notifications.models import Interest
from notifications.publishing.publish import Draft, publish, withdraw
from notifications.telegram_bot import applied, stand_commands
from notifications.telegram_bot.applied import applied_page
from tests.bot import GROUP, STUDENT, Talk, bot_at_work, cast, labels
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db(transaction=True)
MINE = {"name": "Asha Verma", "enrollment": "22103001"}


@pytest.fixture
def person(subscribe: Subscribe, settings: Settings) -> Subscriber:
    settings.MEMBERSHIP = "approve"
    person = subscribe().subscriber
    person.membership = "member"
    person.save()
    assert person.telegram_id
    profiles.agree(person.telegram_id)
    profiles.tell(person.telegram_id, "number", "22103001")
    return person


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def posting(draft: MakeDraft, company: str, **fields: object) -> Draft:
    return draft(company, **{"category": "job_posting", "company": company, "role": "Analyst", **fields})


def apply_to(person: Subscriber, key: str, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    Interest.objects.create(subscriber=person, key=key, applied_at=at)


def test_lists_stand_with_the_job_they_say_or_the_company(person: Subscriber, draft: MakeDraft) -> None:
    old = timezone.now() - timedelta(days=1)
    for company, key in (("Zenith", "job-1"), ("Kestrel", ""), ("Nimbus", "job-3")):
        publish(posting(draft, company, job_key=key, published_at=old))
    apply_to(person, "job-1", 3)
    apply_to(person, "Kestrel", 2)
    apply_to(person, "job-3", 5)
    listed = {"category": "shortlisting", "roster": (MINE,), "roster_meaning": "selected", "stage": "Interview"}
    now, soon = timezone.now(), timezone.now() + timedelta(days=2)
    publish(draft("l1", company="ZENITH Ltd", job_key="job-1", event_at=soon, venue="LT-3", **listed))
    rooms = {**listed, "roster": ({**MINE, "room": "CL3", "time": "10:40 AM"},), "event_at": soon}
    publish(draft("l2", company="kestrel", published_at=now - timedelta(hours=1), **rooms))
    offer = {**listed, "category": "placement_offer", "company": "Marble", "published_at": now - timedelta(hours=2)}
    publish(draft("l3", **offer))
    publish(draft("u", job_key="job-3", event_at=soon))
    text, keys = applied_page(person.pk, names=True)
    assert text.split("\n\n") == [
        "Where you stand:",
        f"1. Zenith · Analyst\n    Applied on {moment(now - timedelta(days=3), all_day=True)}\n"
        f"    🎯 You are selected: ZENITH Ltd, Interview, {moment(soon)}, LT-3. 1 student.",
        f"2. Kestrel · Analyst\n    Applied on {moment(now - timedelta(days=2), all_day=True)}\n"
        f"    🎯 You are selected: Interview, {moment(soon, all_day=True)}, 10:40 AM, CL3. 1 student.",
        "3. Marble\n    🎉 Congratulations, you are on the list of offers. 1 student.",
        f"4. Nimbus · Analyst\n    Applied on {moment(now - timedelta(days=5), all_day=True)}\n"
        f"    Next date: {moment(soon)}",
    ]
    assert [key.text for row in keys for key in row] == ["1", "2", "3", "4"]
    stranger, _ = applied_page(person.pk, names=False)
    assert "selected" not in stranger
    assert "Marble" not in stranger


def test_as_many_queries_however_much_there_is(
    person: Subscriber, draft: MakeDraft, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(12):
        publish(posting(draft, f"Company {n}", job_key=f"job-{n}"))
        apply_to(person, f"job-{n}")
        publish(draft(f"l{n}", job_key=f"job-{n}", roster=(MINE,), company="x" * 150, venue="y" * 200))
    with django_assert_num_queries(7):
        text, keys = applied_page(person.pk, names=True)
    assert text.startswith(f"The newest {applied.SHOWN} of 12, where you stand:")
    assert sum(map(len, keys)) == applied.SHOWN
    assert len(text) <= 4096
    assert person.telegram_id
    with django_assert_num_queries(9):
        stand_commands._applied(person.telegram_id)


def test_a_list_from_before_somebody_came_stands_there_too(person: Subscriber, draft: MakeDraft) -> None:
    was = {"category": "shortlisting", "roster": (MINE,), "roster_meaning": "shortlisted", "company": "Zenith"}
    now = timezone.now()
    publish(draft("l1", published_at=now - timedelta(days=3), **was), announce=False)
    publish(draft("l2", published_at=now - timedelta(days=20), **{**was, "company": "Kestrel"}), announce=False)
    text, _ = applied_page(person.pk, names=True)
    assert text.split("\n\n")[1:] == ["1. Zenith\n    🎯 You are on the list. 1 student."]
    assert person.telegram_id
    assert lists_of_late(person.telegram_id, "22103001") == ["🎯 You are on the list: Zenith. 1 student."]


def test_what_was_withdrawn_or_taken_back_is_not_listed(person: Subscriber, draft: MakeDraft) -> None:
    publish(posting(draft, "Zenith"))
    apply_to(person, "Zenith")
    publish(draft("l", roster=(MINE,)))
    withdraw("Zenith")
    withdraw("l")
    assert applied_page(person.pk, names=True) == (applied.nothing(person.pk), ())


async def test_applied_on_the_wire(talk: Talk, draft: MakeDraft) -> None:
    assert (await talk.say("/applied")).text == str(replies.NOT_SUBSCRIBED)
    await talk.say("/start")
    assert (await talk.say("/applied")).text == f"{applied.NOTHING}\n{applied.WITHOUT_NUMBER}"
    await talk.say("/agree")
    await talk.say("/me number 22103001")
    assert (await talk.say("/applied")).text == f"{applied.NOTHING}\n{applied.WITH_NUMBER}"
    assert (await talk.say("/applied", chat=GROUP)).text == str(stand_commands.IN_PRIVATE)
    await in_database(lambda: publish(posting(draft, "Zenith"), announce=False))
    found = await talk.say("zenith")
    await talk.press(found, "1")
    await talk.press(talk.api.messages(STUDENT)[-1], "Applied")
    answer = await talk.say("/applied")
    assert answer.text.startswith("Where you stand:\n\n1. Zenith · Analyst\n    Applied on ")
    await talk.press(answer, "1")
    assert labels(talk.api.messages(STUDENT)[-1]) == ["Applied", "Not interested", "Remind me", "🔕 Mute this kind"]


async def test_who_is_no_member_is_told_what_lists_take(talk: Talk, settings: Settings) -> None:
    settings.MEMBERSHIP = "approve"
    await talk.say("/start")
    nothing = f"{applied.NOTHING}\n{applied.WITHOUT_NUMBER}"
    assert (await talk.say("/applied")).text == f"{nothing}\n\n{replies.LISTS_FOR_MEMBERS}"
