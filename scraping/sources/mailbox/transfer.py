"""The body of a part as it was before its transfer encoding (RFC 2045, 6), however that is called. Pure; never raises.

Mail programs and lists write the encoding's name in ways of their own, leave it out, encode twice, and put text of
their own around an encoded body.
"""

import base64
import quopri
import re
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple

from scraping.sources.mailbox.headers import charset_of, decode_bytes

_ENCODINGS = {
    "base64": re.compile(r"\b(?:x-)?b(?:ase)?[-_ ]?64"),
    "quoted-printable": re.compile(r"\b(?:x-)?quoted|\bqp\b"),
    "uu": re.compile(r"\b(?:x-)?uu"),
}
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{4,}={0,2}")
_NEARLY_BASE64 = re.compile(rb"[A-Za-z0-9+/_=-][^\s]{39,}")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_LONG_LINE = 40  # characters; shorter ones may be words
_QUOTED_UTF8 = re.compile(rb"=(?:C[2-9A-F]|D[0-9A-F]|E[0-9A-F])=[89AB][0-9A-F]")
_QUOTED = re.compile(rb"(?m)^[^\n]{60,}=[ \t]*\r?$|=3D|=20[ \t]*\r?$")
_QUOTED_PADDING = (b"=3D", b"=3D\n", b"=3D\r\n")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_TIMES = 3


class Piece(NamedTuple):
    """A stretch of a body: decoded, or text that somebody put before or behind the encoded one."""

    data: bytes
    is_decoded: bool


def part_bytes(part: Message) -> bytes:
    """The content of a file."""
    return b"".join(piece.data for piece in _pieces(part) if piece.is_decoded)


def part_text(part: Message, limit: int) -> str:
    """The content of a text, at most so many bytes of it."""
    charset = charset_of(part)
    pieces = _pieces(part)
    texts = (decode_bytes(piece.data[:limit], charset if piece.is_decoded else "") for piece in pieces)
    return "\n".join(texts) if len(pieces) > 1 else "".join(texts)


def stated_encoding(part: Message) -> str:
    """ "base64", "quoted-printable", "uu", or "" for a body that is sent as it is."""
    stated = re.sub(r"\([^()]*\)", " ", str(part.get("content-transfer-encoding", ""))).lower()
    return next((name for name, word in _ENCODINGS.items() if word.search(stated)), "")


def _pieces(part: Message) -> list[Piece]:
    encoding, raw = stated_encoding(part), _transferred(part)
    if encoding == "uu":
        part["Content-Transfer-Encoding"] = "x-uuencode"
        data = part.get_payload(decode=True)
        return [Piece(data if isinstance(data, bytes) else raw, is_decoded=True)]
    pieces = [Piece(raw, is_decoded=True)]
    if encoding == "base64":
        pieces = _base64_pieces(raw)
    elif encoding == "quoted-printable":
        pieces = [Piece(quopri.decodestring(raw), is_decoded=True)]
    if part.get_content_maintype() == "text":
        pieces = [Piece(raw, is_decoded=True)] if _is_rubbish(pieces, part) else pieces
        pieces = [inner for piece in pieces for inner in _undeclared(piece)]
    return pieces


def _transferred(part: Message) -> bytes:
    """The body as it was sent, byte for byte."""
    stated = part.get_all("content-transfer-encoding", [])
    del part["content-transfer-encoding"]
    raw = part.get_payload(decode=True)
    for value in stated:
        part["Content-Transfer-Encoding"] = value
    return raw if isinstance(raw, bytes) else b""


def _is_rubbish(pieces: list[Piece], part: Message) -> bool:
    """Whether a text that was called base64 makes no text when it is decoded as that: it was sent as it is."""
    data = b"".join(piece.data for piece in pieces if piece.is_decoded)
    wide = charset_of(part).replace("-", "").lower().startswith(("utf16", "utf32", "ucs"))
    return not data or (not wide and len(_CONTROL.findall(data)) > len(data) / 20)


def _undeclared(piece: Piece) -> list[Piece]:
    """A text that is encoded though nothing says so, or once more than is said."""
    data = piece.data
    for _ in range(_MOST_TIMES):
        inner = _whole_base64(quopri.decodestring(data) if data.endswith(_QUOTED_PADDING) else data)
        if inner is None and not _is_quoted_printable(data):
            break
        data = quopri.decodestring(data) if inner is None else inner
    return [Piece(data, piece.is_decoded)]


def _is_quoted_printable(data: bytes) -> bool:
    return bool(_QUOTED_UTF8.search(data)) or len(_QUOTED.findall(data[:20_000])) > 1


def _whole_base64(data: bytes) -> bytes | None:
    """Return what a body of nothing but long lines of base64 holds, None for any other or where that is no text."""
    lines = data.split()
    if not lines or len(lines[0]) < _LONG_LINE or not all(map(_BASE64.fullmatch, lines)):
        return None
    inner = _from_base64(b"".join(lines))
    try:
        text = inner.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(inner) or not re.search(r"\s", text) else inner


def _base64_pieces(raw: bytes) -> list[Piece]:
    lines = [line.strip() for line in raw.splitlines() if line.strip()]
    runs = list(_runs(lines))
    longest = max(runs, key=lambda run: run[1] - run[0], default=None)
    pieces: list[Piece] = []
    done = 0
    for start, end in runs:
        if len(lines[start]) < _LONG_LINE and (start, end) != longest:
            continue
        if done < start:
            pieces.append(Piece(b"\n".join(lines[done:start]), is_decoded=False))
        before = pieces.pop().data if pieces and pieces[-1].is_decoded else b""
        pieces.append(Piece(before + _from_base64(b"".join(lines[start:end])), is_decoded=True))
        done = end
    return [*pieces, Piece(b"\n".join(lines[done:]), is_decoded=False)] if done < len(lines) else pieces


def _runs(lines: list[bytes]) -> Iterator[tuple[int, int]]:
    """Stretches of base64: lines of one length, and a shorter one or one with padding as the last."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and _is_base64(lines[end]):
            end += 1
            if (end - start > 1 and len(lines[end - 1]) < len(lines[start])) or lines[end - 1].endswith(b"="):
                break
        if end > start:
            yield start, end
        start = max(end, start + 1)


def _is_base64(line: bytes) -> bool:
    """Return whether a line is base64, also where a few signs were damaged on their way."""
    if _BASE64.fullmatch(line):
        return True
    return bool(_NEARLY_BASE64.fullmatch(line)) and len(_NOT_BASE64.findall(line)) < len(line) / 20


def _from_base64(data: bytes) -> bytes:
    """Damaged signs are read as "A", so that all others keep their place; an incomplete end is left off."""
    signs = _NOT_BASE64.sub(b"A", data.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")).replace(b"=", b"A")
    signs = signs[: len(signs) - 1] if len(signs) % 4 == 1 else signs
    return base64.b64decode(signs + b"=" * (-len(signs) % 4))
