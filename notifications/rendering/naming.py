"""Where a text names students: parts of their names, however these are spelled and spaced, and their numbers.

Words are looked up in sets, so that a list of thousands costs no more than a short one.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"[A-Za-z\d](?:[A-Za-z\d/-]*[A-Za-z\d])?")
_SPACED_DIGITS = re.compile(r"\d(?:[ \u00a0-]?\d){6,15}")
_DIGITS = re.compile(r"\d{6,}")
_ENROLMENT = re.compile(r"(?<!\d)(?:99)?2\d{7}(?!\d)")  # 22103001 and 9922103001 (spec: statistics)
# Numbers of other shapes, as 21BCE1234, 1RV20CS001 or 2K20/CO/123.
_OTHER_SHAPE = re.compile(r"(?=(?:[A-Z/-]*\d){4})(?=[\d/-]*[A-Z])[A-Z\d][A-Z\d/-]{5,18}[A-Z\d]", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_SHORTEST_PART = 3
_NO_NAME = frozenset(
    "january february march april may june july august will the and for are not all kumari mrs miss".split()
)
# "3. Chitra Rao - CSE": what stands beside a line that names somebody, and may go on with the list.
_ROW = re.compile(
    r"\W*(?:\d{1,4}\s*[.):-]?\s+)?[^\W\d_a-z][\w.'’-]*(?:\s+[^\W\d_a-z][\w.'’-]*){1,4}(?:\s*[-–,(|:].{0,40})?\W*"
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names and numbers of a list. With `any_number` numbers of other shapes count too."""

    parts: frozenset[str]
    whole: frozenset[str]
    numbers: frozenset[str]
    any_number: bool = False

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the text holds a part of a name or a number, in no order."""
        for match in _WORD.finditer(text):
            word = match[0].casefold()
            if word in self.parts or word in self.whole:
                yield match.span()
        for match in _CODE.finditer(text):
            if self._is_number(match[0]):
                yield match.span()
        for match in _SPACED_DIGITS.finditer(text):
            if _plain(match[0]) in self.numbers:
                yield match.span()
        yield from (match.span() for match in _ENROLMENT.finditer(text))

    def _is_number(self, code: str) -> bool:
        if _plain(code) in self.numbers or (self.any_number and _OTHER_SHAPE.fullmatch(code)):
            return True
        return any(_plain(digits) in self.numbers for digits in _DIGITS.findall(code))

    def stand_in(self, text: str) -> bool:
        return any(True for _ in self.spans(text))

    def name_somebody(self, text: str) -> bool:
        """Whether a short text, as a company or a venue, names a person: one word alone may be the company's own."""
        found = list(self.spans(text))
        words = [text[start:end] for start, end in found]
        is_word = [word.isalpha() and word.casefold() not in self.whole for word in words]
        return len(found) > 1 or not all(is_word)

    def masked(self, text: str) -> str:
        """The text with "…" in the place of each name and number."""
        shown, at = "", 0
        for start, end in _joined(sorted(self.spans(text)), text):
            shown, at = f"{shown}{text[at:start]}…", end
        return shown + text[at:]

    def lines_without(self, text: str) -> str:
        """The lines that name nobody, and that do not go on with a list of those that do."""
        lines = text.split("\n")
        ends = list(accumulate(len(line) + 1 for line in lines))
        naming: set[int] = set()
        for start, end in self.spans(text):  # a number may go on in the next line
            naming.update(range(bisect_right(ends, start), bisect_right(ends, end - 1) + 1))
        beside = (_rows_beside(lines, naming, number, step) for number in naming for step in (1, -1))
        naming = naming.union(*beside)
        return "\n".join(line for number, line in enumerate(lines) if number not in naming).strip()


def names_of(roster: Sequence[dict[str, str]], *, own: Iterable[str] = (), any_number: bool = False) -> Names:
    """The names of a list. Words of `own` texts, as of the company's name, are no parts of names by themselves."""
    spelled = [visible(student.get("name") or "").casefold() for student in roster]
    words = [_WORD.findall(name) for name in spelled]
    parts = frozenset(part for name in words for part in name if len(part) >= _SHORTEST_PART) - _NO_NAME
    whole = frozenset("".join(name) for name in words if len("".join(name)) >= _SHORTEST_PART)
    numbers = frozenset(_plain(student.get("enrollment") or "") for student in roster) - {""}
    names = Names(parts, whole, numbers, any_number)
    kept = {word.casefold() for text in own if not names.name_somebody(text) for word in _WORD.findall(text)}
    return Names(parts - kept, whole, numbers, any_number)


def _rows_beside(lines: Sequence[str], naming: Collection[int], number: int, step: int) -> set[int]:
    """The lines after a line (with a step of -1 before it) that look like rows of its list; empty ones part nothing."""
    found = set()
    number += step
    while 0 <= number < len(lines) and number not in naming and _may_go_on(lines[number]):
        found.add(number)
        number += step
    return {number for number in found if lines[number].strip()}


def _may_go_on(line: str) -> bool:
    return not line.strip() or bool(_ROW.fullmatch(line))


def visible(text: str) -> str:
    """The text without signs of no width, which part a word unseen."""
    return _INVISIBLE.sub("", text)


def _plain(number: str) -> str:
    return re.sub(r"[^A-Za-z\d]", "", number).upper().lstrip("0")


def _joined(spans: Iterable[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """Spans with no word between them as one."""
    open_: tuple[int, int] | None = None
    for start, end in spans:
        if open_ and not re.search(r"\w", text[open_[1] : start]):
            open_ = (open_[0], max(open_[1], end))
        else:
            if open_:
                yield open_
            open_ = (start, end)
    if open_:
        yield open_
