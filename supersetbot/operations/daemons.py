"""Daemons: the service's processes, detached from the terminal (spec: system, Daemons).

daemon start ──spawns──→ python -m supersetbot.operations.daemons NAME ──double fork──→ the daemon
     ↑                                                                          │ │
     ├──────────────────────── ready (NOTIFY_SOCKET) ───────────────────────────┘ │
     └──────────────────────── why it died (a pipe) ──────────────────────────────┘
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any, cast

import psutil
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.log import configure_logging

from supersetbot.operations import permissions
from supersetbot.operations.failures import EXPECTED, one_line
from supersetbot.operations.logs import RedactedStream, file_handler, logging_config
from supersetbot.operations.pidfile import AlreadyRunningError, PidFile

log = logging.getLogger("supersetbot.operations.daemons")


def _web() -> None:
    from gunicorn.app.wsgiapp import run  # type: ignore[import-untyped]  # gunicorn is not typed

    host, port = settings.WEBHOOK_HOST, settings.WEBHOOK_PORT
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise CommandError(f"{host}:{port} (WEBHOOK_HOST, WEBHOOK_PORT) can't be used: {error.strerror}") from None
    sys.argv = ["gunicorn", "--config", str(settings.BASE_DIR / "gunicorn.conf.py"), "supersetbot.wsgi"]
    run()


def web_address() -> str:
    """Return where the web server listens; `[::1]` where that is an address of IPv6."""
    host = settings.WEBHOOK_HOST
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.WEBHOOK_PORT}"


def how_to_start(name: str) -> str:
    """Return what starts a process of the service again, in a sentence; the sandbox has a button for it."""
    if "SANDBOX_PORTS" in os.environ:
        return f"Press “Start the {name}” on the chat page."
    return f"Start it: systemctl start supersetbot-{name}, or ./manage daemon start {name}."


SERVICES: dict[str, Callable[[], object]] = {
    "scheduler": lambda: call_command("qcluster"),
    "bot": lambda: call_command("runbot", daemon=False),
    "web": _web,
}


class DaemonError(Exception):
    """One line for the operator."""


def pid_file(name: str) -> PidFile:
    return PidFile(settings.DATA_DIR / "pids" / f"{name}.pid")


def log_file(name: str) -> Path:
    return Path(settings.LOG_FILES[name])


def running(name: str) -> psutil.Process | None:
    """The daemon's main process, None where it does not run. Raises DaemonError."""
    try:
        return pid_file(name).owner()
    except OSError as error:
        raise DaemonError(f"{name}: its PID file can't be read: {error}") from None


# --- seen from outside --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """A daemon that is ready. `status` is what it has to say to that, "" where nothing."""

    pid: int
    status: str


def start(name: str, seconds: float) -> Started:
    """Start a daemon and wait until it is ready. Raises DaemonError: it runs already, it died, it takes too long."""
    if process := running(name):
        raise DaemonError(f"{name} is already running (PID {process.pid}).")
    with (
        _ready_socket() as (ear, address),
        subprocess.Popen(  # noqa: S603 (this very program)
            [sys.executable, "-m", "supersetbot.operations.daemons", name],
            cwd=settings.BASE_DIR,
            env={**os.environ, "NOTIFY_SOCKET": address},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as child,
    ):
        status = _wait_for(name, ear, cast("IO[bytes]", child.stderr), seconds)
    process = running(name)
    if process is None:
        raise DaemonError(f"{name} died right after its start. See {log_file(name)}.")
    return Started(process.pid, status)


@contextmanager
def _ready_socket() -> Iterator[tuple[socket.socket, str]]:
    """A socket that hears what supersetbot.operations.readiness says, and its address."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        address = f"{folder}/ready"
        ear.bind(address)
        yield ear, address


def _wait_for(name: str, ear: socket.socket, why: IO[bytes], seconds: float) -> str:
    give_up_at = monotonic() + seconds
    said = b""
    while (left := give_up_at - monotonic()) > 0:
        sources: list[Any] = [ear, why]
        readable, _, _ = select.select(sources, [], [], left)
        if ear in readable:
            fields = dict(line.partition("=")[::2] for line in ear.recv(4096).decode().splitlines())
            if fields.get("READY") == "1":
                return fields.get("STATUS", "")
        elif why in readable:
            chunk = os.read(why.fileno(), 65536)
            said += chunk
            if not chunk:
                lines = said.decode("utf-8", "replace").strip().splitlines()
                raise DaemonError(f"{name} did not start: {lines[-1] if lines else 'it died'} (log: {log_file(name)})")
    raise DaemonError(f"{name} is not ready after {seconds:.0f} s, and goes on trying. See {log_file(name)}.")


def stop(name: str, seconds: float) -> str:
    """End a daemon, after `seconds` by force; the sentence that says how it went. Raises DaemonError.

    Only the main process is told: it knows how to end those it has (spec: platform, django-q2).
    """
    process = running(name)
    if process is None:
        stale = pid_file(name).clean()
        return f"{name} is not running" + (" (it had died; its PID file is cleaned away)." if stale else ".")
    try:
        session = os.getsid(process.pid)
        process.terminate()
    except (psutil.NoSuchProcess, ProcessLookupError):
        return f"{name} stopped."
    except psutil.AccessDenied:
        raise DaemonError(f"{name} (PID {process.pid}) belongs to user {process.username()}.") from None
    if _gone(process, seconds):
        return f"{name} stopped."
    _kill_session(session)
    if not _gone(process, seconds):
        raise DaemonError(f"{name} (PID {process.pid}) can't even be killed: it waits for a disk or the network.")
    pid_file(name).clean()
    return f"{name} did not stop within {seconds:g} s and was killed."


def _gone(process: psutil.Process, seconds: float) -> bool:
    """Wait until it has ended."""
    give_up_at = monotonic() + seconds
    while is_alive(process):
        if monotonic() > give_up_at:
            return False
        sleep(0.05)
    return True


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs. One that is dead, but was not yet reaped by PID 1, does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _kill_session(session: int) -> None:
    """Kill a daemon with all it forked: they share a session, and nothing else is in it."""
    for pid in psutil.pids():
        with suppress(OSError):
            if os.getsid(pid) == session:
                os.kill(pid, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Status:
    """How a running daemon stands. `started` in seconds since 1970, `memory` in bytes over all its processes."""

    pid: int
    started: float
    memory: int
    processes: int


def status(name: str) -> Status | None:
    """Return a daemon's status, None where it does not run; a dead one's files are removed. Raises DaemonError."""
    process = running(name)
    if process is None:
        with suppress(OSError):  # it may be another user's
            pid_file(name).clean()
        return None
    try:
        family = [process, *process.children(recursive=True)]
        return Status(process.pid, process.create_time(), sum(map(_memory, family)), len(family))
    except psutil.NoSuchProcess:
        return None


def _memory(process: psutil.Process) -> int:
    """Return what is this process's own, and its share of what it has in common with others."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


# --- the daemon itself --------------------------------------------------------


def main(name: str) -> int:
    """Become the daemon and serve until it is asked to stop. Returns the exit code."""
    import django

    django.setup()
    permissions.begin()
    with os.fdopen(os.dup(2), "w") as why:
        try:
            _serve(name, why)
        except (AlreadyRunningError, OSError, *EXPECTED) as error:
            failure = str(error) if isinstance(error, AlreadyRunningError) else one_line(error)
            log.critical("%s failed: %s", name, failure)
        except SystemExit as end:
            if not end.code:
                return 0
            failure = end.code if isinstance(end.code, str) else f"it ended with code {end.code}"
        except Exception as error:
            failure = one_line(error)
            log.critical("%s died", name, exc_info=True)
        else:
            return 0
        with suppress(OSError):  # nobody listens any more
            why.write(failure)
        return 1


def _serve(name: str, why: IO[str]) -> None:
    from daemon import DaemonContext

    path = log_file(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as output:
        context = DaemonContext(
            working_directory=settings.BASE_DIR,
            umask=permissions.UMASK,
            pidfile=pid_file(name),
            stdout=output,
            stderr=output,
            files_preserve=[why],
            detach_process=True,
        )
        with context:
            _log_to(path)
            log.info("%s starts, PID %d", name, os.getpid())
            SERVICES[name]()
            log.info("%s has stopped", name)


def _log_to(path: Path) -> None:
    """Set logging up anew: what the present process and its children write goes to the file, secrets hidden."""
    settings.LOGGING = logging_config(
        level=settings.LOG_LEVEL,
        style=settings.LOG_FORMAT,
        secrets=settings.SECRETS,
        handler=file_handler(path, max_bytes=int(settings.LOG_MAX_MB * 1_000_000), backups=settings.LOG_BACKUPS),
    )
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    logging.captureWarnings(capture=True)
    sys.stdout = sys.stderr = cast("Any", RedactedStream(sys.stderr, settings.SECRETS))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
