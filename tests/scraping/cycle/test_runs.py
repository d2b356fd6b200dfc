"""Update runs: what they note, and what becomes of those that hang or lose their lease."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from django.utils import timezone

from scraping.cycle import cycle, runs
from scraping.cycle.cycle import update
from scraping.cycle.queue import queue_cycle
from scraping.cycle.runs import CycleRunningError, Noted, RunLostError, one_run, running
from scraping.models import UpdateRun
from scraping.sources.base import Batch, Known
from scraping.sources.registry import SOURCES
from scraping.tasks import queued_cycle

pytestmark = pytest.mark.django_db(transaction=True)


def silent(*_: object) -> None:
    """Nobody looks."""


class Hanging:
    """A source that brings one batch, and then nothing more."""

    name = "superset"

    async def collect(self, known: Known) -> AsyncGenerator[Batch, None]:
        yield Batch(unchanged=1)
        await asyncio.sleep(3600)


def test_what_a_run_is_doing_is_noted_now_and_then_and_renews_its_lease() -> None:
    with one_run("test") as run:
        noted = Noted(run, silent)
        UpdateRun.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
        for done in range(100):
            noted("superset", done, 100)
        stored = UpdateRun.objects.get()
        assert stored.step == "superset 0 of 100"
        assert stored.lease_until > timezone.now() + timedelta(minutes=4)
    assert UpdateRun.objects.get().step == ""


def test_a_run_that_was_taken_for_dead_stops_and_stays_lost() -> None:
    def overtaken() -> None:
        with one_run("first") as run:
            UpdateRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
            with one_run("second"):
                Noted(run, silent)("superset", 0, 0)

    with pytest.raises(RunLostError):
        overtaken()
    assert list(UpdateRun.objects.values_list("trigger", "state")) == [("second", "failed"), ("first", "lost")]


def test_a_lease_of_a_clock_that_was_years_ahead_holds_nobody_up() -> None:
    with one_run("first"):
        UpdateRun.objects.update(lease_until=timezone.now() + timedelta(days=3653), process="elsewhere:1:1")
        assert running() is None
        with one_run("second"):
            pass


def test_a_run_elsewhere_is_believed_until_its_lease_ends() -> None:
    with one_run("first"):
        UpdateRun.objects.update(process="elsewhere:1:1")
        with pytest.raises(CycleRunningError), one_run("second"):
            pass


def test_a_queued_run_is_begun_once_however_often_the_queue_gives_it_out() -> None:
    run = UpdateRun.objects.get(pk=queue_cycle("bot"))
    assert queued_cycle(run.pk) == f"Update {run.pk} (bot, OK): 0 notices, 0 sent"
    assert queued_cycle(run.pk) == f"Run {run.pk} is not waiting any more: ok; skipped."
    assert UpdateRun.objects.get().started_at > run.started_at


def test_a_queued_run_that_was_lost_is_begun_anew() -> None:
    run_id = queue_cycle("bot")
    UpdateRun.objects.update(state="running", lease_until=timezone.now() - timedelta(seconds=1))
    assert queued_cycle(run_id).endswith("(bot, OK): 0 notices, 0 sent")
    run = UpdateRun.objects.get()
    assert (run.state, run.error) == ("ok", "")


def test_a_queued_run_steps_aside_for_one_at_work_and_says_so() -> None:
    run_id = queue_cycle("webhook")
    with one_run("schedule") as other:
        assert queued_cycle(run_id).startswith("Another update is running since")
    run = UpdateRun.objects.get(pk=run_id)
    assert run.state == "skipped"
    assert f"(run {other.pk}, schedule)" in run.error
    assert queue_cycle("webhook") != run_id


def test_a_source_that_hangs_is_given_up_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycle, "STALLED_SECONDS", 0.2)
    monkeypatch.setitem(SOURCES, "superset", lambda seasons: Hanging())
    run = update("test")
    assert run.state == UpdateRun.State.FAILED
    assert run.sources["superset"]["errors"] == ["stalled: it brought nothing for 0 s"]
    assert run.sources["superset"]["unchanged"] == 1


def test_nothing_may_hang_longer_than_a_lease() -> None:
    assert runs.LEASE.total_seconds() > cycle.STALLED_SECONDS + 30
