"""The statements of a page that may say who may apply: labelled values, lists under headings, sentences, cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from accounts.courses import branches_in, programs_in
from scraping.reading.layout.fields import field_name
from scraping.reading.layout.tables import Table
from scraping.reading.layout.text import straight
from scraping.reading.page import Page

_MOST_LINES = 400
_LONGEST = 600
_LONGEST_BLOCK = 20  # lines under a heading
_MARKS = re.compile(r"[*_~`]+")
_ELIGIBLE = (
    r"eligib\w*(?:\s+(?:criteria|criterion|requirements?|students?|candidates?))*(?:\s+(?:for|of)\s+[\w ]{2,30})?"
)
_WHO = (
    rf"(?:{_ELIGIBLE}|(?:academic\s+|basic\s+|minimum\s+|essential\s+|required\s+|desired\s+"
    rf"|educational\s+)?(?:criteria|qualifications?)(?:\s+required)?"
    r"|(?:academic|educational?|eligibility)\s+(?:requirements?|details)|who\s+(?:can|may"
    r"|should)\s+(?:apply|participate|attend|register)|who(?=\s*[:–-])|open\s+(?:to|for)"
    r"|applicable\s+(?:courses?|branches?)|must\s+have(?=\s*[:–-]))"
)
_COURSE_LABEL = (
    r"(?:(?:eligible|applicable|allowed|target)\s+)?(?:branch(?:es)?|courses?|streams?"
    r"|disciplines?|departments?|depts?|degrees?|programm?es?|specialisations?"
    r"|specializations?"
    r"|batch(?:es)?|(?:year\s+of\s+(?:passing|graduation)|passing\s+year|yop))(?:\s*(?:&"
    r"|and|/)\s*(?:branch(?:es)?|streams?|batch(?:es)?|degrees?|courses?))*(?:\s+"
    r"(?:eligible|allowed|required))?"
)
_MARK_LABEL = (
    r"(?:(?:min(?:imum)?\.?\s+)?(?:cut\s?-?off|cgpa|cpi|marks|percentage|academics?|10th|12th|x|xii|ug|pg|back\s?logs?"
    r"|arrears|gap"
    r"|gender|academic\s+record)(?:\s*(?:/|&|and)\s*\w+)*"
    r"(?:\s+(?:criteria|cut\s?-?off|required|requirement|allowed|status))?)"
)
_BRACKET = r"(?:\s*\([^()]{0,60}\))?"
_HEADING = re.compile(
    rf"^\W*(?:\d{{1,2}}[.)]\s*)?(?:{_WHO}|{_COURSE_LABEL}){_BRACKET}\s*(?:are|is)?\W*$", re.IGNORECASE
)
_LABEL = re.compile(
    rf"^\W*(?:\d{{1,2}}[.)]\s*)?(?:(?P<who>{_WHO})|(?P<course>{_COURSE_LABEL})|(?P<mark>{_MARK_LABEL})){_BRACKET}"
    r"\s*(?:-+>|→|[:：=\t|]|\s[–—-]+\s|[–—-]\s|\s(?:is|are)\s)\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(
    r"^\W*(?:(?:selection|hiring|recruitment|interview|application)\s+(?:process|procedure"
    r"|stages?|rounds?)|process|stages|rounds?|ctc|package|salary|stipend|compensation"
    r"|(?:job\s+)?location|deadline|last\s+date|how\s+to\s+apply|about|venue|date|time"
    r"|documents?|note|roles?|(?:key\s+)?responsibilit\w+|(?:required\s+)?skills?"
    r"|benefits|apply|link|duration|bond|perks|contact|job\s+\w+|designation|profile"
    r"|position|company|website|registration|joining|mode|test|schedule|regards|thanks)\b",
    re.IGNORECASE,
)
_OF_ROLE = re.compile(
    r"\W*(?:(?:eligible|required|minimum|min\.?)\s+)?"
    r"(?:branch|stream|discipline|department|qualification|degree|courses?\b|eligib)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(
    r"(?:(?<=[a-z\d%)])|(?<=[A-Z]{2}))(?<!\b[Mm]in)(?<!\b[Mm]ax)(?<!\bno)(?<!\.Sc)[.;]\s+(?=[A-Z\d(])|;\s*"
    r"|\s[•●▪➢✅👉➡]\s*|\s\|\s|!\s+"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a labelled value. `labelled`: it is on who may apply; `courses`: on branches or programmes."""

    text: str
    labelled: bool = False
    courses: bool = False
    program: str = ""  # it holds for this programme alone
    in_title: bool = False


def statements_of(page: Page) -> Iterator[Statement]:
    """Those of the title, of the lines outside of tables, and of the tables."""
    tables = list(_tables(page))
    rows = {number for table in tables for number in range(table.first, table.first + len(table.rows) + 1)}
    lines = [line for number, line in enumerate(page.lines[:_MOST_LINES]) if number not in rows]
    yield from _of_text(page.title, lines)
    for table in tables:
        yield from _of_table(table)


def _of_text(title: str, lines: Sequence[str]) -> Iterator[Statement]:
    yield from (Statement(part, in_title=True) for part in _SENTENCE_END.split(_plain_text(title)) if part)
    left, courses, program = 0, False, ""
    for line in lines:
        text = _plain_text(line)
        if _HEADING.match(text):
            left, courses, program = _LONGEST_BLOCK, not re.search(r"eligib|criteria", text, re.IGNORECASE), ""
            continue
        if match := _LABEL.match(text):
            yield from _labelled(match, courses=courses)
            left = max(left, 3) if match["who"] else left
            continue
        if left and (_OTHER_LABEL.match(text) or len(text) > _LONGEST):
            left, program = 0, ""
        if left and (alone := _only_program(text)):
            program = alone
            yield Statement(text, labelled=True)
            continue
        left = max(left - 1, 0)
        for part in filter(None, _SENTENCE_END.split(text)):
            if match := _LABEL.match(part):
                yield from _labelled(match, courses=courses)
            else:
                yield Statement(part, bool(left), courses and bool(left), program if left else "")


def _tables(page: Page) -> Iterator[Table]:
    """Those whose first row names what is asked: "Degree | Branches | CGPA"."""
    for table in page.tables:
        rows = (table.head, *table.rows) if table.head else table.rows
        if len(rows[0]) > 2 and (sum(map(_is_asked, rows[0])) > 1 or _is_of_roles(rows[0])):
            yield replace(table, head=rows[0], rows=rows[1:])


def _is_of_roles(head: Sequence[str]) -> bool:
    """ "Position | Qualification | CTC"."""
    return any(field_name(cell) == "role" for cell in head) and any(map(_OF_ROLE.match, head))


def _is_asked(cell: str) -> bool:
    match = _LABEL.match(f"{cell}: ")
    return bool(match and (match["course"] or match["mark"]))


def _of_table(table: Table) -> Iterator[Statement]:
    """Each cell under its head. Of several rows each holds for its own programme; a table of several other things asks
    nothing of everybody.
    """
    rows = table.rows[:_LONGEST_BLOCK]
    programs = [next(filter(None, map(_only_program, row)), "") for row in rows]
    if sum(map(_is_asked, table.head)) < 2 or (len(rows) > 1 and not all(programs)):
        yield from _of_roles(table, rows)
        return
    for row, program in zip(rows, programs, strict=True):
        for head, cell in zip(table.head, row, strict=False):
            if cell and _is_asked(head):
                text = _plain_text(f"{head}: {cell}")
                yield Statement(text, labelled=True, courses=True, program=program if len(rows) > 1 else "")


def _of_roles(table: Table, rows: Sequence[Sequence[str]]) -> Iterator[Statement]:
    """The branches of all rows, where each row is a role of one company."""
    if not _is_of_roles(table.head):
        return
    for row in rows:
        for head, cell in zip(table.head, row, strict=False):
            if cell and _OF_ROLE.match(head):
                yield Statement(_plain_text(f"{head}: {cell}"), labelled=True, courses=True)


def _plain_text(line: str) -> str:
    return _MARKS.sub("", straight(line[: 4 * _LONGEST])).replace("\t", " : ", 1).replace("\t", " ").strip()


def _labelled(match: re.Match[str], *, courses: bool) -> Iterator[Statement]:
    if match["course"]:
        yield Statement(f"{match['course']}: {match['value']}", labelled=True, courses=True)
        return
    label = f"{match['mark']}: " if match["mark"] else ""
    bracket = re.search(r"\(([^()]*)\)", match[0][: match.start("value")])
    label = f"{bracket[1]} {label}" if bracket else label
    for part in filter(None, _SENTENCE_END.split(match["value"])):
        inner = _LABEL.match(part)
        said = f"{inner['course']}: {inner['value']}" if inner and inner["course"] else part
        yield Statement(label + said, labelled=True, courses=courses)
        label = ""


def _only_program(text: str) -> str:
    found = programs_in(text)
    alone = len(found) == 1 and not re.search(r"\d", text) and not branches_in(text, listed=True)
    return found[0].name if alone and len(text) <= found[0].end - found[0].start + 12 else ""
