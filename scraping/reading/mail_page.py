"""A mail laid out, once for all that is asked of it: its page without the students it lists, and these."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scraping.items import ParsedMail, Student
from scraping.reading.facts.students.rosters import Roster, read_roster
from scraping.reading.layout.fields import field_name, read_fields
from scraping.reading.layout.tables import cells_of
from scraping.reading.page import Page, page_of_mail

_LONGEST_ROW = 400
_SENTENCE = 8  # words beside name and number that make a line a sentence, not a row


@dataclass(frozen=True, slots=True)
class MailPage:
    """A mail's lists of students, and the `rest` of its page: a sentence on a student stays, without the student.

    `with_lists` are all its lines, those of the fuller list among them.
    """

    mail: ParsedMail
    roster: Roster
    rest: Page
    with_lists: tuple[str, ...]

    @property
    def students(self) -> tuple[Student, ...]:
        """Those of all its lists."""
        return self.roster.students


def lay_out_mail(mail: ParsedMail) -> MailPage:
    """Students are read from the plain text and from the tables of the HTML; the fuller list counts."""
    page = page_of_mail(mail)
    shown, laid_out = read_roster(page.lines, page.title), read_roster(page.laid_out, page.title)
    best = laid_out if _fullness(laid_out) > _fullness(shown) else shown
    cells = {cell for student in best.students for cell in (student.name, student.enrollment)}
    names = numbered(shown.students)
    said = {number: sentence_on(page.lines[number], names) for number in shown.rows}
    lines = (said.get(number, line) for number, line in enumerate(page.lines))
    rest = replace(page, lines=tuple(line for line in lines if line and line not in cells), laid_out=())
    with_lists = page.lines if best is shown else (*page.lines, *page.laid_out)
    return MailPage(mail, best, rest, with_lists)


def told_of_students(page: MailPage, name: str) -> dict[str, str]:
    """Enrolment number → what a column says, or the label above a list of several: `name` is "role", "company" or
    "package".

    Empty where neither tells students apart: then what the mail says holds for everybody (spec: mailbox).
    """
    names = numbered(page.students)
    in_columns: dict[str, str] = {}
    below_labels: dict[str, str] = {}
    columns: list[str] = []
    label = ""
    for line in page.with_lists if names else ():
        cells = cells_of(line)
        numbers = [word for word in re.findall(r"[\w/-]+", line) if word in names]
        if not numbers:
            columns = [field_name(cell) for cell in cells] if len(cells) > 1 else []
            label = next((f.value for f in read_fields([line]) if f.name == name and len(cells) < 3), label)
            continue
        below_labels |= dict.fromkeys(numbers, label) if label else {}
        if name in columns and columns.index(name) < len(cells) and (text := cells[columns.index(name)]):
            in_columns.setdefault(numbers[0], text)
    return in_columns or (below_labels if len(set(below_labels.values())) > 1 else {})


def numbered(students: Sequence[Student]) -> dict[str, str]:
    """Enrolment number → name, of the students who have a number."""
    return {student.enrollment: student.name for student in students if student.enrollment}


def sentence_on(line: str, names: Mapping[str, str]) -> str:
    """What a sentence or labels say beside the students; "" for a row of a list. `names` by enrolment number."""
    if "|" in line and len(line) <= _LONGEST_ROW:
        stated = (cell for cell in cells_of(line) if (label := cell.partition(":"))[1] and field_name(label[0].strip()))
        return " | ".join(stated)  # "Name: Asha Rao | Roll: 2302018 | Role: Analyst"
    if len(line) > 3 * _LONGEST_ROW or "\t" in line or "|" in line or re.search(r"\S {2,}\S", line):
        return ""
    said = line
    for number in re.findall(r"[\w/-]+", line):
        if number in names:
            said = re.sub(re.escape(names[number]) or "$", " ", said.replace(number, " "), flags=re.IGNORECASE)
    return said if len(re.findall(r"[^\W\d_]{2,}", said)) > _SENTENCE else ""


def _fullness(roster: Roster) -> int:
    return sum(2 if student.name and student.enrollment else 1 for student in roster.students)
