"""The roster of a file in each layout is read exactly, in small and in large."""

from random import Random

import pytest

from scraping.attachments.process import read_bytes
from scraping.attachments.rosters import students_of
from scraping.attachments.text import State
from scraping.items import Student
from tests.scraping.attachments.layouts import LAYOUTS
from tests.scraping.attachments.people import Person

Listed = tuple[str, str, str, str, str, str]


def listed(student: Student | Person) -> Listed:
    """What a student's own message would say. "Panel 2" and "2" are the same panel."""
    number = student.enrollment if isinstance(student, Student) else student.number
    panel, slot = student.panel.removeprefix("Panel "), student.slot.removeprefix("Slot ")
    return student.name, number, panel, slot, student.room, student.time


@pytest.mark.parametrize("size", [1, 45])
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_roster_is_read_exactly(name: str, size: int) -> None:
    made = LAYOUTS[name](Random(f"{name} {size}"), size)
    text = read_bytes(made.data)
    assert text.state is State.READ
    assert sorted(map(listed, students_of(text))) == sorted(map(listed, made.students))
