"""Reminders: at their times, to whom they are for, once, and none that no longer holds."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Subscriber, Subscription
from accounts.personal import profiles
from accounts.personal.timing import change
from notifications.delivery import deferring
from notifications.delivery.unsent import TOGETHER
from notifications.models import Delivery, Interest, Notice
from notifications.my_time.reminders import remind
from notifications.publishing.publish import publish, withdraw
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft
from tests.notifications.my_time.sending import claim, send_due

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = datetime.fromisoformat("2026-11-29T12:00+05:30")
Post = Callable[..., Notice]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def deadline() -> datetime:
    return NOW + 40 * HOUR


@pytest.fixture
def post(draft: MakeDraft, deadline: datetime) -> Post:
    """Publish a posting, and tell it."""

    def make(key: str = "job:1", **fields: object) -> Notice:
        known = {
            "category": "job_posting",
            "company": "Zenith",
            "role": "Engineer",
            "job_key": key,
            "deadline": deadline,
        }
        notice = publish(draft(key, **known | fields)).notice
        send_due()
        return notice

    return make


def says(who: Subscription, *what: str, key: str = "job:1") -> None:
    """Note an answer to a posting, as its buttons do."""
    Interest.objects.update_or_create(
        subscriber=who.subscriber, key=key, defaults={f"{each}_at": timezone.now() for each in what}
    )


def told_at(clock: time_machine.Traveller, moment: datetime, channel: str = "telegram") -> list[str]:
    """Plan twice and send at this time; what was sent."""
    clock.move_to(moment)
    remind()
    remind()
    return [message.text for message in send_due(channel) if message.reminded]


def reasons() -> dict[str, int]:
    """Why reminders were skipped, and how often."""
    skipped = Delivery.objects.filter(state="skipped").values_list("error_code", flat=True)
    return {reason: list(skipped).count(reason) for reason in set(skipped)}


def test_a_day_and_three_hours_before_and_never_twice(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    post()
    hours = (29, 24, 23, 12, 3, 2, 1, 0, -1)
    told = {left: len(told_at(clock, deadline - left * HOUR)) for left in hours}
    assert told == {29: 0, 24: 1, 23: 0, 12: 0, 3: 1, 2: 0, 1: 0, 0: 0, -1: 0}


def test_not_before_its_minute(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    post()
    times = (deadline - 24 * HOUR - timedelta(seconds=seconds) for seconds in (60, 46, 45))
    assert [len(told_at(clock, at)) for at in times] == [0, 0, 1]


def test_who_was_not_told_is_reminded_only_if_they_asked(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    asking, _ = subscribe(seasons=()), subscribe(seasons=())
    group = subscribe()
    Subscriber.objects.filter(pk=group.subscriber_id).update(kind="group")
    post()
    says(asking, "remind")
    told_at(clock, deadline - 24 * HOUR)
    reminded = Delivery.objects.filter(notice__rule="reminder 24h").values_list("subscription", flat=True)
    assert list(reminded) == [asking.pk]


def test_a_browser_of_a_person_is_reminded_and_no_other(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    mine = subscribe()
    linked = Subscription.objects.create(
        subscriber=mine.subscriber, channel="web-push", address="https://push.example/1", keys={}
    )
    stranger = subscribe(channel="web-push", address="https://push.example/2")
    Subscriber.objects.filter(pk=stranger.subscriber_id).update(kind="browser")
    post()
    told_at(clock, deadline - 24 * HOUR)
    reminded = Delivery.objects.filter(notice__rule="reminder 24h").values_list("subscription", flat=True)
    assert set(reminded) == {mine.pk, linked.pk}


@pytest.mark.parametrize("said", ["applied", "not_interested"])
def test_none_to_who_applied_or_declined_though_it_was_planned(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller, said: str
) -> None:
    mine = subscribe()
    post()
    clock.move_to(deadline - 24 * HOUR)
    assert remind() == 1
    says(mine, said)
    assert send_due() == []
    assert reasons() == {said: 1}


def test_none_to_whom_the_posting_is_not_open_unless_they_asked(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    low, asking, high = subscribe(), subscribe(), subscribe()
    for who, cgpa in ((low, "6.1"), (asking, "6.1"), (high, "8")):
        profiles.agree(who.subscriber.telegram_id or 0)
        profiles.tell(who.subscriber.telegram_id or 0, "cgpa", cgpa)
    post(eligibility=({"name": "cgpa", "value": 7.5, "quote": "7.5", "program": ""},))
    says(asking, "remind")
    assert len(told_at(clock, deadline - 24 * HOUR)) == 2
    assert reasons() == {"not_open": 1}


def test_each_time_is_switched_by_itself(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    mine, other = subscribe(), subscribe()
    change(mine.subscriber, remind_24h=False, remind_3h=False, remind_1h=True)
    post()
    counts = {left: len(told_at(clock, deadline - left * HOUR)) for left in (24, 3)}
    assert counts == {24: 1, 3: 1}
    change(other.subscriber, remind_1h=True)
    clock.move_to(deadline - HOUR)
    assert remind() == 2
    change(other.subscriber, remind_1h=False)
    assert len(send_due()) == 1
    assert reasons() == {"switched_off": 1}


def test_who_asks_late_gets_only_what_lies_ahead(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    mine = subscribe(seasons=())
    post()
    assert told_at(clock, deadline - 5 * HOUR) == []
    says(mine, "remind")
    assert told_at(clock, deadline - 5 * HOUR + MINUTE) == []
    assert len(told_at(clock, deadline - 3 * HOUR)) == 1


def test_a_posting_that_comes_late_has_the_reminders_ahead(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    clock.move_to(deadline - 20 * HOUR)
    post()
    assert told_at(clock, deadline - 20 * HOUR + MINUTE) == []
    assert len(told_at(clock, deadline - 3 * HOUR)) == 1


def test_after_a_rest_only_the_last_one_is_told(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    both, only_a_day = subscribe(), subscribe()
    change(only_a_day.subscriber, remind_3h=False)
    post()
    assert len(told_at(clock, deadline - 2 * HOUR)) == 2
    assert set(Delivery.objects.filter(subscription=both).values_list("notice__rule", flat=True)) == {"", "reminder 3h"}
    assert told_at(clock, deadline + HOUR) == []


def test_what_a_rest_holds_back_does_not_go_along_with_what_presses(
    subscribe: Subscribe, post: Post, clock: time_machine.Traveller
) -> None:
    morning = datetime.fromisoformat("2026-11-30T07:00+05:30")
    resting = subscribe().subscriber
    change(resting, quiet_from=time(22), quiet_until=time(7), remind_24h=False, remind_1h=True)
    post("job:1", deadline=morning + 59 * MINUTE)
    post("job:2", deadline=morning + 191 * MINUTE)
    assert len(told_at(clock, morning - 121 * MINUTE)) == 1
    assert len(told_at(clock, morning - MINUTE)) == 1
    clock.move_to(morning + timedelta(seconds=10))
    deferring.tell_due()
    assert told_at(clock, timezone.now()) == []
    assert len(told_at(clock, morning + 11 * MINUTE)) == 1


def test_after_a_rest_who_asked_meanwhile_is_not_told_at_once(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    mine = subscribe()
    post()
    clock.move_to(deadline - 5 * HOUR)
    says(mine, "remind")
    assert told_at(clock, deadline - 4 * HOUR) == []
    assert len(told_at(clock, deadline - 3 * HOUR)) == 1


def test_a_moved_deadline_has_reminders_of_its_own(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    post()
    assert len(told_at(clock, deadline - 24 * HOUR)) == 1
    later = deadline + 48 * HOUR
    post(deadline=later)
    assert told_at(clock, deadline - 2 * HOUR) == []
    assert len(told_at(clock, later - 24 * HOUR)) == 1


def test_a_deadline_that_comes_near_is_not_reminded_of_at_once(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    post()
    near = NOW + 10 * HOUR
    clock.move_to(NOW + HOUR)
    post(deadline=near)
    assert told_at(clock, NOW + HOUR + MINUTE) == []
    assert len(told_at(clock, near - 3 * HOUR)) == 1


def test_what_moves_or_is_withdrawn_after_it_was_planned_is_not_told(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller, draft: MakeDraft
) -> None:
    subscribe()
    post()
    other = post("job:2", company="Bluepeak", deadline=deadline + 5 * HOUR)
    clock.move_to(deadline - 24 * HOUR)
    assert remind() == 1
    post(deadline=deadline + 48 * HOUR)
    assert reasons() == {"moved": 1}
    clock.move_to(deadline - 19 * HOUR)
    assert remind() == 1
    withdraw(other.external_key)
    assert [message for message in send_due() if message.reminded] == []
    assert reasons() == {"moved": 1, "withdrawn": 1}


def test_an_edit_that_moves_nothing_reminds_nobody_again(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    post()
    assert len(told_at(clock, deadline - 24 * HOUR)) == 1
    post(body="<p>New.</p>")
    assert told_at(clock, deadline - 23 * HOUR) == []


def test_two_notices_of_a_job_are_one_reminder(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    post("notice:1", category="update", job_key="job:1", role="")
    post()
    (text,) = told_at(clock, deadline - 24 * HOUR)
    assert "Zenith · Engineer" in text
    withdraw("job:1")
    assert told_at(clock, deadline - 23 * HOUR) == [], "the other notice still states it"


def test_what_was_skipped_by_a_clock_that_was_ahead_is_told_after_all(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    post()
    clock.move_to(deadline - 24 * HOUR)
    assert remind() == 1
    clock.move_to(deadline + HOUR)
    assert send_due() == []
    assert reasons() == {"late": 1}
    assert len(told_at(clock, deadline - 23 * HOUR)) == 1


def test_who_asks_after_a_clock_that_was_ahead_wrote_it_is_reminded_at_its_time(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    asking = subscribe(seasons=())
    post()
    assert len(told_at(clock, deadline - 3 * HOUR)) == 1, "the clock is ahead"
    clock.move_to(deadline - 8 * HOUR)
    remind()
    says(asking, "remind")
    assert told_at(clock, deadline - 4 * HOUR) == []
    assert len(told_at(clock, deadline - 3 * HOUR)) == 1


def test_a_posting_that_was_sent_by_a_clock_that_was_ahead_has_its_reminders(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    clock.move_to(deadline - 2 * HOUR)
    post()
    assert len(told_at(clock, deadline - 24 * HOUR)) == 1


def test_without_a_time_of_day_the_evening_before_and_the_morning(
    subscribe: Subscribe, post: Post, clock: time_machine.Traveller
) -> None:
    subscribe()
    post(deadline=datetime.fromisoformat("2026-12-01T23:59+05:30"), deadline_all_day=True)
    hours = [NOW + n * HOUR for n in range(60)]
    told = {f"{at:%d %H:%M}": text for at in hours for text in told_at(clock, at)}
    assert list(told) == ["30 20:00", "01 09:00"]
    assert "Deadline: Tue 1 Dec (tomorrow)" in told["30 20:00"]
    assert "Deadline: Tue 1 Dec (today)" in told["01 09:00"]


def test_an_event_is_told_the_evening_and_the_hour_before_to_whom_its_list_names(
    subscribe: Subscribe, post: Post, clock: time_machine.Traveller
) -> None:
    Subscriber.objects.update(membership="member")
    mine, missing, _other = subscribe(), subscribe(), subscribe()
    Subscriber.objects.update(membership="member")
    for who, number in ((mine, "22103001"), (missing, "22103002")):
        profiles.agree(who.subscriber.telegram_id or 0)
        profiles.tell(who.subscriber.telegram_id or 0, "number", number)
    event = datetime.fromisoformat("2026-11-30T10:30+05:30")
    roster = ({"name": "A", "enrollment": "22103001"}, {"name": "B", "enrollment": "22103002", "meaning": "absent"})
    list_ = {"category": "shortlisting", "stage": "Interview", "venue": "LT-3", "roster": roster, "deadline": None}
    post("list:1", event_at=event, **list_)
    told = {f"{at:%d %H:%M}": text for at in (NOW + n * HOUR / 2 for n in range(48)) for text in told_at(clock, at)}
    assert list(told) == ["29 20:00", "30 09:30"]
    assert told["29 20:00"].startswith("🎯 You are on the list.\n\n📅 Zenith · Interview\n")
    assert "📅 Zenith · Interview\nMon 30 Nov, 10:30 AM (tomorrow), LT-3" in told["29 20:00"]
    assert set(Delivery.objects.filter(notice__rule__startswith="reminder").values_list("subscription", flat=True)) == {
        mine.pk
    }


def test_an_event_without_a_list_is_told_to_who_asked_and_also_after_applied(
    subscribe: Subscribe, post: Post, clock: time_machine.Traveller
) -> None:
    mine, other, gone = subscribe(), subscribe(), subscribe()
    post(event_at=datetime.fromisoformat("2026-11-30T00:00+05:30"), event_all_day=True, deadline=None)
    says(mine, "remind", "applied")
    says(gone, "remind", "not_interested")
    (text,) = told_at(clock, datetime.fromisoformat("2026-11-29T20:00+05:30"))
    assert text.startswith("📅 Zenith\nMon 30 Nov (tomorrow)")
    assert reasons() == {"not_interested": 1}
    assert not Delivery.objects.filter(subscription=other, notice__rule__startswith="reminder").exists()


def test_what_was_read_with_doubt_is_told_as_written(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    subscribe()
    post(confidence=0.5)
    (text,) = told_at(clock, deadline - 3 * HOUR)
    assert "Deadline as written: Tue 1 Dec, 4:00 AM (in 3 hours). Check it." in text


def test_what_is_due_within_minutes_is_one_message(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    mine, other = subscribe(), subscribe(seasons=())
    for number in range(12):
        post(f"job:{number}", company=f"Company {number}", deadline=deadline + number * MINUTE)
    post("job:99", company="Later", deadline=deadline + 16 * MINUTE)
    says(other, "remind", key="job:3")
    (text,) = told_at(clock, deadline - 24 * HOUR)
    assert text.startswith("⏰ 12 reminders\n\n1. Company 0 · Engineer\nDeadline: ")
    within = Delivery.objects.filter(told_in__isnull=False)
    assert [within.filter(subscription=each).count() for each in (mine, other)] == [11, 0]
    assert not Delivery.objects.filter(error_code=TOGETHER).exists(), "they were sent with the first"
    (alone,) = told_at(clock, deadline - 24 * HOUR + 3 * MINUTE)
    assert "Company 3 · Engineer" in alone
    assert ["Later" in text for text in told_at(clock, deadline - 24 * HOUR + 16 * MINUTE)] == [True]


def test_one_of_several_that_no_longer_holds_is_left_out(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    mine = subscribe()
    for number in range(3):
        post(f"job:{number}", company=f"Company {number}")
    clock.move_to(deadline - 24 * HOUR)
    remind()
    says(mine, "applied", key="job:0")
    (message,) = send_due()
    assert message.text.startswith("⏰ 2 reminders\n\n1. Company 1")
    clock.move_to(deadline - 3 * HOUR)
    remind()
    for number in (1, 2):
        says(mine, "applied", key=f"job:{number}")
    assert send_due() == []


def test_many_deadlines_of_a_day_are_no_flood(subscribe: Subscribe, post: Post, clock: time_machine.Traveller) -> None:
    subscribe()
    first = NOW + 26 * HOUR
    for number in range(30):  # as close as 400 in a day
        post(f"job:{number}", deadline=first + number * timedelta(minutes=3.6))
    messages = [len(told_at(clock, first - 24 * HOUR + n * MINUTE)) for n in range(0, 110, 5)]
    assert Delivery.objects.filter(notice__rule="reminder 24h").exclude(state="pending").count() == 30
    assert sum(messages) <= 8


def test_a_reminder_waits_for_the_end_of_quiet_hours_unless_its_date_is_near(
    subscribe: Subscribe, post: Post, clock: time_machine.Traveller
) -> None:
    mine = subscribe()
    change(mine.subscriber, quiet_from=time(23), quiet_until=time(7))
    for number, at in enumerate(("30T23:30", "30T23:50", "30T08:30")):
        post(f"job:{number}", company=f"Company {number}", deadline=datetime.fromisoformat(f"2026-11-{at}+05:30"))
    times = (datetime.fromisoformat(f"2026-11-{at}+05:30") for at in ("29T23:30", "29T23:50", "30T05:30", "30T07:00"))
    told = []
    for moment in times:
        told += [(f"{moment:%H:%M}", text) for text in told_at(clock, moment)]
        deferring.tell_due()
    assert [at for at, _ in told] == ["05:30", "07:00"]
    assert "Company 2" in told[0][1]
    assert told[1][1].startswith("⏰ 2 reminders\n\n1. Company 0")
    assert not Delivery.objects.filter(notice__external_key__startswith="digest:").exists()


def test_a_reminder_is_not_early_where_the_one_before_it_waits(
    subscribe: Subscribe, post: Post, clock: time_machine.Traveller
) -> None:
    change(subscribe().subscriber, quiet_from=time(19), quiet_until=time(22))
    post("job:1", deadline=datetime.fromisoformat("2026-11-30T20:00+05:30"))  # 24 hours before waits for 10 PM
    post("job:2", company="Orbit", deadline=datetime.fromisoformat("2026-11-29T23:10+05:30"))  # too near to wait
    assert told_at(clock, datetime.fromisoformat("2026-11-29T20:00+05:30")) == []
    (text,) = told_at(clock, datetime.fromisoformat("2026-11-29T20:10+05:30"))
    assert "Orbit" in text


def test_what_waited_for_the_end_of_a_mute_is_dropped_where_it_no_longer_holds(
    subscribe: Subscribe, post: Post, deadline: datetime, clock: time_machine.Traveller
) -> None:
    mine = subscribe()
    post()
    change(mine.subscriber, muted_until=deadline - 10 * HOUR)
    assert told_at(clock, deadline - 24 * HOUR) == []
    assert Delivery.objects.filter(state="deferred").count() == 1
    says(mine, "applied")
    assert told_at(clock, deadline - 9 * HOUR) == []
    assert reasons() == {"applied": 1}


def test_a_sweep_with_nothing_due_asks_little(
    subscribe: Subscribe,
    post: Post,
    deadline: datetime,
    clock: time_machine.Traveller,
    django_assert_num_queries: Any,
) -> None:
    subscribe()
    for number in range(20):
        post(f"job:{number}")
    clock.move_to(deadline - 25 * HOUR)
    with django_assert_num_queries(4):  # what a wrong clock wrote, what waits for the end of a rest, dates, reminders
        remind()
    told_at(clock, deadline - 24 * HOUR)
    with django_assert_num_queries(5):  # and what a wrong clock has skipped
        remind()


def test_a_claim_of_reminders_takes_a_fixed_number_of_queries(
    subscribe: Subscribe,
    post: Post,
    deadline: datetime,
    clock: time_machine.Traveller,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(30):
        subscribe()
    for number in range(3):
        post(f"job:{number}", eligibility=({"name": "cgpa", "value": 7.5, "quote": "7.5", "program": ""},))
    clock.move_to(deadline - 24 * HOUR)
    remind()
    with django_assert_num_queries(8):  # claim, readers, notices; held, interests, timings, profiles, messages
        claim()
