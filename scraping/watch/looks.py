"""Looks that are due: each is queued until a run that began since has read its source."""

from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from django.utils import timezone
from django_q.tasks import async_task

from scraping.cycle.runs import running
from scraping.models import UpdateRun

# A look that did not begin, or could not read its source, is queued again: after 20 s, then twice as long each time.
QUEUE_AGAIN_SECONDS, LONGEST_WAIT_SECONDS = 20.0, 600.0
ENDED = (UpdateRun.State.OK, UpdateRun.State.PARTLY, UpdateRun.State.FAILED)


@dataclass(slots=True)
class Look:
    """Since when a source may have something new, and when a look at it may be queued (again)."""

    since: datetime
    next_at: float = float("-inf")
    wait: float = QUEUE_AGAIN_SECONDS


@dataclass(slots=True)
class Looks:
    """The looks that are due, one a source."""

    _due: dict[str, Look] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._due)

    def want(self, source: str) -> None:
        """Ask for a look, from any thread."""
        self._due[source] = Look(timezone.now())

    def drop(self, source: str) -> None:
        """The source refuses: it is to be left alone until a slot."""
        self._due.pop(source, None)

    def queue(self) -> None:
        """Queue what is due. While a cycle runs nothing is: cycles never overlap. Raises DatabaseError."""
        for source, look in list(self._due.items()):
            if has_read(source, look.since):
                if self._due.get(source) is look:  # nothing came meanwhile
                    del self._due[source]
            elif monotonic() >= look.next_at and running() is None:
                look.next_at, look.wait = monotonic() + look.wait, min(LONGEST_WAIT_SECONDS, 2 * look.wait)
                async_task("scraping.tasks.watched_cycle", source, task_name=f"watched: {source}")


def has_read(source: str, since: datetime, *, well: bool = False) -> bool:
    """Whether a run that began since then could read the source; if `well`, without any error."""
    runs = UpdateRun.objects.filter(started_at__gte=since, state__in=ENDED).values_list("sources", flat=True)
    fault = "errors" if well else "failed_whole"
    return any(source in run and not run[source].get(fault) for run in runs)
