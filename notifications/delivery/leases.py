"""Who dispatches a shard of a channel: a lease in the database. One that died on this machine is found out at once."""

import os
import socket
import uuid
from datetime import timedelta
from functools import cache
from pathlib import Path

import psutil
from django.db.models import Q
from django.utils import timezone

from notifications.delivery import ledger
from notifications.models import Shard

_PROC = Path("/proc")


def process_name(pid: int = 0) -> str:
    """Return where this process, or the one with the pid, runs, its pid and when it started.

    A pid used again is another process.
    """
    pid = pid or os.getpid()
    return f"{_place()}:{pid}:{_started(pid)}"


def new_owner() -> str:
    """A name for one dispatcher: its process, and which one there."""
    return f"{process_name()}:{uuid.uuid4().hex[:8]}"


def is_gone(owner: str) -> bool:
    """Whether the owner ran where we do and has died. One from elsewhere is believed until its lease ends."""
    place, pid, started = [*owner.split(":"), "", ""][:3]
    if place != _place() or not pid.isdecimal():
        return False
    return not psutil.pid_exists(int(pid)) or _started(int(pid)) not in (started, "")


def pid_here(owner: str) -> int | None:
    """Return the pid of an owner that is known to live where we do; None of any other."""
    place, pid, started = [*owner.split(":"), "", ""][:3]
    known = bool(started) and place == _place() and pid.isdecimal() and psutil.pid_exists(int(pid))
    return int(pid) if known and _started(int(pid)) == started else None


def acquire(channel: str, number: int, owner: str, lease: timedelta) -> bool:
    """Take or renew the lease on a shard of a channel. False: another dispatcher has it."""
    now = timezone.now()
    shard, _ = Shard.objects.get_or_create(channel=channel, number=number)
    free = Q(owner__in=("", owner)) | Q(leased_until__lt=now)
    return Shard.objects.filter(free, pk=shard.pk).update(owner=owner, leased_until=now + lease) == 1


def give_up(owner: str) -> None:
    """Let others dispatch at once."""
    Shard.objects.filter(owner=owner).update(owner="", leased_until=None)


def release_dead_owners(channel: str) -> None:
    """Free the shards of processes that died here, and what they had claimed."""
    for owner in Shard.objects.filter(channel=channel).exclude(owner="").values_list("owner", flat=True):
        if is_gone(owner):
            ledger.release(owner)
            give_up(owner)


@cache
def _place() -> str:
    """The host as people know it, and in it the boot and the namespace that pids belong to.

    Two containers may share a host's name, and two machines may be called the same.
    """
    name = socket.gethostname().replace(":", "-")[:40]
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()[:8]
        namespace = (_PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return f"{name}/{uuid.getnode():x}"
    return f"{name}/{boot}-{namespace}"


def _started(pid: int) -> str:
    """When the process started, in a form that no change of the clock touches; "" where that can't be seen."""
    if not _PROC.is_dir():
        return str(int(psutil.Process(pid).create_time()))
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "dead" if fields[0] in "ZX" else fields[19]  # proc(5): state, and starttime in ticks since boot
