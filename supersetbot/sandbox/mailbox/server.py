"""The placement mailbox of the sandbox: a real IMAP server on loopback, into which mails are put.

pymap runs as a process of its own and keeps the mails in memory.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient

USER, PASSWORD = "placement@vindhya.example", "mailbox-of-the-sandbox"
PATIENCE_SECONDS = 30.0
_RUN = "import sys; from pymap.main import main; sys.exit(main())"


def command(port: int) -> tuple[str, ...]:
    """Return what the Python interpreter is to run to serve the mailbox on 127.0.0.1."""
    return (
        *("-W", "ignore", "-c", _RUN, "--host", "127.0.0.1", "--port", str(port), "--no-tls"),
        *("--no-service", "managesieve", "--no-service", "admin"),
        *("dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD),
    )


class Mailbox:
    """Puts mails into the mailbox that is served on `port`. Calls block."""

    def __init__(self, port: int) -> None:
        self._port = port

    def empty(self) -> None:
        """Wait until it is served, and throw away the mails pymap brings along. Raises OSError where it never is."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", self._port), timeout=5):
                break
            if time.monotonic() > give_up:
                raise OSError(f"no mailbox on port {self._port}")
            time.sleep(0.05)
        with self._open() as imap:
            imap.delete_messages(imap.search())
            imap.expunge()

    def deliver(self, *mails: bytes) -> None:
        """Put mails into the INBOX, unread."""
        with self._open() as imap:
            for mail in mails:
                imap.append("INBOX", mail)

    @contextmanager
    def _open(self) -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self._port, ssl=False, timeout=PATIENCE_SECONDS) as imap:
            imap.login(USER, PASSWORD)
            imap.select_folder("INBOX")
            yield imap
