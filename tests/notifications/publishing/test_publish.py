"""Putting a notice: new, the same again, edited, old, withdrawn."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import MutedCategory, Subscription
from notifications.delivery import edits, ledger
from notifications.models import Delivery, Notice
from notifications.publishing.publish import Draft, Outcome, bring_back, publish, withdraw
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db
Make = Callable[..., Draft]
LEASE = timedelta(minutes=1)


def send_all(version: int = 1) -> None:
    """Every pending delivery goes out."""
    claimed = ledger.claim("telegram", "test", limit=100, lease=LEASE)
    now = timezone.now()
    settled = [
        ledger.Settlement(
            id=item.id, state="sent", attempts=0, parts_sent=1, message_ids=[7], sent_at=now, version_sent=version
        )
        for item in claimed
    ]
    ledger.settle("test", settled, lease=LEASE)


def test_a_new_notice_is_queued_for_everyone_who_wants_it(subscribe: Subscribe, draft: Make) -> None:
    wanted = subscribe()
    subscribe(seasons=(202526,))
    subscribe(state=Subscription.State.OFF)
    muted = subscribe()
    MutedCategory.objects.create(subscription=muted, category="update")
    every = subscribe(seasons=(), every_season=True)

    assert publish(draft()).queued == 2
    assert set(Delivery.objects.values_list("subscription", flat=True)) == {wanted.pk, every.pk}


def test_the_same_notice_again_queues_nothing(subscribe: Subscribe, draft: Make) -> None:
    subscribe()
    publish(draft())

    again = publish(draft())

    assert (again.outcome, again.queued) == (Outcome.UNCHANGED, 0)
    assert Delivery.objects.count() == 1


def test_who_subscribes_later_is_not_told_of_it(subscribe: Subscribe, draft: Make) -> None:
    publish(draft())
    subscribe()
    assert publish(draft()).queued == 0


def test_an_old_notice_is_stored_and_wakes_nobody(subscribe: Subscribe, draft: Make) -> None:
    subscribe()

    published = publish(draft(published_at=timezone.now() - timedelta(hours=49)))

    assert (published.outcome, published.queued) == (Outcome.NEW, 0)
    assert not Notice.objects.get().announced


def test_without_an_age_limit_old_notices_are_told(subscribe: Subscribe, draft: Make, settings: object) -> None:
    settings.NOTIFY_MAX_AGE_HOURS = 0  # type: ignore[attr-defined]  # a stand-in of the test
    subscribe()
    assert publish(draft(published_at=timezone.now() - timedelta(days=400))).queued == 1


def test_an_edit_edits_what_was_sent_and_pings_nobody(subscribe: Subscribe, draft: Make) -> None:
    subscribe()
    publish(draft())
    send_all()

    edited = publish(draft(body="<p>Be there at nine.</p>"))

    assert (edited.outcome, edited.queued) == (Outcome.CHANGED, 0)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.work, delivery.message_ids) == ("pending", "edit", [7])


def test_an_edit_before_anything_went_out_is_no_edit_for_the_reader(subscribe: Subscribe, draft: Make) -> None:
    subscribe()
    publish(draft())

    publish(draft(body="<p>Be there at nine.</p>"))

    assert Delivery.objects.get().work == "send"


@time_machine.travel(datetime(2026, 11, 26, 12, tzinfo=UTC))
def test_a_moved_deadline_pings_once_more_those_who_had_it(subscribe: Subscribe, draft: Make) -> None:
    told = subscribe()
    publish(draft(deadline=datetime(2026, 11, 29, 18, 29, tzinfo=UTC)))
    send_all()
    subscribe()

    moved = publish(draft(deadline=datetime(2026, 11, 30, 18, 29, tzinfo=UTC)))

    assert moved.queued == 1
    ping = Notice.objects.get(follows=moved.notice)
    assert ping.edit_note == "deadline moved from Sun 29 Nov, 11:59 PM to Mon 30 Nov, 11:59 PM"
    assert ping.deliveries.get().subscription == told


def test_an_edit_of_what_was_in_flight_is_found_by_the_sweep(subscribe: Subscribe, draft: Make) -> None:
    subscribe()
    publish(draft())
    claimed = ledger.claim("telegram", "test", limit=10, lease=LEASE)
    publish(draft(body="<p>Other.</p>"))
    late = ledger.Settlement(id=claimed[0].id, state="sent", attempts=0, parts_sent=1, message_ids=[7], version_sent=1)
    ledger.settle("test", [late], lease=LEASE)

    assert edits.queue() == 1


def test_a_withdrawn_notice_goes_to_nobody_else(subscribe: Subscribe, draft: Make) -> None:
    subscribe()
    publish(draft())

    assert withdraw("test:1")
    assert Delivery.objects.get().state == "skipped"
    assert not withdraw("test:1")


def test_fan_out_costs_one_statement_however_many_subscribe(
    subscribe: Subscribe, draft: Make, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        subscribe()
    with django_assert_max_num_queries(9):
        assert publish(draft()).queued == 20


def test_what_nobody_sees_is_kept_and_edits_nothing(subscribe: Subscribe, draft: Make) -> None:
    subscribe()
    publish(draft())
    send_all()

    linked = publish(draft(job_key="job:1", rule="other", confidence=0.5))

    assert linked.outcome == Outcome.UNCHANGED
    notice = Notice.objects.get()
    assert (notice.job_key, notice.rule, notice.confidence, notice.version) == ("job:1", "other", 0.5, 1)


def test_a_notice_that_comes_back_goes_to_those_it_was_kept_from(subscribe: Subscribe, draft: Make) -> None:
    subscribe()
    publish(draft())
    withdraw("test:1")

    publish(draft())

    assert Delivery.objects.get().state == "retry"
    assert Notice.objects.get().withdrawn_at is None


@pytest.mark.parametrize("announce", [True, False])
def test_what_somebody_withdrew_stays_so_whatever_its_source_says(
    announce: bool, subscribe: Subscribe, draft: Make
) -> None:
    subscribe()
    publish(draft())
    send_all()
    assert withdraw("test:1", stays=True)

    for later in (draft(), draft(deadline=datetime(2026, 11, 30, 18, 29, tzinfo=UTC), title="Another")):
        assert publish(later, announce=announce).queued == 0

    notice = Notice.objects.get()
    assert notice.withdrawn_at is not None
    assert (notice.title, notice.version, notice.edit_note) == ("Another", 2, "withdrawn")


def test_what_was_withdrawn_can_be_told_to_stay_so(draft: Make) -> None:
    publish(draft())
    withdraw("test:1")

    assert withdraw("test:1", stays=True)
    assert not withdraw("test:1", stays=True)
    publish(draft(title="Another"))
    assert Notice.objects.get().withdrawn_at is not None


def test_what_somebody_brings_back_stands_and_goes_to_those_it_was_kept_from(subscribe: Subscribe, draft: Make) -> None:
    had = subscribe()
    publish(draft())
    send_all()
    publish(draft("test:2"))
    withdraw("test:1", stays=True)
    withdraw("test:2", stays=True)
    publish(draft(title="Another"))

    assert bring_back("test:1")
    assert bring_back("test:2")
    assert not bring_back("test:1")
    edited, sent = Delivery.objects.order_by("notice_id")
    assert (edited.subscription, edited.work, edited.state, sent.state) == (had, "edit", "pending", "retry")
    assert set(Notice.objects.values_list("title", "withdrawn_at")) == {("Another", None), (draft().title, None)}
    assert publish(draft()).outcome == Outcome.CHANGED


def test_what_no_database_takes_is_left_out_of_a_notice(subscribe: Subscribe, draft: Make) -> None:
    bad = "a\x00b\ud800"
    publish(draft(title=bad, links=({"url": bad, "label": ""},), details={bad: bad}))
    notice = Notice.objects.get()
    assert (notice.title, notice.links, notice.details) == ("ab?", [{"url": "ab?", "label": ""}], {"ab?": "ab?"})
    assert (
        publish(draft(title=bad, links=({"url": bad, "label": ""},), details={bad: bad})).outcome == Outcome.UNCHANGED
    )


@pytest.mark.parametrize(
    ("fields", "priority"),
    [
        ({}, Delivery.Priority.BULK),
        ({"category": "shortlisting"}, Delivery.Priority.URGENT),
        ({"deadline": timezone.now() + timedelta(hours=20)}, Delivery.Priority.URGENT),
        ({"event_at": timezone.now() + timedelta(hours=20)}, Delivery.Priority.URGENT),
        ({"deadline": timezone.now() + timedelta(hours=30)}, Delivery.Priority.BULK),
        ({"deadline": timezone.now() - timedelta(hours=1)}, Delivery.Priority.BULK),
    ],
)
def test_what_can_not_wait_goes_first(
    subscribe: Subscribe, draft: Make, fields: dict[str, object], priority: int
) -> None:
    subscribe()
    publish(draft(**fields))
    assert Delivery.objects.get().priority == priority
