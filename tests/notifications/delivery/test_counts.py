"""Figures for the metrics and for whoever watches a broadcast."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from notifications.delivery import counts
from notifications.models import ChannelState, Delivery
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

NOW = timezone.now()


@pytest.fixture
def notice(subscribe: Subscribe, draft: MakeDraft) -> int:
    """Ten deliveries: six sent after 1 to 6 s, one to be tried again, one dead, one held back, one waiting."""
    for _ in range(10):
        subscribe()
    notice = publish(draft()).notice
    Delivery.objects.update(created_at=NOW - timedelta(seconds=30), next_attempt_at=NOW - timedelta(seconds=30))
    pks = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    for seconds, pk in enumerate(pks[:6], start=1):
        sent_at = NOW - timedelta(seconds=30 - seconds)
        Delivery.objects.filter(pk=pk).update(state="sent", sent_at=sent_at)
    Delivery.objects.filter(pk=pks[6]).update(state="retry", attempts=2)
    Delivery.objects.filter(pk=pks[7]).update(state="failed", attempts=10, error_code="blocked")
    Delivery.objects.filter(pk=pks[8]).update(state="held")
    return notice.pk


@pytest.mark.django_db
def test_a_channels_figures(notice: int) -> None:
    ChannelState.objects.create(channel="telegram", floods=4)
    found = counts.channel_figures(NOW)["telegram"]
    assert found.states == {"sent": 6, "retry": 1, "failed": 1, "held": 1, "pending": 1}
    assert (found.failed, found.retries, found.floods) == ({"blocked": 1}, 12, 4)
    assert found.oldest_pending_seconds == pytest.approx(30)
    assert found.seconds_to_sent == {50: 3.0, 95: 6.0, 99: 6.0}


@pytest.mark.django_db
def test_without_deliveries_there_are_none() -> None:
    assert counts.channel_figures() == {}


@pytest.mark.django_db
def test_what_is_asked_often_is_found_by_the_indexes_made_for_it(notice: int) -> None:
    """Their conditions stand in the statement word by word, or SQLite reads every delivery there ever was."""
    assert "IN ('pending', 'retry')" in str(counts.due(NOW).query)
    assert "IN ('failed', 'held')" in str(counts.dead().query)
    assert [found.count() for found in (counts.due(NOW), counts.dead(), counts.unsent())] == [2, 1, 3]
    Delivery.objects.filter(state="pending").update(state="sending", lease_until=NOW)
    assert [found.count() for found in (counts.due(NOW), counts.unsent())] == [1, 3]


@pytest.mark.django_db
def test_how_far_a_broadcast_is(notice: int) -> None:
    Delivery.objects.filter(state="sent").update(sent_at=NOW - timedelta(seconds=5))
    found = counts.progress(notice, NOW)
    assert (found.total, found.sent, found.waiting, found.held, found.failed) == (10, 6, 2, 1, 1)
    assert found.rate == pytest.approx(0.3)
    assert found.seconds_left == pytest.approx(2 / 0.3)


@pytest.mark.django_db
def test_nobody_knows_when_one_that_does_not_move_ends(notice: int) -> None:
    assert counts.progress(notice, NOW).seconds_left is None


@pytest.mark.django_db
def test_it_says_how_many_are_tried_again_and_why_most_often(
    notice: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert (counts.progress(notice, NOW).refused, counts.progress(notice, NOW).why) == (0, "")
    states = ("retry", "sending", "retry", "pending")
    errors = (("http_502", "Bad Gateway"), ("http_502", "Bad Gateway"), ("timeout", ""), ("", ""))
    sent = list(Delivery.objects.filter(state="sent").order_by("pk")[:4])
    for delivery, state, (code, text) in zip(sent, states, errors, strict=True):
        leased = NOW if state == "sending" else None
        Delivery.objects.filter(pk=delivery.pk).update(
            state=state, sent_at=None, lease_until=leased, error_code=code, error_text=text
        )
    with django_assert_num_queries(3):
        found = counts.progress(notice, NOW)
    assert (found.waiting, found.refused, found.why) == (6, 3, "http_502 Bad Gateway")


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200))
def test_percentiles_are_values_in_order(values: list[float]) -> None:
    found = counts.percentiles(values)
    assert found is not None
    assert set(found.values()) <= set(values)
    assert found[50] <= found[95] <= found[99]
    assert sum(value <= found[95] for value in values) >= 0.95 * len(values)


def test_percentiles_of_nothing() -> None:
    assert counts.percentiles([]) is None
