"""Tables → lines that read well on a phone, which shows about 34 monospaced characters in a line."""

from dataclasses import dataclass
from itertools import groupby, pairwise

from notifications.rendering.richtext.lines import Line, Path, Run, outside_lists, width

PHONE_WIDTH = 34
_GAP = "  "
_MAX_COLUMNS = 64
_MAX_LABEL = 40
_MAX_ROW = 160  # characters of a row that still reads as one wrapped line
_BOLD = frozenset({"b"})


@dataclass(slots=True)
class Cell:
    lines: list[Line]
    colspan: int = 1
    rowspan: int = 1

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def runs(self) -> list[Run]:
        """Return everything as one line."""
        runs: list[Run] = []
        for line in self.lines:
            if runs:
                runs[-1] = runs[-1]._replace(text=f"{runs[-1].text} ")
            runs += line.runs
        return runs

    @property
    def is_bold(self) -> bool:
        return all("b" in run.style for run in self.runs if run.text.strip())

    def is_inline(self, path: Path) -> bool:
        """Return whether the element may stand in one line with others: it holds no list, table or paragraphs."""
        is_text = all(line.path == path and line.kind != "pre" for line in self.lines)
        return is_text and len(self.lines) <= 2 and not any(line.starts_paragraph for line in self.lines[1:])

    @property
    def links(self) -> bool:
        return any(run.href and not run.href.startswith("mailto:") for run in self.runs)


Grid = list[list[Cell]]
_NOTHING = Cell([])


def table_lines(rows: Grid, path: Path) -> list[Line]:
    """Return what a phone shows for `rows` as they came, spans not yet applied."""
    grid = _grid(rows)
    if grid is None:
        return _stacked(rows)
    lines: list[Line] = []
    for is_banner, group in groupby(grid, _is_banner):
        section = _without_empty(list(group))
        lines += _stacked(section) if is_banner else _section(section, path)
    return lines


def _grid(rows: Grid) -> Grid | None:
    """Rows of equal width; a cell that spans rows stands in each. None where it is too wide to be data."""
    slots: dict[tuple[int, int], Cell] = {}
    columns = 0
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in slots:
                x += 1
            if x + cell.colspan > _MAX_COLUMNS:
                return None
            for below in range(y, min(y + cell.rowspan, len(rows))):
                slots.update(((below, x + right), _NOTHING) for right in range(1, cell.colspan))
                slots[below, x] = cell
            x += cell.colspan
        columns = max(columns, x)
    return [[slots.get((y, x), _NOTHING) for x in range(columns)] for y in range(len(rows))]


def _is_banner(row: list[Cell]) -> bool:
    """A title across the table."""
    filled = [cell for cell in row if cell.lines]
    return len(filled) == 1 and filled[0].colspan > 1


def _without_empty(rows: Grid) -> Grid:
    filled = [row for row in rows if any(cell.lines for cell in row)]
    return _columns(filled, [x for x, column in enumerate(zip(*filled, strict=True)) if any(c.lines for c in column)])


def _columns(rows: Grid, chosen: list[int]) -> Grid:
    return [[row[x] for x in chosen] for row in rows]


def _section(rows: Grid, path: Path) -> list[Line]:
    """Aligned where that fits a phone, if need be without what every row repeats; else in words."""
    if not rows or len(rows[0]) == 1:
        return _stacked(rows)
    head, body = (rows[:1], rows[1:]) if _has_head(rows) else ([], rows)
    can_align = len(rows) > 1 and all(cell.is_inline(path) and not cell.links for row in rows for cell in row)
    if can_align and _fits(head, body):
        return [_aligned(head, body, path)]
    said, head, body = _say_once(head, body, path)
    for chosen in _choices(body) if can_align else []:
        short_head, short_body = _columns(head, chosen), _columns(body, chosen)
        if _fits(short_head, short_body):
            return [*said, _aligned(short_head, short_body, path)]
        if _fits([], short_body):
            return [*said, *_title(short_head, path), _aligned([], short_body, path)]
    return said + _in_words(head, body, path)


def _has_head(rows: Grid) -> bool:
    """The first row is bold and others are not, or it has words where all others have figures."""
    first, *others = rows
    if others and all(cell.is_bold for cell in first):
        return not all(cell.is_bold for row in others for cell in row)
    if len(others) < 2 or any(character.isdigit() for cell in first for character in cell.text):
        return False
    return any(_is_figures(column) for column in zip(*others, strict=True))


def _is_figures(column: tuple[Cell, ...]) -> bool:
    texts = [cell.text for cell in column if cell.lines]
    return bool(texts) and all(2 * sum(map(str.isdigit, text)) >= len(text) for text in texts)


def _fits(head: Grid, body: Grid) -> bool:
    widths = _widths(head, body)
    return sum(widths) + len(_GAP) * (len(widths) - 1) <= PHONE_WIDTH


def _widths(head: Grid, body: Grid) -> list[int]:
    """Return the widths of the columns; one cell in ten may stick out, so that a long name keeps the alignment."""
    most = len(body) // 10
    widths = [sorted((width(cell.text) for cell in column), reverse=True)[most] for column in zip(*body, strict=True)]
    return [max([widths[x], *(width(row[x].text) for row in head)]) for x in range(len(widths))]


def _aligned(head: Grid, body: Grid, path: Path) -> Line:
    """Preformatted columns. No row begins with a space: Telegram may trim it."""
    widths = _widths(head, body)
    rows = [_padded([row[0].text or "–", *(cell.text for cell in row[1:])], widths) for row in head + body]
    return Line(outside_lists(path), [Run("\n".join(rows))], kind="pre")


def _padded(texts: list[str], widths: list[int]) -> str:
    return _GAP.join(text + " " * (widths[x] - width(text)) for x, text in enumerate(texts)).rstrip()


def _say_once(head: Grid, body: Grid, path: Path) -> tuple[list[Line], Grid, Grid]:
    """Columns that hold one value in every row become a line, where there is a name for it."""
    if not head or len(body) < 3:
        return [], head, body
    columns = list(zip(*body, strict=True))
    same = [
        x for x, column in enumerate(columns) if head[0][x].text and len({tuple(cell.runs) for cell in column}) == 1
    ]
    others = [x for x in range(len(columns)) if x not in same]
    if not others:
        return [], head, body
    lines = [line for x in same for line in _labelled(head[0][x].text, columns[x][0], path)]
    return lines, _columns(head, others), _columns(body, others)


def _choices(body: Grid) -> list[list[int]]:
    """Columns to show, in order of preference: all, then without a mere serial number."""
    everything = list(range(len(body[0])))
    serials = [row[0].text.rstrip(".)") for row in body]
    is_serial = len(everything) > 1 and serials == [str(number) for number in range(1, len(body) + 1)]
    return [everything, everything[1:]] if is_serial else [everything]


def _in_words(head: Grid, body: Grid, path: Path) -> list[Line]:
    if len(body[0]) == 2 and _has_labels(body, path):
        return _title(head, path) + [line for row in body for line in _labelled(row[0].text, row[1], path)]
    longest = max(sum(len(cell.text) for cell in row) for row in body)
    if longest <= _MAX_ROW and all(cell.is_inline(path) for row in body for cell in row):
        return _title(head, path) + [_joined(row, path) for row in body]
    return _records(head[0], body, path) if head else _stacked(body)


def _has_labels(rows: Grid, path: Path) -> bool:
    """The first column names what stands in the second."""
    labels = [row[0] for row in rows]
    if len(labels) == 1 and not (labels[0].is_bold or labels[0].text.endswith(":")):
        return False  # a row of a page's layout
    words = [label for label in labels if any(map(str.isalpha, label.text)) and "@" not in label.text]
    return 2 * len(words) > len(labels) and all(
        label.is_inline(path) and not label.links and len(label.text) <= _MAX_LABEL for label in labels
    )


def _title(head: Grid, path: Path) -> list[Line]:
    """The head as a line of its own."""
    return [Line(path, [Run(_joined(row, path).text, _BOLD)]) for row in head]


def _joined(row: list[Cell], path: Path) -> Line:
    runs: list[Run] = []
    for cell in row:
        if cell.lines:
            runs += [Run(" · "), *cell.runs] if runs else cell.runs
    return Line(path, runs)


def _labelled(label: str, value: Cell, path: Path) -> list[Line]:
    """ "Label: value", the value's further lines below it."""
    name = label.rstrip(" :-–")
    if not value.lines or not name:
        return value.lines or [Line(path, [Run(name, _BOLD)])]
    first, *others = value.lines
    if first.path != path or first.kind == "pre":
        return [Line(path, [Run(f"{name}:", _BOLD)]), *value.lines]
    return [Line(path, [Run(f"{name}: ", _BOLD), *first.runs]), *others]


def _records(head: list[Cell], body: Grid, path: Path) -> list[Line]:
    """A paragraph a row, a line a cell."""
    lines: list[Line] = []
    for row in body:
        record = [
            line
            for name, cell in zip(head, row, strict=True)
            if cell.lines
            for line in _labelled(name.text, cell, path)
        ]
        record[0].starts_paragraph = True
        lines += record
    return lines


def _stacked(rows: Grid) -> list[Line]:
    """Cell below cell: single columns, and tables that only arrange a page."""
    cells = list({id(cell): cell for row in rows for cell in row if cell.lines}.values())
    for previous, cell in pairwise([_NOTHING, *cells]):
        cell.lines[0].starts_paragraph = len(previous.lines) > 1 or len(cell.lines) > 1
    return [line for cell in cells for line in cell.lines]
