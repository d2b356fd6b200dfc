"""IMAP servers to read from: a real one (pymap, a child process) and one that follows a script of rubbish."""

import imaplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scraping.sources.mailbox.client import MailboxConfig

USER, PASSWORD = "placement@college.example", "correct horse"


@contextmanager
def imap_server() -> Iterator[MailboxConfig]:
    """pymap on a port of its own; its INBOX holds the mails of its demonstration."""
    port = _free_port()
    command = [
        *(str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port), "--no-tls"),
        *("--no-service", "managesieve", "--no-service", "admin", "dict", "--demo-data"),
        *("--demo-user", USER, "--demo-password", PASSWORD),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield config(port)
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def scripted_server(*scripts: Callable[[socket.socket], None]) -> Iterator[MailboxConfig]:
    """A server that treats its first caller by the first script, the second by the second, and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for script in scripts:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    script(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield config(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def config(port: int, **changes: object) -> MailboxConfig:
    values = {"host": "127.0.0.1", "port": port, "security": "none", "user": USER, "password": PASSWORD, "timeout": 5.0}
    return MailboxConfig(**(values | changes))  # type: ignore[arg-type]  # the test varies the arguments


def deliver(config: MailboxConfig, *mails: bytes) -> list[int]:
    """Put mails into the INBOX, unread; their UIDs."""
    with _plain(config) as connection:
        connection.select("INBOX")
        for mail in mails:
            status, answer = connection.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail)
            assert status == "OK", answer
        _, found = connection.uid("SEARCH", "ALL")
        return [int(uid) for uid in found[0].split()][-len(mails) :]


def deliver_many(config: MailboxConfig, mail: bytes, copies: int) -> None:
    """Put the same small mail into the INBOX many times, a thousand with one command (RFC 3502)."""
    literal = b"{%d+}\r\n%s" % (len(mail), mail)
    with _plain(config) as connection:
        for start in range(0, copies, 1000):
            connection.send(b"many APPEND INBOX " + b" ".join([literal] * min(1000, copies - start)) + b"\r\n")
            answer = next(line for line in iter(connection.readline, b"") if line.startswith(b"many "))
            assert answer.startswith(b"many OK"), answer


def empty(config: MailboxConfig) -> None:
    """Delete every mail of the INBOX."""
    with _plain(config) as connection:
        connection.select("INBOX")
        connection.store("1:*", "+FLAGS", "\\Deleted")
        connection.expunge()


def flags(config: MailboxConfig, uid: int) -> bytes:
    with _plain(config) as connection:
        connection.select("INBOX", readonly=True)
        _, answer = connection.uid("FETCH", str(uid), "(FLAGS)")
        return bytes(answer[0])


@contextmanager
def _plain(config: MailboxConfig) -> Iterator[imaplib.IMAP4]:
    connection = imaplib.IMAP4(config.host, config.port, timeout=10)
    try:
        connection.login(config.user, config.password)
        yield connection
    finally:
        connection.logout()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Until the port answers, 20 s at most; in between, whether the server has ended."""
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(f"pymap ended with {server.wait(0.02)}") from None
        else:
            return
    raise AssertionError("pymap did not start")


# A server by script: what a line of the client is answered with.
GREETING = b"* OK ready\r\n"
CAPABLE = b"* CAPABILITY IMAP4rev1\r\n"
SELECTED = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n"


def say(
    answers: dict[bytes, bytes | None], *, greeting: bytes = GREETING, heard: list[bytes] | None = None
) -> Callable[[socket.socket], None]:
    """Answers each command by its name: lines sent before its OK, or None to hang up; the default is a bare OK.

    The commands are put into `heard`, in capitals.
    """

    def script(connection: socket.socket) -> None:
        connection.sendall(greeting)
        for line in connection.makefile("rb"):
            tag, _, command = line.strip().upper().partition(b" ")
            if heard is not None:
                heard.append(command)
            answer = next((text for name, text in answers.items() if name in command), b"")
            if answer is None:
                return
            complete = b"" if tag in answer else tag + b" OK done\r\n"
            connection.sendall(answer.replace(b"TAG", tag) + (b"" if b"TAG" in answer else complete))

    return script


HEALTHY: dict[bytes, bytes | None] = {
    b"CAPABILITY": CAPABLE,
    b"SELECT": SELECTED,
    b"SEARCH": b"* SEARCH 5\r\n",
    b"FETCH 5": b"* 1 FETCH (UID 5 RFC822.SIZE 20)\r\n",
}
