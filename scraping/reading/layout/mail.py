"""A mail laid out for reading: its lines, its students, its links."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scraping.reading.facts.links import read_links
from scraping.reading.facts.rosters import Roster, read_roster
from scraping.reading.facts.students import is_name, number_in
from scraping.reading.layout.fields import field_name, read_fields, readable_lines
from scraping.reading.layout.markup import read_markup
from scraping.sources.items import Link, Student
from scraping.sources.mailbox.forwards import find_origin
from scraping.sources.mailbox.parse import ParsedMail

_MOST_LINES = 5_000
_LONGEST_ROW = 400
_SENTENCE = 8  # words beside name and number that make a line a sentence, not a row
_CELL_BORDER = re.compile(r"\t|\s*\|\s*")
_CARD_NAME = re.compile(
    r"(?:student(?:'s)?\s+)?name(?:\s+of\s+(?:the\s+)?student)?\s*[:–-]\s*(?P<name>.{2,60})$", re.IGNORECASE
)
_CARD_NUMBER = re.compile(
    r"(?:enrol\w*|(?:univ\w*\s+)?roll|reg\w*)[\s\w.]{0,12}[:–-]\s*(?P<number>[\w/-]{4,20})$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class MailPage:
    """A mail taken apart: its lines but for lists of students, all of them with the lists, the students, the links.

    A sentence on a student stays among the lines, without the student.
    """

    mail: ParsedMail
    lines: tuple[str, ...]
    with_lists: tuple[str, ...]
    students: tuple[Student, ...]
    links: tuple[Link, ...]


def read_page(mail: ParsedMail) -> MailPage:
    """Lay out a mail. Students are read from the plain text and from the tables of the HTML; the fuller list counts."""
    markup = read_markup(mail.html)
    tables = find_origin("\n".join(markup.lines), mail.subject, None).text.split("\n")[:_MOST_LINES]
    lines = _cells_joined(_cards_joined(readable_lines(mail.text)[:_MOST_LINES]))
    shown, laid_out = read_roster(lines), read_roster(tables)
    best = laid_out if _fullness(laid_out) > _fullness(shown) else shown
    cells = {cell for student in best.students for cell in (student.name, student.enrollment)}
    names = numbered(shown.students)
    rows = {number: sentence_on(lines[number], names) for number in shown.rows}
    kept = [told for number, line in enumerate(lines) if (told := rows.get(number, line)) and line not in cells]
    with_lists = lines if best is shown else [*lines, *tables]
    return MailPage(mail, tuple(kept), tuple(with_lists), best.students, read_links(markup.anchors, kept))


def told_of_students(mail: ParsedMail, name: str) -> dict[str, str]:
    """Enrolment number → what a column says, or the label above a list of several: `name` is "role", "company" or
    "package".

    Empty where neither tells students apart: then what the mail says holds for everybody (spec: mailbox).
    """
    page = read_page(mail)
    names = numbered(page.students)
    in_columns: dict[str, str] = {}
    below_labels: dict[str, str] = {}
    columns: list[str] = []
    label = ""
    for line in page.with_lists:
        cells = [cell.strip() for cell in _CELL_BORDER.split(line)]
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
    """What a sentence says beside the students it names; "" for a row of a list. `names` by enrolment number."""
    if len(line) > 3 * _LONGEST_ROW or "\t" in line or "|" in line or re.search(r"\S {2,}\S", line):
        return ""
    said = line
    for number in re.findall(r"[\w/-]+", line):
        if number in names:
            said = re.sub(re.escape(names[number]) or "$", " ", said.replace(number, " "), flags=re.IGNORECASE)
    return said if len(re.findall(r"[^\W\d_]{2,}", said)) > _SENTENCE else ""


def _fullness(roster: Roster) -> int:
    return sum(2 if student.name and student.enrollment else 1 for student in roster.students)


def _cells_joined(lines: Sequence[str]) -> list[str]:
    """Rows put together where a mail program wrote every cell of a table on a line of its own."""
    step = _step_to_name(lines)
    joined: list[str] = []
    skip = -1
    for number, line in enumerate(lines):
        if number <= skip:
            continue
        if step and number_in(line, strict=True) and is_name(_line(lines, number + step)):
            if step < 0:
                del joined[step:]
            joined.append(f"{line}\t{_line(lines, number + step)}")
            skip = number + max(step, 0)
        else:
            joined.append(line)
    return joined


def _cards_joined(lines: Sequence[str]) -> list[str]:
    """ "Name: Asha Rao" with "Roll No: 22103001" right below it put together as a row."""
    joined: list[str] = []
    for line in lines:
        name, number = _CARD_NAME.match(joined[-1] if joined else ""), _CARD_NUMBER.match(line)
        if name and number and is_name(name["name"]):
            joined[-1] = f"{name['name']}\t{number['number']}"
        else:
            joined.append(line)
    return joined


def _step_to_name(lines: Sequence[str]) -> int:
    """How many lines a name stands below the number it belongs to, above where negative; 0 where there are no cells."""
    numbers = [number for number, line in enumerate(lines) if number_in(line, strict=True)]
    hits = {step: sum(is_name(_line(lines, n + step)) for n in numbers) for step in (1, -1, 2, -2)}
    best = max(hits, key=lambda step: hits[step])
    return best if numbers and hits[best] > len(numbers) / 2 else 0


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""
