"""What the readers of raw items share."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from notifications.models import Notice
from notifications.publishing.publish import Draft, Outcome, Published, publish
from scraping.changes import announce
from scraping.corrections.fields import Values
from scraping.items import JobRef
from scraping.models import Job, RawItem
from scraping.telling.facts_draft import as_corrected
from scraping.telling.labels import in_order


class IrrelevantError(Exception):
    """The item says nothing to students; the text says why."""


class HeldError(Exception):
    """Nobody is told of the item before somebody looked at how it was read; the text says why."""


@dataclass(slots=True)
class Reading:
    """One pass over what waits: the jobs notices may belong to, and what came of it. Each item is tried once in it."""

    announce: bool = True
    counts: Counter[str] = field(default_factory=Counter)
    queued: int = 0
    announced: list[int] = field(default_factory=list)  # notices whose deliveries this pass queued
    seconds_on_files: float = 0.0  # that files behind links took in this pass
    tried: set[int] = field(default_factory=set)
    corrections: dict[str, Values] = field(default_factory=dict)  # of notices by their keys
    held: dict[str, datetime] = field(default_factory=dict)  # since when notices were held back that are told now
    _jobs: dict[int, dict[str, JobRef]] = field(default_factory=dict)
    _new_jobs: dict[int, list[JobRef]] = field(default_factory=dict)

    def jobs(self, season: int) -> list[JobRef]:
        """The season's jobs, read once."""
        return list(self._by_season(season).values())

    def new_jobs(self) -> dict[int, list[JobRef]]:
        """The jobs that this pass was the first to store, by season."""
        return self._new_jobs

    def remember(self, job: Job, *, new: bool) -> None:
        reference = JobRef(job.identifier, job.company, job.role, job.created_at)
        self._by_season(job.season)[job.identifier] = reference
        if new:
            self._new_jobs.setdefault(job.season, []).append(reference)

    def publish(self, draft: Draft) -> Notice:
        """Publish what was read and what a person corrected of it, and count what came of it."""
        draft = as_corrected(draft, self.corrections.get(draft.external_key, {}))
        draft = replace(draft, details=in_order(draft.details))
        return self.note(publish(draft, announce=self.announce, seen_at=self.held.get(draft.external_key)))

    def note(self, published: Published) -> Notice:
        self.counts[f"notices_{published.outcome.value}"] += 1
        if published.outcome is not Outcome.UNCHANGED:
            announce(Notice, published.notice.pk)
        self.queued += published.queued
        if published.queued:
            self.announced.append(_announced(published))
        return published.notice

    def _by_season(self, season: int) -> dict[str, JobRef]:
        if season not in self._jobs:
            rows = Job.objects.filter(season=season).values_list("identifier", "company", "role", "created_at")
            self._jobs[season] = {row[0]: JobRef(*row) for row in rows}
        return self._jobs[season]


def _announced(published: Published) -> int:
    """Return the notice that people are told: a new one itself, a changed one by the ping that follows it.

    An edit that only brings somebody on a list who does not have the notice yet sends that notice, without a ping.
    """
    notice = published.notice
    ping = None if published.outcome is Outcome.NEW else notice.pings.order_by("pk").last()
    return ping.pk if ping else notice.pk


Tell = Callable[[], Notice | None]
Understand = Callable[[RawItem, Reading], Tell]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one kind of item in two steps: it is understood, which may take its time, and then stored and told in one
    transaction, which answers the notice it became or belongs to.

    Both raise ValueError where the item makes no sense, IrrelevantError where it says nothing to students; the second
    step raises HeldError where somebody has to look first. With `counts_attempts` a failure may pass: the item is tried
    again up to MAIL_MAX_ATTEMPTS times, also where it took the process along.
    """

    understand: Understand
    counts_attempts: bool = False
