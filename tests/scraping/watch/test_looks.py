"""Looks are queued until a run has read the source, never beside a cycle, and not for ever."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from scraping.cycle.runs import one_run
from scraping.models import UpdateRun
from scraping.watch import looks as looks_module
from scraping.watch.looks import LONGEST_WAIT_SECONDS, Looks, has_read

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    monkeypatch.setattr(looks_module, "monotonic", count(step=1000.0).__next__)  # each look at the clock is later
    return Looks()


def test_a_look_is_queued_once_a_while_and_is_over_when_it_was_read() -> None:
    looks = Looks()
    looks.want("email")
    looks.queue()
    looks.queue()
    assert OrmQ.objects.count() == 1
    with one_run("watch") as run:
        run.sources = {"email": {"errors": []}}
    looks.queue()
    assert not looks


def test_while_a_cycle_runs_nothing_is_queued_and_afterwards_what_it_did_not_read(looks: Looks) -> None:
    with one_run("schedule"):
        looks.want("email")
        looks.queue()
        assert not OrmQ.objects.exists()
    looks.queue()
    assert OrmQ.objects.count() == 1


def test_what_comes_while_it_is_read_is_read_once_more(looks: Looks) -> None:
    looks.want("email")
    with one_run("watch") as run:
        run.sources = {"email": {}}
        looks.want("email")
    looks.queue()
    assert looks
    assert OrmQ.objects.count() == 1


def test_a_look_that_does_not_begin_is_queued_again_after_longer_and_longer_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, queued = 0.0, []
    monkeypatch.setattr(looks_module, "monotonic", lambda: now)
    looks = Looks()
    looks.want("email")
    while now < 3600:
        before = OrmQ.objects.count()
        looks.queue()
        if OrmQ.objects.count() > before:
            queued.append(now)
        now += 10
    assert queued[:4] == [0, 20, 60, 140]
    assert queued[-1] - queued[-2] == LONGEST_WAIT_SECONDS
    assert looks


def test_a_run_that_could_not_read_the_source_leaves_the_look_due(looks: Looks) -> None:
    looks.want("email")
    with one_run("watch") as run:
        run.sources = {"email": {"errors": ["away"], "failed_whole": True}}
    looks.queue()
    assert (bool(looks), OrmQ.objects.count()) == (True, 1)


def test_a_source_that_refuses_is_left_to_the_slots(looks: Looks) -> None:
    looks.want("superset")
    looks.drop("superset")
    looks.queue()
    assert not OrmQ.objects.exists()


def test_only_a_run_without_errors_counts_where_it_must_be_well() -> None:
    since = timezone.now() - timedelta(seconds=1)
    with one_run("schedule") as run:
        run.sources = {"superset": {"errors": ["login_refused"]}}
    assert has_read("superset", since)
    assert not has_read("superset", since, well=True)
    assert UpdateRun.objects.get().state == UpdateRun.State.PARTLY
