"""Several lists put together: of a text and its files, of the sheets of one file."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from scraping.items import Student
from scraping.reading.facts.students.rosters import Roster


def merged(students: Iterable[Student]) -> tuple[Student, ...]:
    """Each student once, by number; what one list leaves open another may say."""
    known: dict[str, Student] = {}
    for student in students:
        key = student.enrollment.casefold() or f"name {student.name.casefold()}"
        known[key] = _fuller(known[key], student) if key in known else student
    return tuple(known.values())


def joined(roster: Roster, attached: Sequence[Student]) -> Roster:
    """A text's roster with the students of its files, as if they stood in the text (spec: attachments, Rosters)."""
    return replace(roster, students=merged((*roster.students, *attached))) if attached else roster


def _fuller(one: Student, other: Student) -> Student:
    """The first, with what only the second says."""
    open_fields = (field.name for field in fields(Student) if not getattr(one, field.name))
    return replace(one, **{name: getattr(other, name) for name in open_fields})
