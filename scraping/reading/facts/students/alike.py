"""Rows of one make below one another: numbers too short, or written too freely, to be known as one alone.

"2213554 : Stuti Agarwal : B.Com" with "2213561 : Jerin K Jacob : B.Com" below it; "2022-0456", "22 BCE 1234" likewise.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from accounts.courses import is_branch
from scraping.items import Student
from scraping.reading.facts.students.people import clean_name, is_name, number_in, plain_row, says_whom_to_call

_FREE = re.compile(
    r"(?<![\w@./+₹-])(?:(?<=[Tt]oken )\d{3,4}|(?<=[Tt]oken no )\d{3,4}|\d{5,7}"
    r"|\d\d(?:-\d{1,2}){1,3}-\d{3}|(?:19|20)\d\d[-/]\d{3,6}|\d\d ?[A-Z]{2,5} ?\d{3,5})(?![\w@/]|[.,-]\d)"
)
_LABEL = re.compile(
    r"\b(?:name|univ\w*|roll|enrol\w*|reg\w*|usn|sid|prn|urn|id|adm\w*|token)(?:\s?(?:no|number|id)\b)?\s?[.:–-]*",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[,;:|()\[\]\t/]|\s[–—-]+(?=\s|$)|^\s*[–—-]\s|\.{3,}")
_BRANCH_BEHIND = re.compile(r"\s+[A-Z]{2,5}$")
_POSTAL_CODE = 6
_LONGEST_ROW = 120


def rows_alike(lines: Sequence[tuple[int, str]]) -> dict[int, Student]:
    """The students of rows that stand below one another, by the numbers of their lines: each a name and a number.

    Their numbers are of one make and differ; those of six digits, as postal codes have, begin alike. One of two has a
    whole name.
    """
    found = [(number, _row(line)) for number, line in lines]
    alike: dict[int, Student] = {}
    for (above, one), (below, other) in pairwise(found):
        if one and other and " " in f"{one.name}{other.name}" and _same_make(one.enrollment, other.enrollment):
            alike |= {above: one, below: other}
    return alike


def _row(line: str) -> Student | None:
    """The student of a row that has one free number and a name of two words, and is not read without its neighbours."""
    if len(line) > _LONGEST_ROW or says_whom_to_call(line):
        return None
    row = plain_row(line)
    numbers = [match for match in _FREE.finditer(row) if not number_in(match[0], strict=True)]
    if len(numbers) != 1:
        return None
    number = numbers[0]
    names = list(_names(f"{row[: number.start()]}\t{row[number.end() :]}"))
    return Student(names[0], number[0]) if names else None


def _names(row: str) -> Iterator[str]:
    for piece in _PARTED.split(_LABEL.sub("\t", row)):
        name = clean_name(piece)
        last = _BRANCH_BEHIND.search(name)
        name = name[: last.start()] if last and is_branch(last[0].strip()) else name
        if name and is_name(name) and not is_branch(name) and name[0].isupper():
            yield name


def _same_make(one: str, other: str) -> bool:
    begins_alike = one[:2] == other[:2] or len(one) != _POSTAL_CODE or not one.isdecimal()
    return one != other and _make(one) == _make(other) and begins_alike


def _make(number: str) -> str:
    return re.sub("[A-Z]+", "A", re.sub(r"\d", "0", number))
