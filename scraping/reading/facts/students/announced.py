"""What each list of a text says of its students, and what a heading tells of those below it: panel, slot, room."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scraping.items import Student
from scraping.reading.facts.students.meanings import (
    ACTION,
    CHOSEN,
    DENIED,
    UNKNOWN,
    WAITLISTED,
    WITHDRAWN,
    first_meaning,
    implied_meaning,
    meaning_of,
    meaning_of_sentence,
    practised,
)
from scraping.reading.facts.students.tables import Found
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.tables import cells_of

_FAR = 4  # lines above a list that may announce it
_LONGEST = 600
_HEADING = 80
_FEW = 3  # words of a cell that says what became of the student beside it
_CHOOSES = expression(r"\b(?:select|short-?list|final)", re.IGNORECASE)
_MAY_DENY = expression(r"\b(?:wait|not\b|reject|absent|on\s+hold|withdr|stand)", re.IGNORECASE)
_SENTENCE = 8  # words that make a line more than a row
_MOST_BEFORE = 40
_HEADS = expression(
    r"^\W*(?:(?:interview|gd|test|pi)\s+)?(?:panel|slot|batch|shift)\s*[-:]?\s*(?:\d{1,2}|[A-H]|[IVX]{1,4})\b",
    re.IGNORECASE,
)
_THOSE_WHO = re.compile(r"^\W*(?:those|students|candidates)\s+who\s+", re.IGNORECASE)  # they are named behind
_MAY_HAPPEN = expression(r"\b(?:will|shall|must|may|should|can|need|requested|if|please|kindly)\b", re.IGNORECASE)
_AFTER = expression(
    r"\b(?:above|these|the\s+(?:said|listed|mentioned))\b|^\W*(?:all|both|they)\s+(?:of\s+them\s+)?(?:are|have|were)\b",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"\W*dear\b", re.IGNORECASE)  # "Dear Asha Rao (CH-1208),": the text speaks to them
_NUMBER = re.compile(r"\d{6,}|\d[A-Z\d/-]{4,}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\b(?:M[rs]|Dr|Sh)\.)(?<!\bMrs\.)(?<!\b(?:Shri|Prof)\.)\s+(?=[A-Z(])")
_CLOCK = r"\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\b\.?)?"
_TOLD = {
    "panel": re.compile(r"\bpanel\s*[-:]?\s*(?P<said>[A-Z\d]{1,3})\b", re.IGNORECASE),
    "slot": re.compile(r"\b(?:slot|batch|shift)\s*[-:]?\s*(?P<said>(?:\d{1,2}|[A-H]|[IVX]{1,4}))\b", re.IGNORECASE),
    "room": re.compile(
        r"\b(?P<said>(?:(?:room|lab|hall|LT|CL|LH|audi\w*)[\s.-]*(?:no\.?\s*)?[A-Z]{0,3}-?\d[\w-]{0,6}))\b",
        re.IGNORECASE,
    ),
    "time": re.compile(
        rf"\b(?P<said>\d{{1,2}}(?:[:.]\d\d)?\s*(?:[ap]\.?m\b\.?)?\s*(?:-|–|to)\s*{_CLOCK}"
        r"|\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\b\.?|\d{1,2}:\d\d\b)",
        re.IGNORECASE,
    ),
}


def with_meanings(found: Sequence[Found], lines: Sequence[str], title: str) -> Iterator[Found]:
    """The students with the meaning of their list, and with what a heading above them tells of a panel or a slot."""
    rows = frozenset(line for line, _ in found)
    meaning, told, before = UNKNOWN, dict[str, str](), -1
    for line, student in found:
        if line != before:
            between = [number for number in range(before + 1, line) if number not in rows]
            if before < 0:
                meaning, told = _of_first_list(lines, between, rows, title), _headed(lines, between)
            elif between:
                meaning, told = _above(lines, between) or meaning, _headed(lines, between) or told
            meaning, before = _of_row(lines, line, title) or meaning, line
            told = _told(lines[line].partition(":")[0]) or told
        yield line, _with(student, meaning, told)


def _of_row(lines: Sequence[str], row: int, title: str) -> str:
    """What a row says itself; an offer it tells of may be taken back in the title or right behind it."""
    own = _own_words(lines[row])
    if own not in CHOSEN:
        return own
    behind = [lines[number][:_LONGEST] for number in range(row + 1, min(row + 1 + _FAR, len(lines)))]
    later = first_meaning([title[:_LONGEST], *(line for line in behind if not _NUMBER.search(line))])
    return WITHDRAWN if later == WITHDRAWN else own


def _with(student: Student, meaning: str, told: Mapping[str, str]) -> Student:
    """What a row says of its student itself counts first."""
    more = {name: said for name, said in told.items() if not getattr(student, name)}
    if meaning and not student.meaning:
        more["meaning"] = meaning
    return replace(student, **more) if more else student


def _of_first_list(lines: Sequence[str], above: Sequence[int], rows: frozenset[int], title: str) -> str:
    """Of the lines right above it, of what is said behind it of "the above students", of the title, of the text.

    A title that denies counts before lines that only seem to choose: "NOT shortlisted: who appeared for the test".
    """
    titled = practised(title[:_LONGEST]) or meaning_of(title[:_LONGEST])
    close = _above(lines, above)
    if close in CHOSEN and (titled in DENIED or (titled == WAITLISTED and not _CHOOSES.search(title))):
        return titled
    last = max(rows)
    behind = [lines[number][:_LONGEST] for number in range(last + 1, min(last + 1 + _FAR, len(lines)))]
    addressed = _ADDRESSED.match(lines[min(rows)])
    if titled in DENIED and not close:
        return titled
    return (
        close
        or first_meaning(behind if addressed else filter(_AFTER.search, behind))
        or titled
        or first_meaning(lines[number][:_LONGEST] for number in above[:_MOST_BEFORE])
        or implied_meaning(
            title[:_LONGEST],
            [lines[number][:_LONGEST] for number in above[-_FAR:]] + behind + _sentence_of(lines[min(rows)]),
            lines[above[-1]][:_LONGEST] if above else "",
        )
    )


def _sentence_of(row: str) -> list[str]:
    """The first row where it is a sentence, or has a label, and so may say what it lists."""
    return [row[:_LONGEST]] if "\t" not in row and (":" in row or len(row.split()) > _SENTENCE) else []


def _above(lines: Sequence[str], above: Sequence[int]) -> str:
    """The meaning of the nearest line above that has one."""
    return first_meaning(_heading(lines[number][:_LONGEST]) for number in reversed(above[-_FAR:]))


def _heading(line: str) -> str:
    """ "were absent in the talk" of "Students who were absent in the talk", which is no sentence on what may happen."""
    return line if _MAY_HAPPEN.search(line) else _THOSE_WHO.sub("", line)


def _own_words(line: str) -> str:
    """The meaning of a line that says it beside the student: "Waitlisted: Asha Rao (23103499)", a sentence."""
    if len(line) > _LONGEST:
        return UNKNOWN
    if "\t" in line or " | " in line:
        if not _MAY_DENY.search(line):
            return UNKNOWN
        cells = (cell for cell in cells_of(line) if _MAY_DENY.search(cell) and len(cell.split()) <= _FEW)
        return next((meaning for meaning in map(meaning_of, cells) if meaning not in {*CHOSEN, ACTION}), UNKNOWN)
    label, colon, _ = line.partition(":")
    if colon and not _NUMBER.search(label):
        said = _THOSE_WHO.sub("", label)
        return meaning_of(said) or meaning_of_sentence(said)
    if len(line.split()) <= _SENTENCE:
        return UNKNOWN
    named = (part for part in _SENTENCE_END.split(line) if _NUMBER.search(part))
    return next(filter(None, map(meaning_of_sentence, named)), UNKNOWN) or meaning_of(line)


def _headed(lines: Sequence[str], above: Sequence[int]) -> dict[str, str]:
    """What the nearest heading tells of those below it: "Panel 2 (LT-3), 10:00 AM"."""
    for number in reversed(above[-_FAR:]):
        if told := _told(lines[number]):
            return told
    return {}


def _told(heading: str) -> dict[str, str]:
    if len(heading) > _HEADING or not _HEADS.search(heading):
        return {}
    found = ((name, pattern.search(heading)) for name, pattern in _TOLD.items())
    return {name: match["said"].strip() for name, match in found if match}
