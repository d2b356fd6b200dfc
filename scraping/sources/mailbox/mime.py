"""Bytes of a mail → its headers, the texts it holds, and what else came with it. Pure; never raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser

from scraping.items import SIGNED
from scraping.sources.html_repair import is_html, repaired
from scraping.sources.mailbox.flowed import unflowed
from scraping.sources.mailbox.headers import Headers, clean_text, file_name, headers_of, one_line_end
from scraping.sources.mailbox.transfer import part_bytes, part_text, stated_encoding

MAX_PARTS = 300
MAX_BODY_CHARS = 2_000_000
_LONGEST_HEADERS = 400_000
_MOST_MAILS_WITHIN = 10
_PLAIN = frozenset(("text/plain", "text/markdown", "text/x-markdown"))
_HTML = frozenset(("text/html", "text/x-html", "application/xhtml+xml"))
_CALENDAR = frozenset(("text/calendar", "application/ics"))
_TABLES = frozenset(("text/csv", "text/tab-separated-values"))
_SIGNED = re.compile(r"application/(?:x-)?pkcs7-mime")
_TYPE_BY_NAME = {
    ".eml": "message/rfc822",
    ".ics": "text/calendar",
    ".p7m": "application/pkcs7-mime",
    ".txt": "text/plain",
    ".htm": "text/html",
    ".html": "text/html",
}
_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n\\]{0,69}?)[ \t]*\r?\n(?=[A-Za-z-]+:|\r?\n)", re.MULTILINE)
_UNTYPED = "application/octet-stream"
CUT = "longer than can be read: its beginning was read"


@dataclass(slots=True)
class Body:
    """A text of a mail, as plain text and as HTML where it came as both."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class Content:
    """What a message holds. `files` are texts that came as files, named among the attachments.

    `sealed` says why what it holds can't be read, "" where all can. `notes` are for who looks after the service.
    """

    headers: Headers
    bodies: list[Body] = field(default_factory=list)
    files: list[Body] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    mails: list["Content"] = field(default_factory=list)  # attached whole
    notes: list[str] = field(default_factory=list)
    sealed: str = ""


def read_content(raw: bytes) -> Content:
    """Take a mail apart. Attachments that hold no text are named and never decoded."""
    return _content(_parsed(raw), _Budget())


def may_hold_text(kind: str, name: str) -> bool:
    """Whether a part of this type ("text/plain") or file name can hold words of the mail: a text, a calendar, an
    attached mail, a signed one."""
    kind = _told_type(kind, name)
    return kind.startswith(("text/", "message/")) or kind in _HTML | _CALENDAR or bool(_SIGNED.fullmatch(kind))


@dataclass(slots=True)
class _Budget:
    """How much of a mail is looked at."""

    parts: int = MAX_PARTS
    mails: int = _MOST_MAILS_WITHIN


def _parsed(raw: bytes) -> Message:
    try:
        return message_from_bytes(raw)
    except (RecursionError, MessageError, ValueError):  # nested without end, or mangled beyond the parser
        return BytesHeaderParser().parsebytes(raw[:_LONGEST_HEADERS])


def _content(message: Message, budget: _Budget) -> Content:
    content = Content(headers_of(message))
    _collect(message, content, budget)
    return content


def _collect(part: Message, into: Content, budget: _Budget) -> None:
    """Put what a part holds into `into`, in order."""
    budget.parts -= 1
    if budget.parts < 0:
        return
    kind = part.get_content_type()
    if kind.startswith("message/"):
        _collect_message(part, kind, into, budget)
    elif kind.startswith("multipart/"):
        _collect_parts(part, kind, into, budget)
    else:
        _collect_leaf(part, _told_type(kind, file_name(part)), into, budget)


def _collect_parts(part: Message, kind: str, into: Content, budget: _Budget) -> None:
    before = len(into.bodies)
    if kind == "multipart/encrypted":
        into.sealed = "encrypted"
    for child in _children(part):
        _collect(child, into, budget)
    if kind == "multipart/alternative" and len(into.bodies) > before + 1:
        into.bodies[before:] = [_one_of(into.bodies[before:])]


def _children(part: Message) -> Iterator[Message]:
    """The parts of a multipart; where its boundary is not the one it states, the one its lines show."""
    if part.is_multipart():
        yield from (child for child in part.get_payload() if isinstance(child, Message))
        return
    raw = part_bytes(part)
    boundary = _BOUNDARY.search(raw)
    stated = b'Content-Type: multipart/mixed; boundary="%s"\n' % boundary[1].replace(b'"', b"") if boundary else b""
    guessed = _parsed(stated + b"\n" + raw)
    yield guessed if guessed.is_multipart() else _parsed(b"\n" + raw)


def _one_of(bodies: list[Body]) -> Body:
    """Alternatives of one text as one body."""
    return Body(
        "\n".join(body.plain for body in bodies if body.plain), "\n".join(body.html for body in bodies if body.html)
    )


def _collect_message(part: Message, kind: str, into: Content, budget: _Budget) -> None:
    """A message within: read as a mail of its own. What servers report of a delivery is none."""
    inner = _message_within(part)
    if kind == "message/partial":
        into.sealed = "one piece of a mail that was sent in pieces"
    elif kind in {"message/rfc822", "message/global"} and inner is not None:
        _take_mail(inner, into, budget)


def _message_within(part: Message) -> Message | None:
    """Return the message within a part, also where it was encoded as a whole, which RFC 2046 forbids."""
    payload, encoding = part.get_payload(), stated_encoding(part)
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message) or not encoding or (encoding == "base64" and inner.keys()):
        return inner if isinstance(inner, Message) else None
    coded = Message()
    coded["Content-Transfer-Encoding"] = encoding
    coded.set_payload(_source(inner))
    return _parsed(part_bytes(coded))


def _source(message: Message) -> str:
    try:
        return message.as_bytes().lstrip(b"\r\n").decode("ascii", "surrogateescape")
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return ""


def _take_mail(message: Message, into: Content, budget: _Budget) -> None:
    budget.mails -= 1
    if budget.mails >= 0:
        into.mails.append(_content(message, budget))


def _collect_leaf(part: Message, kind: str, into: Content, budget: _Budget) -> None:
    name = file_name(part)
    if kind in _CALENDAR:
        into.calendars.append(_text_of(part, into))
    elif kind == "message/rfc822":
        _take_mail(_parsed(part_bytes(part)), into, budget)
    elif _SIGNED.fullmatch(kind):
        _take_signed(part, into, budget)
    elif kind in _PLAIN | _HTML | _TABLES or _is_untyped(part, kind):
        _take_text(part, kind, name, into)
    elif name:
        into.attachments.append(name)
    if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        into.sealed = into.sealed or "winmail.dat"


def _take_text(part: Message, kind: str, name: str, into: Content) -> None:
    text = _text_of(part, into)
    body = Body(html=repaired(text)) if kind in _HTML or is_html(text) else Body(plain=_unflowed(part, text))
    if name or part.get_content_disposition() == "attachment" or kind in _TABLES:
        into.attachments += [name] if name else []
        into.files.append(body)
    else:
        into.bodies.append(body)


def _take_signed(part: Message, into: Content, budget: _Budget) -> None:
    """What was signed, as if it stood there: nobody checked whose signature it is."""
    from scraping.sources.mailbox.signed import SealedError, unwrapped  # importing it takes 0.1 s; few are signed

    try:
        inner, is_signed = unwrapped(part_bytes(part))
    except SealedError as error:
        into.sealed = str(error)
        return
    into.notes += [SIGNED] if is_signed else []
    _collect(_parsed(inner), into, budget)


def _told_type(kind: str, name: str) -> str:
    """The type of a part; of a file whose type says nothing, that of its name."""
    ending = re.search(r"\.[a-z0-9]+$", name.lower().strip())
    by_name = _TYPE_BY_NAME.get(ending[0], "") if ending else ""
    is_mail = by_name == "message/rfc822" and kind in {"text/plain", _UNTYPED}
    return by_name if by_name and (is_mail or not kind.startswith(("text/", "message/"))) else kind


def _is_untyped(part: Message, kind: str) -> bool:
    """Text whose type is lost on its way."""
    if kind != _UNTYPED or file_name(part) or part.get_content_disposition() == "attachment":
        return False
    return b"\x00" not in part_bytes(part)[:4000]


def _text_of(part: Message, into: Content) -> str:
    text = one_line_end(part_text(part, 4 * MAX_BODY_CHARS))
    if len(text) > MAX_BODY_CHARS:
        into.notes.append(CUT)
    return text[:MAX_BODY_CHARS]


def _unflowed(part: Message, text: str) -> str:
    if _parameter(part, "format") == "flowed":
        text = unflowed(text, delete_space=_parameter(part, "delsp") == "yes")
    return clean_text(text)


def _parameter(part: Message, name: str) -> str:
    try:
        return str(part.get_param(name, "")).strip().lower()
    except (LookupError, ValueError, TypeError):
        return ""
