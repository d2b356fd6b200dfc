"""Clashes: told when the second event is known, once, with both, and none that is not one."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Subscriber, Subscription
from notifications.delivery import ledger
from notifications.models import Delivery, Notice
from notifications.my_time import clashes
from notifications.publishing.publish import withdraw
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import run
from tests.notifications.my_time.conftest import Member, Post, row, says

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
Listing = Callable[..., Notice]


@pytest.fixture
def ten() -> datetime:
    return timezone.localtime(timezone.now() + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def listing(post: Post) -> Listing:
    """Publish a list of students, each given as a number or a whole row."""

    def make(company: str, at: datetime, *students: str | dict[str, str], **fields: Any) -> Notice:
        roster = tuple(row(student) if isinstance(student, str) else student for student in students)
        facts = {"category": "shortlisting", "company": company, "stage": "Technical interview", "event_at": at}
        return post(
            company, title=f"{company} list", roster=roster, **{"roster_meaning": "selected", **facts, **fields}
        )

    return make


@pytest.fixture
def _listed(member: Member) -> None:
    member("22103001")


def told() -> list[tuple[int, str]]:
    """Sweep; the address and the title of each message that this queued."""
    before = set(Delivery.objects.filter(notice__rule="clash").values_list("pk", flat=True))
    count = clashes.tell()
    new = Delivery.objects.filter(notice__rule="clash").exclude(pk__in=before).order_by("pk")
    assert len(new) == count
    return [(item.subscription_id, item.notice.title) for item in new.select_related("notice")]


def test_the_second_list_tells_of_both_once(member: Member, listing: Listing, ten: datetime) -> None:
    mine, _other = member("22103001"), member("22103002")
    listing("Zenith Labs", ten, "22103001", "22103002", venue="LT-3")
    assert told() == []
    listing("Orbit", ten + 30 * MINUTE, "22103001", venue="CL1")
    assert told() == [(mine.pk, "Two at once: Zenith Labs and Orbit")]
    assert told() == []
    notice = Notice.objects.get(rule="clash")
    assert "Zenith Labs: Technical interview" in notice.body
    assert "10:00 AM, LT-3" in notice.body
    assert "Orbit: Technical interview" in notice.body
    assert "10:30 AM, CL1" in notice.body
    assert (notice.private, notice.follows) == (True, None)


@pytest.mark.parametrize(
    ("minutes", "places", "number"),
    [(59, ("LT-3", "LT-3"), 1), (60, ("LT-3", "LT-3"), 0), (60, ("LT-3", "CL1"), 1), (74, ("LT-3", "CL1"), 1),
     (75, ("LT-3", "CL1"), 0), (60, ("", "CL1"), 0), (60, ("LT-3", "lt-3"), 0), (-59, ("", ""), 1), (-60, ("", ""), 0)],
)  # fmt: skip
@pytest.mark.usefixtures("_listed")
def test_overlap_or_less_than_the_way_between_two_places(
    listing: Listing, ten: datetime, minutes: int, places: tuple[str, str], number: int
) -> None:
    listing("Zenith", ten, "22103001", venue=places[0])
    listing("Orbit", ten + minutes * MINUTE, "22103001", venue=places[1])
    assert len(told()) == number


def test_ones_own_slot_counts_and_not_the_notices_date(member: Member, listing: Listing, ten: datetime) -> None:
    early, late = member("22103001"), member("22103002")
    slots = (row("22103001", time="10:00 - 10:30 AM"), row("22103002", time="2:30 PM", room="CL1"))
    listing("Zenith", ten.replace(hour=0), *slots, event_all_day=True, venue="LT-3")
    listing("Orbit", ten.replace(hour=14), "22103001", "22103002")
    assert [pk for pk, _ in told()] == [late.pk]
    assert "2:30 PM, CL1" in Notice.objects.get(rule="clash").body
    assert early.pk not in set(Delivery.objects.filter(notice__rule="clash").values_list("subscription", flat=True))


def test_events_of_a_job_one_applied_to(subscribe: Subscribe, post: Post, ten: datetime) -> None:
    both, one, declined = subscribe(), subscribe(), subscribe()
    now = timezone.now()
    for who, key, said in ((both, "a", "applied_at"), (both, "b", "remind_at"), (one, "a", "applied_at")):
        says(who, key, **{said: now})
    says(declined, "a", applied_at=now)
    says(declined, "b", not_interested_at=now)
    post("a", company="Zenith", title="Test", stage="Online test", job_key="a", event_at=ten)
    post("b", company="Orbit", title="Talk", stage="Talk", job_key="b", event_at=ten + 100 * MINUTE)
    assert told() == [(both.pk, "Two at once: Zenith and Orbit")]


@pytest.mark.parametrize(
    "fields",
    [
        {"event_all_day": True},
        {"roster_meaning": "not_selected"},
        {"roster_meaning": "absent"},
        {"roster_meaning": "waitlisted"},
        {"company": "zenith"},
        {"job_key": "j1"},
        {"private": True},
    ],
    ids=str,
)
def test_what_is_no_clash(member: Member, listing: Listing, ten: datetime, fields: dict[str, Any]) -> None:
    member("22103001")
    listing("Zenith", ten, "22103001", job_key="j1")
    others = dict(fields)
    listing(others.pop("company", "Orbit"), ten, "22103001", **others)
    assert told() == []


def test_what_moves_or_goes(member: Member, listing: Listing, ten: datetime) -> None:
    member("22103001")
    listing("Zenith", ten, "22103001")
    listing("Orbit", ten + 180 * MINUTE, "22103001")
    assert told() == []
    listing("Orbit", ten + 30 * MINUTE, "22103001")
    assert len(told()) == 1
    listing("Orbit", ten + 180 * MINUTE, "22103001")
    listing("Orbit", ten + 30 * MINUTE, "22103001")
    assert told() == [], "the same two times are told once"
    listing("Orbit", ten + 45 * MINUTE, "22103001")
    assert len(told()) == 1
    listing("Kestrel", ten, "22103001")
    withdraw("Kestrel")
    assert told() == []


def test_what_is_over_is_not_told(member: Member, listing: Listing) -> None:
    member("22103001")
    past = timezone.now() - 150 * MINUTE
    listing("Zenith", past, "22103001")
    listing("Orbit", past + 30 * MINUTE, "22103001")
    assert told() == []


def test_only_who_reads_names_and_wants_messages(
    member: Member, listing: Listing, ten: datetime, settings: Settings
) -> None:
    stranger, off, mine = (member(f"2210300{number}") for number in (1, 2, 3))
    everybody = ("22103001", "22103002", "22103003")
    for company in ("Zenith", "Orbit"):
        listing(company, ten, *everybody)
    settings.MEMBERSHIP = "approve"
    Subscriber.objects.exclude(pk=stranger.subscriber_id).update(membership="member")
    Subscription.objects.filter(pk=off.pk).update(state="off")
    assert [pk for pk, _ in told()] == [mine.pk]


def test_in_the_readers_language(member: Member, listing: Listing, ten: datetime) -> None:
    mine, other = member("22103001"), member("22103002")
    Subscriber.objects.filter(pk=mine.subscriber_id).update(language="hi")
    for company in ("Zenith", "Orbit"):
        listing(company, ten, "22103001", "22103002")
    assert {pk for pk, _ in told()} == {mine.pk, other.pk}
    assert Notice.objects.filter(rule="clash").count() == 2
    Subscriber.objects.filter(pk=mine.subscriber_id).update(language="en")
    assert told() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time")
def test_two_clusters_tell_once(member: Member, listing: Listing, ten: datetime) -> None:
    numbers = [f"2210300{number}" for number in range(9)]
    for number in numbers:
        member(number)
    for company in ("Zenith", "Orbit", "Kestrel"):
        listing(company, ten, *numbers)

    def sweep(_: int) -> int:
        try:
            return clashes.tell()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sweep, range(8)))
    clashes.tell()
    assert Delivery.objects.filter(notice__rule="clash").count() == 3 * len(numbers)


def test_a_kill_in_between_loses_and_repeats_nothing(
    member: Member, listing: Listing, ten: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    member("22103001")
    for company in ("Zenith", "Orbit", "Kestrel"):
        listing(company, ten, "22103001")
    monkeypatch.setattr(clashes, "_AT_ONCE", 1)
    calls = []

    def killed(wanted: Any) -> int:
        calls.append(wanted)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return queue(wanted)

    queue = ledger.queue_each
    monkeypatch.setattr(ledger, "queue_each", killed)
    with pytest.raises(KeyboardInterrupt):
        clashes.tell()
    assert Delivery.objects.filter(notice__rule="clash").count() == 1
    clashes.tell()
    clashes.tell()
    assert Delivery.objects.filter(notice__rule="clash").count() == 3
    assert Notice.objects.filter(rule="clash").count() == 3


def test_most_minutes_cost_one_statement(
    member: Member, listing: Listing, ten: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member("22103001")
    for number in range(20):
        listing(f"Company {number}", ten + number * timedelta(hours=2), "22103001")
    assert told() == []
    with django_assert_num_queries(1):
        clashes.tell()


def test_seeded_clashes_are_all_told_and_no_others(member: Member, listing: Listing, ten: datetime) -> None:
    """The truth is worked out minute by minute, from what was seeded."""
    chance = random.Random(20261129)
    numbers = [str(22103000 + n) for n in range(40)]
    mine = {number: member(number).pk for number in numbers}
    seeded: dict[str, list[tuple[str, int, str]]] = {number: [] for number in numbers}
    for place in range(24):
        company, venue = f"Company {place}", chance.choice(("LT-1", "LT-2", ""))
        start = chance.randrange(0, 600, 5)
        students = chance.sample(numbers, 12)
        rows: list[dict[str, str]] = []
        for number in students:
            own = start + chance.choice((0, 20, 40))
            at = ten + own * MINUTE
            rows.append(row(number, time=f"{at:%I:%M %p}"))
            seeded[number].append((company, own, venue))
        listing(company, ten + start * MINUTE, *rows, venue=venue)
    expected = {
        (mine[number], tuple(sorted((one[0], other[0]))))
        for number, events in seeded.items()
        for one in events
        for other in events
        if one[0] < other[0] and _at_once(one, other)
    }
    found = told()
    pairs = {(pk, tuple(sorted(title.partition(": ")[2].split(" and ")))) for pk, title in found}
    assert len(expected) > 100
    assert pairs == expected
    assert len(found) == len(expected)


def _at_once(one: tuple[str, int, str], other: tuple[str, int, str]) -> bool:
    (_, first, here), (_, second, there) = sorted((one, other), key=lambda event: event[1])
    busy = set(range(first, first + 60 + (15 if here and there and here != there else 0)))
    return second in busy


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("together")
def test_it_reads_well_on_telegram(telegram: BotApi, member: Member, listing: Listing, ten: datetime) -> None:
    mine = member("22103001")
    listing("Zenith <b>", ten, "22103001", venue="LT-3")
    listing("Orbit", ten, "22103001", venue="CL1")
    clashes.tell()
    run()
    texts: Sequence[str] = [message.text for message in telegram.messages(int(mine.address))]
    (text,) = [text for text in texts if text.startswith("⚠️")]
    assert text.startswith("⚠️ Two at once: Zenith <b> and Orbit\n")
    assert "• Zenith <b>: Technical interview, " in text
    assert "Asha" not in text
