"""A client of the web server: what has come of its request, and what it has not taken of the answer yet."""

import errno
import os
import selectors
import socket
from contextlib import suppress
from typing import Any, BinaryIO

from django.conf import settings
from gunicorn import http  # type: ignore[import-untyped]  # gunicorn has no types

from supersetbot.web.incoming import Incoming

_AT_ONCE = 64 * 1024  # bytes that are read with one call


class Connection:
    """A client. gunicorn takes it for the socket, too: what it writes there is collected, and sent without waiting."""

    initialized = data_ready = True
    is_http2 = False

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        sock.setblocking(False)
        self._socket = sock
        self.sock, self.client, self.server = self, client, server
        self.parser = http.get_parser(cfg, [], client)
        self.timeout = 0.0
        self.event = selectors.EVENT_READ
        self.keep = False
        self.counted = 0
        self._unsent = bytearray()
        self._file: BinaryIO | None = None  # what follows `_unsent`, from where it stands
        self._file_at = self._file_left = 0
        self.begin()

    def begin(self) -> None:
        """Wait for a request. Some of it may have come with the one before."""
        self.incoming = Incoming(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        self._told_to_continue = False
        if ahead := self.parser.unreader.take_buffered():
            self.incoming.add(ahead)

    @property
    def held(self) -> int:
        return len(self.incoming.data) + len(self._unsent)

    def receive(self) -> bool:
        """Take what has come. False where nothing more will."""
        data = self._received()
        if data:
            self.incoming.add(data)
            if self.incoming.expects_continue and not self._told_to_continue:
                self._told_to_continue = True
                self._unsent += b"HTTP/1.1 100 Continue\r\n\r\n"
                self.flush()
        return data != b""

    def discard(self) -> bool:
        """Take what has come, and forget it. False where nothing more will."""
        return self._received() != b""

    def hand_over(self) -> None:
        """Give gunicorn the request."""
        self.parser.unreader.unread(bytes(self.incoming.data))
        self.incoming.data.clear()

    def flush(self) -> bool:
        """Send what the client takes. True where that is all, or the client has gone."""
        try:
            while self._unsent:
                del self._unsent[: self._socket.send(self._unsent)]
            while self._file and self._file_left:
                sent = os.sendfile(self._socket.fileno(), self._file.fileno(), self._file_at, self._file_left)
                self._file_at += sent
                self._file_left -= sent or self._file_left
        except BlockingIOError:
            return False
        except OSError:
            self._unsent.clear()
        self._close_file()
        return True

    def end_writing(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def end(self) -> None:
        self._close_file()
        self._socket.close()

    def _close_file(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _received(self) -> bytes | None:
        """Return the bytes received: empty at the end of the stream, None where none are there yet."""
        try:
            return self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    # --- what gunicorn calls ---------------------------------------------------------

    def init(self) -> None:
        """Do nothing: no set-up is needed."""

    def fileno(self) -> int:
        return self._socket.fileno()

    def setblocking(self, flag: bool) -> None:
        """Do nothing: this connection never blocks."""

    def gettimeout(self) -> float:
        return 0.0

    def sendall(self, data: bytes) -> None:
        if self._file:
            self._unsent += os.pread(self._file.fileno(), self._file_left, self._file_at)
            self._close_file()
        self._unsent += data

    def sendfile(self, file: BinaryIO, offset: int, count: int) -> None:
        """Keep the file open until the client has taken it: gunicorn closes its own."""
        self._file = os.fdopen(os.dup(file.fileno()), "rb")
        self._file_at, self._file_left = offset, count

    def send(self, data: bytes) -> int:
        """Drop "100 Continue", all that gunicorn sends so: the body is here already."""
        return len(data)

    def shutdown(self, how: int) -> None:
        raise OSError(errno.ENOTCONN, "The worker's loop closes connections")

    def close(self) -> None:
        """The worker's loop does it."""
