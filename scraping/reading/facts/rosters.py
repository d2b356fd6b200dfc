"""Lists of students in notices and mails: tables with or without a head, numbered lists, lines of text.

Only names and enrolment numbers are read; phones, mail addresses and portal ids beside them are left out
(spec: mailbox, Privacy).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scraping.items import Student
from scraping.reading.facts.students import clean_name, is_name, is_phone, number_in, numbers_only, students_in
from scraping.reading.layout.text import straight

_CELL_BORDER = re.compile(r"\t|\s*\|\s*")
# From the best name of a number to the weakest: a list may show two of them.
_NUMBER_HEADS = tuple(
    re.compile(rf"(?:the\s+)?(?:{words})(?:[\s./-]*(?:no|nos|number|num|id|#|code))*\.?\s*(?:[(/].*)?", re.IGNORECASE)
    for words in (
        r"(?:univ\w*\s+)?enrol\w*|enrl",
        r"(?:univ\w*\s+|college\s+|student\s+|class\s+)?roll|htno|hall\s*ticket",
        r"usn|prn|urn|matric\w*|scholar|sid",
        r"(?:univ\w*\s+|student\s+)?reg(?:istration|n|d)?(?:[\s./-]*(?:no|number|num|id|\#))",
        r"(?:univ\w*|student|college|admission|adm)(?:[\s./-]*(?:no|number|num|id|\#))",
    )
)
_NAME_HEAD = re.compile(
    r"(?:full\s+|(?:student|candidate|applicant)(?:'?s)?'?\s*)?names?(?:\s+of\s+(?:the\s+)?(?:student|candidate)s?)?"
    r"|students?|candidates?|names?\s*(?:&|and|/).*",
    re.IGNORECASE,
)
_PART_HEAD = re.compile(r"(?:first|middle|last|given|family)\s*name|surname", re.IGNORECASE)
_MAY_BE_HEAD = re.compile(
    r"name|enr|roll|htno|ticket|usn|prn|urn|matric|scholar|sid|reg|univ|student|college|adm|candidate", re.IGNORECASE
)
_STAFF_HEAD = re.compile(r"designation|contact|phone|mobile", re.IGNORECASE)
_OTHER_HEAD = re.compile(r"date(?:\s+of\s+visit)?|company.*|ctc|package|website|price|quantity", re.IGNORECASE)
_SERIAL_HEAD = re.compile(r"(?:s|sr|sl|serial)[\s.]*(?:no|n|num|number|#)?\.?|#|no\.?", re.IGNORECASE)
_SERIAL = re.compile(r"\d{1,4}[.)]?")
_NO_NUMBER = frozenset(("", "na", "n/a", "nil", "none", "not available", "tbd"))
_LISTED = re.compile(
    r"\b(?:following|below|list\s+of|these)\b.{0,60}\b(?:students?|candidates?)\b"
    r"|\b(?:shortlisted|selected|eligible|waitlisted)\s+(?:students?|candidates?)\b(?!\s+(?:will|can|may)\b)",
    re.IGNORECASE,
)
# "Shortlisted students must carry:" announces things, not students.
_ASKS = re.compile(
    r"\b(?:carry|bring|must|should|advised|requested|required|need|kindly|please|documents?)\b", re.IGNORECASE
)
# The portal's own lists show whatever the college numbers its students with.
_PORTAL_LIST = re.compile(r"following students (?:are|have been) (?:shortlisted|selected)", re.IGNORECASE)
# "ECE:" between the numbers of a list.
_BRANCH_ALONE = re.compile(r"(?:B\.?\s?Tech\W*|M\.?\s?Tech\W*)?[A-Z]{2,5}(?:[\s/&-]+[A-Z]{2,5})?\s*[:–-]*")
_WIDEST = 40
_MOST_LINES = 30_000
_ENOUGH_TO_GUESS = 500


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of a text in its order, each once, and the numbers of the lines that listed them."""

    students: tuple[Student, ...] = ()
    rows: frozenset[int] = frozenset()


_Row = tuple[int, list[str]]  # number of the line, its cells
_Found = tuple[int, Student]


def read_roster(lines: Sequence[str]) -> Roster:
    """The students listed in `lines`, cells of a table parted by tabs or bars.

    A student is known by the number, so one named twice is listed once. Where only names or only numbers are given
    the other field is "".
    """
    found = list(_find(lines[:_MOST_LINES]))
    students: dict[str, Student] = {}
    for _, student in found:
        key = student.enrollment.casefold() or f"name {student.name.casefold()}"
        if key not in students or not students[key].name:
            students[key] = student
    return Roster(tuple(students.values()), frozenset(line for line, _ in found))


def _find(lines: Sequence[str]) -> Iterator[_Found]:
    rows = [(number, _cells(line)) for number, line in enumerate(lines)]
    trusted = False
    for tabular, group in groupby(rows, key=lambda row: len(row[1]) > 1):
        block = list(group)
        if tabular:
            yield from _from_table(block)
        else:
            trusted = trusted or any(_PORTAL_LIST.search(cells[0]) for _, cells in block)
            yield from _from_lines([(number, cells[0]) for number, cells in block], trusted=trusted)


def _cells(line: str) -> list[str]:
    if "\t" not in line and "|" not in line:
        return [line.strip()]
    return [cell.strip() for cell in _CELL_BORDER.split(line.strip("|"))[:_WIDEST]]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a table holds the number and the parts of the name."""

    number: int | None
    names: tuple[int, ...]

    def read(self, cells: Sequence[str], *, strict: bool) -> Student | None:
        number = "" if self.number is None else number_in(_cell(cells, self.number), strict=strict)
        name = clean_name(" ".join(_cell(cells, column) for column in self.names))
        if self.number is None:
            return Student(name, "") if is_name(name) else None
        return Student(name, number) if number else self._unnumbered(cells, name)

    def _unnumbered(self, cells: Sequence[str], name: str) -> Student | None:
        """A numbered row whose cell for the enrolment number is empty, or lost with its tab."""
        if not _SERIAL.fullmatch(cells[0]):
            return None
        if len(cells) == 2:
            name = clean_name(cells[1])
        elif _cell(cells, self.number or 0).strip(" .–—-").casefold() not in _NO_NUMBER:
            return None
        return Student(name, "") if is_name(name) else None


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _from_table(rows: Sequence[_Row]) -> Iterator[_Found]:
    """Parts of a table under their heads, and what stands above the first head."""
    headless: list[_Row] = []
    heads: list[_Columns] = []
    others = False
    for number, cells in rows:
        if head := _read_head(cells):
            if headless:
                yield from _without_head(headless)
                headless = []
            heads, others = head, False
        elif others or _are_contacts(cells):
            heads, others = [], True
        elif heads:
            yield from ((number, student) for head in heads if (student := head.read(cells, strict=False)))
        else:
            headless.append((number, cells))
    yield from _without_head(headless)


def _read_head(cells: Sequence[str]) -> list[_Columns]:
    """The columns a head row announces, several where it repeats side by side; none where the row is no head."""
    if not _MAY_BE_HEAD.search("\t".join(cells)):
        return []
    shown = [straight(cell).strip(" .:*") for cell in cells]
    names = _matching(shown, _NAME_HEAD)
    parts = _matching(shown, _PART_HEAD)
    for numbers in (_matching(shown, head) for head in _NUMBER_HEADS):
        if len(numbers) > 1 and len(numbers) == len(names):
            return [_Columns(number, (name,)) for number, name in zip(numbers, names, strict=True)]
        if numbers:
            return [_Columns(numbers[0], tuple(parts or names[:1]))]
    named_only = (names or parts) and _matching(shown, _SERIAL_HEAD) and not _matching(shown, _OTHER_HEAD)
    if named_only and not _are_contacts(shown):
        return [_Columns(None, tuple(parts or names[:1]))]
    return []


def _are_contacts(cells: Sequence[str]) -> bool:
    """The head of a list of people to call: names with phones or posts, and no enrolment numbers."""
    return bool(_matching(cells, _NAME_HEAD)) and any(_STAFF_HEAD.search(cell) for cell in cells if len(cell) < 60)


def _matching(cells: Sequence[str], head: re.Pattern[str]) -> list[int]:
    return [column for column, cell in enumerate(cells) if len(cell) < 60 and head.fullmatch(cell)]


def _without_head(rows: Sequence[_Row]) -> Iterator[_Found]:
    columns = _guess_columns([cells for _, cells in rows[:_ENOUGH_TO_GUESS]])
    for number, cells in rows:
        found = [student for one in columns if (student := one.read(cells, strict=True))]
        found = found or _in_cells(cells) or students_in(" ".join(cells), trusted=False)
        yield from ((number, student) for student in found)


def _in_cells(cells: Sequence[str]) -> list[Student]:
    """Students that have a cell each, number and name together."""
    return [student for cell in cells for student in students_in(cell, trusted=False)]


def _guess_columns(rows: Sequence[Sequence[str]]) -> list[_Columns]:
    """By what they hold: numbers of one make, and names, the cells that differ most from one another.

    Two where the table is two lists side by side.
    """
    width = max((len(cells) for cells in rows), default=0)
    columns = [[cells[i] for cells in rows if i < len(cells) and cells[i]] for i in range(width)]
    numbers = [i for i, column in enumerate(columns) if _share(column, _is_number) > 0.5]
    names = [i for i, column in enumerate(columns) if _share(column, is_name) > 0.5]
    if not numbers or not names:
        return []
    number = min(numbers, key=lambda i: (_like_phones(columns[i]), i))
    best = max(names, key=lambda i: (round(len(set(columns[i])) / len(columns[i]), 1), -abs(i - number)))
    half = width // 2
    beside = number + half in numbers and best + half in names and width == 2 * half > 2
    if beside and _make(columns[number]) == _make(columns[number + half]):
        return [_Columns(number, (best,)), _Columns(number + half, (best + half,))]
    return [_Columns(number, (best,))]


def _make(column: Sequence[str]) -> tuple[int, str]:
    """What the numbers of one college have in common: how long they are and how they begin."""
    return len(column[0]), column[0][:2]


def _is_number(cell: str) -> bool:
    return bool(number_in(cell, strict=True))


def _share(column: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, column)) / len(column) if column else 0.0


def _like_phones(column: Sequence[str]) -> float:
    """Phones begin in many ways, the numbers of a college in few: 0 is surely no phone."""
    beginnings = [cell[:3] for cell in column if is_phone(cell)]
    return len(set(beginnings)) / len(column) if beginnings else 0.0


def _from_lines(lines: Sequence[tuple[int, str]], *, trusted: bool) -> Iterator[_Found]:
    """Students of plain lines; after a line that announces a list also bare names and bare numbers."""
    bare: list[_Found] = []
    announced = False
    for number, line in lines:
        found = students_in(line, trusted=trusted)
        yield from ((number, student) for student in found)
        if not found and (student := _bare(line, announced=announced)):
            bare += [(number, one) for one in student]
        elif not found and not (bare and bare[-1][1].enrollment and _BRANCH_ALONE.fullmatch(line)):
            yield from _if_listed(bare)
            bare, announced = [], bool(_LISTED.search(line) and not _ASKS.search(line))
    yield from _if_listed(bare)


def _bare(line: str, *, announced: bool) -> list[Student]:
    if numbers := numbers_only(line):
        return numbers
    return [Student(clean_name(line), "")] if announced and is_name(line) else []


def _paired(bare: list[_Found]) -> list[_Found]:
    """Each name with the number on the next line, or the other way about, where names and numbers take turns."""
    for names, numbers in ((bare[::2], bare[1::2]), (bare[1::2], bare[::2])):
        if (
            len(names) == len(numbers)
            and not any(s.enrollment for _, s in names)
            and not any(s.name for _, s in numbers)
        ):
            students = [Student(a.name, b.enrollment) for (_, a), (_, b) in zip(names, numbers, strict=True)]
            return [
                (line, student) for half in (names, numbers) for (line, _), student in zip(half, students, strict=True)
            ]
    return bare


def _if_listed(bare: list[_Found]) -> list[_Found]:
    """One bare name is a signature, one bare number is anything; ten-digit ones that all differ are phones."""
    bare = _paired(bare)
    numbers = [student.enrollment for _, student in bare]
    return bare if len(bare) > 1 and _like_phones(numbers) <= 0.5 else []
