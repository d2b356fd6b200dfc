"""Lists of students in notices and mails: tables with or without a head, numbered lists, lines of text.

Only names and enrolment numbers are read; phones, mail addresses and portal ids beside them are left out
(spec: mailbox, Privacy).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from scraping.items import Student
from scraping.reading.facts.students.alike import rows_alike
from scraping.reading.facts.students.alone import announces, bare_students, names_below_one_another, title_announces
from scraping.reading.facts.students.announced import with_meanings
from scraping.reading.facts.students.meanings import UNKNOWN
from scraping.reading.facts.students.people import (
    RANGE,
    is_phone,
    number_in,
    says_whom_to_call,
    students_in,
)
from scraping.reading.facts.students.short_numbers import short_numbered, short_numbers_in_a_row
from scraping.reading.facts.students.tables import Found, from_table, like_phones
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.people import card_name, card_number
from scraping.reading.layout.sentences import SIGNED
from scraping.reading.layout.tables import cells_of

# The portal's own lists show whatever the college numbers its students with.
_PORTAL_LIST = expression(r"following students (?:are|have been) (?:shortlisted|selected)", re.IGNORECASE)
# "ECE:" between the numbers of a list.
_BRANCH_ALONE = re.compile(r"(?:B\.?\s?Tech\W*|M\.?\s?Tech\W*)?[A-Z]{2,5}(?:[\s/&-]+[A-Z]{2,5})?\s*[:–-]*")
# Digits alone, no part of an address, an amount or a longer name.
_NUMBER = re.compile(r"(?<![\w@./+₹-])(?<!\d,)\d{8,13}(?![\w@/]|[.,]\d|-\d)")
_TO_CALL = expression(r"\b(?:co-?ordinators?|contacts?|spocs?|helpline|volunteers?)\b", re.IGNORECASE)
# The list is in a file, or behind a link.
_ELSEWHERE = expression(
    r"\b(?:attach\w*|enclosed|annexure|list\s+is\s+(?:on|at|in)|(?:see|check|find)\s+(?:the\s+)?(?:list|names))\b",
    re.IGNORECASE,
)
_PHONE_DIGITS = 10
_MANY = 3  # numbers of one make that make a list
_MOST_LINES = 30_000


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of a text in its order, each once, and the numbers of the lines that listed them.

    Each has the meaning of the list it stands on. `unread` counts the numbers of the same make that stand in the text
    and on no list that was read: the list is longer than it seems.
    """

    students: tuple[Student, ...] = ()
    rows: frozenset[int] = frozenset()
    unread: int = 0

    @property
    def meaning(self) -> str:
        """The meaning of the first list; "" where it is unknown or there is none."""
        return self.students[0].meaning if self.students else UNKNOWN


def read_roster(lines: Sequence[str], title: str = "") -> Roster:
    """The students listed in `lines`, cells of a table parted by tabs or bars.

    A student is known by the number, so one named twice is listed once. Where only names or only numbers are given
    the other field is "".
    """
    lines = lines[:_MOST_LINES]
    found = _without_sex(list(with_meanings(_rows(lines, title), lines, title)))
    students: dict[str, Student] = {}
    for _, student in found:
        key = student.enrollment.casefold() or f"name {student.name.casefold()}"
        if key not in students or not students[key].name:
            students[key] = student
    return Roster(
        tuple(students.values()), frozenset(line for line, _ in found), len(_unread(lines, students.values()))
    )


def _rows(lines: Sequence[str], title: str) -> list[Found]:
    """A title announces bare names where the text lists nobody else."""
    found = list(_find(lines, ""))
    if _TO_CALL.search(title) and all(is_phone(student.enrollment) for _, student in found):
        return []
    alone = not found and title_announces(title) and not any(map(_ELSEWHERE.search, lines))
    return list(_find(lines, title)) if alone else found


def _without_sex(found: list[Found]) -> list[Found]:
    """ "Asha Rao" of "Asha Rao F", where every row of a list ends with F or M, and both stand there."""
    ends = {student.name[-2:] for _, student in found}
    if ends != {" F", " M"}:
        return found
    return [(line, replace(student, name=student.name[:-2])) for line, student in found]


def _unread(lines: Sequence[str], students: Iterable[Student]) -> set[str]:
    """The numbers of the make of those read, or of one make that many share where none was read, on no list.

    The ends of a range ("22103001 to 22103060") are no list, and ten digits may be a phone.
    """
    read = {student.enrollment for student in students if student.enrollment}
    makes = {_make(number) for number in read}
    seen = {number for line in lines for number in _others_of(line, read)}
    if read:
        return {number for number in seen if _make(number) in makes}
    common = Counter(_make(number) for number in seen if len(number) != _PHONE_DIGITS)
    return {number for number in seen if common[_make(number)] >= _MANY}


def _others_of(line: str, read: Collection[str]) -> list[str]:
    others = [number for number in _NUMBER.findall(line) if number not in read]
    return [] if others and RANGE.search(line) else others


def _make(number: str) -> tuple[int, str]:
    return len(number), number[:2]


def _find(lines: Sequence[str], title: str) -> Iterator[Found]:
    rows = [(number, cells_of(line)) for number, line in enumerate(lines)]
    trusted = False
    for tabular, group in groupby(rows, key=lambda row: len(row[1]) > 1):
        block = list(group)
        if tabular:
            yield from from_table(block)
        else:
            trusted = trusted or any(_PORTAL_LIST.search(cells[0]) for _, cells in block)
            yield from _from_lines([(number, cells[0]) for number, cells in block], trusted=trusted, title=title)


def _from_lines(lines: Sequence[tuple[int, str]], *, trusted: bool, title: str) -> Iterator[Found]:
    """Students of plain lines; after a line or a title that announces a list also bare names and bare numbers."""
    numbered: list[Found] = []
    listed: list[Found] = []
    bare: list[Found] = []
    announced, before, contacts = False, "", False
    alike = rows_alike(lines)
    names = names_below_one_another(lines) if title else frozenset[int]()
    for number, line in lines:
        found = (
            ([alike[number]] if number in alike else [])
            or students_in(line, trusted=trusted)
            or _of_card(before, line)
            or short_numbered(line, announced=announced)
            or short_numbers_in_a_row(line)
        )
        before = line
        if contacts and found and all(is_phone(student.enrollment) for student in found):
            continue
        contacts = (contacts and bool(found)) or (line.rstrip().endswith(":") and says_whom_to_call(line))
        numbered += [(number, student) for student in found]
        title = "" if SIGNED.fullmatch(line[:60]) else title
        alone = [] if found else bare_students(line, announced=announced, title=title, among_names=number in names)
        if alone:
            bare += [(number, one) for one in alone]
        elif not found and not (bare and bare[-1][1].enrollment and _BRANCH_ALONE.fullmatch(line)):
            listed += _if_listed(bare)
            bare, announced = [], announces(line)
    listed += _if_listed(bare)
    # Beside students with numbers bare names are headings: companies, branches.
    listed = [(number, student) for number, student in listed if student.enrollment or not numbered]
    yield from sorted((*numbered, *listed), key=lambda found: found[0])


def _of_card(before: str, line: str) -> list[Student]:
    """The student of two lines: "Candidate Name: Asha Rao" with "Register No: 22103001" below or above it."""
    name, number = card_name(before) or card_name(line), card_number(line) or card_number(before)
    return [Student(name, number)] if name and number_in(number, strict=False) else []


def _paired(bare: list[Found]) -> list[Found]:
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


def _if_listed(bare: list[Found]) -> list[Found]:
    """One bare name is a signature, one bare number is anything; ten-digit ones that all differ are phones."""
    bare = _paired(bare)
    numbers = [student.enrollment for _, student in bare]
    return bare if len(bare) > 1 and like_phones(numbers) <= 0.5 else []
