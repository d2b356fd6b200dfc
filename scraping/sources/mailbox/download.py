"""One mail from the server: whole where it is small, else its headers and the parts that hold text (RFC 9051, 6.4.5).

What arrives is measured against the sizes that the server states: a mail that was cut is never taken for whole.
"""

from collections.abc import Callable, Mapping
from typing import Any

from scraping.sources.mailbox.errors import MailboxError
from scraping.sources.mailbox.structure import Part, put_together, read_structure, readable_parts

WHOLE_BELOW = 200_000  # bytes
CHUNK = 1_000_000
LARGEST = 40_000_000  # of one part; Gmail takes 25 MB, which are 35 MB in base64
_HEADERS_AT_ONCE = 50

Ask = Callable[[str], Mapping[bytes, Any]]
"""Asks for items of one mail, "BODY.PEEK[1] BODYSTRUCTURE", and returns what the server says by item."""


def download(ask: Ask, size: int) -> bytes:
    """A mail of `size` bytes (0: unknown); of a large one the content of its attachments is left out.

    Raises MailboxError (mail_cut, mail_too_large) where it does not arrive whole.
    """
    if 0 < size <= WHOLE_BELOW:
        raw = section(ask, "", size)
        if len(raw) >= size:
            return raw
    tree = structure(ask)
    return _whole(ask, size) if tree is None else _readable(ask, tree)


def structure(ask: Ask) -> Part | None:
    """The mail's parts, None where the server can't tell them."""
    try:
        return read_structure(ask("BODYSTRUCTURE").get(b"BODYSTRUCTURE"))
    except ValueError:
        return None
    except MailboxError as error:
        if error.code != "bad_answer":
            raise
        return None


def _whole(ask: Ask, size: int) -> bytes:
    raw = section(ask, "", size)
    if len(raw) < size:
        raise MailboxError("mail_cut", f"{len(raw)} of its {size} bytes came")
    return raw


def _readable(ask: Ask, mail: Part) -> bytes:
    headers = _headers(ask, mail)
    bodies = {}
    for part in readable_parts(mail):
        body = section(ask, part.section or "TEXT", part.octets)
        # Some servers count the part's headers, too.
        if len(body) + len(headers.get(part.section, b"")) + len(b"\r\n") < part.octets:
            raise MailboxError("mail_cut", f"{len(body)} of the {part.octets} bytes of its part {part.section} came")
        bodies[part.section] = body
    return put_together(mail, headers, bodies)


def _headers(ask: Ask, mail: Part) -> dict[str, bytes]:
    """The header of the mail and of each part, by section."""
    headers = {"": value(ask("BODY.PEEK[HEADER]"), "HEADER]")}
    if not headers[""]:
        raise MailboxError("mail_cut", "its header did not come")
    sections = [part.section for part in mail.below]
    for start in range(0, len(sections), _HEADERS_AT_ONCE):
        group = sections[start : start + _HEADERS_AT_ONCE]
        answer = ask(" ".join(f"BODY.PEEK[{section}.MIME]" for section in group))
        headers |= {section: value(answer, f"{section}.MIME]") for section in group}
    return headers


def section(ask: Ask, section: str, octets: int) -> bytes:
    """A section in chunks: until its `octets` are there, or until the server has no more."""
    data = bytearray()
    while not data or not octets or len(data) < octets:
        start = len(data)
        answer = ask(f"BODY.PEEK[{section}]<{start}.{CHUNK}>")
        chunk = value(answer, f"{section}]<{start}>") or (b"" if start else value(answer, f"{section}]"))
        data += chunk
        if len(data) > LARGEST:
            raise MailboxError("mail_too_large", f"its part {section or 'one'} is larger than {LARGEST} bytes")
        if not chunk or len(chunk) > CHUNK:  # no more, or all at once from a server that knows no ranges
            break
    return bytes(data)


def value(answer: Mapping[bytes, Any], name: str) -> bytes:
    """The content of a section by its name from the bracket on."""
    value = next((value for key, value in answer.items() if key.startswith(f"BODY[{name}".encode())), None)
    return value if isinstance(value, bytes) else b""
