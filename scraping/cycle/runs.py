"""Update runs: one at a time, whatever starts them, and one that died is found out (spec: system, Schedule)."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.clock import CLOCKS_DIFFER, bring_back
from accounts.times import moment, time_of_day
from notifications.delivery.leases import is_gone, process_name
from scraping.models import UpdateRun
from scraping.sources.registry import ON_OWN_SCHEDULE

Lane = UpdateRun.Lane
# Told after each step of a run: which step, and how far (done, of how many; 0 of 0 where nobody knows).
Progress = Callable[[str, int, int], object]

# Longer than anything may take that shows no progress; a run that lets it pass counts as lost.
LEASE = timedelta(minutes=5)
NOTE_SECONDS = 1.0
SCHEDULED = ("schedule", "catch-up")
READ = "read"  # beside the sources: what came of what they brought
TOLD = "told"  # therein: the notices that were announced


class SkippedError(Exception):
    """There is no need to run, or no room; the text says why, and `run` is the one that stands in the way."""

    def __init__(self, text: str, run: UpdateRun) -> None:
        super().__init__(text)
        self.run = run


class CycleRunningError(SkippedError):
    """Another update is at work."""

    def __init__(self, run: UpdateRun) -> None:
        since = time_of_day(run.started_at)
        super().__init__(f"Another update is running since {since} (run {run.pk}, {run.trigger}); skipped.", run)


class SlotDoneError(SkippedError):
    """A scheduled run has begun since the slot was due."""

    def __init__(self, slot: datetime, run: UpdateRun) -> None:
        super().__init__(f"The slot of {moment(slot)} is done already (run {run.pk}, {run.trigger}); skipped.", run)


class BegunError(SkippedError):
    """The queue gave a run out twice."""

    def __init__(self, run: UpdateRun) -> None:
        super().__init__(f"Run {run.pk} is not waiting any more: {run.get_state_display().lower()}; skipped.", run)


class RunLostError(Exception):
    """This run let its lease pass, and another may be at work in its place."""


def lane_of(sources: Collection[str]) -> Lane:
    """Return the lane of a run: what has slots of its own neither waits for a cycle nor delays one."""
    return Lane.OWN_SCHEDULE if sources and ON_OWN_SCHEDULE.issuperset(sources) else Lane.CYCLE


@contextmanager
def one_run(
    trigger: str, *, lane: Lane = Lane.CYCLE, slot: datetime | None = None, queued: UpdateRun | None = None
) -> Iterator[UpdateRun]:
    """A run of our own, or the `queued` one, ended whatever happens. With a `slot`: only where no scheduled one has
    begun since.

    Raises:
        CycleRunningError: another run of its lane is at work.
        SlotDoneError: the slot needs none any more.
        BegunError: the queued one has begun already.
    """
    run = _begin_queued(queued) if queued else _begin(trigger, lane, slot)
    try:
        yield run
        run.state = _outcome(run)
    except BaseException as error:
        run.error = run.error or f"{type(error).__name__}: {error}"[:500]
        run.state = UpdateRun.State.FAILED
        raise
    finally:
        _end(run)


def running(lane: str = Lane.CYCLE) -> UpdateRun | None:
    """The run at work, None where none is; one whose process died is found out first."""
    _release_dead_owners()
    return UpdateRun.objects.filter(state=UpdateRun.State.RUNNING, lane=lane).first()


def queued_run(trigger: str) -> UpdateRun:
    """A cycle for the scheduler to take up: the one that waits already, else a new one."""
    waiting = {"lane": Lane.CYCLE, "state": UpdateRun.State.QUEUED}
    return UpdateRun.objects.get_or_create(**waiting, defaults={"trigger": trigger, "lease_until": timezone.now()})[0]


class Noted:
    """A progress callback that notes with the run what it is doing, which also renews its lease; then calls the next.

    Raises RunLostError, in a step of the run, where the lease was lost.
    """

    def __init__(self, run: UpdateRun, progress: Progress) -> None:
        self._run, self._progress = run, progress
        self._noted_at = float("-inf")

    def __call__(self, step: str, done: int, of: int) -> None:
        self._progress(step, done, of)
        if done == 0 or monotonic() > self._noted_at + NOTE_SECONDS:
            self._noted_at = monotonic()
            self._run.step = f"{step} {done} of {of}" if of else f"{step} {done}" if done else step
            renew(self._run)


def renew(run: UpdateRun) -> None:
    """Still alive, and so far. Raises RunLostError."""
    run.lease_until = timezone.now() + LEASE
    if not _running(run).update(lease_until=run.lease_until, step=run.step, sources=run.sources):
        raise RunLostError(f"Run {run.pk} showed no progress for {LEASE} and was taken for dead.")


def _running(run: UpdateRun) -> QuerySet[UpdateRun]:
    return UpdateRun.objects.filter(pk=run.pk, state=UpdateRun.State.RUNNING)


def _begin(trigger: str, lane: Lane, slot: datetime | None) -> UpdateRun:
    _release_dead_owners()
    try:
        with transaction.atomic():
            run = UpdateRun.objects.create(
                trigger=trigger, lane=lane, process=process_name(), lease_until=timezone.now() + LEASE
            )
            if slot and (done := _run_since(slot, run)):
                raise SlotDoneError(slot, done)
            return run
    except IntegrityError:
        running = UpdateRun.objects.filter(state=UpdateRun.State.RUNNING, lane=lane).first()
        if running is None:
            return _begin(trigger, lane, slot)
        raise CycleRunningError(running) from None


def _begin_queued(run: UpdateRun) -> UpdateRun:
    """One statement makes it run: given out twice, or with another at work, it is not begun. One that was lost is
    begun anew: the queue gives it out again for that.
    """
    waiting = UpdateRun.objects.filter(pk=run.pk, state__in=(UpdateRun.State.QUEUED, UpdateRun.State.LOST))
    now = timezone.now()
    _release_dead_owners()
    try:
        with transaction.atomic():
            if not waiting.update(
                state=UpdateRun.State.RUNNING,
                process=process_name(),
                started_at=now,
                ended_at=None,
                lease_until=now + LEASE,
                error="",
            ):
                raise BegunError(UpdateRun.objects.get(pk=run.pk))
    except IntegrityError:
        if (other := running(run.lane)) is None:
            return _begin_queued(run)
        skipped = CycleRunningError(other)
        waiting.update(state=UpdateRun.State.SKIPPED, ended_at=now, error=str(skipped))
        raise skipped from None
    return UpdateRun.objects.get(pk=run.pk)


def _run_since(slot: datetime, run: UpdateRun) -> UpdateRun | None:
    """Looked for while `run` holds the lane: nothing else can begin meanwhile."""
    began = (slot, run.started_at + CLOCKS_DIFFER)
    others = UpdateRun.objects.filter(lane=run.lane, trigger__in=SCHEDULED, started_at__range=began).exclude(pk=run.pk)
    return others.exclude(state=UpdateRun.State.LOST).first()


def _end(run: UpdateRun) -> None:
    """Write how it went, unless it was taken for dead."""
    run.ended_at, run.step = timezone.now(), ""
    fields = ("state", "ended_at", "step", "sources", "notices", "queued", "error")
    if not _running(run).update(**{name: getattr(run, name) for name in fields}):
        run.refresh_from_db()


def _release_dead_owners() -> None:
    bring_back(UpdateRun)
    now = timezone.now()
    for run in UpdateRun.objects.filter(state=UpdateRun.State.RUNNING):
        if run.lease_until <= now or is_gone(run.process):
            _running(run).filter(lease_until=run.lease_until).update(
                state=UpdateRun.State.LOST, ended_at=now, error="its process died in the middle, or hung"
            )


def _outcome(run: UpdateRun) -> str:
    reports = [report for name, report in run.sources.items() if name != READ]
    if not any(report.get("errors") for report in reports):
        return UpdateRun.State.OK
    read_nothing = all(report.get("failed_whole") for report in reports)
    return UpdateRun.State.FAILED if read_nothing else UpdateRun.State.PARTLY
