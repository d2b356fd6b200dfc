"""Before a process forks those that do its work: what must not be shared is closed, what can be is kept shared."""

import ctypes
import gc
import os
import signal
import sys

from django.db import connections

_PR_SET_PDEATHSIG = 1
_M_ARENA_MAX = -8


def prepare() -> None:
    """Close every connection, and keep what is in memory now from being copied.

    The threads of a pool are not forked, so a child's copy of one never connects. A collection of garbage writes to
    each object that it looks at, and each page that is written to is copied.
    """
    for connection in connections.all(initialized_only=True):
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # psycopg's backend has it
    gc.collect()
    gc.freeze()
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_ARENA_MAX, 1)  # Python's lock lets one thread allocate at a time: more heaps only lie about


def die_with(parent: int, number: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent dies (Linux, prctl(2)); ends it where that is so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)
