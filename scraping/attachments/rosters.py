"""The students that a file lists, by the rules for lists in any text (scraping.reading.facts.students.rosters.py)."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from scraping.attachments.text import FileText
from scraping.items import Student
from scraping.reading.facts.students.rosters import read_roster


def students_of(text: FileText, title: str = "") -> tuple[Student, ...]:
    """The students of all sheets in their order, each once. `title` is what the file came with: it may say what its
    list means."""
    found = (
        student for sheet in text.sheets for student in read_roster(_headed(sheet.title, sheet.lines), title).students
    )
    return merged(found)


def merged(students: Iterable[Student]) -> tuple[Student, ...]:
    """Each student once, by number; what one list leaves open another may say."""
    known: dict[str, Student] = {}
    for student in students:
        key = student.enrollment.casefold() or f"name {student.name.casefold()}"
        known[key] = _fuller(known[key], student) if key in known else student
    return tuple(known.values())


def _fuller(one: Student, other: Student) -> Student:
    """The first, with what only the second says."""
    open_fields = (field.name for field in fields(Student) if not getattr(one, field.name))
    return replace(one, **{name: getattr(other, name) for name in open_fields})


def _headed(title: str, lines: Sequence[str]) -> Sequence[str]:
    """The lines below the name of their sheet: "Panel 2", "Waitlist"."""
    return (title, *lines) if title else lines
