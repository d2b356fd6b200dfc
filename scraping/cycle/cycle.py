"""One update cycle: sources → rows → notices → deliveries.

Each step finds its work by a query, so any may be run again.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic

from asgiref.sync import async_to_sync, sync_to_async

from notifications.delivery.run import deliver
from scraping.cycle.read_items import pending_count, read_jobs, read_now, read_pending
from scraping.cycle.runs import READ, TOLD, Noted, Progress, RunLostError, lane_of, one_run, renew
from scraping.cycle.store import Known, compared, known_items, store
from scraping.cycle.wrong_clock import put_right
from scraping.models import UpdateRun
from scraping.sources.base import Batch, Source, SourceError
from scraping.sources.names import label
from scraping.sources.registry import EVERY_CYCLE, SOURCES
from scraping.telling.base import Reading

log = logging.getLogger(__name__)

# A source that brings nothing for so long is given up. Shorter than a run's lease.
STALLED_SECONDS = 240.0


@dataclass(slots=True)
class SourceReport:
    """What reading one source brought; kept with its run. `failed` counts parts that could not be read."""

    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    failed: int = 0
    seconds: float = 0.0
    failed_whole: bool = False
    errors: list[str] = field(default_factory=list)

    def add(self, batch: Batch, counts: Mapping[str, int]) -> None:
        self.new += counts.get("new", 0)
        self.changed += counts.get("changed", 0)
        self.unchanged += counts.get("unchanged", 0)
        self.rejected += len(batch.rejected)
        self.failed += len(batch.failures)
        self.fetched += len(batch.items) + batch.unchanged + len(batch.rejected)
        self.errors += [f"{part.account or part.key}: {part.code}: {part.text}" for part in batch.failures]

    def line(self) -> str:
        text = f"{self.fetched} fetched, {self.new} new, {self.changed} changed, {self.unchanged} unchanged"
        return text + (f", {self.failed} failed" if self.failed else "") + f" in {self.seconds:.1f} s"


def update(
    trigger: str,
    *,
    sources: Sequence[str] = (),
    seasons: Collection[int] = (),
    announce: bool = True,
    slot: datetime | None = None,
    queued: UpdateRun | None = None,
    progress: Progress | None = None,
) -> UpdateRun:
    """Read the sources and publish what is new. A source that fails does not stop the others.

    Raises:
        SkippedError: another update is at work, or the `slot` it is meant for is done already, or the `queued` run.
    """
    put_right()
    with one_run(trigger, lane=lane_of(sources), slot=slot, queued=queued) as run:
        _update(run, sources, seasons, announce=announce, progress=Noted(run, progress or _silent))
    return run


def cycle(
    trigger: str,
    *,
    sources: Sequence[str] = (),
    seasons: Collection[int] = (),
    slot: datetime | None = None,
    queued: UpdateRun | None = None,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> UpdateRun:
    """Update, then deliver: what the schedule runs. Delivering ends after `seconds`; the sweep goes on with it.

    Raises SkippedError as `update` does.
    """
    progress = progress or _silent
    run = update(trigger, sources=sources, seasons=seasons, slot=slot, queued=queued, progress=progress)
    tallies = deliver(seconds=seconds, on_settled=lambda sent: progress("deliver", sent, run.queued))
    run.sent = sum(tally.sent for tally in tallies.values())
    stops = [f"{channel} is stopped: {tally.stopped}" for channel, tally in tallies.items() if tally.stopped]
    run.error = "; ".join(filter(None, [run.error, *stops]))[:500]
    run.save(update_fields=["sent", "error"])
    return run


def look(sources: Sequence[str] = (), seasons: Collection[int] = ()) -> dict[str, SourceReport]:
    """Read the sources without storing anything: what an update would find."""
    reports = {}
    for name in sources or EVERY_CYCLE:
        source = SOURCES[name](frozenset(seasons))
        if source is not None:
            known = known_items(name)
            reports[name] = _read(source, partial(_would_store, known=known), known)
    return reports


def _update(
    run: UpdateRun, names: Sequence[str], seasons: Collection[int], *, announce: bool, progress: Progress
) -> None:
    """One source after the other: mails are linked to the jobs that were read just before them."""
    reading = Reading(announce=announce)
    for name in names or EVERY_CYCLE:
        source = SOURCES[name](frozenset(seasons))
        if source is not None:
            progress(label(name), 0, 0)
            report = _store(source, reading, progress)
            run.sources[name] = asdict(report)
            log.info("%s: %s", name, report.line())
            renew(run)
        _read_waiting(name, reading, progress)
    run.notices = reading.counts["notices_new"]
    run.queued = reading.queued
    run.sources[READ] = {**reading.counts, TOLD: reading.announced}
    log.info("Update %s: %d notices, %d deliveries queued", run.pk, run.notices, run.queued)


def _store(source: Source, reading: Reading, progress: Progress) -> SourceReport:
    """Read one source into rows; what it waits for is read at once."""
    known = known_items(source.name)
    seen = 0

    def keep(batch: Batch) -> Counter[str]:
        nonlocal seen
        counts = store(batch, known)
        if any(item.kind == "job" for item in batch.items):
            read_jobs(reading, source.name)
        if batch.awaits:
            batch.settled |= read_now(source.name, batch.awaits, reading)
        seen += len(batch.items) + batch.unchanged
        progress(label(source.name), seen, 0)
        return counts

    return _read(source, keep, known)


def _read_waiting(name: str, reading: Reading, progress: Progress) -> None:
    waiting, done = pending_count([name]), 0

    def step() -> None:
        nonlocal done
        done += 1
        progress("read", done, waiting)

    read_pending(reading, sources=[name], on_read=step)


def _read(source: Source, keep: Callable[[Batch], Mapping[str, int]], known: Known) -> SourceReport:
    """Read one source, handing each batch to `keep`. Its failure is part of the report."""
    report = SourceReport()
    started = monotonic()

    async def collect() -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(STALLED_SECONDS) as patience, aclosing(source.collect(known)) as batches:
                async for batch in batches:
                    report.add(batch, await sync_to_async(keep)(batch))
                    patience.reschedule(loop.time() + STALLED_SECONDS)
        except TimeoutError:
            if patience.expired():
                raise SourceError("stalled", f"it brought nothing for {STALLED_SECONDS:.0f} s") from None
            raise

    try:
        async_to_sync(collect)()
    except RunLostError:
        raise
    except SourceError as error:
        log.error("%s: %s", source.name, error)
        report.failed_whole = True
        report.errors.append(str(error)[:500])
    except Exception as error:  # a defect in one source must not take the others along
        log.exception("%s failed", source.name)
        report.failed_whole = True
        report.errors.append(f"{type(error).__name__}: {error}"[:500])
    report.seconds = round(monotonic() - started, 2)
    return report


def _would_store(batch: Batch, known: Known) -> Counter[str]:
    return Counter(compared(item, known) for item in batch.items) + Counter(unchanged=batch.unchanged)


def _silent(step: str, done: int, of: int) -> None:
    """No progress line."""
