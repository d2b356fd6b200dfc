import pytest

from scraping.items import Student
from scraping.reading.facts.students.rosters import read_roster
from scraping.reading.layout.markup import read_markup

TWO = [("Asha Rao", "23510417"), ("Ravi Das", "9923510655")]


def table(*rows: str) -> str:
    """A table of rows whose cells are parted by bars."""
    cells = ("".join(f"<td><p>{cell.strip()}</p></td>" for cell in row.split("|")) for row in rows)
    return f"<table><tbody>{''.join(f'<tr>{row}</tr>' for row in cells)}</tbody></table>"


def roster(html: str) -> list[tuple[str, str]]:
    return [(s.name, s.enrollment) for s in read_roster(read_markup(html).lines).students]


@pytest.mark.parametrize(
    "html",
    [
        "<ol><li>Asha Rao (23510417)</li><li>Ravi Das (9923510655)</li></ol>",
        "<ul><li>23510417 - Asha Rao</li><li>9923510655 - Ravi Das</li></ul>",
        "Shortlisted:<br>1. Asha Rao (23510417)<br/>2. Ravi Das(9923510655)",
        "<p>Asha Rao (23510417)\nRavi Das (9923510655)</p>",
        "1\t23510417\tAsha Rao\n2\t9923510655\tRavi Das",
        "1   23510417   Asha Rao   CSE\n2   9923510655   Ravi Das   ECE",
        "S.No | Name | Enrollment No\n1 | Asha Rao | 23510417\n2 | Ravi Das | 9923510655",
        table("S.No. | Roll No | Name |", "1 | 23510417 | Asha Rao | CL1", "2 | 9923510655 | Ravi Das | CL1"),
        table(
            "S.No | Portal Id | Roll No | Name",
            "1 | 7145203 | 23510417 | Asha Rao",
            "2 | 7145204 | 9923510655 | Ravi Das",
        ),
        table(
            "Enrollment No. | University Name | Candidate Name | Degree",
            "23510417 | ABC Univ | Asha Rao | B.Tech",
            "9923510655 | ABC Univ | Ravi Das | MCA",
        ),
        table(
            "Sl No | First Name | Last Name | Email | ENROLLMENT",
            "1 | Asha | Rao | a@x.example | 23510417",
            "2 | Ravi Das | . | b@x.example | 9923510655",
        ),
        table(
            "Name of the Student | Mobile | University Roll Number",
            "Asha Rao | 9876543210 | 23510417",
            "Ravi Das | 9876543211 | 9923510655",
        ),
        table("1 | 23510417 | Asha Rao", "4 | 9923510655 | Ravi Das"),
        table("23510417 | ABC Univ | Asha Rao | B.Tech | CSE", "9923510655 | ABC Univ | Ravi Das | B.Tech | CSE"),
        table("1 | Asha Rao (23510417) | CSE", "2 | Ravi Das (9923510655) | IT"),
        table(
            "List of Students",
            "S.No | Name | Roll No.",
            "1 | Asha Rao | 23510417",
            " | | ",
            "2 | Ravi Das | 9923510655",
        ),
        table("Name & Branch | Enrollment No./Roll No.", "Asha Rao (CSE) | 23510417", "Ravi Das (IT) | 9923510655"),
        table("Name | USN", "Asha Rao | 23510417", "USN | Name", "9923510655 | Ravi Das"),
        table("S.No | Roll | Name | S.No | Roll | Name", "1 | 23510417 | Asha Rao | 2 | 9923510655 | Ravi Das"),
        table("1 | Asha Rao | 9876543210 | 23510417", "2 | Ravi Das | 8123456789 | 9923510655"),
        "<ol><li>Asha Rao (23510417)</li><li>ASHA RAO (23510417)</li><li>Ravi Das (9923510655)</li></ol>",
    ],
)
def test_the_same_two_students_in_every_shape(html: str) -> None:
    assert roster(html) == TWO


def test_phones_and_enrolments_of_ten_digits_are_told_apart_by_their_beginnings() -> None:
    rows = (
        "1 | Asha | 9876543210 | 9923510655",
        "2 | Ravi | 8876543211 | 9923510656",
        "3 | Jo | 7876543212 | 9923510657",
    )
    assert [number for _, number in roster(table(*rows))] == ["9923510655", "9923510656", "9923510657"]


def test_the_portals_own_list_may_number_students_in_any_way() -> None:
    html = "Following students are shortlisted for Stage 1 (Test)<ol><li>Asha (101)</li><li>Jo (1901045)</li></ol>"
    assert roster(html) == [("Asha", "101"), ("Jo", "1901045")]


def test_a_column_of_portal_ids_is_no_enrolment() -> None:
    assert roster(table("S.No | Portal Id | Name", "1 | 7145203 | Asha Rao")) == [("Asha Rao", "")]


def test_a_company_over_several_rows() -> None:
    html = (
        "<table><tr><td>Company</td><td>Name</td><td>Roll No</td></tr><tr><td rowspan=2>Acme</td><td>Asha Rao</td>"
        "<td>23510417</td></tr><tr><td>Ravi Das</td><td>9923510655</td></tr></table>"
    )
    assert roster(html) == TWO


def test_numbers_without_names_and_names_without_numbers() -> None:
    assert roster("<p>Following roll numbers:</p><p>23510417</p><p>23510418</p>") == [
        ("", "23510417"),
        ("", "23510418"),
    ]
    names = (
        "<p>The following students are shortlisted:</p><ol><li>Asha Rao</li><li>Ravi Das (IT)</li></ol><p>Regards</p>"
    )
    assert roster(names) == [("Asha Rao", ""), ("Ravi Das", "")]


@pytest.mark.parametrize(
    "html",
    [
        "Following students are shortlisted for Stage 2 (Online test)<ol></ol><p>Asha Rao</p><p>Rgds</p>",
        "<p>Students shortlisted must carry:</p><p>College ID Card</p><p>Two copies of resume</p>",
        "<p>Shortlisted students must carry:</p><p>Aadhaar</p><p>Passport</p>",
        table("S.No | Name | Designation | Contact", "1 | Dr. Rao | TPO | 9876543210"),
        table("S.No. | Name | Mobile", "1 | Tarun Gill | 9876543210", "2 | Neelam Rao | 8876543211"),
        table("S.No. | Name | Date", "1 | Orbit Labs | 7 Sep 2026", "2 | Moon Life | 9 Sep 2026"),
        table("Role | CTC", "Engineer | 1200000", "Analyst | 1000000"),
        table("Day | Date | Time", "1 | 02-Jun-26 | 10.00 AM"),
        "<p>9876543210</p><p>8123456789</p><p>7012345678</p>",
        "<p>23510455@mail.college.example</p>",
        "<p>Toll-free 18001234567</p>",
        "<p>IFSC: SBIN0001234</p>",
        "",
    ],
)
def test_what_is_no_list_of_students(html: str) -> None:
    assert roster(html) == []


def test_the_lines_of_the_list_are_told() -> None:
    lines = ("Congratulations", "Asha Rao (23510417)", "Regards")
    assert read_roster(lines).rows == {1}


@pytest.mark.parametrize(
    "line", ["Meera Nair (M)9876543210", "Meera Nair, M: +91 9876543210", "Meera Nair, Extn. 22103999"]
)
def test_a_number_to_call_is_no_student(line: str) -> None:
    assert read_roster([line]).students == ()


def test_a_letter_for_the_gender_is_no_phone() -> None:
    assert read_roster(["1. Asha Rao (F) 22103456", "2. Ravi Iyer (M) 22103457"]).students == (
        Student("Asha Rao", "22103456"),
        Student("Ravi Iyer", "22103457"),
    )


def test_numbers_of_several_branches_with_a_line_for_each_branch() -> None:
    lines = ("EE:", "22EE001, 22EE014", "EEE:", "22EX007 & 22EX021", "ME: 22ME003")
    numbers = [student.enrollment for student in read_roster(lines).students]
    assert numbers == ["22EE001", "22EE014", "22EX007", "22EX021", "22ME003"]


def test_the_branch_behind_a_name_is_no_part_of_it() -> None:
    assert read_roster(["3 9922104433 M. Sreeja CSE"]).students == (Student("M. Sreeja", "9922104433"),)


def test_number_and_name_in_one_cell() -> None:
    assert read_roster(["1\t22104401 Asha Rao\tCSE"]).students == (Student("Asha Rao", "22104401"),)


def test_two_lists_side_by_side_without_a_head() -> None:
    rows = ("1\t22107711\tRitika\t51\t22107761\tSoham", "2\t22107712\tOm\t52\t22107762\tTara Sen", "3\t22107713\tIla")
    names = [student.name for student in read_roster(rows).students]
    assert names == ["Ritika", "Soham", "Om", "Tara Sen", "Ila"]


@pytest.mark.parametrize("line", ["22107711- Ritika", "PRN: 22107711 – Ritika", "Ritika-22107711"])
def test_a_number_with_a_dash_or_a_label(line: str) -> None:
    assert read_roster([line]).students == (Student("Ritika", "22107711"),)


def test_a_range_of_numbers_is_no_student() -> None:
    assert read_roster(["Group 1: 22107711 to 22107760"]).students == ()


def test_congratulations_are_no_part_of_a_name() -> None:
    line = "Congratulations Asha Rao (22107711) and Om (22107712) on being offered the role"
    assert [student.name for student in read_roster([line]).students] == ["Asha Rao", "Om"]


@pytest.mark.parametrize("order", [0, 1])
def test_names_and_numbers_that_take_turns_belong_together(order: int) -> None:
    items = ("<br>".join(student[order:] + student[:order]) for student in TWO)
    html = f"<p>Following candidates are called:</p><ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>"
    assert roster(html) == TWO
    assert read_roster(read_markup(html).lines).rows == {1, 2, 3, 4}


def test_a_column_of_sexes_is_no_initial() -> None:
    rows = ("1 UE238031 Ekta Rani F", "2 UE238052 Karan Thakur M", "3 UE233066 Navjot Sandhu F")
    assert [name for name, _ in roster("<br>".join(("Shortlisted:", "S.No. Roll No Name Sex", *rows)))] == [
        "Ekta Rani",
        "Karan Thakur",
        "Navjot Sandhu",
    ]
