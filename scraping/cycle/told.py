"""What became of what a run found: who was told, who waits, for whom it failed (spec: system, Schedule)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from notifications.delivery.ledger import WAITING
from notifications.models import Delivery
from scraping.cycle.runs import READ, TOLD
from scraping.models import UpdateRun
from scraping.sources.names import in_words

State = Delivery.State


@dataclass(frozen=True, slots=True)
class Told:
    """`found` counts notices that are new, `unread` are keys of sources that failed, the others count deliveries."""

    found: int
    told: int
    waiting: int
    failed: int
    unread: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`2 found: 8 told, 3 waiting, 1 failed; the mailbox could not be read`."""
        failed = f"{' and '.join(map(in_words, self.unread))} could not be read" if self.unread else ""
        return "; ".join(filter(None, (self._counted(), failed))) or "nothing new"

    def _counted(self) -> str:
        if not (self.told or self.waiting or self.failed):
            return f"{self.found} found, nobody to tell" if self.found else ""
        counts = ((self.told, "told"), (self.waiting, "waiting"), (self.failed, "failed"))
        return f"{self.found} found: {', '.join(f'{count} {name}' for count, name in counts if count)}"


def told(runs: Iterable[UpdateRun]) -> list[Told]:
    """Return the figures of each run, all by one statement; who needs not be told any more counts nowhere."""
    runs = list(runs)
    notices = {notice: number for number, run in enumerate(runs) for notice in run.sources.get(READ, {}).get(TOLD, ())}
    counts = [Counter[str]() for _ in runs]
    rows = Delivery.objects.filter(notice__in=notices).order_by() if notices else Delivery.objects.none()
    for notice, state, count in rows.values_list("notice", "state").annotate(Count("pk")):
        counts[notices[notice]][state] += count
    return [_told(run, count) for run, count in zip(runs, counts, strict=True)]


def _told(run: UpdateRun, counts: Counter[str]) -> Told:
    unread = tuple(name for name, report in run.sources.items() if report.get("failed_whole"))
    if TOLD not in run.sources.get(READ, {}):  # a run of an older version
        return Told(run.notices, run.sent, waiting=0, failed=0, unread=unread)
    waiting = sum(counts[state] for state in (*WAITING, State.SENDING, State.HELD))
    return Told(run.notices, counts[State.SENT], waiting, counts[State.FAILED], unread)
