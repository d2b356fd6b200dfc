"""gunicorn's threaded worker, in which no client holds a thread: its event loop reads requests and writes answers.

A thread gets a request once head and body are here, and leaves to the loop what the client does not take at once. Each
has a deadline, so a client that drips bytes costs a file descriptor and the bytes it sent, for seconds.
"""

import errno
import selectors
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.errors import ConfigError  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.workers.gthread import (  # type: ignore[import-untyped]  # gunicorn has no types
    STOP_KEEPALIVE_LINGER,
    ThreadWorker,
)

from accounts.web.problems import PROBLEM_TYPE, problem
from supersetbot.web.connection import Connection

READ_SECONDS = 15.0  # for a whole request, from the connection's beginning or the request's first byte on
WRITE_SECONDS = 60.0  # for a whole answer
LINGER_SECONDS = 2.0  # until the client has closed, too (RFC 9112, 9.6)
LOOK_SECONDS = 0.5
MOST_HELD_BYTES = 32 * 1024 * 1024  # of all clients of a worker: parts of requests, and of answers not taken yet
_NOTHING_THERE = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


def _refusal(status: HTTPStatus, detail: str) -> bytes:
    body = problem(status, detail)
    head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Type: {PROBLEM_TYPE}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


TOO_SLOW = _refusal(HTTPStatus.REQUEST_TIMEOUT, "The request took too long.")
TOO_BIG = _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large.")


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Threads for the application, an event loop for its clients.

    With as many clients as `worker_connections`, each new one takes the place of the one that is nearest its deadline.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._most = self.worker_connections
        self.worker_connections += 1  # the loop goes on accepting: another is let go for each
        self._waiting: set[Connection] = set()
        self._held = 0
        self._look_at = 0.0

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        super().check_config(cfg, log)
        if cfg.is_ssl:
            raise ConfigError("this worker speaks plain HTTP; TLS ends at a proxy in front of it")

    def accept(self, listener: Any) -> None:
        if self.nr_conns >= self._most:
            self._make_room()
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room()
            elif error.errno not in _NOTHING_THERE:
                raise
            return
        self.nr_conns += 1
        conn = Connection(self.cfg, sock, client, listener.getsockname())
        self._watch(conn, selectors.EVENT_READ, self._read, READ_SECONDS)
        self._read(conn)

    def handle(self, conn: Connection) -> bool:
        """Answer a request in a thread. Returns the response, and whether the connection is kept."""
        keep = bool(super().handle(conn))
        conn.flush()
        return keep

    def finish_request(self, conn: Connection, fs: "Future[bool]") -> None:
        conn.keep = not fs.cancelled() and fs.exception() is None and fs.result()
        self._answer(conn)

    # --- a connection's way ------------------------------------------------------------

    def _read(self, conn: Connection) -> None:
        more = conn.receive()
        self._progress(conn, more=more)

    def _first_read(self, conn: Connection) -> None:
        """A kept connection's next request begins."""
        conn.timeout = time.monotonic() + READ_SECONDS
        self._read(conn)

    def _progress(self, conn: Connection, *, more: bool) -> None:
        self._count(conn)
        if conn.incoming.whole and not conn.incoming.too_big:
            self._unwatch(conn)
            conn.hand_over()
            self._count(conn)
            self.enqueue_req(conn)
        elif conn.incoming.too_big:
            self._refuse(conn, TOO_BIG)
        elif not more:
            self._end(conn)

    def _refuse(self, conn: Connection, answer: bytes) -> None:
        self._unwatch(conn)
        conn.incoming.data.clear()
        conn.sendall(answer)
        conn.keep = False
        self._answer(conn)

    def _answer(self, conn: Connection) -> None:
        """An answer is there: see it off, then wait for the next request or for the end."""
        if not conn.flush():
            self._watch(conn, selectors.EVENT_WRITE, self._write, WRITE_SECONDS)
            self._count(conn)
        elif conn.keep:
            self._wait_for_next(conn)
        else:
            conn.end_writing()
            self._watch(conn, selectors.EVENT_READ, self._linger, LINGER_SECONDS)

    def _write(self, conn: Connection) -> None:
        if conn.flush():
            self._unwatch(conn)
            self._answer(conn)
        self._count(conn)

    def _wait_for_next(self, conn: Connection) -> None:
        conn.begin()
        if conn.incoming.data:
            self._watch(conn, selectors.EVENT_READ, self._read, READ_SECONDS)
            self._progress(conn, more=True)
        else:
            seconds = self.cfg.keepalive if self.alive else min(self.cfg.keepalive, STOP_KEEPALIVE_LINGER)
            self._watch(conn, selectors.EVENT_READ, self._first_read, seconds)

    def _linger(self, conn: Connection) -> None:
        if not conn.discard():
            self._end(conn)

    # --- who waits, until when ------------------------------------------------------------

    def _watch(self, conn: Connection, event: int, then: Callable[[Connection], None], seconds: float) -> None:
        conn.event, conn.timeout = event, time.monotonic() + seconds
        self._waiting.add(conn)
        self.poller.register(conn, event, partial(self._wake, then))

    def _wake(self, then: Callable[[Connection], None], conn: Connection) -> None:
        if conn in self._waiting:  # else it was let go since the events were asked for
            then(conn)

    def _unwatch(self, conn: Connection) -> None:
        self._waiting.discard(conn)
        self.poller.unregister(conn)

    def _count(self, conn: Connection) -> None:
        self._held += conn.held - conn.counted
        conn.counted = conn.held

    def _end(self, conn: Connection) -> None:
        self._unwatch(conn)
        self._held -= conn.counted
        self.nr_conns -= 1
        conn.end()

    def _make_room(self) -> None:
        if self._waiting:
            self._end(min(self._waiting, key=lambda conn: conn.timeout))

    def murder_pending(self) -> None:
        """Let go of who is late, and of who holds most where all together hold too much."""
        while self._held > MOST_HELD_BYTES and self._waiting:
            self._end(max(self._waiting, key=lambda conn: conn.counted))
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        for conn in [conn for conn in self._waiting if conn.timeout <= now]:
            if conn.incoming.data:
                self._refuse(conn, TOO_SLOW)
            else:
                self._end(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Do nothing: idle connections wait among all others."""

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: who has not begun a request has until `deadline` to do so."""
        for conn in self._waiting:
            if conn.event == selectors.EVENT_READ and not conn.incoming.data:
                conn.timeout = min(conn.timeout, deadline)
