"""Students whose numbers have five to seven digits, which jobs, shops and postal codes have, too."""

import re
from itertools import pairwise

from scraping.items import Student
from scraping.reading.facts.students.people import (
    AND,
    ONLY_BETWEEN,
    ROLL_NUMBERS,
    SERIAL,
    clean_name,
    is_full_name,
    name_at_end,
    says_whom_to_call,
)

_NUMBER_LABEL = (
    r"(?P<label>(?i:(?:univ\w*\.?\s+)?(?:roll|enrol\w*|reg\w*|usn|prn|urn|sid)(?:[\s.]*(?:no|number|num|id)\b\.?)?)"
    r"\s*[.:–-]*\s*)?"
)
_SHORT_IN_BRACKETS = re.compile(
    r"(?<![^\W\d_])(?P<name>[^\W\d_]{1,40}(?: [^\W\d_]{1,40}\.?){1,5}) ?"
    rf"\({_NUMBER_LABEL}(?P<number>\d{{5,7}})\)"
)
_COLUMN_BEHIND = re.compile(r"(?<=[a-zA-Z.])\s+(?:[A-Z]{2,5}\s)?(?=\S*\d)[A-Z\d][A-Z\d/-]{1,7}$")  # "Aman Verma CSE-2"
_SHORT_NUMBER = re.compile(r"(?<!\d)\d{5,7}(?!\d)")
_SHORT_ROW = re.compile(rf"{_NUMBER_LABEL}(?P<number>\d{{5,7}})\s*[-–:]?\s+(?P<name>[^\W\d_][^\d]{{2,60}})")
_SHORT_BEHIND = re.compile(rf"(?P<name>[^\W\d_][^\d,;:]{{2,40}}?)\s*[-–:|,]?\s*{_NUMBER_LABEL}(?P<number>\d{{5,7}})")
_IN_TURN = re.compile(r"\s*(?:[,;]|\band\b|&)\s+")
_SEVEN = 7


def short_numbered(line: str, *, announced: bool) -> list[Student]:
    """Students whose numbers have seven digits, as those of jobs and shops have: beside a whole name alone.

    Of five or six digits, as postal codes have, two of one make must stand there, or a list was `announced`.
    """
    if not _SHORT_NUMBER.search(line):
        return []
    found = _short_rows(line)
    shown = ((clean_name(AND.sub("", name_at_end(match["name"]) or match["name"])), match) for match in found)
    named = [(name, match) for name, match in shown if is_full_name(name) and (" " in name or match["label"])]
    makes = {(len(match["number"]), match["number"][:2]) for _, match in named}
    labelled = all(match["label"] for _, match in named)
    sure = announced or labelled or all(length == _SEVEN for length, _ in makes) or (len(named) > 1 and len(makes) == 1)
    return [Student(name, match["number"]) for name, match in named] if sure and not says_whom_to_call(line) else []


def _short_rows(line: str) -> list[re.Match[str]]:
    """A row, or several in turn: "2307114 - Asha Rao, 2307140 - Ravi Sen"."""
    line = _COLUMN_BEHIND.sub("", line)
    bare = SERIAL.sub("", line, count=1)
    if row := _SHORT_ROW.fullmatch(bare) or _SHORT_ROW.fullmatch(line) or _SHORT_BEHIND.fullmatch(bare.lstrip(" ,")):
        return [row]
    announced = line.rpartition(": ")[2]
    parts = [part.strip(" .") for part in _IN_TURN.split(announced) if part.strip(" .")]
    rows = [_SHORT_ROW.fullmatch(part) or _SHORT_BEHIND.fullmatch(part) for part in parts]
    in_turn = [row for row in rows if row]
    return in_turn if len(in_turn) == len(parts) > 1 else list(_SHORT_IN_BRACKETS.finditer(line))


def short_numbers_in_a_row(line: str) -> list[Student]:
    """Students of "Roll numbers shortlisted: 211401, 211422": of one make, five to seven digits, nothing between."""
    numbers = list(_SHORT_NUMBER.finditer(line)) if ROLL_NUMBERS.search(line) else []
    alike = len({(len(number[0]), number[0][:2]) for number in numbers}) == 1
    if len(numbers) < 2 or not alike or not ROLL_NUMBERS.search(line[: numbers[0].start()]) or says_whom_to_call(line):
        return []
    between = (line[one.end() : other.start()] for one, other in pairwise(numbers))
    return [Student("", number[0]) for number in numbers] if all(map(ONLY_BETWEEN.fullmatch, between)) else []
