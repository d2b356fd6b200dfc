"""Students in tables: by the heads of the columns, or by what the columns hold where heads are misspelt or lacking."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from rapidfuzz import fuzz, process

from accounts.courses import branches_in, programs_in
from scraping.items import Student
from scraping.reading.facts.students.alike import rows_alike
from scraping.reading.facts.students.meanings import meaning_of
from scraping.reading.facts.students.people import clean_name, is_name, is_phone, number_in, students_in
from scraping.reading.layout.people import card_name, card_number
from scraping.reading.layout.text import straight

Row = tuple[int, list[str]]  # number of the line, its cells
Found = tuple[int, Student]

# From the best name of a number to the weakest: a list may show two of them.
_NUMBERS = tuple(
    (
        f"number{rank}",
        rf"(?:the\s+)?(?:{words})(?:[\s./-]*(?:no|nos|number|num|id|#|code)s?)*\.?\s*(?:[(/].*)?",
    )
    for rank, words in enumerate(
        (
            r"(?:univ\w*\.?\s+)?enr?ol\w*|enrl",
            r"(?:[a-z]{2,12}\.?\s+)?roll|htno|hall\s*ticket|अनुक्रमांक|रोल(?:\s*नं\.?|\s*नंबर)?",
            r"usn|prn|urn|matric\w*|scholar|sid|sap",
            r"(?:(?:univ\w*|student)\.?\s+)?reg(?:istration|ister(?:ed)?|n|d)?\.?(?:[\s./-]*(?:no|number|num|id|\#))s?",
            r"(?:univ\w*|student|college|admission|adm)\.?(?:[\s./-]*(?:no|number|num|id|\#))",
        )
    )
)
_HEADS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        *_NUMBERS,
        (
            "part",
            r"(?:first|middle|last|given|family|sur|fore|f|m|l)[\s._-]*names?|surname|first|middle|last|given|family",
        ),
        ("other", r".*\b(?:father|mother|parent|guardian|faculty|hod|mentor)\b.*"),
        (
            "name",
            r"(?:full\s+|(?:student|candidate|applicant|intern|trainee|employee)(?:'?s)?'?\s*)?(?:names?|naam)"
            r"(?:\s+of\s+(?:the\s+)?(?:student|candidate|applicant|intern|trainee)s?)?(?:\s*\(.*)?"
            r"|students?(?:\s+details)?|candidates?|applicants?|interns?|names?\s*(?:&|and|/).*|(?:छात्र\s*का\s*)?नाम",
        ),
        ("staff", r".*(?:designation|contact|phone|mobile|whats\s?app).*"),
        ("serial", r"(?:s|sr|sl|serial)[\s.]*(?:no|n|num|number|#)?\.?|#|no\.?"),
        ("panel", r"(?:interview\s+)?panel(?:[\s.]*(?:no|number|name))?\.?"),
        ("slot", r"(?:interview\s+|test\s+)?(?:time\s+)?slot(?:[\s.]*(?:no|number))?\.?|shift"),
        ("room", r"(?:interview\s+|reporting\s+)?(?:room|lab|hall|venue)(?:[\s.]*(?:no|number|name))?\.?"),
        ("time", r"(?:reporting\s+|interview\s+|start(?:ing)?\s+)?tim(?:e|ings?)"),
        ("status", r"(?:final\s+)?(?:status|results?|remarks?|outcome|decision)"),
        ("code", r"(?!portal)(?:[a-z]{2,14}\.?\s+){0,2}(?:id|uid|token|no|number|code)\.?"),
        ("other", r"date(?:\s+of\s+visit)?|company.*|ctc|package|website|price|quantity"),
    )
)
_SPELT = {
    "enrollment number": "number0", "enrolment no": "number0", "enrollment no": "number0", "roll number": "number1",
    "roll no": "number1", "registration number": "number3", "first name": "part", "middle name": "part",
    "last name": "part", "student name": "name", "name of student": "name", "candidate name": "name",
}  # fmt: skip
_TOLD = ("slot", "room", "panel", "time")
_SERIAL = re.compile(r"\d{1,4}[.)]?")
_SHORT = re.compile(r"\d{5,7}|[A-Z]{2,6}[-/]?\d{3,4}")
_NO_NUMBER = frozenset(("", "na", "n/a", "nil", "none", "not available", "tbd"))
_ENOUGH_TO_GUESS = 500
_LIKE_PHONES = 0.5
_LONGEST_HEAD = 60
_NEARLY = 84  # per cent of a head's letters


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a table holds the number, the parts of the name, and what it tells of each student."""

    number: int | None
    names: tuple[int, ...]
    told: Mapping[str, int] = field(default_factory=dict)
    short: bool = False  # numbers of five to seven digits, which jobs and shops have, too

    def read(self, cells: Sequence[str], *, strict: bool) -> list[Student]:
        """The students of a row: one, or the several that stand together in a cell."""
        one = self._one(cells, strict=strict)
        return [one] if one else self._together(cells)

    def _one(self, cells: Sequence[str], *, strict: bool) -> Student | None:
        strict = strict and not self.short
        number = "" if self.number is None else number_in(_cell(cells, self.number), strict=strict)
        name = clean_name(" ".join(_cell(cells, column) for column in self.names))
        if self.number is None:
            return self._student(name, "", cells) if is_name(name) and not self._together(cells) else None
        return self._student(name, number, cells) if number else self._unnumbered(cells, name)

    def _together(self, cells: Sequence[str]) -> list[Student]:
        """Students whose numbers stand in the cell of the names: "Asha Rao (22103001), Ravi Sen (22103002)"."""
        columns = self.names if self.number is None else ()
        found = (one for column in columns for one in students_in(_cell(cells, column), trusted=False))
        return [self._student(one.name, one.enrollment, cells) for one in found]

    def _student(self, name: str, number: str, cells: Sequence[str]) -> Student:
        told = {what: _cell(cells, column).strip() for what, column in self.told.items()}
        status = told.pop("status", "")
        return Student(name, number, meaning_of(status) if status else "", **told)

    def _unnumbered(self, cells: Sequence[str], name: str) -> Student | None:
        """A numbered row whose cell for the enrolment number is empty, or lost with its tab."""
        if not self.names or not _SERIAL.fullmatch(cells[0]):
            return None
        if len(cells) == 2:
            name = clean_name(cells[1])
        elif _cell(cells, self.number or 0).strip(" .–—-").casefold() not in _NO_NUMBER:
            return None
        return self._student(name, "", cells) if is_name(name) else None


def from_table(rows: Sequence[Row]) -> Iterator[Found]:
    """The students of rows that follow one another, under the heads among them."""
    head: list[str] = []
    below: list[Row] = []
    for row in rows:
        if _is_head(row[1]):
            yield from _under(head, below)
            head, below = row[1], []
        else:
            below.append(row)
    yield from _under(head, below)


def _under(head: Sequence[str], rows: Sequence[Row]) -> Iterator[Found]:
    kinds = [head_kind(cell) for cell in head]
    content = [cells for _, cells in rows[:_ENOUGH_TO_GUESS]]
    if _are_contacts(kinds) and not _under_no_head(kinds, _content(content)):
        return
    columns = _by_heads(head, kinds, content) if head else []
    headed = bool(columns)
    columns = columns or _by_content(content)
    if not columns and (alike := rows_alike([(number, "\t".join(cells)) for number, cells in rows])):
        yield from alike.items()
        return
    for number, cells in rows:
        found = [student for one in columns for student in one.read(cells, strict=not headed)]
        if not found and not headed:
            found = _of_labels(cells) or _in_cells(cells) or students_in(" ".join(cells), trusted=False)
        yield from ((number, student) for student in found)


def _is_head(cells: Sequence[str]) -> bool:
    """A row that names its columns: that of a number, or a name with something that is listed beside names."""
    kinds = {head_kind(cell) for cell in cells}
    if any(kind.startswith("number") for kind in kinds):
        return not any(len(re.findall(r"\d", cell)) > 4 for cell in cells)
    return bool(kinds & {"name", "part"}) and bool(kinds & {"serial", "staff", "other", "status", *_TOLD})


@lru_cache(maxsize=4096)
def head_kind(cell: str) -> str:
    """What a head announces: number0 (the best) to number4, name, part, slot, …; "" for anything else."""
    shown = straight(cell).strip(" .:*")
    if not shown or len(shown) >= _LONGEST_HEAD:
        return ""
    kind = next((kind for kind, pattern in _HEADS if pattern.fullmatch(shown)), "")
    if kind or len(shown) < 6 or len(shown) > 24 or re.search(r"\d", shown):
        return kind
    nearly = process.extractOne(shown.lower(), _SPELT.keys(), scorer=fuzz.ratio, score_cutoff=_NEARLY)
    return _SPELT[nearly[0]] if nearly else ""


def _are_contacts(kinds: Sequence[str]) -> bool:
    """The head of a list of people to call: names with phones or posts, and no enrolment numbers."""
    return "name" in kinds and "staff" in kinds and not any(kind.startswith("number") for kind in kinds)


def _by_heads(head: Sequence[str], kinds: Sequence[str], rows: Sequence[Sequence[str]]) -> list[_Columns]:
    numbers = next((found for rank in range(5) if (found := _of_kind(kinds, f"number{rank}"))), [])
    names, parts = _of_kind(kinds, "name"), _of_kind(kinds, "part")
    told = {what: found[0] for what in (*_TOLD, "status") if (found := _of_kind(kinds, what))}
    columns = _content(rows)
    numbers = numbers or _under_no_head(kinds, columns)
    if len(numbers) > 1 and len(numbers) == len(names):
        return [_Columns(number, (name,), told) for number, name in zip(numbers, names, strict=True)]
    if numbers and not (names or parts or _unheaded_names(numbers, kinds, columns)):
        return [_Columns(number, (), told) for number in _grid(numbers[0], kinds, columns)]
    if not numbers and ("other" in kinds or not (told or "serial" in kinds)):
        return []
    first = (parts or names or _unheaded_names(numbers, kinds, columns))[:1]
    whole = tuple(sorted({*parts, *_continued(first[0], kinds, columns)})) if first else ()
    return [_Columns(numbers[0] if numbers else None, whole, told)] if numbers or whole else []


def _under_no_head(kinds: Sequence[str], columns: Sequence[Sequence[str]]) -> list[int]:
    """The column that holds enrolment numbers beside names, whatever its head calls them; [] where it may be phones."""
    if not {"name", "part"} & set(kinds):
        return []
    tests: dict[str, Callable[[str], object]] = {"": _is_number, "code": partial(number_in, strict=False)}
    held = (
        i for i, column in enumerate(columns) if (test := tests.get(_kind(kinds, i))) and _share(column, test) > 0.5
    )
    codes = (i for i, column in enumerate(columns) if not _kind(kinds, i) and _are_codes(column))
    return [*(i for i in held if not like_phones(columns[i])), *codes][:1]


def _are_codes(column: Sequence[str]) -> bool:
    """ "KEC/141" and "KEC/152" under "Gate pass": letters and digits of one make, all different."""
    alike = len({(len(cell), cell[:2]) for cell in column}) == 1 and len(set(column)) == len(column) > 1
    return alike and all(cell[0].isalpha() and _SHORT.fullmatch(cell) for cell in column)


def _unheaded_names(numbers: Sequence[int], kinds: Sequence[str], columns: Sequence[Sequence[str]]) -> list[int]:
    """The column of whole names, all different, under a head that no rule knows: "Beneficiary"."""
    whole = (i for i, column in enumerate(columns) if not _kind(kinds, i) and _share(column, _is_whole_name) > 0.5)
    return [i for i in whole if numbers and len(set(columns[i])) == len(columns[i])][:1]


def _of_kind(kinds: Sequence[str], kind: str) -> list[int]:
    return [column for column, each in enumerate(kinds) if each == kind]


def _grid(first: int, kinds: Sequence[str], columns: Sequence[Sequence[str]]) -> list[int]:
    """The column of numbers, and those beside it under the same head or none that hold numbers of the same make."""
    if first >= len(columns) or not columns[first]:
        return [first]
    same = (
        number
        for number, column in enumerate(columns)
        if column and _kind(kinds, number) in {"", kinds[first]} and _share(column, _is_number) > 0.9
    )
    return [number for number in same if _make(columns[number]) == _make(columns[first])] or [first]


def _kind(kinds: Sequence[str], column: int) -> str:
    return kinds[column] if column < len(kinds) else ""


def _continued(first: int, kinds: Sequence[str], columns: Sequence[Sequence[str]]) -> list[int]:
    """The column of a name with those right of it that go on with it: under no head of their own, a word or two each.

    A branch or a city that stands beside every name is the same for many.
    """
    found = [first]
    for number in range(first + 1, len(columns)):
        column = columns[number]
        if column and (_kind(kinds, number) not in {"", "part"} or not _goes_on(column, columns[first])):
            break
        found.append(number)
    return found


def _goes_on(column: Sequence[str], first: Sequence[str]) -> bool:
    words = max(len(cell.split()) for cell in column)
    of_first = sum(len(cell.split()) == 1 for cell in first) / max(1, len(first))
    branches = sum(bool(branches_in(cell, listed=True) or programs_in(cell)) for cell in column)
    repeats = len(column) > 3 and len(set(column)) <= len(column) / 2
    return words <= 2 and of_first > 0.5 and not branches and not repeats and _share(column, is_name) == 1


# By what they hold


def _by_content(rows: Sequence[Sequence[str]]) -> list[_Columns]:
    """Numbers of one make, and names, the cells that differ most from one another; several where lists stand beside
    one another.
    """
    columns = _content(rows)
    numbers = [i for i, column in enumerate(columns) if _share(column, _is_number) > 0.5]
    names = [i for i, column in enumerate(columns) if i not in numbers and _share(column, is_name) > 0.5]
    phones_alone = all(like_phones(columns[i]) > _LIKE_PHONES for i in numbers)
    if phones_alone and (short := _by_short_numbers(columns, names)):
        return short
    if not numbers:
        return []
    number = min(numbers, key=lambda i: (like_phones(columns[i]), i))
    alike = [i for i in numbers if _make(columns[i]) == _make(columns[number])]
    if not names:
        filled = [i for i, column in enumerate(columns) if column and _share(column, _SERIAL.fullmatch) < 1]
        return [_Columns(i, ()) for i in alike] if alike == filled and (len(rows) > 1 or len(alike) > 1) else []
    if len(alike) > 1 and (beside := _beside_one_another(alike, names, columns)):
        return beside
    best = max(names, key=lambda i: (round(len(set(columns[i])) / len(columns[i]), 1), -abs(i - number)))
    return [_Columns(number, tuple(_continued(best, (), columns)))]


def _by_short_numbers(columns: Sequence[Sequence[str]], names: Sequence[int]) -> list[_Columns]:
    """Numbers of five to seven digits, or of three behind letters, all of one make, beside as many names."""
    short = (i for i, cells in enumerate(columns) if len(cells) > 1 and _share(cells, _SHORT.fullmatch) == 1)
    alike = (i for i in short if len({_make([cell]) for cell in columns[i]}) == 1)
    whole = [i for i in names if all(len(cell.split()) > 1 for cell in columns[i])]
    parts = [(i, i + 1) for i in names if i + 1 in names and len(columns[i]) == len(columns[i + 1])]
    held = [*((i,) for i in whole), *(pair for pair in parts if _goes_on(columns[pair[1]], columns[pair[0]]))]
    fit = ((i, name) for i in alike for name in held if len(columns[i]) == len(columns[name[0]]))
    return [_Columns(number, name, short=True) for number, name in fit][:1]


def _beside_one_another(
    numbers: Sequence[int], names: Sequence[int], columns: Sequence[Sequence[str]]
) -> list[_Columns]:
    """A list that goes on to the right: each number with the names behind it, or before it, up to the next number."""
    behind = [[i for i in names if number < i < end] for number, end in zip(numbers, (*numbers[1:], 99), strict=True)]
    before = [[i for i in names if start < i < number] for start, number in zip((-1, *numbers), numbers, strict=False)]
    named = behind if all(behind) else before if all(before) else []
    return [
        _Columns(number, tuple(i for i in _continued(own[0], (), columns) if i in own))
        for number, own in zip(numbers, named, strict=False)
    ]


def _of_labels(cells: Sequence[str]) -> list[Student]:
    """The student of "Name: Asha Rao | Roll: 2302018 | Role: Analyst"."""
    name = next(filter(None, map(card_name, cells)), "")
    number = number_in(next(filter(None, map(card_number, cells)), ""), strict=False)
    return [Student(name, number)] if name and number else []


def _in_cells(cells: Sequence[str]) -> list[Student]:
    """Students that have a cell each, number and name together."""
    return [student for cell in cells for student in students_in(cell, trusted=False)]


def _content(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells of each column that hold something."""
    width = max((len(cells) for cells in rows), default=0)
    return [[cells[i] for cells in rows if i < len(cells) and cells[i]] for i in range(width)]


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _make(column: Sequence[str]) -> tuple[int, str]:
    """What the numbers of one college have in common: how long they are and how they begin."""
    return len(column[0]), column[0][:2]


def _is_number(cell: str) -> bool:
    return bool(number_in(cell, strict=True))


def _share(column: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in column) / len(column) if column else 0.0


def _is_whole_name(cell: str) -> bool:
    return " " in cell and is_name(cell) and not (branches_in(cell, listed=True) or programs_in(cell))


def like_phones(column: Sequence[str]) -> float:
    """Phones begin in many ways, the numbers of a college in few: 0 is surely no phone."""
    beginnings = [cell[:3] for cell in column if is_phone(cell)]
    return len(set(beginnings)) / len(column) if beginnings else 0.0
