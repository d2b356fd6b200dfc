"""A grid of cells as lines, the cells of a row parted by tabs: the shape in which tables are read everywhere.

A file's table is put into the order of a plain one: heads of two rows become one, lists that stand side by side follow
one another, and below a heading in the middle of a list the head of its columns stands again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

Grid = Sequence[Sequence[str]]

MOST_COLUMNS = 40  # as many as the reading of tables looks at
_NUMBER = re.compile(r"(?:\d[ -]?){5,}")  # a student's, at least
_SERIAL = re.compile(r"\d{1,4}[.)]?")
_HEAD_WORD = re.compile(r"name|enrol|roll|reg|number|\bno\b|\bid\b|student|candidate|usn|prn", re.IGNORECASE)
_LONGEST_HEAD = 60


def lines_of_grid(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a sheet's cells."""
    filled = [row for row in map(_trimmed, rows) if row]
    for block in _beside(filled):
        yield from _lines(_with_one_head(block))


def _trimmed(row: Sequence[str]) -> list[str]:
    """Cells without tabs, bars, breaks and blanks around them; what is empty at the end is cut."""
    cells = [" ".join(cell.replace("|", "/").split()) if cell else "" for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _beside(rows: list[list[str]]) -> Iterator[list[list[str]]]:
    """Lists that stand side by side, each with what stands above it; all as one where there is only one.

    A column without a cell parts them, where each side has a head of its own.
    """
    head = next((number for number, row in enumerate(rows) if _is_head(row)), None)
    if head is None:
        yield rows
        return
    spans = list(_spans(rows[head:]))
    if sum(_is_head(_cut(rows[head], span)) for span in spans) < 2:
        yield rows
        return
    for span in spans:
        block = (_cut(row, span) for row in rows)
        yield [row for row in block if row]


def _spans(rows: Grid) -> Iterator[slice]:
    """The runs of columns that hold something."""
    width = max(map(len, rows))
    filled = [any(column < len(row) and row[column] for row in rows) for column in range(width)]
    start = None
    for column in range(width + 1):
        if column < width and filled[column]:
            start = column if start is None else start
        elif start is not None:
            yield slice(start, column)
            start = None


def _cut(row: Sequence[str], span: slice) -> list[str]:
    return _trimmed(row[span])


def _is_head(row: Sequence[str]) -> bool:
    """A row that names columns, not one that tells of a student."""
    cells = [cell for cell in row if cell]
    plain = len(cells) > 1 and not any(len(cell) > _LONGEST_HEAD or _NUMBER.search(cell) for cell in cells)
    return plain and any(map(_HEAD_WORD.search, cells))


def _with_one_head(rows: list[list[str]]) -> list[list[str]]:
    """A head of two rows as one: "Interview" over "Panel" and "Time" gives way to these."""
    for number, (row, below) in enumerate(pairwise(rows)):
        if _is_head(row) and _continues_head(row, below, rows[number + 2 : number + 4]):
            width = max(len(row), len(below))
            both = zip(_padded(row, width), _padded(below, width), strict=True)
            return [*rows[:number], [under or over for over, under in both], *rows[number + 2 :]]
    return rows


def _continues_head(row: Sequence[str], below: Sequence[str], data: Grid) -> bool:
    """Whether the row below goes on with a head: it names columns, the rows after it tell of students."""
    is_heading = sum(map(bool, below)) == 1 and bool(below[0])
    if not any(below) or is_heading or any(re.search(r"\d{2}", cell) for cell in below) or not data:
        return False
    same = sum(one == other != "" for one, other in zip(row, below, strict=False))
    lower_left_out = any(cell and not under for cell, under in zip(row, _padded(below, len(row)), strict=False))
    told = any(_NUMBER.search(cell) for cells in data for cell in cells)
    return told and (same > 0 or lower_left_out) and not _SERIAL.fullmatch(below[0])


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _lines(rows: Grid) -> Iterator[str]:
    """Each row as a line. A heading between rows parts them, so the head is said again behind it."""
    head, parted = "", False
    for row in rows:
        line = "\t".join(row[:MOST_COLUMNS])
        alone = sum(map(bool, row)) == 1
        if _is_head(row):
            head, parted = line, False
        elif alone and not _NUMBER.search(line):
            line, parted = line.strip(), bool(head)
        elif parted and not alone:
            yield head
            parted = False
        yield line
