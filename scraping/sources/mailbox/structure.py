"""BODYSTRUCTURE of a mail (RFC 9051, 7.5.2) as a tree of parts, and a mail put together from some of them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scraping.sources.mailbox.mime import may_hold_text

_DEEPEST = 30
_LARGE_ATTACHMENT = 1_000_000  # bytes; a text attached beside the mail's own text is read up to this size


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a mail; `section` is what IMAP calls it ("1.2"), "" for the mail itself."""

    section: str
    kind: str  # "text/plain", lower case
    octets: int = 0  # bytes of its body as transferred, 0 where the server does not say
    name: str = ""
    boundary: bytes = b""
    children: tuple["Part", ...] = ()

    @property
    def leaves(self) -> "Iterator[Part]":
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves

    @property
    def below(self) -> "Iterator[Part]":
        """Return all parts within this one, containers included."""
        for child in self.children:
            yield child
            yield from child.below


def read_structure(body: Any, section: str = "", depth: int = 0) -> Part:
    """The parts of a mail from IMAPClient's parsed BODYSTRUCTURE. Raises ValueError where it makes no sense."""
    if not isinstance(body, tuple) or not body or depth > _DEEPEST:
        raise ValueError("no BODYSTRUCTURE")
    if isinstance(body[0], list):
        return _container(body, section, depth)
    if len(body) < 7:
        raise ValueError("a part without its seven fields")
    kind = f"{_text(body[0])}/{_text(body[1])}".lower()
    place = 9 if kind.startswith("text/") else 11 if kind == "message/rfc822" else 8
    return Part(
        section=section,
        kind=kind,
        octets=body[6] if isinstance(body[6], int) else 0,
        name=_name(body[2], body[place] if len(body) > place else None),
    )


def readable_parts(mail: Part) -> list[Part]:
    """The leaves to fetch: those that can hold text; a large text file only where the mail has no other text."""
    leaves = [leaf for leaf in mail.leaves if may_hold_text(leaf.kind, leaf.name)]
    has_body = any(leaf.kind in {"text/plain", "text/html"} and not leaf.name for leaf in leaves)
    return [leaf for leaf in leaves if not (has_body and _is_large_file(leaf))]


def put_together(mail: Part, headers: Mapping[str, bytes], bodies: Mapping[str, bytes]) -> bytes:
    """A mail of its headers and the bodies that were fetched, both by section; the other parts stay empty."""
    head = headers.get(mail.section) or b"\r\n"
    if not mail.children:
        return head + bodies.get(mail.section, b"")
    line = b"--" + mail.boundary
    parts = (line + b"\r\n" + put_together(child, headers, bodies) + b"\r\n" for child in mail.children)
    return head + b"".join(parts) + line + b"--\r\n"


def _is_large_file(leaf: Part) -> bool:
    return bool(leaf.name) and leaf.kind.startswith("text/") and leaf.octets > _LARGE_ATTACHMENT


def _container(body: tuple[Any, ...], section: str, depth: int) -> Part:
    parameters = _pairs(body[2]) if len(body) > 2 else {}
    if "boundary" not in parameters:
        raise ValueError("a multipart without its boundary")
    dot = f"{section}." if section else ""
    children = (read_structure(child, f"{dot}{number}", depth + 1) for number, child in enumerate(body[0], 1))
    return Part(
        section=section,
        kind=f"multipart/{_text(body[1])}".lower(),
        boundary=parameters["boundary"].encode("latin-1", "replace"),
        children=tuple(children),
    )


def _name(parameters: Any, disposition: Any) -> str:
    """The name of a file, or "attachment" where it has none but is called one."""
    kind = _text(disposition[0]).lower() if isinstance(disposition, tuple) and disposition else ""
    stated = _pairs(disposition[1]) if kind and len(disposition) > 1 else {}
    stated |= _pairs(parameters)
    named = next((value for key, value in stated.items() if key.startswith(("filename", "name"))), "")
    return named or (kind if kind == "attachment" else "")


def _pairs(values: Any) -> dict[str, str]:
    if not isinstance(values, tuple):
        return {}
    return {_text(key).lower(): _text(value) for key, value in zip(values[::2], values[1::2], strict=False)}


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
