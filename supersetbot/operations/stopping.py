"""A cluster's main process is asked to stop: its workers learn of it here, and finish what is in flight.

django-q2 waits for its workers but tells them nothing; a broadcast would hold up a stop for minutes. The byte lies in
memory that the workers inherit when they are forked; it has no lock, which a killed worker could take along.
"""

import mmap
from uuid import uuid4

from django.core.cache import cache

from notifications.delivery.run import end_when

_KEY = "notifications.stopping"
_shared = mmap.mmap(-1, 1)


def ask() -> None:
    """Ask this process and those forked from it to come to an end."""
    _shared[0] = 1


def forget() -> None:
    """A cluster begins: what was asked of one before it, forked from the same process, is not meant for it."""
    _shared[0] = 0


def asked() -> bool:
    """Whether this cluster is to come to an end."""
    return _shared[0] == 1


end_when(asked)


def ask_everywhere() -> None:
    """Ask every cluster, also those on other machines. Raises DatabaseError."""
    cache.set(_KEY, uuid4().hex, timeout=None)


def last_request() -> str | None:
    """Return what the last request to all clusters was: one that is new since a cluster's start is meant for it."""
    found: str | None = cache.get(_KEY)
    return found
