"""The placement mailbox over IMAP: unread mail, oldest first, one connection a run (spec: mailbox)."""

import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self, TypeVar

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from scraping.sources.base import SourceError

Security = Literal["tls", "starttls", "none"]
MAX_MAIL_BYTES = 4_000_000  # of a larger mail the beginning: its headers and first parts
_BROKEN = (IMAPClientAbortError, OSError)  # time-outs and TLS failures are OSErrors
_NONSENSE = (IMAPClientError, ValueError, KeyError, IndexError, TypeError, AttributeError)  # what rubbish ends in
# Refusals that say nothing about the password (RFC 5530; "too many connections" is Gmail's).
_PASSING = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "TOO MANY")
_Answer = TypeVar("_Answer")


class MailboxError(SourceError):
    """The mailbox can't be read. Codes: unreachable, connection_lost, no_folder, bad_answer, mail_gone."""


class MailboxLoginRefusedError(MailboxError):
    """The server refused the login (code login_refused). Trying again with the same password may lock the account."""


class UnreadMail(NamedTuple):
    """An unread mail: its UID, and its size in bytes, 0 where the server does not say."""

    uid: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxConfig:
    """Where the mailbox is and who reads it. `timeout` is in seconds, for each answer of the server."""

    host: str
    port: int = 993
    security: Security = "tls"
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    timeout: float = 30.0


class MailboxClient:
    """A mailbox, open as long as its `with` block. Reading marks nothing as read.

    A connection that breaks in the middle is opened once more and the call repeated; breaking again is the end.
    Every method, and entering, raises MailboxLoginRefusedError where user or password are refused and MailboxError
    where anything else stops it. Their texts hold neither the user nor the password.
    """

    def __init__(self, config: MailboxConfig) -> None:
        self._config = config
        self._where = f"{config.host}:{config.port}"
        self._connection: IMAPClient | None = None
        self._may_reconnect = True
        self.uid_validity = 0  # UIDs mean something only while this stays the same

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def unread(self, after: int = 0) -> list[UnreadMail]:
        """Unread mails with a UID above `after`, oldest first."""
        criteria = ["UNSEEN", "UNDELETED", *(["UID", f"{after + 1}:*"] if after else [])]
        found: list[int] = self._ask(lambda connection: connection.search(criteria))
        # "n:*" always names the last mail of the folder, also where its UID is below n
        uids = sorted(uid for uid in found if uid > after)
        sizes = self._fetch(uids, "RFC822.SIZE")
        return [UnreadMail(uid, _size(sizes.get(uid, {}).get(b"RFC822.SIZE"))) for uid in uids]

    def fetch(self, uid: int, max_bytes: int = MAX_MAIL_BYTES) -> bytes:
        """A mail as it came, or its first `max_bytes` bytes; it stays unread. One deleted meanwhile: MailboxError."""
        parts = self._fetch([uid], f"BODY.PEEK[]<0.{max_bytes}>").get(uid, {})
        body = next((value for key, value in parts.items() if key.startswith(b"BODY[")), None)
        if not isinstance(body, bytes):
            raise MailboxError("mail_gone", f"{self._where} has no mail {uid} any more")
        return body[:max_bytes]

    def mark_seen(self, uids: Iterable[int]) -> None:
        """Flag mails as read, once what they say is stored."""
        if seen := list(uids):
            self._ask(lambda connection: connection.add_flags(seen, [SEEN], silent=True))

    def _fetch(self, uids: list[int], item: str) -> dict[int, dict[bytes, Any]]:
        if not uids:
            return {}
        answer: dict[int, dict[bytes, Any]] = self._ask(lambda connection: connection.fetch(uids, [item]))
        return answer

    def _ask(self, call: Callable[[IMAPClient], _Answer]) -> _Answer:
        """One exchange with the server, over a new connection where the old one has died."""
        try:
            return self._exchange(call)
        except _BROKEN as error:
            if not self._may_reconnect:
                raise MailboxError("connection_lost", f"{self._where} broke off twice: {_kind(error)}") from error
        self._may_reconnect = False
        self._reopen()
        return self._ask(call)

    def _exchange(self, call: Callable[[IMAPClient], _Answer]) -> _Answer:
        if self._connection is None:
            raise ConnectionError("not connected")
        try:
            return call(self._connection)
        except _BROKEN:
            self._hang_up()
            raise
        except _NONSENSE as error:
            raise MailboxError("bad_answer", f"{self._where} answered what makes no sense: {_kind(error)}") from error

    def _reopen(self) -> None:
        before = self.uid_validity
        self._open()
        if self.uid_validity != before:
            raise MailboxError("bad_answer", f"{self._where} numbered its mails anew in the middle of a run")

    def _open(self) -> None:
        try:
            self._connection = self._connected()
            self._log_in(self._connection)
            self._select(self._connection)
        except _BROKEN as error:
            self._hang_up()
            raise MailboxError("unreachable", f"{self._where} can't be reached: {_kind(error)}") from error
        except BaseException:
            self._hang_up()
            raise

    def _connected(self) -> IMAPClient:
        config = self._config
        context = None if config.security == "none" else ssl.create_default_context()
        try:
            connection = IMAPClient(
                config.host,
                config.port,
                ssl=config.security == "tls",
                ssl_context=context,
                timeout=config.timeout,
            )
            if config.security == "starttls":
                self._connection = connection
                connection.starttls(context)
        except _BROKEN:
            raise
        except _NONSENSE as error:
            raise MailboxError("bad_answer", f"{self._where} can't be talked to: {_kind(error)}") from error
        return connection

    def _log_in(self, connection: IMAPClient) -> None:
        try:
            connection.login(self._config.user, self._config.password)
        except LoginError as error:
            _raise_if_broken(error)
            if any(word in str(error).upper() for word in _PASSING):
                raise MailboxError("unreachable", f"{self._where} takes no login at the moment") from None
            raise MailboxLoginRefusedError("login_refused", f"{self._where} refused the user or password") from None
        except UnicodeError:  # its text holds the password
            raise MailboxLoginRefusedError("login_refused", "user and password must be plain ASCII") from None

    def _select(self, connection: IMAPClient) -> None:
        try:
            answer = connection.select_folder(self._config.folder)
            self.uid_validity = int(answer.get(b"UIDVALIDITY", 0))
        except _BROKEN:
            raise
        except _NONSENSE as error:
            folder = self._config.folder
            raise MailboxError("no_folder", f"{self._where} does not open the folder {folder!r}") from error

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(*_BROKEN, *_NONSENSE):
                self._connection.logout()
        self._hang_up()

    def _hang_up(self) -> None:
        """Close without a word: a server that died would be waited for."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_BROKEN, *_NONSENSE):
                connection.shutdown()


def _size(stated: object) -> int:
    return stated if isinstance(stated, int) else 0


def _kind(error: BaseException) -> str:
    """What went wrong, without what was said: an answer may quote the login."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__} {reason}".strip()


def _raise_if_broken(error: LoginError) -> None:
    """IMAPClient calls a connection that breaks during the login a refused login."""
    if isinstance(error.__context__, _BROKEN):
        raise ConnectionError("broken during login") from error.__context__
