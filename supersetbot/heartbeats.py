"""What the schedulers say of themselves in the database: each has a row, so that one that ends hides no other."""

from datetime import datetime, timedelta
from hashlib import blake2b

from django.db.models import QuerySet
from django.utils import timezone

from notifications.delivery.leases import is_gone
from notifications.models import Heartbeat, beat
from supersetbot.spelled import clock

SCHEDULER = "scheduler"
LATE = timedelta(minutes=2)  # a scheduler beats each 20 s; it may wait for the database meanwhile
STOPPED = "stopped"
_KEPT = timedelta(days=1)


def scheduler_lives(owner: str) -> None:
    """Say that the scheduler of this name (delivery/leases.py) lives. Rows of those that ended long ago go."""
    beat(_row(owner), owner=owner)
    _rows().filter(at__lt=timezone.now() - _KEPT).delete()


def scheduler_stopped(owner: str) -> None:
    """Say that it ended in order."""
    beat(_row(owner), STOPPED, owner=owner)


def scheduler() -> Heartbeat | None:
    """Return the row of the scheduler that lives, or ended last; None where none ever ran."""
    rows = list(_rows().order_by("-at"))
    return next((row for row in rows if not ended(row)), rows[0] if rows else None)


def ended(row: Heartbeat) -> str:
    """Return how a process has ended; "" where it has not, as far as is known."""
    if row.complaint:
        return f"{row.complaint} at {clock(row.at)}"
    return died(row.owner, row.at) if row.owner and is_gone(row.owner) else ""


def died(owner: str, seen_at: datetime) -> str:
    return f"its process (PID {owner.split(':')[1]}) has died; it was last heard of at {clock(seen_at)}"


def _row(owner: str) -> str:
    return f"{SCHEDULER} {blake2b(owner.encode(), digest_size=8).hexdigest()}"


def _rows() -> QuerySet[Heartbeat]:
    return Heartbeat.objects.filter(process__startswith=SCHEDULER)
