"""Headers of a mail, and bytes of any charset as text. Pure; never raises."""

import binascii
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

# Decoders of names, not of bodies; punycode takes quadratic time, so a mail could stop the run with one header.
_NOT_FOR_BODIES = {"punycode", "idna", "unicodeescape", "rawunicodeescape", "undefined"}
_LATIN = {"", "usascii", "ascii", "iso88591", "latin1", "windows1252", "cp1252", "unknown8bit"}
# Signs without width, and those that only turn the direction of what follows.
_INVISIBLE = dict.fromkeys(map(ord, "\x00\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\xad"))
_INVISIBLE |= dict.fromkeys(range(0x2066, 0x206A))
_SPACES = dict.fromkeys(map(ord, "\xa0\u2002\u2003\u2007\u2009\u202f"), " ")


@dataclass(frozen=True, slots=True)
class Headers:
    """The headers of one message, decoded and unfolded; names are case-insensitive."""

    values: tuple[tuple[str, str], ...]

    def first(self, name: str) -> str:
        """The first header of that name, "" where there is none."""
        return next((value for key, value in self.values if key == name.lower()), "")

    def every(self, *names: str) -> list[str]:
        """Return all headers of these names, in the mail's order."""
        wanted = {name.lower() for name in names}
        return [value for key, value in self.values if key in wanted]


def headers_of(message: Message) -> Headers:
    """The headers of a message as they came."""
    return Headers(tuple((name.lower(), header_text(str(value))) for name, value in message.raw_items()))


def file_name(part: Message) -> str:
    """The last part of the name a file came under: a path in it is nobody's business."""
    try:
        name = header_text(part.get_filename() or "")
    except (LookupError, ValueError, TypeError):
        return "unnamed"
    return re.split(r"[/\\]", name)[-1][:200]


def charset_of(part: Message) -> str:
    """The charset a part declares, "" where it declares none that can be read."""
    try:
        return str(part.get_content_charset() or "")
    except (LookupError, ValueError):
        return ""


def decode_bytes(data: bytes, charset: str) -> str:
    """Bytes as text: as declared, else as UTF-8 where they are that, else as Windows-1252 (spec: mailbox)."""
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


def one_line_end(text: str) -> str:
    """Every kind of line end as a line feed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return text.replace("\u2028", "\n").replace("\u2029", "\n")


def clean_text(text: str) -> str:
    """One kind of line end and of space; no invisible characters. Tabs stay: they part the cells of lists."""
    text = one_line_end(text).translate(_INVISIBLE).translate(_SPACES)
    return text.encode("utf-8", "replace").decode("utf-8")


def _encoded_word(chunk: bytes, charset: str | None) -> str:
    # decode_header hands the plain stretches between encoded words back in this odd codec
    return decode_bytes(chunk, charset) if charset else chunk.decode("raw-unicode-escape", "replace")
