"""Tables and lists among the lines of a text. A row is a line whose cells are parted by tabs or bars."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scraping.reading.layout.fields import field_name

_CELL_BORDER = re.compile(r"\t|\s*\|\s*")
_BULLET = re.compile(r"^\s*(?:[•*▪◦➢➤➔→✔✅👉🔹🔸·●–—-]+|\(?(?:\d{1,3}|[a-z]|i{1,3})[.):])\s*(?=\S)", re.IGNORECASE)
_MOST_CELLS = 40
_LONGEST_HEAD = 60


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that follow one another. `head` is the first row where it names columns, else ().

    `kinds` says what a column holds, as a label of the same words would (company, role, package, venue, when, …), ""
    where no label is known. `first` is the number of the first line, the head's where there is one.
    """

    first: int
    head: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, kind: str) -> list[str]:
        """The cells of the first column of a kind, one a row; [] where there is no such column."""
        if kind not in self.kinds:
            return []
        number = self.kinds.index(kind)
        return [row[number] if number < len(row) else "" for row in self.rows]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of points: `head` is the line above it, where that ends with a colon; `first` the first point's line."""

    first: int
    head: str
    points: tuple[str, ...]


def cells_of(line: str) -> list[str]:
    """The cells of a row; a line of text is one cell."""
    if "\t" not in line and "|" not in line:
        return [line.strip()]
    return [cell.strip() for cell in _CELL_BORDER.split(line.strip("|"))[:_MOST_CELLS]]


def read_tables(lines: Sequence[str]) -> Iterator[Table]:
    """Every table of two rows or more, in order."""
    rows = [(number, tuple(cells_of(line))) for number, line in enumerate(lines)]
    for sign, group in groupby(rows, key=lambda row: _border(lines[row[0]])):
        block = list(group)
        if sign and len(block) > 1:
            yield _table(block[0][0], [cells for _, cells in block])


def read_lists(lines: Sequence[str]) -> Iterator[Listed]:
    """Every list of two points or more, in order."""
    for is_point, group in groupby(enumerate(lines), key=lambda line: bool(_BULLET.match(line[1]))):
        block = list(group)
        if is_point and len(block) > 1:
            first = block[0][0]
            above = lines[first - 1] if first else ""
            points = tuple(_BULLET.sub("", line, count=1) for _, line in block)
            yield Listed(first, above if above.rstrip().endswith(":") else "", points)


def _border(line: str) -> str:
    """What parts the cells of a row; labelled statements parted by bars are no row."""
    if "\t" in line:
        return "\t"
    return "|" if "|" in line and not re.search(r":\s", line) else ""


def _table(first: int, rows: Sequence[tuple[str, ...]]) -> Table:
    kinds = tuple(_kind(cell) for cell in rows[0])
    is_head = sum(map(bool, kinds)) > 1 or (any(kinds) and not any(re.search(r"\d", cell) for cell in rows[0]))
    if not is_head or (len(rows[0]) == 2 and any(_kind(row[0]) for row in rows[1:])):  # labels with their values
        return Table(first, (), (), tuple(rows))
    return Table(first, rows[0], kinds, tuple(rows[1:]))


def _kind(cell: str) -> str:
    return field_name(cell) if len(cell) < _LONGEST_HEAD else ""
