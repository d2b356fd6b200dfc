"""From the source's own time to the phone: first and last delivery, by source and urgency."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notifications.delivery.freshness import Freshness, measure
from notifications.models import Delivery, Notice
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db
NOW = timezone.now()
Tell = Callable[..., Notice]


@pytest.fixture
def tell(subscribe: Subscribe) -> Tell:
    """A notice and its deliveries, each so many seconds after the notice's publication; None is still waiting."""

    def make(key: str, *seconds: float | None, seen: float = 0.0, urgent: bool = False) -> Notice:
        published = NOW - timedelta(hours=1)
        notice = Notice.objects.create(
            external_key=key,
            title="Zenith Labs",
            published_at=published,
            first_seen_at=published + timedelta(seconds=seen),
            announced=True,
        )
        for after in seconds:
            Delivery.objects.create(
                notice=notice,
                subscription=subscribe(),
                channel="telegram",
                state="pending" if after is None else "sent",
                priority=Delivery.Priority.URGENT if urgent else Delivery.Priority.BULK,
                next_attempt_at=NOW,
                created_at=published,
                sent_at=None if after is None else published + timedelta(seconds=after),
            )
        return notice

    return make


@pytest.fixture
def long_at_work() -> None:
    """The service saw its first notice two days ago."""
    began = NOW - timedelta(days=2)
    Notice.objects.create(external_key="first", title="x", published_at=began, first_seen_at=began)


def test_what_was_there_when_the_service_began_is_not_late(tell: Tell) -> None:
    tell("superset:notice:1", 30 * 3600, seen=29 * 3600)
    assert measure("24h", NOW + timedelta(hours=30)).lines == ()


@pytest.mark.usefixtures("long_at_work")
def test_seconds_are_counted_from_publication_by_source_and_urgency(tell: Tell) -> None:
    tell("superset:notice:1", 30, 40, 90, seen=20)
    tell("superset:notice:2", 60, 61)
    tell("email:1", 5, 6, urgent=True)
    assert measure("24h", NOW).lines == (
        Freshness("email", urgent=True, notices=1, first={50: 5, 95: 5, 99: 5}, last={50: 6, 95: 6, 99: 6}),
        Freshness("superset", urgent=False, notices=2, first={50: 30, 95: 60, 99: 60}, last={50: 61, 95: 90, 99: 90}),
    )


def test_what_a_source_dates_ahead_counts_from_when_it_was_seen(tell: Tell) -> None:
    tell("email:1", 20, seen=-10)
    (line,) = measure("24h", NOW).lines
    assert line.first == {50: 30, 95: 30, 99: 30}


def test_what_still_waits_or_was_given_up_makes_it_incomplete(tell: Tell) -> None:
    tell("email:1", 20, None, 30, None)
    one = Delivery.objects.filter(state="pending")[:1]
    Delivery.objects.filter(pk__in=list(one.values_list("pk", flat=True))).update(state="failed")
    window = measure("24h", NOW)
    assert (window.notices, window.deliveries, window.complete) == (1, 4, 0.5)


def test_nothing_told_is_no_figure_and_old_notices_are_of_the_month_only(tell: Tell) -> None:
    notice = tell("email:1", 20)
    Notice.objects.filter(pk=notice.pk).update(first_seen_at=NOW - timedelta(days=3))
    assert (measure("24h", NOW).complete, measure("24h", NOW).lines) == (None, ())
    assert measure("30d", NOW).notices == 1


def test_two_statements_however_much_there_is(tell: Tell, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(5):
        tell(f"email:{number}", 20, 30)
    with django_assert_num_queries(2):
        measure("30d", NOW)
