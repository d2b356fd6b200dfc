"""Reminders: at their times, to who asked, once, and none that no longer holds."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Subscription
from notifications.models import Delivery, Interest, Notice
from notifications.my_time.reminders import remind
from notifications.publishing.publish import publish, withdraw
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Post = Callable[..., Notice]


@pytest.fixture
def deadline() -> datetime:
    return timezone.now().replace(microsecond=0) + 30 * HOUR


@pytest.fixture
def post(draft: MakeDraft, deadline: datetime) -> Post:
    def make(at: datetime | None = None) -> Notice:
        return publish(
            draft("job:1", category="job_posting", company="Zenith", job_key="j1", deadline=at or deadline)
        ).notice

    return make


def asks(who: Subscription, **fields: object) -> Interest:
    return Interest.objects.create(subscriber=who.subscriber, key="j1", remind_at=timezone.now(), **fields)


def reminded_at(moment: datetime) -> list[str]:
    """Sweep at this time; what was queued by it."""
    with time_machine.travel(moment, tick=False):
        before = set(Delivery.objects.values_list("pk", flat=True))
        remind()
        remind()
        new = Delivery.objects.exclude(pk__in=before).select_related("notice").order_by("pk")
        return [delivery.notice.edit_note for delivery in new]


def test_a_day_and_three_hours_before_and_never_twice(subscribe: Subscribe, post: Post, deadline: datetime) -> None:
    mine, _other = subscribe(), subscribe()
    post()
    asks(mine)
    hours = (29, 24, 23, 12, 3, 2, 1, 0, -1)
    told = {left: len(reminded_at(deadline - left * HOUR)) for left in hours}
    assert told == {29: 0, 24: 1, 23: 0, 12: 0, 3: 1, 2: 0, 1: 0, 0: 0, -1: 0}


def test_after_a_rest_only_the_last_one_is_told(subscribe: Subscribe, post: Post, deadline: datetime) -> None:
    post()
    asks(subscribe())
    assert len(reminded_at(deadline - 2 * HOUR)) == 1
    assert reminded_at(deadline + HOUR) == []


@pytest.mark.parametrize("said", ["applied_at", "not_interested_at"])
def test_none_to_who_applied_or_declined(subscribe: Subscribe, post: Post, deadline: datetime, said: str) -> None:
    post()
    asks(subscribe(), **{said: timezone.now()})
    assert reminded_at(deadline - 2 * HOUR) == []


def test_a_moved_deadline_has_reminders_of_its_own(subscribe: Subscribe, post: Post, deadline: datetime) -> None:
    post()
    asks(subscribe())
    assert len(reminded_at(deadline - 20 * HOUR)) == 1
    later = deadline + 48 * HOUR
    post(later)
    assert reminded_at(deadline - 2 * HOUR) == []
    (words,) = reminded_at(later - 20 * HOUR)
    assert words.startswith("reminder: deadline ")


def test_an_edit_that_moves_nothing_reminds_nobody_again(
    subscribe: Subscribe, post: Post, deadline: datetime, draft: MakeDraft
) -> None:
    post()
    asks(subscribe())
    assert len(reminded_at(deadline - 20 * HOUR)) == 1
    edited = draft(
        "job:1", category="job_posting", company="Zenith", job_key="j1", deadline=deadline, body="<p>New.</p>"
    )
    publish(edited)
    assert reminded_at(deadline - 19 * HOUR) == []


def test_a_withdrawn_posting_and_who_stopped(subscribe: Subscribe, post: Post, deadline: datetime) -> None:
    post()
    asks(subscribe(state="off"))
    assert reminded_at(deadline - 20 * HOUR) == []
    asks(subscribe())
    withdraw("job:1")
    assert reminded_at(deadline - 20 * HOUR) == []


def test_who_asks_late_is_reminded_too(subscribe: Subscribe, post: Post, deadline: datetime) -> None:
    post()
    asks(subscribe())
    assert len(reminded_at(deadline - 20 * HOUR)) == 1
    asks(subscribe())
    assert len(reminded_at(deadline - 10 * HOUR)) == 1
