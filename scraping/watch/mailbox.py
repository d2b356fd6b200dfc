"""Waits for mail on one long-lived connection: IMAP IDLE (RFC 2177), else a look each minute (spec: fresh, Mailbox).

A connection that dies is noticed by the system's keep-alive or by the next renewal, and opened anew with growing waits.
"""

import logging
import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from scraping.sources.mailbox.client import MailboxClient, MailboxConfig
from scraping.sources.mailbox.errors import MailboxError, MailboxLoginRefusedError

log = logging.getLogger(__name__)

POLL_SECONDS = 60.0  # where the server knows no IDLE
LOOK_SECONDS = 5.0  # how soon a stop is seen
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
STEADY_SECONDS = 60.0  # a connection that lasted is opened again soon; Gmail locks who logs in again and again
REFUSED_WAIT = 3600.0  # a password that was refused is hardly right a minute later, and Gmail locks who insists
# Linux: the first probe after a minute of silence, then every 15 s; after four the connection is dead.
_KEEP_ALIVE = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the watch of the mailbox stands: `state` is idle, poll, unreachable or refused."""

    state: str
    text: str = ""


class MailboxWatch:
    """Calls `on_mail` whenever there is unread mail that it has not told of, until `stop` is set."""

    def __init__(
        self,
        config: MailboxConfig,
        *,
        on_mail: Callable[[], object],
        on_standing: Callable[[Standing], object],
        stop: threading.Event,
        idle_seconds: float,
    ) -> None:
        self._config, self._stop = config, stop
        self._on_mail, self._on_standing = on_mail, on_standing
        self._idle_seconds = idle_seconds
        self._newest = (0, 0)  # UIDVALIDITY, and the highest UID that was told of

    def run(self) -> None:
        """Watch until `stop` is set. Raises nothing: what goes wrong is told by `on_standing`."""
        failures = 0
        while not self._stop.is_set():
            began = monotonic()
            try:
                with MailboxClient(self._config) as mailbox:
                    self._watch(mailbox)
            except MailboxLoginRefusedError as error:
                self._on_standing(Standing("refused", error.text))
                self._stop.wait(REFUSED_WAIT)
            except MailboxError as error:
                failures = 1 if monotonic() - began > STEADY_SECONDS else failures + 1
                self._on_standing(Standing("unreachable", error.text))
                self._stop.wait(_wait(failures))

    def _watch(self, mailbox: MailboxClient) -> None:
        """Look, wait for a word of the server, look again. Raises MailboxError where the connection is lost."""
        can_idle = mailbox.can_idle()
        _keep_alive(mailbox.socket())
        self._on_standing(Standing("idle" if can_idle else "poll"))
        while not self._stop.is_set():
            self._look(mailbox)
            if can_idle:
                mailbox.idle(self._idle_seconds, until=self._stop.is_set, look_seconds=LOOK_SECONDS)
            else:
                self._stop.wait(POLL_SECONDS)
                mailbox.noop()

    def _look(self, mailbox: MailboxClient) -> None:
        validity, newest = self._newest
        found = mailbox.newest_unread(newest if validity == mailbox.uid_validity else 0)
        if found > (newest if validity == mailbox.uid_validity else 0):
            self._newest = (mailbox.uid_validity, found)
            self._on_mail()


def _keep_alive(connection: socket.socket) -> None:
    with suppress(OSError, AttributeError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEP_ALIVE.items():
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _wait(failures: int) -> float:
    """1 s, doubled each time up to five minutes, half of it by chance."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (failures - 1)) * random.uniform(0.5, 1.0)
