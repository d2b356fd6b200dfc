"""Words on a page, by their places, put together into rows of cells. Pure; lengths in points, y grows upwards."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from math import inf
from statistics import median

from scraping.attachments.formats.pdf_boxes import Grid, Rules, Word

_WIDE_GAP = 0.9  # of a line's height: more than that between two words parts cells
_GUTTER = 0.35  # of a line's height: no column is parted by less
_CROSSED = 0.02  # of a table's lines may cross a gutter
_EDGE_LINES = 3  # lines at the top and the bottom of a page that may be running heads
_STUDENT = re.compile(r"\w*\d{3,}\w*")
_NUMBER = re.compile(r"\d{5,}|\w*\d[^\W\d_]+\d\w*|\w*[^\W\d_]\d{3,}")


Line = list[Word]  # left to right
Row = list[str]  # the cells of a line
Gutter = tuple[float, float]  # from, to


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows, top to bottom: rows of a ruled table, whose cells are known, and lines of words."""

    lines: tuple[Row | Line, ...]


def read_page(words: Sequence[Word], rules: Rules) -> Page:
    """Words in the cells of a ruled table become its rows, the others lines."""
    grid = Grid.of(rules)
    inside: dict[tuple[float, float], list[tuple[int, Word]]] = {}
    outside: list[Word] = []
    for word in words:
        place = grid.cell(word.box)
        if place:
            inside.setdefault(place[:2], []).append((place[2], word))
        else:
            outside.append(word)
    found: list[tuple[float, Row | Line]] = [(line[0].box.top, line) for line in _lines(outside)]
    for (_, top), cells in inside.items():
        found += [(top - 0.01 * number, row) for number, row in enumerate(_rows_of_band(cells))]
    return Page(tuple(line for _, line in sorted(found, key=lambda pair: -pair[0])))


def rows_of_pages(pages: Sequence[Page]) -> Iterator[Row]:
    """The rows of a document, its running heads and feet left out; a table may go on over pages."""
    lines = list(_without_running_lines([page.lines for page in pages]))
    start = 0
    while start < len(lines):
        end = _end_of_block(lines, start)
        yield from _rows_of_block(lines[start:end])
        start = end


def _rows_of_band(cells: Sequence[tuple[int, Word]]) -> Iterator[Row]:
    """The words between two rules: one row, its cells of several lines each, or a row a line where several students
    stand in it."""
    columns: dict[int, list[Word]] = {}
    for column, word in cells:
        columns.setdefault(column, []).append(word)
    width = max(columns) + 1
    if not any(_lists_several([_said(line) for line in _lines(words)]) for words in columns.values()):
        yield [" ".join(map(_said, _lines(columns.get(column, [])))) for column in range(width)]
        return
    of_word = {id(word): column for column, word in cells}
    for lines in _wrapped(_lines([word for _, word in cells])):
        row = [""] * width
        for word in chain.from_iterable(lines):
            column = of_word[id(word)]
            row[column] = f"{row[column]} {word.text}".strip()
        yield row


def _lists_several(lines: Sequence[str]) -> bool:
    """Whether the lines of a cell are cells of their own: several numbers, or a number below its head."""
    numbers = sum(bool(_STUDENT.search(line)) for line in lines)
    return numbers > 1 or (len(lines) > 1 and any(map(_NUMBER.fullmatch, lines)))


def _lines(words: Sequence[Word]) -> list[Line]:
    """Words whose middles are at one height, top to bottom."""
    lines: list[Line] = []
    height = 0.0
    for word in sorted(words, key=lambda word: (-word.box.middle[1], word.box.left)):
        middle = word.box.middle[1]
        if lines and height - middle < max(word.box.height, lines[-1][-1].box.height) * 0.45:
            lines[-1].append(word)
        else:
            lines.append([word])
            height = middle
    for line in lines:
        line.sort(key=lambda word: word.box.left)
    return lines


def _said(line: Line) -> str:
    return " ".join(word.text for word in line)


def _without_running_lines(pages: Sequence[Sequence[Row | Line]]) -> Iterator[Row | Line]:
    """Return all lines; one that stands at the edge of most pages, but for its numbers, only once."""
    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({_outline(line) for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:])})
    running = {outline for outline, count in seen.items() if outline and count > 1 and count >= len(pages) * 0.6}
    said: set[str] = set()
    for lines in pages:
        for number, line in enumerate(lines):
            at_edge = number < _EDGE_LINES or number >= len(lines) - _EDGE_LINES
            outline = _outline(line) if at_edge else ""
            if outline not in said:
                yield line
            said |= running & {outline}


def _outline(line: Row | Line) -> str:
    """A line without its numbers, "Page # of #"; "" for a line that may tell of a student."""
    text = "\t".join(part if isinstance(part, str) else part.text for part in line)
    return "" if _NUMBER.search(text) else re.sub(r"\d+", "#", text)


def _end_of_block(lines: Sequence[Row | Line], start: int) -> int:
    """Return where the lines end that are laid out as one: rows of a ruled table, or lines that may share columns."""
    if _is_row(lines[start]):
        return start + 1
    end = start + 1
    while end < len(lines) and not _is_row(lines[end]):
        end += 1
    return end


def _is_row(line: Row | Line) -> bool:
    return isinstance(line[0], str)


def _rows_of_block(lines: Sequence[Row | Line]) -> Iterator[Row]:
    if _is_row(lines[0]):
        yield [str(cell) for cell in lines[0]]
        return
    words = [[word for word in line if isinstance(word, Word)] for line in lines]
    for run in _runs(words):
        yield from _rows_of_run(run)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that may be one table: those of several pieces, and single lines of one piece between them."""
    run: list[Line] = []
    plain = 0
    for line in lines:
        plain = 0 if _pieces(line) > 1 else plain + 1
        if plain > 1 or (plain == 1 and len(line) > 8):
            yield run
            run = []
        run.append(line)
    yield run


def _pieces(line: Line) -> int:
    height = median(word.box.height for word in line)
    return 1 + sum(after.box.left - before.box.right > _WIDE_GAP * height for before, after in pairwise(line))


def _rows_of_run(run: Sequence[Line]) -> Iterator[Row]:
    table = [line for line in run if _pieces(line) > 1]
    gutters = _gutters(table) if len(table) > 1 else []
    for lines in _wrapped(run):
        if len(lines) == 1 and _pieces(lines[0]) == 1:
            yield [_said(lines[0])]
        else:
            cells = zip(*(_parted(line, gutters) for line in lines), strict=True)
            yield [" ".join(filter(None, parts)) for parts in cells]


def _wrapped(run: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each row: a cell's text may go on above and below the line with the student's number."""
    numbered = [place for place, line in enumerate(run) if _pieces(line) > 1 and _NUMBER.search(_said(line))]
    owners = {place: place for place in numbered}
    for owner in numbered:
        for step in (-1, 1):
            place = owner + step
            while 0 <= place < len(run) and place not in numbered and _is_close(run, place, place - step):
                if place not in owners or _apart(run, place, owner) < _apart(run, place, owners[place]):
                    owners[place] = owner
                place += step
    for _, places in groupby(range(len(run)), key=lambda place: owners.get(place, -1 - place)):
        yield [run[place] for place in places]


def _apart(run: Sequence[Line], one: int, other: int) -> float:
    return abs(run[one][0].box.middle[1] - run[other][0].box.middle[1])


def _is_close(run: Sequence[Line], place: int, neighbour: int) -> bool:
    """Whether a line is set as tightly as the lines of one cell; at the left edge of a table it may be a heading."""
    height = run[neighbour][0].box.height
    starts_left = run[place][0].box.left < run[neighbour][0].box.right
    return _apart(run, place, neighbour) <= height * (0.75 if starts_left else 1.05)


def _gutters(table: Sequence[Line]) -> list[Gutter]:
    """The stretches no word of nearly any line covers: between the columns."""
    height = median(word.box.height for line in table for word in line)
    covered: Counter[int] = Counter()
    for line in table:
        covered.update({x for word in line for x in range(int(word.box.left), int(word.box.right) + 1)})
    most = _CROSSED * len(table)
    first, last = min(covered), max(covered)
    gutters: list[Gutter] = []
    start = None
    for x in range(first, last + 2):
        free = covered[x] <= most and x <= last
        if free and start is None:
            start = x
        elif not free and start is not None:
            if x - start >= _GUTTER * height:
                gutters.append((start, x))
            start = None
    return gutters


def _parted(line: Line, gutters: Sequence[Gutter]) -> Row:
    """The cells of a line. Where a head sticks out into a gutter, the widest gap that touches it parts the cells."""
    edges = [
        (-inf, line[0].box.left),
        *((a.box.right, b.box.left) for a, b in pairwise(line)),
        (line[-1].box.right, inf),
    ]
    breaks = [_break(edges, line, gutter) for gutter in gutters]
    return [_said(line[start:end]) for start, end in pairwise([0, *breaks, len(line)])]


def _break(gaps: Sequence[tuple[float, float]], line: Line, gutter: Gutter) -> int:
    """The number of words before a gutter."""
    touching = [
        (end - start, number) for number, (start, end) in enumerate(gaps) if start < gutter[1] and end > gutter[0]
    ]
    if touching:
        return max(touching)[1]
    return bisect_right([word.box.middle[0] for word in line], sum(gutter) / 2)
