"""A PID file that can't lie: the process it names holds a lock on it for as long as it lives."""

import fcntl
import os
import struct
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from supersetbot.operations.logs import names

# struct flock of fcntl(2) on 64-bit Linux: type, whence, start, length, pid of the holder
_FLOCK = "hhqqi"


class AlreadyRunningError(Exception):
    """Another process holds the file."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"already running (PID {pid})")
        self.pid = pid


class PidFile:
    """Holds PID and start time (seconds since 1970), a line each. As a context it names the present process.

    A record lock belongs to one process: forked children don't inherit it, kill -9 ends it. So neither a PID that
    another program has now nor a clock that jumped is mistaken for the process that wrote the file.
    The process that holds it must not open the file a second time: closing that would end the lock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self._pid = 0

    def __enter__(self) -> Self:
        """Raises AlreadyRunningError, or OSError where the file can't be written."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = self._locked()
        self._pid = os.getpid()
        try:
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, f"{self._pid}\n{psutil.Process().create_time()}\n".encode())
        except OSError:
            self._path.unlink()
            os.close(self._descriptor)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pid == os.getpid():  # forked children pass here too when they end
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._pid = 0

    def owner(self) -> psutil.Process | None:
        """The process that holds the file; None where nobody does, whatever stands in it. Raises PermissionError."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            pid = _holder(descriptor)
            return psutil.Process(pid) if pid else None
        except psutil.NoSuchProcess:
            return None
        finally:
            os.close(descriptor)

    def clean(self) -> bool:
        """Take away what a process left that died. True where there was something."""
        if not self._path.exists():
            return False
        with suppress(AlreadyRunningError), self:
            return True
        return False

    def _locked(self) -> int:
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = _holder(descriptor)
                os.close(descriptor)
                if holder:
                    raise AlreadyRunningError(holder) from None
                continue
            if names(self._path, descriptor):
                return descriptor
            os.close(descriptor)  # its last owner took it away before it was locked here


def _holder(descriptor: int) -> int:
    """PID of the process that has locked the file, 0 where none has."""
    asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    kind, *_, pid = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
    return 0 if kind == fcntl.F_UNLCK else int(pid)
