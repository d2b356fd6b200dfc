import pytest

from scraping.items import Student
from scraping.reading.facts.students.people import clean_name, is_name, number_in, numbers_only, students_in

ENROLLMENTS = (
    "23510417",
    "9923510655",
    "231040612",
    "231C207",
    "21BCE1234",
    "1RV20CS001",
    "2K20/CO/123",
    "17/IT/045",
    "0901CS211234",
    "2100290100045",
    "2021A7PS0123P",
    "16-BCE-1043",
)


@pytest.mark.parametrize("number", ENROLLMENTS)
def test_numbers_of_many_colleges(number: str) -> None:
    assert number_in(f" {number}. ", strict=True) == number


@pytest.mark.parametrize(
    "text",
    [
        "7145203",
        "2026",
        "2026-27",
        "20/08/2026",
        "20-Aug-2026",
        "June2026",
        "10AM-12PM",
        "8LPA",
        "INR50000",
        "Batch2026",
        "CL1",
        "H57",
        "7.5",
        "asha@college.example",
        "+919876543210",
        "Asha",
        "",
        "1,50,000",
        "9876543210-9876543219-98",
    ],
)
def test_no_number_where_nothing_says_so(text: str) -> None:
    assert number_in(text, strict=True) == ""


def test_a_head_or_a_list_makes_short_numbers_good_but_no_dates() -> None:
    assert number_in("1901045", strict=False) == "1901045"
    assert number_in("23510417.0", strict=False) == "23510417"
    assert number_in("20/08/2026", strict=False) == ""
    assert number_in("Absent", strict=False) == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1. Asha Rao", "Asha Rao"),
        ("12) Asha Rao,", "Asha Rao"),
        ("• Asha", "Asha"),
        ("Ms. Asha Rao", "Asha Rao"),
        ("Ravi K.", "Ravi K."),
        ("Asha Rao.", "Asha Rao"),
        ("Asha .", "Asha"),
        ("D'Souza", "D'Souza"),
        ("Rohan D’Cruz", "Rohan D’Cruz"),
    ],
)
def test_a_name_is_freed_of_what_stands_around_it(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    "text", ["Asha", "asha rao", "R. K. Narayan", "O’Brien", "Anne-Marie Paul", "आशा राव", "Job Abraham"]
)
def test_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "CSE",
        "B.Tech",
        "Computer Science Branch",
        "College ID",
        "Room 204",
        "ABCD, Pune",
        "",
        "Best regards",
        "23510417",
    ],
)
def test_no_names(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    "line",
    [
        "Asha Rao (23510417)",
        "1. Asha Rao (23510417)",
        "1 23510417 Asha Rao",
        "23510417 - Asha Rao",
        "23510417-Asha Rao",
        "Asha Rao-23510417",
        "Asha Rao – 23510417 – CSE",
        "Asha Rao, 23510417, CSE",
        "23510417: Asha Rao",
        "(23510417) Asha Rao",
        "Asha Rao [23510417]",
        "Asha Rao (Enrollment No. 23510417)",
        "Asha Rao (CSE) (23510417)",
        "Asha Rao (CSE, 23510417)",
        "Enrollment No: 23510417 Name: Asha Rao",
        "Asha Rao (23510417), Mob: 9876543210",
        "7145203 23510417 Asha Rao",
        "Asha Rao 9876543210 23510417",
        "Ms. Asha Rao (23510417)",
        "Asha Rao 23510417 asha@college.example",
        "I am happy to say that we have chosen Asha Rao (23510417) for a package of 7 LPA per annum",
    ],
)
def test_one_student_in_a_line(line: str) -> None:
    assert students_in(line, trusted=False) == [Student("Asha Rao", "23510417")]


@pytest.mark.parametrize(
    "line",
    [
        "For queries contact Mr. Sharma (9876543210)",
        "Ms. Gupta - 9811111111",
        "Coordinator: Asha Rao (23510417)",
        "Meeting ID: 123456789012",
        "Passcode 23510417",
        "Amount INR 10000000",
        "Noida - 201301",
        "Join by 20260820",
        "Asha Rao (7145203)",
        "The drive begins at 9 AM. Ask Rohit (9811122233)",
        "Congratulations to all 23510417 of you for clearing the test",
    ],
)
def test_no_student_in_a_line(line: str) -> None:
    assert students_in(line, trusted=False) == []


def test_a_trusted_line_may_hold_any_number_in_brackets() -> None:
    assert students_in("Asha Rao (1901045)", trusted=True) == [Student("Asha Rao", "1901045")]
    assert students_in("D'Souza, Anne (21/CS/045)", trusted=True) == [Student("D'Souza, Anne", "21/CS/045")]


def test_several_students_in_a_sentence() -> None:
    line = "Selected: Asha Rao (23510417), Ravi (23510418) and Jo Paul (23510419)."
    assert [s.name for s in students_in(line, trusted=False)] == ["Asha Rao", "Ravi", "Jo Paul"]


@pytest.mark.parametrize(
    "line",
    [
        "Re-test on 27 Oct at 5:00 PM: 23510417 Asha Rao, 23510418 Ravi",
        "23510417 - Asha Rao; 23510418 - Ravi.",
        "Selected: Asha Rao 23510417, Ravi 23510418",
        "Asha Rao - 23510417 and Ravi - 23510418 have to come.",
    ],
)
def test_several_students_in_a_row(line: str) -> None:
    assert students_in(line, trusted=False) == [Student("Asha Rao", "23510417"), Student("Ravi", "23510418")]


def test_words_before_the_first_name_of_a_sentence_are_no_part_of_it() -> None:
    line = "Orbit has selected two students, namely Asha Rao (23510417) and Ravi (23510418)."
    assert [s.name for s in students_in(line, trusted=False)] == ["Asha Rao", "Ravi"]


def test_numbers_alone() -> None:
    assert [s.enrollment for s in numbers_only("Roll nos: 20BCE1001, 20BCE1002 and 20BCE1003")] == [
        "20BCE1001",
        "20BCE1002",
        "20BCE1003",
    ]
    assert numbers_only("20BCE1001 is absent") == []


def test_a_student_told_of_in_a_long_sentence() -> None:
    said = (
        "This is to convey that your student Farhan Ali (20BPH1042) has been offered the position at 28,000 per month."
    )
    assert students_in(said, trusted=False) == students_in(said, trusted=True) == [Student("Farhan Ali", "20BPH1042")]
