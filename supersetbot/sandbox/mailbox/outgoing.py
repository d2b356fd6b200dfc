"""The mail server of the sandbox that takes what the service sends: codes for who wants to become a member."""

import asyncio
from collections.abc import Callable
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, Envelope, Session

DOMAIN = "vindhya.example"


class _Shown:
    """Shows each mail as one text: to whom, the subject, the words."""

    def __init__(self, show: Callable[[str], object]) -> None:
        self._show = show

    # N802: the name aiosmtpd calls
    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        body = mail.get_body(preferencelist=("plain",))
        words = str(body.get_content()) if body else ""
        words = words.replace("\r\n", "\n")
        self._show(f"To: {', '.join(envelope.rcpt_tos)}\n{mail['Subject']}\n\n{words.strip()}")
        return "250 Message accepted for delivery"


class OutgoingMail:
    """Listens on 127.0.0.1 from `start` to `stop`; `show` gets each mail."""

    _server: asyncio.Server | None = None

    def __init__(self, port: int, show: Callable[[str], object]) -> None:
        self._port, self._shown = port, _Shown(show)

    async def start(self) -> None:
        """Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self._shown, loop=loop), "127.0.0.1", self._port)

    async def stop(self) -> None:
        if self._server:
            self._server.close()
