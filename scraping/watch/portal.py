"""When the portal is peeked at, and when it is left alone (spec: fresh, Portal)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

from asgiref.sync import async_to_sync
from django.utils import timezone

from accounts.clock import seconds_until
from notifications.models import Notice
from scraping.cycle.runs import running
from scraping.watch.looks import has_read
from scraping.watch.peek import Peek, Peeker
from scraping.watch.rhythm import Rhythm

PORTAL = "superset"
LEARNED_WEEKS = 6
LONGEST_QUIET = timedelta(days=1)


@dataclass(slots=True)
class PortalWatch:
    """Peeks when it is time. `on_change` hears that there may be something new, `on_standing` how the portal stands."""

    peeker: Peeker
    rhythm: Rhythm
    on_change: Callable[[], object]
    on_standing: Callable[..., object]
    requests: dict[str, int] = field(default_factory=dict)  # of the day, by account
    day: date | None = None
    next_at: float = 0.0
    refused_at: datetime | None = None
    quiet_until: datetime | None = None  # what a Retry-After asked for

    def step(self) -> None:
        """Peek if it is time. Raises DatabaseError."""
        if monotonic() < self.next_at:
            return
        self._begin_day(timezone.localdate())
        if self._may_peek():
            self._judge(async_to_sync(self.peeker.peek)())
        self._plan_next()

    def _begin_day(self, today: date) -> None:
        """Count anew on a new day. A clock that goes back brings no second budget."""
        if self.day is None or today > self.day:
            self.requests = {}
        self.day = today

    def _may_peek(self) -> bool:
        """Return whether a peek is allowed: not during a cycle, and after a refusal only once a full look succeeded."""
        now = timezone.now()
        if seconds_until(self.quiet_until, now, at_most=LONGEST_QUIET):
            return False
        if self.refused_at is not None and not has_read(PORTAL, self.refused_at, well=True):
            return False
        self.refused_at = self.quiet_until = None
        return running() is None

    def _judge(self, peek: Peek) -> None:
        for account, count in peek.requests.items():
            self.requests[account] = self.requests.get(account, 0) + count
        if peek.changed:
            self.on_change()
        if peek.error is None:
            self.rhythm.failures = 0
            self.on_standing("ok")
        elif peek.must_stop:
            self.refused_at = timezone.now()
            self.quiet_until = self.refused_at + min(timedelta(seconds=peek.wait), LONGEST_QUIET)
            self.on_standing("off", str(peek.error), self.quiet_until)
        else:
            self.rhythm.failures += 1
            self.on_standing("slow", str(peek.error))

    def _plan_next(self) -> None:
        spent = max(self.requests.values(), default=0)
        seconds = self.rhythm.interval(timezone.localtime(), spent)
        if seconds is None:
            self.on_standing("spent", f"PEEK_DAILY_REQUESTS is used up ({spent} requests today)")
            seconds = self.rhythm.limits.longest
        self.next_at = monotonic() + seconds


def appeared(now: datetime) -> list[list[int]]:
    """How many notices of the portal appeared in each hour of each weekday (Monday 0) of the last weeks."""
    counts = [[0] * 24 for _ in range(7)]
    since = now - timedelta(weeks=LEARNED_WEEKS)
    notices: Any = Notice.objects.filter(external_key__startswith=f"{PORTAL}:", follows=None, published_at__gte=since)
    for at in notices.values_list("published_at", flat=True):
        local = timezone.localtime(at)
        counts[local.weekday()][local.hour] += 1
    return counts
