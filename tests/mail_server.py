"""A real mail server on loopback that keeps what arrives."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Inbox(MessageHandler):
    """Keeps what arrives at a port of 127.0.0.1: to whom, and the text. Addresses in `unknown` are refused."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.mails: list[tuple[str, str]] = []
        self.unknown: set[str] = set()

    # N802: the name aiosmtpd calls
    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: object) -> None:
        self.mails.append((message["X-RcptTo"], message.get_payload()))  # type: ignore[attr-defined, index]  # untyped

    def code(self) -> str:
        """The code of the newest mail."""
        found = re.search(r"Your code is (\d{6})", self.mails[-1][1])
        assert found
        return found[1]


@contextmanager
def mail_server(password: str = "") -> Iterator[Inbox]:
    """Yield what arrives. With a password, whoever gives that one is let in, as any user."""

    def let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and given.password == password.encode()
        return AuthResult(success=is_right, handled=False)

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    login: dict[str, Any] = {"authenticator": let_in, "auth_require_tls": False} if password else {}
    server = Controller(Inbox(port), hostname="127.0.0.1", port=port, **login)
    server.start()
    try:
        yield server.handler
    finally:
        server.stop()
