"""django-q2's cluster, supervised: what hangs or dies is started anew, whatever it was (spec: platform, django-q2).

    main process ─┬─ sentinel ─┬─ workers
    (supervises)  │ (django-q) ├─ pusher
                  │            └─ monitor
                  └─ watcher (scraping/watch)

The sentinel replaces workers that die, but one killed while idle takes along the lock of the queue they share, and then
none of them ever works again. It sees that itself and gives up; the main process starts another. A sentinel that hangs
has no pulse, and is killed. Each process is killed when its parent dies, so that nothing is left behind.
"""

import logging
import multiprocessing
import os
import signal
import threading
from importlib import import_module
from time import monotonic, sleep
from typing import Any

import django_q.cluster
from django.conf import settings
from django.db import DatabaseError, connections
from django_q.signals import pre_execute

from notifications.delivery.leases import process_name
from scraping.cycle.schedule import repair
from scraping.watch import watcher
from supersetbot import heartbeats
from supersetbot.operations import forking, readiness, stopping

log = logging.getLogger(__name__)

PULSE_SECONDS = 120.0  # a look at the schedule may wait for the database this long
STUCK_SECONDS = 30.0
ALIVE_SECONDS = 30.0
BEAT_SECONDS = 20.0
LOOK_AROUND_SECONDS = 5.0
LOOK_SECONDS = 0.5
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 1.0, 60.0
_UNKNOWN = "not looked at yet"
_LATE = ("httpcore", "anyio._backends._asyncio")  # what httpx imports no sooner than at its first request

_fork = multiprocessing.get_context("fork")
_pulse = _fork.RawValue("d", 0.0)
_begun = _fork.RawValue("Q", 0)


class WatchfulSentinel(django_q.cluster.Sentinel):  # type: ignore[misc]  # django-q2 has no types
    """Shows a pulse, and gives up where tasks wait, a worker is idle, and none is begun.

    Now and then it says in the database that the cluster lives, mends the schedule after a clock that was wrong, and
    looks whether all clusters are to stop.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._seen = (-1, monotonic())
        self._next_look = self._next_beat = 0.0
        self._request: str | None = _UNKNOWN
        pre_execute.connect(_count, dispatch_uid="supersetbot.cluster")
        super().__init__(*args, **options)

    def status(self) -> str:
        """Return the status; django-q2 calls this in every round of its guard loop."""
        _pulse.value = monotonic()
        if not self.stop_event.is_set():
            self._watch()
        return str(super().status())

    def _watch(self) -> None:
        if self._is_stuck():
            log.critical("Tasks wait, but the workers take none any more: the cluster starts anew.")
            for process in (*self.pool, self.pusher, self.monitor):
                process.kill()
            os._exit(1)
        if monotonic() > self._next_look:
            self._next_look = monotonic() + LOOK_AROUND_SECONDS
            try:
                self._look_around()
            except DatabaseError as error:
                log.warning("The schedule can't be looked at: %s", error)

    def _look_around(self) -> None:
        repair()
        request = stopping.last_request()
        if self._request not in (_UNKNOWN, request):
            log.warning("This cluster is asked to stop, as all are.")
            os.kill(self.parent_pid, signal.SIGTERM)
        self._request = request
        if monotonic() > self._next_beat:
            self._next_beat = monotonic() + BEAT_SECONDS
            heartbeats.scheduler_lives(process_name(self.parent_pid))

    def _is_stuck(self) -> bool:
        could_work = self.task_queue.qsize() > 0 and any(worker.timer.get_obj().value == -1 for worker in self.pool)
        if not could_work or self._seen[0] != _begun.value:
            self._seen = (_begun.value, monotonic())
        return monotonic() - self._seen[1] > STUCK_SECONDS


def _count(**_: object) -> None:
    _begun.value += 1  # two workers at once may count one: all that matters is that it moves


class ClusterFailedError(Exception):
    """It could not be started."""


class SupervisedCluster(django_q.cluster.Cluster):  # type: ignore[misc]  # django-q2 is not typed
    """Runs until it is asked to stop. The first signal lets the work in hand be finished, the second one does not."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = self._interrupted = False
        self._watcher: multiprocessing.process.BaseProcess | None = None

    def sig_handler(self, signum: int, frame: Any) -> None:
        stopping.ask()
        if self._asked:
            if self.sentinel:
                self.sentinel.kill()
            raise SystemExit(128 + signum)
        self._asked, self._interrupted = True, signum == signal.SIGINT

    def run(self) -> None:
        """Run the cluster; after its first start it is restarted for ever.

        Raises ClusterFailedError where it can't be started, KeyboardInterrupt where SIGINT has ended it.
        """
        stopping.forget()
        load_tasks()
        _prepare_forks()
        django_q.cluster.Sentinel = WatchfulSentinel
        self._start()
        self._keep_watcher()
        readiness.ready()
        delay = FIRST_DELAY_SECONDS
        while not self._watch():
            self._rest(delay)
            delay = min(LONGEST_DELAY_SECONDS, delay * 2)
            try:
                self._start()
            except ClusterFailedError as error:
                log.critical("%s", error)
        self._stop()
        if self._interrupted:
            raise KeyboardInterrupt

    def _start(self) -> None:
        forking.prepare()
        _pulse.value = monotonic()
        try:
            self.start()
        except RuntimeError as error:
            raise ClusterFailedError(str(error)) from None

    def _watch(self) -> bool:
        """Wait. Returns true when the cluster is asked to stop, false when its sentinel is dead."""
        said_at = monotonic()
        while not self._asked:
            self.sentinel.join(LOOK_SECONDS)
            if not self.sentinel.is_alive():
                log.critical("The cluster died (code %s) and is started again.", self.sentinel.exitcode)
                return self._asked
            if monotonic() - _pulse.value > PULSE_SECONDS:
                log.critical("The cluster shows no pulse for %d s and is killed.", PULSE_SECONDS)
                self.sentinel.kill()
            if monotonic() - said_at > ALIVE_SECONDS:
                said_at = monotonic()
                readiness.alive()
                self._keep_watcher()
        return True

    def _keep_watcher(self) -> None:
        """Start the process that watches the sources, or start it anew where it died."""
        if self._watcher is None or not self._watcher.is_alive():
            self._watcher = watcher.start(_fork)

    def _rest(self, seconds: float) -> None:
        until = monotonic() + seconds
        while not self._asked and monotonic() < until:
            sleep(LOOK_SECONDS)

    def _stop(self) -> None:
        """Stop without Cluster.stop: its event is never set where the sentinel dies in the middle of it."""
        if self._watcher:
            self._watcher.terminate()
        threading.Thread(target=self.stop_event.set, daemon=True).start()
        self.sentinel.join()
        _sign_off()


def _sign_off() -> None:
    try:
        heartbeats.scheduler_stopped(process_name())
    except DatabaseError as error:
        log.warning("It could not be recorded that the scheduler stopped: %s", error)
    finally:
        connections.close_all()


def load_tasks() -> None:
    """Import what the workers run, so that they share it."""
    tasks = [*(task for _, task in settings.SLOTS.values()), *settings.EVERY_MINUTE.values()]
    for module in (*(task.rpartition(".")[0] for task in tasks), *_LATE):
        import_module(module)


def _prepare_forks() -> None:
    """Have every process forked from now on die with its parent, and open connections of its own."""
    parent = [0]

    def remember_parent() -> None:
        parent[0] = os.getpid()

    def begin() -> None:
        forking.die_with(parent[0], signal.SIGKILL)
        _leave_connections_to_parent()

    os.register_at_fork(before=remember_parent, after_in_child=begin)


def _leave_connections_to_parent() -> None:
    """Forget what is connected, without closing it: django-q2 closes connections, but not a pool that keeps them."""
    for wrapper in connections.all(initialized_only=True):
        _left.append(wrapper.connection)
        wrapper.connection = None
        if wrapper.vendor == "postgresql":
            kind: Any = type(wrapper)
            _left.append(kind._connection_pools)  # noqa: SLF001 (psycopg's pools must not be shared by a fork)
            kind._connection_pools = {}  # noqa: SLF001 (psycopg's pools must not be shared by a fork)


_left: list[object] = []  # what nobody refers to any more would be closed
