"""Notices and pages that were read while the clock was ahead: told after all, and not ahead of all others for years."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings

from notifications.models import Delivery, Notice
from notifications.publishing.publish import Draft, publish
from scraping.cycle.wrong_clock import put_right
from scraping.models import MirrorOutbox, OfficialSnapshot
from scraping.tasks import catch_up
from tests.conftest import SEASON, Subscribe

pytestmark = pytest.mark.django_db
DAYS, YEARS = timedelta(days=3), timedelta(days=3653)


def read(ahead: timedelta, **fields: Any) -> Notice:
    """A notice published five minutes ago, and read by a clock that is ahead."""
    draft = Draft(
        external_key="test:1",
        title="Zenith Labs visits",
        season=SEASON,
        **{"published_at": timezone.now() - timedelta(minutes=5), **fields},
    )
    with time_machine.travel(timezone.now() + ahead):
        return publish(draft).notice


@pytest.mark.parametrize("ahead", [DAYS, YEARS], ids=str)
def test_a_notice_that_looked_too_old_is_told_once_the_clock_is_right(subscribe: Subscribe, ahead: timedelta) -> None:
    subscribe()
    assert not read(ahead).announced
    catch_up()
    catch_up()
    notice = Notice.objects.get()
    assert notice.announced
    assert notice.first_seen_at <= timezone.now()
    assert Delivery.objects.get().next_attempt_at <= timezone.now()


def test_who_is_subscribed_by_then_is_told(subscribe: Subscribe) -> None:
    read(YEARS)
    subscribe()
    put_right()
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [{"private": True}, {"published_at": timezone.now() - timedelta(hours=49)}],
    ids=["not for the site", "too old by a right clock"],
)
def test_what_is_not_to_be_told_stays_so(subscribe: Subscribe, fields: dict[str, Any]) -> None:
    subscribe()
    read(DAYS, **fields)
    put_right()
    assert not Delivery.objects.exists()


def test_a_notice_without_a_time_of_its_own_is_not_the_newest_for_years(
    subscribe: Subscribe, settings: Settings
) -> None:
    settings.MONGO_CONNECTION_STR = "mongodb://mongo.example"
    notice = read(YEARS, published_at=None)
    put_right()
    notice.refresh_from_db()
    assert notice.published_at <= timezone.now()
    assert list(MirrorOutbox.objects.values_list("collection", "row")) == [("Notices", notice.pk)]


def test_the_shared_cache_keeps_nothing_of_then() -> None:
    cache.set("always", 1, timeout=None)
    with time_machine.travel(timezone.now() + YEARS):
        assert cache.add("pressed", 1, timeout=60)
    assert not cache.add("pressed", 1, timeout=60)
    put_right()
    assert cache.add("pressed", 1, timeout=60)
    assert cache.get("always") == 1


def test_a_page_read_then_gives_way_to_the_next_one() -> None:
    with time_machine.travel(timezone.now() + YEARS):
        OfficialSnapshot.objects.create(content={}, content_hash="then")
    put_right()
    now = OfficialSnapshot.objects.create(content={}, content_hash="now")
    assert OfficialSnapshot.objects.latest() == now
    then = OfficialSnapshot.objects.get(content_hash="then")
    assert then.first_seen_at <= then.last_seen_at <= timezone.now()
