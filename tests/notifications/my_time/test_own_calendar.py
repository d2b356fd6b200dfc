"""Somebody's own calendar: what concerns them, as it is now, and nobody else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from ical.event import Event, EventStatus
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Subscriber, Subscription, Timing
from accounts.subscribing.forgetting import forget
from notifications.models import CalendarLink, Interest, Notice
from notifications.my_time.calendar_links import link_token, renew, revoke
from notifications.my_time.own_calendar import own_calendar
from notifications.publishing.publish import withdraw
from tests import leaks
from tests.conftest import Subscribe
from tests.notifications.calendars import read
from tests.notifications.my_time.conftest import Member, Post, row, says

pytestmark = pytest.mark.django_db
SITE = "https://bot.example.edu"
HOUR = timedelta(hours=1)


@pytest.fixture
def soon() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) + 50 * HOUR


def content(who: Subscription) -> bytes:
    found = own_calendar(link_token(who.subscriber), SITE)
    assert found is not None
    return found


def entries(who: Subscription) -> list[Event]:
    return read(content(who))


def titles(who: Subscription) -> list[str]:
    return [str(entry.summary) for entry in entries(who)]


def test_a_deadline_one_was_told_of(subscribe: Subscribe, post: Post, soon: datetime) -> None:
    mine = subscribe()
    notice = post(category="job_posting", company="Zenith Labs", role="SDE", deadline=soon)
    post("b", title="Send your documents", deadline=soon + HOUR)
    post("c", title="No date")
    apply, send = entries(mine)
    assert (apply.summary, apply.start, apply.url) == ("Apply: Zenith Labs · SDE", soon, f"{SITE}/notices/{notice.pk}")
    assert apply.uid == f"notice-{notice.pk}-deadline@bot.example.edu"
    assert [alarm.trigger for alarm in apply.alarm] == [-24 * HOUR, -3 * HOUR]
    assert send.summary == "Deadline: Send your documents"
    late = subscribe()
    assert entries(late) == []


def test_a_deadline_of_a_day_is_a_day_with_alarms_on_its_eve_and_morning(
    subscribe: Subscribe, post: Post, soon: datetime
) -> None:
    mine = subscribe()
    end = timezone.localtime(soon).replace(hour=23, minute=59)
    post(category="job_posting", company="Zenith", deadline=end, deadline_all_day=True)
    (entry,) = entries(mine)
    assert entry.start == end.date()
    assert [alarm.trigger for alarm in entry.alarm] == [-4 * HOUR, 9 * HOUR]


@pytest.mark.parametrize(
    ("said", "told"), [({"not_interested_at"}, 0), ({"applied_at"}, 1), ({"remind_at"}, 1), (set(), 1)]
)
def test_what_one_said_of_a_posting(
    subscribe: Subscribe, post: Post, soon: datetime, said: set[str], told: int
) -> None:
    mine = subscribe()
    post(category="job_posting", company="Zenith", job_key="j1", deadline=soon)
    says(mine, "j1", **dict.fromkeys(said, timezone.now()))
    found = entries(mine)
    assert len(found) == told
    assert [len(entry.alarm) for entry in found] == ([] if not told else [0 if "applied_at" in said else 2])


def test_alarms_are_those_one_chose(subscribe: Subscribe, post: Post, soon: datetime) -> None:
    mine = subscribe()
    says(mine, "j1", remind_at=timezone.now())
    Timing.objects.create(
        subscriber=mine.subscriber, remind_24h=False, remind_3h=False, remind_1h=True, remind_events=False
    )
    post(category="job_posting", company="Zenith", job_key="j1", deadline=soon, event_at=soon + 24 * HOUR)
    due, event = entries(mine)
    assert [alarm.trigger for alarm in due.alarm] == [-HOUR]
    assert event.alarm == []


def test_what_is_not_open_to_one_stays_out_until_one_says_otherwise(member: Member, post: Post, soon: datetime) -> None:
    mine, unknown = member("", cgpa="6.9"), member("22103002")
    cgpa = {"name": "cgpa", "value": 7.5, "quote": "CGPA 7.5", "program": ""}
    post(category="job_posting", company="Zenith", job_key="j1", deadline=soon, eligibility=(cgpa,))
    assert entries(mine) == []
    assert len(entries(unknown)) == 1
    says(mine, "j1", remind_at=timezone.now())
    assert len(entries(mine)) == 1


def test_a_job_repeats_its_deadline_once(subscribe: Subscribe, post: Post, soon: datetime) -> None:
    mine = subscribe()
    posting = post(category="job_posting", company="Zenith", job_key="j1", deadline=soon)
    post("b", category="reminder", title="Apply now", job_key="j1", deadline=soon)
    assert [entry.uid for entry in entries(mine)] == [f"notice-{posting.pk}-deadline@bot.example.edu"]


def test_a_list_gives_when_and_where_it_wants_one(member: Member, post: Post, soon: datetime) -> None:
    mine, other, absent, unlisted = (member(f"2210300{number}") for number in (1, 2, 3, 4))
    says(unlisted, "j1", applied_at=timezone.now())
    soon = timezone.localtime(soon).replace(hour=9)
    roster = (
        row("22103001", time="10:40 - 11:20 AM", panel="Panel 2", room="CL1"),
        row("22103002", "Ravi Sen"),
        row("22103003", "Tara Rao", meaning="absent"),
    )
    facts = {"company": "Zenith Labs", "stage": "Technical interview", "job_key": "j1"}
    post(category="shortlisting", event_at=soon, venue="LT-3", roster=roster, roster_meaning="selected", **facts)
    (own,) = entries(mine)
    assert own.summary == "Zenith Labs: Technical interview"
    assert own.start == soon.replace(hour=10, minute=40)
    assert own.end == soon.replace(hour=11, minute=20)
    assert own.location == "Panel 2, CL1"
    assert [alarm.trigger for alarm in own.alarm] == [-timedelta(hours=14, minutes=40), -HOUR]
    (general,) = entries(other)
    assert (general.start, general.end, general.location) == (soon, soon + HOUR, "LT-3")
    assert entries(absent) == entries(unlisted) == []


def test_events_of_what_one_applied_to_or_wants_to_hear_of(subscribe: Subscribe, post: Post, soon: datetime) -> None:
    applied, asked, neither = subscribe(), subscribe(), subscribe()
    says(applied, "j1", applied_at=timezone.now())
    says(asked, "j1", remind_at=timezone.now())
    post(category="update", company="Zenith", stage="Online test", job_key="j1", event_at=soon)
    for who in (applied, asked):
        (entry,) = entries(who)
        assert (entry.summary, entry.start, entry.end) == ("Zenith: Online test", soon, soon + 2 * HOUR)
    assert entries(neither) == []


def test_who_reads_no_names_has_nothing_of_lists(
    member: Member, post: Post, soon: datetime, settings: Settings
) -> None:
    mine = member("22103001")
    post(category="shortlisting", company="Zenith", event_at=soon, roster=(row("22103001"),))
    assert len(entries(mine)) == 1
    settings.MEMBERSHIP = "approve"
    assert entries(mine) == []


def test_a_move_keeps_the_uid_and_a_withdrawal_shows_as_cancelled(
    subscribe: Subscribe, post: Post, soon: datetime
) -> None:
    mine = subscribe()
    facts: dict[str, Any] = {"category": "job_posting", "company": "Zenith"}
    post(**facts, deadline=soon)
    (before,) = entries(mine)
    post(**facts, deadline=soon + HOUR)
    (moved,) = entries(mine)
    assert (moved.uid, moved.start, moved.status) == (before.uid, soon + HOUR, EventStatus.CONFIRMED)
    withdraw("test:1")
    (gone,) = entries(mine)
    assert (gone.uid, gone.status, gone.alarm) == (before.uid, EventStatus.CANCELLED, [])
    assert gone.summary == "Cancelled: Apply: Zenith"
    assert [before.sequence, moved.sequence, gone.sequence] == [0, 1, 2]
    Notice.objects.update(withdrawn_at=timezone.now() - timedelta(days=20))
    assert entries(mine) == []


def test_a_date_that_is_called_off_shows_as_cancelled_until_there_is_another(
    member: Member, post: Post, soon: datetime
) -> None:
    mine = member("22103001")
    facts: dict[str, Any] = {
        "category": "shortlisting",
        "company": "Zenith",
        "stage": "PPT",
        "roster": (row("22103001"),),
    }
    post(**facts, event_at=soon, deadline=soon - HOUR)
    before = {entry.uid for entry in entries(mine)}
    post(**facts)
    off = entries(mine)
    assert {entry.uid for entry in off} == before
    assert {entry.status for entry in off} == {EventStatus.CANCELLED}
    assert [entry.start for entry in off] == [soon - HOUR, soon]
    assert titles(mine) == ["Cancelled: Deadline: Zenith · PPT", "Cancelled: Zenith: PPT"]
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        assert entries(mine) == []
    post(**facts, event_at=soon + HOUR)
    due, event = entries(mine)
    assert (due.status, event.status) == (EventStatus.CANCELLED, EventStatus.CONFIRMED)
    assert (event.start, event.sequence) == (soon + HOUR, 2)


def test_where_nothing_changed_no_byte_does(member: Member, post: Post, soon: datetime) -> None:
    mine = member("22103001")
    post(category="job_posting", company="Zenith", deadline=soon)
    post("b", category="shortlisting", company="Orbit", event_at=soon, roster=(row("22103001"),))
    first = content(mine)
    post(category="job_posting", company="Zenith", deadline=soon)
    post("c", title="Nothing of a date")
    assert content(mine) == first
    post("c", title="A date", deadline=soon)
    assert content(mine) != first


def test_days_long_past_stay_out_and_one_a_year_off_is_there(subscribe: Subscribe, post: Post, soon: datetime) -> None:
    mine = subscribe()
    for number, days in enumerate((-40, -5, 365)):
        post(str(number), title=f"{days}", deadline=soon + timedelta(days=days))
    assert titles(mine) == ["Deadline: -5", "Deadline: 365"]


def test_four_hundred_deadlines_in_a_day_are_a_valid_file(
    subscribe: Subscribe, post: Post, soon: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    mine = subscribe()
    for number in range(400):
        post(str(number), title=f"Form {number}", deadline=soon + timedelta(minutes=number))
    assert len(entries(mine)) == 400
    with django_assert_max_num_queries(5):
        content(mine)


def test_no_name_and_no_number_stands_in_any_feed(post: Post, soon: datetime, settings: Settings) -> None:
    leaks.fill()
    settings.MEMBERSHIP = "open"
    named = {name: number for _, name, number in leaks.MEMBERS}
    rows = [
        row(number, name, slot=f"with {other}", room=f"{name}'s room", panel=f"Panel {other_number}")
        for name, number in named.items()
        for other, other_number in named.items()
    ]
    for number, text in enumerate((*named, *named.values())):
        facts = {"company": f"{text} Ltd", "stage": text, "venue": text, "title": f"Interview of {text}"}
        post(f"n{number}", category="shortlisting", event_at=soon, deadline=soon, roster=tuple(rows), **facts)
    known = leaks.secrets()
    for person in Subscriber.objects.filter(telegram_id__in=[telegram_id for telegram_id, *_ in leaks.MEMBERS]):
        found = own_calendar(link_token(person), SITE)
        assert found
        assert len(read(found)) >= 4
        assert known.found_in(found.decode().replace("\r\n ", "")) == []


def test_a_token_is_shown_again_and_a_new_one_ends_it(subscribe: Subscribe) -> None:
    person = subscribe().subscriber
    token = link_token(person)
    assert link_token(person) == token
    other = renew(person)
    assert own_calendar(token, SITE) is None
    assert own_calendar(other, SITE)
    assert revoke(person)
    assert not revoke(person)
    assert own_calendar(other, SITE) is None
    assert own_calendar("", SITE) is None


def test_a_database_alone_opens_no_calendar(subscribe: Subscribe, settings: Settings) -> None:
    person = subscribe().subscriber
    token = link_token(person)
    link = CalendarLink.objects.get()
    assert token not in (link.digest, link.made_from_key)
    settings.SECRET_KEY = "another" * 10
    assert link_token(person) == ""
    assert own_calendar(token, SITE)
    settings.FIELD_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]
    fresh = renew(person)
    settings.FIELD_KEYS = ["MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=", *settings.FIELD_KEYS]
    assert link_token(person) == fresh


def test_forget_ends_it(subscribe: Subscribe) -> None:
    person = subscribe().subscriber
    token = link_token(person)
    forget(person.telegram_id or 0)
    assert not CalendarLink.objects.exists()
    assert own_calendar(token, SITE) is None
    assert not Interest.objects.exists()
