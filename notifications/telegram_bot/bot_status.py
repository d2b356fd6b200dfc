"""How the bot's polling stands, for other processes to read: `/ready`, the dashboard, `daemon status`.

It lies in the shared cache. That a bot was killed is seen at once on its own machine, by its process; elsewhere
`seen_at` is then older than STALE.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import models
from django.utils import timezone

from notifications.delivery.leases import is_gone, pid_here, process_name
from notifications.models import Heartbeat, beat

STALE = timedelta(minutes=3)
_PROCESS = "bot"
_KEY = "notifications.telegram_bot.bot_status"


class State(models.TextChoices):
    STARTING = "starting", "Starting"
    POLLING = "polling", "Polling"
    OFFLINE = "offline", "Telegram can't be reached"
    CONFLICT = "conflict", "Another bot polls with this token"
    REFUSED = "refused", "Telegram refuses the token"
    STOPPED = "stopped", "Stopped"


# It has started, and goes on trying where something is in its way.
AT_WORK = (State.POLLING, State.OFFLINE, State.CONFLICT)


@dataclass(frozen=True, slots=True)
class BotStatus:
    """The state, since when it holds, when it was last confirmed, what there is to say about it, and whose it is."""

    state: str
    since: datetime
    seen_at: datetime
    text: str = ""
    owner: str = ""

    @property
    def died(self) -> bool:
        """Whether its process ran on this machine and is no more."""
        return self.state != State.STOPPED and bool(self.owner) and is_gone(self.owner)

    @property
    def pid_here(self) -> int | None:
        """Its process, where that lives on this machine for certain; None where it may not."""
        return None if self.state == State.STOPPED else pid_here(self.owner)

    @property
    def alive(self) -> bool:
        return self.state != State.STOPPED and abs(timezone.now() - self.seen_at) < STALE and not self.died


def report(state: str, text: str = "") -> None:
    """Record how the bot stands now. Raises DatabaseError where the cache can't be written."""
    now, before = timezone.now(), read()
    since = before.since if before and before.state == state else now
    cache.set(_KEY, (str(state), since, now, text), timeout=None)  # plain: read by other versions too
    beat(_PROCESS, owner=process_name())


def read() -> BotStatus | None:
    """Return what the bot reported last; None where it never did."""
    stored = cache.get(_KEY)
    if not stored:
        return None
    state, since, seen_at, text = stored
    owner = Heartbeat.objects.filter(process=_PROCESS).values_list("owner", flat=True).first()
    return BotStatus(state, since, seen_at, text, owner or "")
