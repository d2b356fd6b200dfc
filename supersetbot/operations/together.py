"""Bot, scheduler and web forked from one process: what they import is in memory once (docs/scaling.md, Memory).

It does what systemd does for three units: it waits until each is ready, starts what dies anew, kills what shows no sign
of life, and passes SIGTERM on.
"""

import logging
import os
import select
import signal
import socket
import sys
from dataclasses import dataclass
from importlib import import_module
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from notifications.telegram_bot import application
from supersetbot.operations import cluster, forking, readiness
from supersetbot.operations.daemons import SERVICES
from supersetbot.operations.failures import EXPECTED, one_line

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
ALIVE_SECONDS = 30.0
SILENT_SECONDS = {"bot": 300.0, "scheduler": 180.0}  # as WatchdogSec in deploy/systemd; gunicorn minds its own workers
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 5.0, 60.0


class FailedError(Exception):
    """One of them could not be started."""


@dataclass(slots=True)
class Service:
    """One of the three. `pid` is 0 while it does not run; it starts when `due` comes, never where that is None."""

    name: str
    ear: socket.socket
    pid: int = 0
    due: float | None = 0.0
    delay: float = FIRST_DELAY_SECONDS
    was_ready: bool = False
    heard_at: float = 0.0

    def hear(self) -> None:
        said = self.ear.recv(4096)
        self.heard_at = monotonic()
        self.was_ready = self.was_ready or b"READY=1" in said

    def is_silent(self) -> bool:
        return bool(self.pid) and monotonic() - self.heard_at > SILENT_SECONDS.get(self.name, float("inf"))


class Together:
    """Runs the services until it is asked to stop, or all of them have ended in order."""

    def __init__(self, folder: str) -> None:
        self._services = [Service(name, _ear(f"{folder}/{name}")) for name in SERVICES]
        self._asked = 0
        self._failed = ""
        self._said_at = 0.0

    def run(self) -> None:
        """Run them. Raises FailedError where one ends before it was ever ready: then all are stopped."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while any(service.pid or service.due is not None for service in self._services):
            for service in self._services:
                if service.due is not None and service.due <= monotonic():
                    self._start(service)
                if service.pid:
                    self._look_after(service)
            self._listen()
        if self._failed:
            raise FailedError(f"{self._failed} could not be started.")

    def _stop(self, *_: object) -> None:
        """Pass it on; the second time by force."""
        self._asked += 1
        for service in self._services:
            service.due = None
            if service.pid:
                os.kill(service.pid, signal.SIGTERM if self._asked == 1 else signal.SIGKILL)

    def _start(self, service: Service) -> None:
        service.due, service.heard_at = None, monotonic()
        parent = os.getpid()
        service.pid = os.fork()
        if service.pid == 0:
            _become(service, parent)

    def _look_after(self, service: Service) -> None:
        pid, status = os.waitpid(service.pid, os.WNOHANG)
        if pid:
            service.pid = 0
            self._ended(service, os.waitstatus_to_exitcode(status))
        elif service.is_silent():
            log.critical("%s shows no sign of life and is killed.", service.name)
            os.kill(service.pid, signal.SIGKILL)

    def _ended(self, service: Service, code: int) -> None:
        if self._asked or code == 0:
            return
        if not service.was_ready:
            self._failed = service.name
            self._stop()
            return
        log.critical("%s died (code %d) and is started again in %d s.", service.name, code, service.delay)
        service.due = monotonic() + service.delay
        service.delay = min(LONGEST_DELAY_SECONDS, 2 * service.delay)

    def _listen(self) -> None:
        """Hear how they stand, and pass on to systemd how all of them do."""
        was_ready = self._all_ready()
        heard: list[socket.socket] = select.select([service.ear for service in self._services], [], [], LOOK_SECONDS)[0]
        for service in self._services:
            if service.ear in heard:
                service.hear()
        if self._all_ready() and not was_ready:
            readiness.ready()
        if monotonic() - self._said_at > ALIVE_SECONDS:
            self._said_at = monotonic()
            readiness.alive()

    def _all_ready(self) -> bool:
        return all(service.was_ready for service in self._services)


def run() -> None:
    """Run all three until SIGTERM or SIGINT. Raises FailedError."""
    os.environ.setdefault("WEB_CONCURRENCY", "1")
    application.discover()
    cluster.load_tasks()
    import_module("supersetbot.wsgi")
    with TemporaryDirectory() as folder:
        together = Together(folder)
        forking.prepare()
        together.run()


def _ear(address: str) -> socket.socket:
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(address)
    return ear


def _become(service: Service, parent: int) -> None:
    """Be that service, in a session of its own: a Ctrl-C reaches it once, as SIGTERM. Never returns."""
    code: Any = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        forking.die_with(parent, signal.SIGTERM)
        os.environ["NOTIFY_SOCKET"] = service.ear.getsockname()
        SERVICES[service.name]()
        code = 0
    except EXPECTED as error:
        print(one_line(error), file=sys.stderr)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        log.critical("%s died", service.name, exc_info=True)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
