"""Looks are queued until a run has read the source, never beside a cycle, and not for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from scraping.cycle.runs import one_run
from scraping.models import UpdateRun
from scraping.watch import looks as looks_module
from scraping.watch.looks import MOST_QUEUED, Looks, has_read

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    monkeypatch.setattr(looks_module, "QUEUE_AGAIN_SECONDS", -1)
    return Looks()


def test_a_look_is_queued_once_a_while_and_is_over_when_it_was_read(
    looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks_module, "QUEUE_AGAIN_SECONDS", 60)
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


def test_a_look_that_never_begins_is_left_to_the_slots(looks: Looks) -> None:
    looks.want("superset")
    for _ in range(MOST_QUEUED + 2):
        looks.queue()
    assert (OrmQ.objects.count(), bool(looks)) == (MOST_QUEUED, False)


def test_only_a_run_without_errors_counts_where_it_must_be_well() -> None:
    since = timezone.now() - timedelta(seconds=1)
    with one_run("schedule") as run:
        run.sources = {"superset": {"errors": ["login_refused"]}}
    assert has_read("superset", since)
    assert not has_read("superset", since, well=True)
    assert UpdateRun.objects.get().state == UpdateRun.State.PARTLY
