"""Who mirrors now, and when it is tried again: one at a time, or an older state could be written over a newer one."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from notifications.delivery.leases import is_gone, new_owner
from scraping.models import MirrorState

# Well over what one batch can take with the driver's time-outs.
LEASE = timedelta(minutes=3)
_LONGEST_WAIT = timedelta(minutes=15)
_ONE = 1


def state() -> MirrorState:
    return MirrorState.objects.get_or_create(pk=_ONE)[0]


def acquire(*, now_or_never: bool = False) -> str:
    """Take the lease, also one of a process that died here; answers the owner's name.

    "" where another has it, or MongoDB is given a rest after failures.
    """
    holder, owner, now = state().owner, new_owner(), timezone.now()
    if is_gone(holder):
        _mine(holder, owner="", leased_until=now)
    free = MirrorState.objects.filter(pk=_ONE, leased_until__lte=now)
    if not now_or_never:
        free = free.filter(next_attempt_at__lte=now)
    return owner if free.update(owner=owner, leased_until=now + LEASE) else ""


def renew(owner: str) -> bool:
    """Go on for another batch; False where the lease was lost."""
    return _mine(owner, leased_until=timezone.now() + LEASE)


def release(owner: str) -> None:
    """End the lease after a good pass: the next may start at once."""
    now = timezone.now()
    _mine(owner, owner="", leased_until=now, failures=0, next_attempt_at=now, error="")


def fail(owner: str, error: str) -> None:
    """MongoDB can't be used: try again after 1, 2, 4 … minutes, 15 at most."""
    now, failures = timezone.now(), state().failures
    wait = min(timedelta(minutes=2 ** min(failures, 10)), _LONGEST_WAIT)
    _mine(owner, owner="", leased_until=now, failures=F("failures") + 1, next_attempt_at=now + wait, error=error[:300])


def _mine(holder: str, **fields: Any) -> bool:
    return MirrorState.objects.filter(pk=_ONE, owner=holder).update(**fields) == 1
