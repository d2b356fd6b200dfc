"""The watcher's row: who watches, since when, and what each account was asked."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from notifications.delivery.leases import is_gone
from scraping.models import WatchState

LEASE = timedelta(seconds=60)
_ROW = 1
Standings = dict[str, dict[str, str]]  # source → {state, text, since, at[, until]}


def acquire(owner: str) -> WatchState | None:
    """Take the lease. Returns the row; None while another process that lives has it."""
    row, _ = WatchState.objects.get_or_create(pk=_ROW)
    now = timezone.now()
    free = Q(owner__in=("", owner)) | Q(lease_until__lt=now) | Q(lease_until=None)
    if row.owner and is_gone(row.owner):
        free |= Q(owner=row.owner)
    if not WatchState.objects.filter(free, pk=_ROW).update(owner=owner, lease_until=now + LEASE, beat_at=now):
        return None
    return WatchState.objects.get(pk=_ROW)


def beat(owner: str, **fields: Any) -> bool:
    """Renew the lease and write down how it stands. False: another process has the lease."""
    now = timezone.now()
    mine = WatchState.objects.filter(pk=_ROW, owner=owner)
    return mine.update(lease_until=now + LEASE, beat_at=now, **fields) == 1


def give_up(owner: str) -> None:
    """Let another process watch at once."""
    WatchState.objects.filter(pk=_ROW, owner=owner).update(owner="", lease_until=None)


def current() -> WatchState | None:
    """How the watcher stands; None where none ever ran."""
    return WatchState.objects.filter(pk=_ROW).first()
