"""A person's word on each field, and what it does to what was read beside it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scraping.corrections.fields import FIELDS, corrected, values_of
from scraping.corrections.lines import student_lines
from scraping.items import Criterion, Dated, Facts, RolePay, Student

INDIA = ZoneInfo("Asia/Kolkata")
LIST = (Student("Asha", "1", "shortlisted"), Student("Bilal", "2", "waitlisted"))
READ = Facts(
    "shortlisting",
    "a.rule",
    0.4,
    company="Kestrel",
    role="Analyst",
    deadline=date(2026, 12, 1),
    deadlines=(Dated(date(2026, 12, 1), "apply"), Dated(date(2026, 12, 3), "pay")),
    event_at=datetime(2026, 12, 5, 10, tzinfo=INDIA),
    event_end=date(2026, 12, 6),
    events=(Dated(date(2026, 12, 5), "test"), Dated(date(2026, 12, 6), "talk")),
    roles=(RolePay("Analyst", 12.0), RolePay("Engineer", 8.0)),
    companies=("Kestrel", "Lumen"),
    location=("Noida", "Pune"),
    roster=LIST,
    unread=2,
)


def test_the_values_are_plain() -> None:
    assert values_of(READ) == {
        "category": "shortlisting",
        "company": "Kestrel",
        "role": "Analyst",
        "stage": "",
        "package": "₹8–12 LPA",
        "location": "Noida, Pune",
        "deadline": "2026-12-01",
        "event_at": "2026-12-05T10:00:00+05:30",
        "venue": "",
        "state": "",
        "meaning": "shortlisted",
        "students": student_lines(LIST),
        "eligibility": "",
    }
    assert tuple(values_of(READ)) == FIELDS


@pytest.mark.parametrize(
    ("correction", "expected"),
    [
        ({"category": "update"}, {"category": "update"}),
        ({"company": ""}, {"company": None, "companies": ()}),
        ({"role": "SDE"}, {"role": "SDE", "roles": (RolePay("SDE"),)}),
        ({"package": "₹6 LPA"}, {"roles": (RolePay("Analyst", 6.0), RolePay("Engineer", 6.0))}),
        ({"package": ""}, {"roles": (RolePay("Analyst"), RolePay("Engineer"))}),
        ({"role": "SDE", "package": "9.5 LPA"}, {"role": "SDE", "roles": (RolePay("SDE", 9.5),)}),
        ({"location": "Delhi, , Goa"}, {"location": ("Delhi", "Goa")}),
        ({"deadline": ""}, {"deadline": None, "deadlines": ()}),
        ({"event_at": "2026-12-07"}, {"event_at": date(2026, 12, 7), "events": (), "event_end": None}),
        ({"venue": "LT-3"}, {"venue": "LT-3"}),
        ({"state": "cancelled"}, {"state": "cancelled"}),
        ({"meaning": ""}, {"roster": (), "unread": 0}),
        ({"students": ""}, {"roster": (), "unread": 0}),
        ({"eligibility": "cgpa: 8"}, {"eligibility": (Criterion("cgpa", 8.0, ""),)}),
    ],
)
def test_a_correction(correction: dict[str, str], expected: dict[str, Any]) -> None:
    told = corrected(READ, correction)
    assert {name: getattr(told, name) for name in expected} == expected
    assert (told.rule, told.confidence) == ("a.rule+person", 1.0)


def test_the_meaning_is_that_of_the_first_list() -> None:
    told = corrected(READ, {"meaning": "absent"})
    assert [student.meaning for student in told.roster] == ["absent", "waitlisted"]
    assert corrected(READ, {"meaning": "unknown"}).meaning == ""


def test_without_a_correction_it_is_what_was_read() -> None:
    assert corrected(READ, {}) is READ


@given(some.dictionaries(some.sampled_from(("company", "stage", "venue", "role")), some.text(max_size=30)))
def test_what_a_person_says_is_what_is_told(correction: dict[str, str]) -> None:
    told = values_of(corrected(READ, correction))
    assert {name: told[name] for name in correction} == correction
