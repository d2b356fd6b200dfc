"""Rules and students as lines: what is written is what is read, and a line that makes no sense is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scraping.corrections.lines import RULES, rule_lines, rules_in_words, rules_of, student_lines, students_of
from scraping.items import Criterion, Student

LIST = (
    Student("Asha Verma", "22103001", "shortlisted", slot="2", room="LT-3"),
    Student("Kabir Rao", "", "shortlisted"),
    Student("", "22103003", "waitlisted"),
)
WRITTEN = """cgpa: 7.5
branches (M.Tech): CSE, IT
backlogs: 0
batch: 2026, 2027
gender: female"""


def test_rules_are_written_and_read() -> None:
    rules = rules_of(WRITTEN)
    assert rule_lines(rules) == WRITTEN
    assert rules[1] == Criterion("branches", ("CSE", "IT"), "", "M.Tech")
    assert rules_in_words(rules) == "CGPA ≥ 7.5; M.Tech: CSE, IT; at most 0 backlogs now; batch 2026, 2027; Female only"


def test_names_of_branches_are_read_as_elsewhere() -> None:
    assert rules_of("branches: computer science , IT")[0].value == ("CSE", "IT")


def test_a_rule_that_was_read_keeps_its_quote() -> None:
    known = (Criterion("cgpa", 7.5, "CGPA of 7.5 and above"),)
    assert rules_of("cgpa: 7.5", known) == known
    assert rules_of("cgpa: 7.0", known)[0].quote == ""


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("7.5", "is no rule"),
        ("marks: 7.5", "is no rule"),
        ("cgpa: high", "“high” is no value for cgpa"),
        ("cgpa: nan", "is no value"),
        ("x: 101", "is no value"),
        ("backlogs: 1.5", "is no value"),
        ("branches: ,", "is no value"),
        ("batch: 27", "is no value"),
        ("gender: all", "is no value"),
    ],
)
def test_what_is_no_rule_is_named(line: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        rules_of(line)


@given(some.sampled_from(RULES), some.text(max_size=40))
def test_any_value_is_taken_or_one_clear_error(name: str, value: str) -> None:
    line = f"{name}: {value}".splitlines()[0]
    try:
        read = rules_of(line)
    except ValueError:
        with pytest.raises(ValueError, match=r"is no (value for|rule)"):
            rules_of(line)
    else:
        assert rules_of(rule_lines(read)) == read


def test_students_are_written_and_read_with_what_their_list_says() -> None:
    assert students_of(student_lines(LIST), LIST, "shortlisted") == LIST
    slots = [one.slot for one in students_of(student_lines(LIST), LIST, "")]
    assert slots == ["2", "", ""]


def test_one_is_added_one_renamed_and_one_left_out() -> None:
    told = students_of("22103001  Asha V.\n22103009 Isha Sen\n22103009 Isha Sen\n", LIST, "shortlisted")
    assert [(one.name, one.enrollment, one.meaning, one.room) for one in told] == [
        ("Asha V.", "22103001", "shortlisted", "LT-3"),
        ("Isha Sen", "22103009", "shortlisted", ""),
    ]


def test_a_line_without_a_letter_or_a_number_is_named() -> None:
    with pytest.raises(ValueError, match="neither a number nor a name"):
        students_of("--", (), "")
