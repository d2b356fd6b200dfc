"""What became of what a run found, counted from the deliveries themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import Delivery, Notice
from notifications.publishing.publish import Draft
from scraping.cycle.runs import READ, TOLD, one_run
from scraping.cycle.told import Told, told
from scraping.models import UpdateRun
from scraping.telling.base import Reading
from tests.conftest import Subscribe

pytestmark = pytest.mark.django_db


def run(*drafts: Draft) -> UpdateRun:
    """A run that published these, and told nobody yet."""
    reading = Reading()
    with one_run("schedule") as begun:
        for draft in drafts:
            reading.publish(draft)
        begun.notices, begun.queued = reading.counts["notices_new"], reading.queued
        begun.sources = {READ: {**reading.counts, TOLD: reading.announced}}
    return UpdateRun.objects.get(pk=begun.pk)


def draft(key: str, **fields: Any) -> Draft:
    return Draft(external_key=key, title=key, published_at=timezone.now(), **fields)


def test_a_run_is_counted_by_what_became_of_its_messages(subscribe: Subscribe) -> None:
    people = [subscribe(), subscribe(), subscribe()]
    found = run(draft("a"), draft("b"))
    assert told([found]) == [Told(found=2, told=0, waiting=6, failed=0)]
    first = Delivery.objects.filter(subscription=people[0])
    first.update(state="sent", sent_at=timezone.now())
    Delivery.objects.filter(subscription=people[1]).update(state="failed")
    assert str(told([found])[0]) == "2 found: 2 told, 2 waiting, 2 failed"
    Delivery.objects.exclude(state="sent").update(state="skipped")
    assert str(told([found])[0]) == "2 found: 2 told"


def test_a_moved_deadline_counts_where_it_was_told(subscribe: Subscribe) -> None:
    subscribe()
    before = run(draft("a", deadline=timezone.now() + timedelta(days=3)))
    Delivery.objects.update(state="sent", sent_at=timezone.now())
    after = run(draft("a", deadline=timezone.now() + timedelta(days=4)))
    ping = Notice.objects.get(follows__isnull=False)
    assert after.sources[READ][TOLD] == [ping.pk]
    assert told([after]) == [Told(found=0, told=0, waiting=1, failed=0)]
    assert told([before])[0].found == 1


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (Told(0, 0, 0, 0), "nothing new"),
        (Told(4, 0, 0, 0), "4 found, nobody to tell"),
        (Told(0, 5, 0, 0), "0 found: 5 told"),
        (Told(1, 0, 4, 0), "1 found: 4 waiting"),
        (Told(0, 0, 0, 0, ("superset",)), "the portal could not be read"),
        (Told(1, 2, 0, 0, ("superset", "email")), "1 found: 2 told; the portal and the mailbox could not be read"),
    ],
)
def test_a_good_cycle_does_not_look_like_a_failure(figures: Told, words: str) -> None:
    assert str(figures) == words


def test_many_runs_are_counted_by_one_statement_and_older_ones_by_what_they_noted(subscribe: Subscribe) -> None:
    subscribe()
    runs = [run(draft(f"n{number}")) for number in range(3)]
    runs.append(
        UpdateRun.objects.create(trigger="x", state="ok", lease_until=timezone.now(), notices=2, queued=9, sent=9)
    )
    with CaptureQueriesContext(connection) as queries:
        figures = told(runs)
    assert len(queries) == 1
    assert [found.waiting for found in figures] == [1, 1, 1, 0]
    assert figures[3] == Told(found=2, told=9, waiting=0, failed=0)
