"""Bytes of a mail → its headers and readable bodies, whatever state they are in. Pure; never raises."""

import binascii
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser

MAX_PARTS = 300
MAX_BODY_CHARS = 400_000
# Decoders of names, not of bodies; punycode takes quadratic time, so a mail could stop the run with one header.
_NOT_FOR_BODIES = {"punycode", "idna", "unicodeescape", "rawunicodeescape", "undefined"}
_LATIN = {"", "usascii", "ascii", "iso88591", "latin1", "windows1252", "cp1252", "unknown8bit"}
_SIGNED = re.compile(r"application/(?:x-)?pkcs7-mime")
_NAMES_OF_TEXT = re.compile(r".*\.(?:eml|ics|p7m|txt|html?)", re.IGNORECASE | re.DOTALL)
_INVISIBLE = dict.fromkeys(map(ord, "\x00\u200b\u200e\u200f\u2060\ufeff\xad"))
_SPACES = dict.fromkeys(map(ord, "\xa0\u2002\u2003\u2007\u2009\u202f"), " ")


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of one message, decoded and unfolded; names are case-insensitive."""

    values: tuple[tuple[str, str], ...]

    def first(self, name: str) -> str:
        """The first header of that name, "" where there is none."""
        return next((value for key, value in self.values if key == name.lower()), "")

    def every(self, *names: str) -> list[str]:
        """All headers of these names, in the mail's order."""
        wanted = {name.lower() for name in names}
        return [value for key, value in self.values if key in wanted]


@dataclass(slots=True)
class Content:
    """What a message holds: its bodies as text, and what else came with it, by name only."""

    headers: Headers
    plain: str = ""
    html: str = ""
    attachments: list[str] = field(default_factory=list)
    has_calendar: bool = False
    forwarded: "Content | None" = None  # a message attached whole (message/rfc822)


def read_content(raw: bytes) -> Content:
    """Take a mail apart. Attachments are named and never decoded; bodies are cut at MAX_BODY_CHARS characters."""
    try:
        message: Message = message_from_bytes(raw)
    except (RecursionError, MessageError, ValueError):  # nested without end, or mangled beyond the parser
        message = BytesHeaderParser().parsebytes(raw[:MAX_BODY_CHARS])
    content = Content(_headers(message))
    _collect(message, content, [MAX_PARTS])
    return content


def may_hold_text(kind: str, name: str) -> bool:
    """Whether a part of this type ("text/plain") or file name can hold words of the mail: a text, a calendar, an
    attached mail, a signed one."""
    if kind.startswith(("text/", "message/")) or kind == "application/ics":
        return True
    return bool(_SIGNED.fullmatch(kind) or _NAMES_OF_TEXT.fullmatch(name))


def decode_bytes(data: bytes, charset: str) -> str:
    """Bytes as text: as UTF-8 where they are that, else as declared, else as Windows-1252 (spec: mailbox)."""
    name = re.sub(r"[^a-z0-9]", "", charset.lower())
    declared = () if name in _LATIN or name in _NOT_FOR_BODIES else (charset,)
    for attempt in (*declared, "utf-8"):
        try:
            return data.decode(attempt)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", errors="replace")


def header_text(value: str) -> str:
    """A raw header as a reader sees it: encoded words joined, unfolded, without control characters."""
    text = decode_bytes(value.encode("utf-8", "surrogateescape"), "")
    unfolded = re.sub(r"\s*[\r\n]+\s*", " ", text)
    try:
        chunks = decode_header(unfolded)
        joined = "".join(c if isinstance(c, str) else _encoded_word(c, charset) for c, charset in chunks)
    except (MessageError, ValueError, binascii.Error):
        joined = unfolded
    return " ".join(clean_text(joined).split())


def clean_text(text: str) -> str:
    """One kind of line end and of space; no invisible characters. Tabs stay: they part the cells of lists."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").translate(_INVISIBLE).translate(_SPACES)
    return text.encode("utf-8", "replace").decode("utf-8")


def _encoded_word(chunk: bytes, charset: str | None) -> str:
    # decode_header hands the plain stretches between encoded words back in this odd codec
    return decode_bytes(chunk, charset) if charset else chunk.decode("raw-unicode-escape", "replace")


def _headers(message: Message) -> Headers:
    return Headers(tuple((name.lower(), header_text(str(value))) for name, value in message.raw_items()))


def _collect(part: Message, into: Content, budget: list[int]) -> None:
    """Put what a part holds into `into`, in order; of alternatives the readable ones."""
    budget[0] -= 1
    if budget[0] < 0:
        return
    kind = part.get_content_type()
    if kind == "message/rfc822" and isinstance(part.get_payload(), list):
        _collect_message(part, into, budget)
    elif part.is_multipart():
        for child in part.get_payload():
            if isinstance(child, Message):
                _collect(child, into, budget)
    else:
        _collect_leaf(part, kind, into)


def _collect_message(part: Message, into: Content, budget: list[int]) -> None:
    inner = part.get_payload()[0]  # type: ignore[index]
    if isinstance(inner, Message) and into.forwarded is None:
        into.forwarded = Content(_headers(inner))
        _collect(inner, into.forwarded, budget)


def _collect_leaf(part: Message, kind: str, into: Content) -> None:
    name = file_name(part)
    if kind == "text/calendar":
        into.has_calendar = True
    elif name or part.get_content_disposition() == "attachment" or not kind.startswith("text/"):
        into.attachments += [name] if name else []
    elif kind == "text/html":
        into.html = _joined(into.html, _text_of(part))
    else:
        into.plain = _joined(into.plain, _text_of(part))


def _joined(before: str, text: str) -> str:
    return f"{before}\n{text}"[:MAX_BODY_CHARS] if before else text


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return clean_text(decode_bytes(data[: 4 * MAX_BODY_CHARS], _charset(part)))[:MAX_BODY_CHARS]


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset() or "")
    except (LookupError, ValueError):
        return ""


def file_name(part: Message) -> str:
    """The last part of the name a file came under: a path in it is nobody's business."""
    try:
        name = header_text(part.get_filename() or "")
    except (LookupError, ValueError, TypeError):
        return "unnamed"
    return re.split(r"[/\\]", name)[-1][:200]
