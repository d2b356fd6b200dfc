"""CSV, TSV and plain text in any of the usual encodings."""

import csv
from io import StringIO

from scraping.attachments.formats.charsets import decoded
from scraping.attachments.grid import lines_of_grid
from scraping.attachments.text import Content

_BORDERS = (",", "\t", ";", "|")
_SAMPLE = 200  # lines
_LONGEST_CELL = 10_000


def read(data: bytes, content: Content) -> None:
    """A table where most lines have as many cells as one another, else lines of text."""
    text = decoded(data)
    border = _border(text)
    if not border:
        content.add("", text.splitlines())
        return
    csv.field_size_limit(len(text) + 1)
    rows = csv.reader(StringIO(text), delimiter=border, skipinitialspace=True)
    content.add("", lines_of_grid([cell[:_LONGEST_CELL] for cell in row] for row in rows))


def _border(text: str) -> str:
    """The sign that parts the cells: the same number of it, one or more, in most lines. "" for prose."""
    lines = [line for line in text.splitlines()[:_SAMPLE] if line.strip()]
    scores = {border: _steadiness([line.count(border) for line in lines]) for border in _BORDERS}
    best = max(_BORDERS, key=lambda border: scores[border])
    return best if scores[best] >= 0.6 and len(lines) > 1 else ""


def _steadiness(counts: list[int]) -> float:
    """The share of the lines that hold the most usual number of borders; 0 where that is none."""
    usual = max(set(counts) - {0}, key=counts.count, default=0)
    return counts.count(usual) / len(counts) if usual else 0.0
