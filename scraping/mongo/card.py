"""A notice's text as the Markdown the web site shows as a card."""

import re
from collections.abc import Iterator
from itertools import pairwise

from notifications.rendering.messages import Entity, RichText

_SIGNS = {"bold": "**", "italic": "*", "strikethrough": "~~", "code": "`"}
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
_SPECIAL = re.compile(r"([\\`*_\[\]~<])")


def as_markdown(rich: RichText) -> str:
    """The text with its bold, italic, struck, code and links, a line at a time; other formatting is left out."""
    units = rich.text.encode("utf-16-le")
    marks: dict[int, str] = {}
    for entity in rich.entities:
        before, after = _signs(entity)
        for start, end in _lines(entity, units):
            marks[start] = marks.get(start, "") + before
            marks[end] = after + marks.get(end, "")
    edges = sorted({0, len(units) // 2, *marks})
    pieces = [marks.get(start, "") + _escaped(_text(units, start, end)) for start, end in pairwise(edges)]
    whole = "".join([*pieces, marks.get(edges[-1], "") if len(edges) > 1 else ""])
    return _LINE_END.sub("  \n", whole)


def _lines(entity: Entity, units: bytes) -> Iterator[tuple[int, int]]:
    """Return what it covers, line by line and without blanks at the ends: Markdown takes no signs there."""
    start = entity.offset
    for line in _text(units, start, start + entity.length).split("\n"):
        size = len(line.encode("utf-16-le")) // 2
        if line.strip():
            yield start + len(line) - len(line.lstrip()), start + size - (len(line) - len(line.rstrip()))
        start += size + 1


def _text(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le", "replace")


def _signs(entity: Entity) -> tuple[str, str]:
    if entity.type == "text_link" and entity.url:
        return "[", f"]({entity.url.replace(')', '%29')})"
    sign = _SIGNS.get(entity.type, "")
    return sign, sign


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
