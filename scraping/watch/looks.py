"""Looks that are due: each is queued until a run that began since has read its source."""

from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from django.utils import timezone
from django_q.tasks import async_task

from scraping.cycle.runs import running
from scraping.models import UpdateRun

QUEUE_AGAIN_SECONDS = 20.0  # a look that was queued and did not begin
MOST_QUEUED = 5  # then the next slot reads the source
ENDED = (UpdateRun.State.OK, UpdateRun.State.PARTLY, UpdateRun.State.FAILED)


@dataclass(slots=True)
class Look:
    """Since when a source may have something new, and when and how often a look at it was queued."""

    since: datetime
    queued_at: float = float("-inf")
    times: int = 0


@dataclass(slots=True)
class Looks:
    """The looks that are due, one a source."""

    _due: dict[str, Look] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._due)

    def want(self, source: str) -> None:
        """There may be something new. From any thread."""
        self._due[source] = Look(timezone.now())

    def queue(self) -> None:
        """Queue what is due. While a cycle runs nothing is: cycles never overlap. Raises DatabaseError."""
        for source, look in list(self._due.items()):
            if look.times >= MOST_QUEUED or has_read(source, look.since):
                if self._due.get(source) is look:  # nothing came meanwhile
                    del self._due[source]
            elif monotonic() - look.queued_at > QUEUE_AGAIN_SECONDS and running() is None:
                look.queued_at, look.times = monotonic(), look.times + 1
                async_task("scraping.tasks.watched_cycle", source, task_name=f"watched: {source}")


def has_read(source: str, since: datetime, *, well: bool = False) -> bool:
    """Whether a run that began since then has read the source to its end, or, if `well`, without an error."""
    runs = UpdateRun.objects.filter(started_at__gte=since, state__in=ENDED).values_list("sources", flat=True)
    return any(source in run and not (well and run[source].get("errors")) for run in runs)
