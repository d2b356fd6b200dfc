"""Lists of students as other people lay them out: across, flattened, beside phones and companies, in parts of names."""

import pytest

from tests.scraping.reading.lists import ALL, INTRO, NUMBERS, pairs, roster, table


def across(width: int, head: list[str] | None = None) -> str:
    cells = [cell for name, number in ALL for cell in (number, name)]
    rows = [cells[start : start + 2 * width] for start in range(0, len(cells), 2 * width)]
    return INTRO + table(*([head] if head else []), *rows)


@pytest.mark.parametrize(
    "content",
    [
        across(2),
        across(3),
        across(2, ["Roll No", "Name", "Roll No", "Name"]),
        INTRO
        + table([f"{number} {name}" for name, number in ALL[:3]], [f"{number} {name}" for name, number in ALL[3:]]),
        f"{INTRO}<p>{', '.join(f'{number} ({name})' for name, number in ALL)}</p>",
        f"{INTRO}<p>{', '.join(f'{number} {name}' for name, number in ALL)}</p>",
        f"{INTRO}<p>S.No Roll Name {' '.join(f'{n} {number} {name}' for n, (name, number) in enumerate(ALL, 1))}</p>",
        f"{INTRO}<p>{' '.join(f'{n}. {name} {number}' for n, (name, number) in enumerate(ALL, 1))}</p>",
        f"{INTRO}<p>{' '.join(f'{n}) {number} - {name}' for n, (name, number) in enumerate(ALL, 1))}</p>",
        "<br>".join([INTRO, *(f"✅ {name} - {number}" for name, number in ALL)]),
        INTRO
        + table(
            ["S.No", "Name", "Mobile", "Univ. Roll No."],
            *([str(n), name, f"98765{43210 + n}", number] for n, (name, number) in enumerate(ALL)),
        ),
        INTRO + table(*([str(n), name, f"9{8 - n}7654321{n}", number] for n, (name, number) in enumerate(ALL))),
        INTRO + table(["Sr.", "Enrolement Numbr", "Stduent Name"], *(["1", number, name] for name, number in ALL)),
        INTRO + table(["Enrollment", "Frist Name", "Lst Name"], *([number, *name.split()] for name, number in ALL)),
        INTRO + table(["Roll No", "FName", "LName"], *([number, *name.split()] for name, number in ALL)),
        INTRO + table(["Roll No", "Name", ""], *([number, *name.split()] for name, number in ALL)),
        INTRO + table(*([str(n), number, *name.split()] for n, (name, number) in enumerate(ALL))),
        INTRO + table(*([number, *name.split(), "CSE"] for name, number in ALL)),
    ],
)
def test_a_list_is_read_whole(content: str) -> None:
    assert sorted(pairs(content)) == ALL


@pytest.mark.parametrize(
    "content",
    [
        INTRO + table(NUMBERS[:3], NUMBERS[3:]),
        INTRO + table(["Enrollment No"] * 3, NUMBERS[:3], NUMBERS[3:]),
        INTRO + table(["Enrollment No", "", ""], NUMBERS[:3], NUMBERS[3:]),
        f"<p>Students with roll nos {', '.join(NUMBERS[:5])} and {NUMBERS[5]} are shortlisted.</p>",
    ],
)
def test_numbers_alone_are_read_whole(content: str) -> None:
    assert sorted(pairs(content)) == [("", number) for number in NUMBERS]


def test_names_in_a_sentence_of_their_own() -> None:
    listed = "Aarohi Deshmane, Lakshit Vohra, Samarth V, Preeti Rani Ekka and Yug Thakkar."
    assert [name for name, _ in pairs(f"{INTRO}<p>{listed}</p>")] == [
        "Aarohi Deshmane",
        "Lakshit Vohra",
        "Samarth V",
        "Preeti Rani Ekka",
        "Yug Thakkar",
    ]


@pytest.mark.parametrize(
    "number", ["2101340500004", "2021MT60123", "21BCE1234", "IIT2021004", "1RV20CS001", "2K20/CO/123"]
)
def test_numbers_of_other_colleges(number: str) -> None:
    assert pairs(f"{INTRO}<p>1. Asha Verma - {number}</p>") == [("Asha Verma", number)]


def test_companies_beside_students_are_no_names() -> None:
    lines = "Nykaa (Data Analyst, 10 LPA): Kriti Bedi 22103821<br>Helio: Asha Verma (22103001)"
    assert pairs(f"<p>Congratulations!</p><p>{lines}</p>") == [("Kriti Bedi", "22103821"), ("Asha Verma", "22103001")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "<p>Citi</p><p>Asha Verma 22103001</p><p>Wells Fargo</p><p>Bilal Khan 22103002</p>",
            [("Asha Verma", "22103001"), ("Bilal Khan", "22103002")],
        ),
        (
            "<p>Candidate Name: Asha Verma</p><p>Register No: RA2311004010009</p>",
            [("Asha Verma", "RA2311004010009")],
        ),
        (
            "<p>22103001 Asha Verma and 22103002 Chetan Gowda D have cleared the test.</p>",
            [("Asha Verma", "22103001"), ("Chetan Gowda D", "22103002")],
        ),
        ("<p>Asha Verma PRN 2023016402330</p>", [("Asha Verma", "2023016402330")]),
        ("<p>We congratulate Ms. Asha Verma (Roll No. 12202017, 2026 pass-out).</p>", [("Asha Verma", "12202017")]),
        ("<p>EL: 22103001 Asha Verma</p>", [("Asha Verma", "22103001")]),
        ("<p>22103001 Asha Verma 5.0</p>", [("Asha Verma", "22103001")]),
        ("<p>Asha Verma / RA2311004010009</p>", [("Asha Verma", "RA2311004010009")]),
        ("<p>FTE: Asha Verma (2110345) - Engineer - 13 LPA</p>", [("Asha Verma", "2110345")]),
        (
            "<p>Orbit interview list; report at the lobby, 2nd Dec 0800 hrs. 22103001 - Asha T. N.</p>",
            [("Asha T. N.", "22103001")],
        ),
    ],
)
def test_students_in_other_peoples_words(content: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(f"{INTRO}{content}") == expected


@pytest.mark.parametrize(
    "content",
    [
        "<p>Report at Orbit Labs, Plot 12, Sector 62, Noida 201309 (Uttar Pradesh). Job id 4512876.</p>",
        "<p>Contact: Asha Verma (9876543210), Student Coordinator; Bilal Khan 9876501234</p>",
        "<p>23102001 to 23102120 - CL-1<br>23102121 to 23102260 - CL-2</p>",
    ],
)
def test_what_is_no_student(content: str) -> None:
    found = roster(content)
    assert (found.students, found.unread) == ((), 0)


@pytest.mark.parametrize(
    "name", ["Z", "Md. Danish Raza", "D'Souza Anne Marie", "A. P. J. Vimal Raj", "Mary Ann Theresa De La Cruz"]
)
def test_names_of_one_to_six_words(name: str) -> None:
    assert pairs(table(["Roll No", "Name"], ["22103001", name], ["22103002", "Asha"]))[0] == (name, "22103001")


TWO = [("Jerin K Jacob", "Bindu Sri Kolli"), ("22CH8012", "22CH8045")]


@pytest.mark.parametrize(
    "row",
    [
        "({roman}) {name}, {number}",
        "({roman})  {number} {name}",
        "{roman}. {name} - {number}",
        "{letter}) {name} - {number}",
        "{serial}\u20e3 {name} \u2013 {number}",
        "{serial}\ufe0f\u20e3 {name} ({number})",
        "{name}/{number}/CSE",
        "{name} ({number}/CSE)",
        "{serial}/ {name} / {number} / CSE",
        "Sl. {serial} {name} {number}",
        "{name} = {number}",
        "{number} -> {name}",
        "{name} S/o Ramesh Rao, {number}",
        "{name} - {number} - 9876543210",
        "{serial}. : {name} : {number} : Mechanical",
    ],
)
def test_signs_of_all_kinds_between_name_and_number(row: str) -> None:
    shown = (
        row.format(name=name, number=number, serial=n + 1, roman="i" * (n + 1), letter="ab"[n])
        for n, (name, number) in enumerate(zip(*TWO, strict=True))
    )
    assert pairs(f"{INTRO}{'<br>'.join(shown)}") == list(zip(*TWO, strict=True))


@pytest.mark.parametrize(
    "numbers", ["2213554 2213561", "221035 221036", "2022-0456 2022-0512", "22.BCE.1234 22.BCE.1299"]
)
@pytest.mark.parametrize(
    "row", ["{number} : {name} : B.Com", "{name} (ID {number})", "{name}, {number}, CSE", "Reg No. {number} {name}"]
)
def test_short_and_free_numbers_count_where_rows_are_alike(row: str, numbers: str) -> None:
    both = [number.replace(".", " ") for number in numbers.split()]
    shown = "<br>".join(row.format(name=name, number=number) for name, number in zip(TWO[0], both, strict=True))
    assert pairs(f"<p>Orbit: HR discussion</p>{shown}") == list(zip(TWO[0], both, strict=True))


@pytest.mark.parametrize(
    "lines",
    [
        "Noida Sector - 201301<br>Pune Camp - 411014",
        "Asha Verma - 221355<br>Data Analyst, 2213556",
        "Contact Asha Verma 2213554<br>Call Om Rao 2213555",
    ],
)
def test_rows_that_are_not_alike_are_no_students(lines: str) -> None:
    assert pairs(f"<p>Orbit visits us.</p>{lines}") == []


@pytest.mark.parametrize("head", ["Naam", "नाम", "Applicant", "Intern Name", "Name (as in records)", "Beneficiary"])
@pytest.mark.parametrize("number", ["Roll", "अनुक्रमांक", "Reg. No", "GR No"])
def test_heads_of_other_colleges(head: str, number: str) -> None:
    rows = table([number, head, "Branch"], *([number, name, "CSE"] for name, number in ALL))
    assert pairs(INTRO + rows) == ALL


def test_a_card_of_one_candidate() -> None:
    assert pairs("<p>Candidate: Asha Verma</p><p>Roll number: 106123068</p>") == [("Asha Verma", "106123068")]


def test_numbers_that_stand_on_no_list_are_counted() -> None:
    rest = "<p>and those whose numbers are 22103007 by merit / 22103008 by quota</p>"
    assert roster(across(2) + rest).unread == 2
    assert roster(across(2)).unread == 0


def test_when_and_where_each_student_comes() -> None:
    rows = (
        ["Panel", "Time", "Roll No", "Name"],
        ["P1", "9:00", "22103001", "Asha Verma"],
        ["P2", "9:40", "22103002", "Om"],
    )
    first, second = roster(table(*rows)).students
    assert ((first.panel, first.time), (second.panel, second.time)) == (("P1", "9:00"), ("P2", "9:40"))


def test_a_batch_in_front_of_its_students() -> None:
    first = "<p>GD Batch I (9.30 AM): 12301014 Asha Bora; 12304033 Om Ghosh</p>"
    students = roster(f"{first}<p>GD Batch II (11.00 AM): 12303005 Dikshita</p>", "Orbit: GD batches").students
    assert [(s.name, s.slot, s.time, s.meaning) for s in students] == [
        ("Asha Bora", "I", "9.30 AM", "shortlisted"),
        ("Om Ghosh", "I", "9.30 AM", "shortlisted"),
        ("Dikshita", "II", "11.00 AM", "shortlisted"),
    ]


def test_a_heading_tells_the_panel_of_those_below_it() -> None:
    content = f"{INTRO}<p>Panel 1 (LT-3), 10:00 AM</p><p>22103001 Asha Verma</p><p>Panel 2 (LT-4)</p><p>22103002 Om</p>"
    first, second = roster(content).students
    assert (first.panel, first.room, first.time) == ("1", "LT-3", "10:00 AM")
    assert (second.panel, second.room, second.time) == ("2", "LT-4", "")


def test_several_students_in_a_cell_share_its_panel() -> None:
    head = ["Panel", "Room", "Time", "Students"]
    rows = [["1", "M-204", "9:30 am", "Asha Verma (22103001), Bilal Khan (22103002)"],
            ["2", "M-206", "11 am", "Chitra Rao (22103003)"]]  # fmt: skip
    found = roster(table(head, *rows)).students
    assert [(one.name, one.enrollment, one.panel, one.room) for one in found] == [
        ("Asha Verma", "22103001", "1", "M-204"),
        ("Bilal Khan", "22103002", "1", "M-204"),
        ("Chitra Rao", "22103003", "2", "M-206"),
    ]


def test_the_ends_of_a_range_are_no_students() -> None:
    assert pairs("<ul><li>Batch A - roll no 22103001 to 22103075 : 10 am</li></ul>") == []


def test_students_whom_a_text_speaks_to() -> None:
    said = "<p>Dear Asha Rao (CH-1208) and Bilal Khan (CH-1215),</p><p>Orbit is still waiting for your acceptance.</p>"
    assert [(s.name, s.meaning) for s in roster(said, "Sign and return").students] == [
        ("Asha Rao", "action_required"),
        ("Bilal Khan", "action_required"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        table(
            ["Sr. No.", "AKTU Roll No.", "Student Name", "Mobile"],
            ["1", "2302901000041", "Asha Rao", "9810000141"],
            ["2", "2302901000042", "Bilal Khan", "9810000142"],
        ),
        table(
            ["Sr. No.", "Unique", "Student Name", "Mobile"],
            ["1", "2302901000041", "Asha Rao", "9810000141"],
            ["2", "2302901000042", "Bilal Khan", "9810000142"],
        ),
        "<p>Offers to Asha Rao (2302901000041) and Bilal Khan (2302901000042) for Data Engineer.</p>",
        "<p>Sno Roll No Name<br>1 2302901000041 Asha Rao CSE asha@example.com"
        "<br>2 2302901000042 Bilal Khan CSM bilal@example.com</p>",
    ],
)
def test_numbers_of_a_university(content: str) -> None:
    assert pairs(INTRO + content) == [("Asha Rao", "2302901000041"), ("Bilal Khan", "2302901000042")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>D-ME-401 / Asha Rao<br>D-EE-112 / Bilal Khan</p>", ["D-ME-401", "D-EE-112"]),
        (
            "<p>Qualified: ASHA RAO (312041), BILAL KHAN (312055) and DEV MALIK (312078).</p>",
            ["312041", "312055", "312078"],
        ),
        (table(["2306014", "Asha Rao", "ME"], ["2306045", "Bilal Khan", "EE"]), ["2306014", "2306045"]),
        ("<p>The office of Asha Rao (110034) is in Delhi.</p>", []),
        (
            "<p>The following candidates are rejected:</p><p>Asha Rao : 191234<br>Dev Malik : 201045</p>",
            ["191234", "201045"],
        ),
        ("<p>Name: Asha Rao | Roll: 2302018 | Role: Analyst</p>", ["2302018"]),
        ("<pre>20231CSE0144 Asha Rao      51\n20231CCS0022 Dev Malik      47</pre>", ["20231CSE0144", "20231CCS0022"]),
        (
            table(["Slot", "Name", "PRN"], ["9.00", "Asha Rao", "72301122B"], ["10.30", "Dev Malik", "72301190K"]),
            ["72301122B", "72301190K"],
        ),
        ("<p>Congratulations to Asha Rao (B.Tech CSE, Roll No. 13000122087) for her offer!</p>", ["13000122087"]),
        (table(["110034", "Asha Rao", "ME"], ["560041", "Bilal Khan", "EE"]), []),
    ],
)
def test_numbers_of_few_digits(content: str, expected: list[str]) -> None:
    assert [student.enrollment for student in roster(content).students] == expected


@pytest.mark.parametrize(
    "said",
    [
        "<p>Asha Rao (CSE, 20BCE1045), Dev Malik (IT, 20BIT0031)</p>",
        "<p>Asha Rao/20BCE1045/CSE<br>Dev Malik/20BIT0031/IT</p>",
        "<p>[20BCE1045] Asha Rao<br>[20BIT0031] Dev Malik</p>",
        "<p>10:00 am - Asha Rao 20BCE1045<br>10:40 am - Dev Malik 20BIT0031</p>",
        "<p>Asha Rao......20BCE1045<br>Dev Malik......20BIT0031</p>",
        "<p>1.Asha Rao-20BCE1045, 2.Dev Malik-20BIT0031</p>",
        "<p>Sl No USN Name Branch 1 20BCE1045 Asha Rao CSE 2 20BIT0031 Dev Malik ISE</p>",
        "<p>Mr. Asha Rao of B.Tech IT (Roll No: 20BCE1045)<br>Dev Malik of MCA (Roll No: 20BIT0031)</p>",
        "<p>20BCE1045 Asha Rao<br>20BIT0031 Dev Malik</p><p>For queries:</p>"
        "<p>Riya Sen 9876543210<br>Aman Gill 8765432109</p>",
    ],
)
def test_numbers_close_to_names(said: str) -> None:
    assert pairs(INTRO + said) == [("Asha Rao", "20BCE1045"), ("Dev Malik", "20BIT0031")]


@pytest.mark.parametrize(
    "said",
    [
        "<p>Shortlisted students:</p><p>Asha Rao, MBA<br>Dev Malik, BBA<br>Riya Sen, MBA</p>",
        "<p>Selected: Asha Rao (B.Com), Dev Malik (BBA), Riya Sen (MBA)</p>",
    ],
)
def test_names_with_their_programme(said: str) -> None:
    assert [name for name, _ in pairs("<p>Result of Orbit</p>" + said)] == ["Asha Rao", "Dev Malik", "Riya Sen"]


def test_names_alone_below_what_they_come_for() -> None:
    said = "<p>The following students have been shortlisted by Orbit for document verification on 26/10/2026.</p>"
    listed = "<ul><li>Asha Rao</li><li>Dev Malik</li></ul>"
    assert [name for name, _ in pairs(said + listed)] == ["Asha Rao", "Dev Malik"]
