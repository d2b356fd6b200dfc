"""The placement mailbox over IMAP: unread mail, oldest first, one connection a run (spec: mailbox)."""

import select
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from operator import methodcaller
from time import monotonic
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self, TypeVar, cast

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from scraping.items import AttachedFile
from scraping.sources.mailbox.download import download
from scraping.sources.mailbox.errors import MailboxError, MailboxLoginRefusedError
from scraping.sources.mailbox.files import files_in, missing_files

Security = Literal["tls", "starttls", "none"]
UIDS_AT_ONCE = 500  # of up to ten digits: servers need not take a line of more than 8,000 bytes (RFC 2683, 3.2.1.5)
SEARCHED_AT_ONCE = 20_000  # messages; imaplib refuses an answer's line of more than 1 MB
MOST_RECONNECTS = 6  # Gmail refuses who logs in too often
_BROKEN = (IMAPClientAbortError, OSError)  # time-outs and TLS failures are OSErrors
_NONSENSE = (IMAPClientError, ValueError, KeyError, IndexError, TypeError, AttributeError)  # what rubbish ends in
# Refusals that say nothing about the password (RFC 5530; "too many connections" is Gmail's).
_PASSING = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "TOO MANY")
_Answer = TypeVar("_Answer")


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

    A connection that breaks in the middle is opened once more and the call repeated; breaking again is an error.
    Every method, and entering, raises MailboxLoginRefusedError where user or password are refused and MailboxError
    where anything else stops it. Their texts hold neither the user nor the password.
    """

    def __init__(self, config: MailboxConfig) -> None:
        self._config = config
        self._where = f"{config.host}:{config.port}"
        self._connection: IMAPClient | None = None
        self._reconnects = MOST_RECONNECTS
        self._messages = 0  # in the folder when it was opened
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
        found = [uid for window in self._windows() for uid in self._search([*window, *criteria])]
        # "n:*" always names the last mail of the folder, also where its UID is below n
        uids = sorted({uid for uid in found if uid > after})
        sizes = self._fetch(uids, "RFC822.SIZE")
        return [UnreadMail(uid, _size(sizes.get(uid, {}).get(b"RFC822.SIZE"))) for uid in uids]

    def fetch(self, mail: UnreadMail) -> bytes:
        """A mail as it came, of a large one without the content of its attachments; it stays unread.

        Raises MailboxError also for this mail alone: mail_gone, mail_cut, mail_too_large.
        """
        return download(partial(self._items, mail.uid), mail.size)

    def files(self, mail: UnreadMail, raw: bytes) -> list[AttachedFile]:
        """Return what is attached to a mail; `raw` is what `fetch` returned of it. Raises MailboxError."""
        whole = 0 < mail.size <= len(raw)
        files = files_in(raw, whole=whole)
        if whole:
            return files
        return [*files, *missing_files(partial(self._items, mail.uid), {file.name for file in files})]

    def newest_unread(self, after: int = 0) -> int:
        """Returns the highest UID of an unread mail above `after`; 0 where there is none."""
        criteria = ["UNSEEN", "UNDELETED", *(["UID", f"{after + 1}:*"] if after else [])]
        found = (uid for window in self._windows() for uid in self._search([*window, *criteria]))
        return max((uid for uid in found if uid > after), default=0)

    def can_idle(self) -> bool:
        """Whether the server can say by itself that there is mail (RFC 2177)."""
        return bool(self._watched(lambda connection: connection.has_capability("IDLE")))

    def idle(self, seconds: float, *, until: Callable[[], bool], look_seconds: float) -> None:
        """Wait until the server speaks of mail, `until` is true, or `seconds` are over.

        A lost connection raises MailboxError: whoever waits must look anew after opening another.
        """
        end = monotonic() + seconds
        told = False
        while not (told or until()) and monotonic() < end:
            self._watched(methodcaller("idle"))
            spoken = False
            while not (spoken or until()) and (left := end - monotonic()) > 0:
                spoken = self._watched(partial(_has_spoken, seconds=min(look_seconds, left)))
            _, answers = self._watched(methodcaller("idle_done"))
            told = any(_is_news(answer) for answer in answers)

    def noop(self) -> None:
        """Ask for nothing: a server says what is new with its answer, and a dead one gives none."""
        self._watched(methodcaller("noop"))

    def socket(self) -> socket.socket:
        """The connection itself, for its options."""
        return self._watched(lambda connection: cast("socket.socket", connection.socket()))

    def _watched(self, call: Callable[[IMAPClient], _Answer]) -> _Answer:
        """One exchange without a second try."""
        try:
            return self._exchange(call)
        except _BROKEN as error:
            raise MailboxError("connection_lost", f"{self._where} broke off: {_kind(error)}") from error

    def mark_seen(self, uids: Iterable[int]) -> None:
        """Flag mails as read, once what they say is stored."""
        for group in _groups(sorted(uids)):
            self._ask(methodcaller("add_flags", group, [SEEN], silent=True))

    def _windows(self) -> list[list[str]]:
        """Return what to search, piece by piece: by the numbers messages have in the folder."""
        starts = range(1, self._messages + 1, SEARCHED_AT_ONCE)
        if len(starts) < 2:
            return [[]]
        return [[f"{start}:{start + SEARCHED_AT_ONCE - 1}"] for start in starts[:-1]] + [[f"{starts[-1]}:*"]]

    def _search(self, criteria: Sequence[str]) -> list[int]:
        return self._ask(lambda connection: list(connection.search(criteria)))

    def _items(self, uid: int, items: str) -> dict[bytes, Any]:
        """These items of a mail."""
        answer = self._fetch([uid], items)
        if uid not in answer:
            raise MailboxError("mail_gone", f"{self._where} has no mail {uid} any more")
        return answer[uid]

    def _fetch(self, uids: list[int], items: str) -> dict[int, dict[bytes, Any]]:
        answers: dict[int, dict[bytes, Any]] = {}
        for group in _groups(uids):
            answers |= self._ask(methodcaller("fetch", group, items.split()))
        return answers

    def _ask(self, call: Callable[[IMAPClient], _Answer]) -> _Answer:
        """One exchange with the server, over a new connection where the old one has died."""
        try:
            return self._exchange(call)
        except _BROKEN:
            self._reopen()
        try:
            return self._exchange(call)
        except _BROKEN as error:
            raise MailboxError("connection_lost", f"{self._where} broke off twice: {_kind(error)}") from error

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
        if not self._reconnects:
            raise MailboxError("connection_lost", f"{self._where} broke off again and again")
        self._reconnects -= 1
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
            self._messages = int(answer.get(b"EXISTS", 0))
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


def _has_spoken(connection: IMAPClient, seconds: float) -> bool:
    """Wait for a word of the server, or the end of the connection. What it was, `idle_done` reads.

    The library's own `idle_check` takes half a line for a broken connection, and does not see what came together with
    the answer to IDLE.
    """
    plain = connection.socket()
    plain.setblocking(False)
    try:
        if connection._imap.file.peek(1):  # noqa: SLF001 (the library has no way to ask for what it has buffered)
            return True
    except (BlockingIOError, ssl.SSLWantReadError):
        pass
    finally:
        plain.settimeout(connection._timeout.read)  # noqa: SLF001 (as the library sets it after each wait)
    readable, _, _ = select.select([plain], [], [], seconds)
    return bool(readable)


def _is_news(answer: object) -> bool:
    """Whether an untagged answer tells of mails; a server may also say that it is still there."""
    return isinstance(answer, tuple) and any(word in (b"EXISTS", b"RECENT") for word in answer)


def _groups(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """UIDs in groups that one command's line can hold."""
    return (uids[start : start + UIDS_AT_ONCE] for start in range(0, len(uids), UIDS_AT_ONCE))


def _size(stated: object) -> int:
    return stated if isinstance(stated, int) else 0


def _kind(error: BaseException) -> str:
    """Return what went wrong, without what was said: an answer may quote the login."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__} {reason}".strip()


def _raise_if_broken(error: LoginError) -> None:
    """IMAPClient calls a connection that breaks during the login a refused login."""
    if isinstance(error.__context__, _BROKEN):
        raise ConnectionError("broken during login") from error.__context__
