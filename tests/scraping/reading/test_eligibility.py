"""Who may apply: marks, backlogs, branches and programmes, as other people write them (spec: reading, Eligibility)."""

import pytest

from accounts.categories import Category
from accounts.courses import branch_key, branches_in, names, programs_in
from scraping.items import Criterion
from scraping.reading.facts.eligibility.criteria import flat, portal_eligibility, read_eligibility
from scraping.reading.page import Page


def asked(*lines: str, title: str = "Orbit Labs is hiring", category: str = Category.JOB_POSTING) -> dict[str, object]:
    return flat(read_eligibility(Page(title, lines), category))


@pytest.mark.parametrize(
    ("text", "programs", "branches"),
    [
        ("B.E./B.Tech (CS, IT, EC)", ("BE", "B.Tech"), ("CS", "IT", "EC")),
        ("cse/it/ece only", (), ("CSE", "IT", "ECE")),
        ("Computer Science & Engineering, Information Technology", (), ("CSE", "IT")),
        ("BE/ME/MCA", ("BE", "ME", "MCA"), ()),
        ("ECE, EEE, ME", (), ("ECE", "EEE", "ME")),
        ("B.Tech CSE (AI & ML)", ("B.Tech",), ("CSE (AIML)",)),
        ("all circuit branches", (), ("circuit branches",)),
        ("Let me know if it is in order to be there", (), ()),
        ("Product & Marketing team", (), ()),
        ("B.A. LL.B. and B.B.A. LL.B.", ("BA LLB", "BBA LLB"), ()),
        ("B.A., LL.B. (Hons.) and B.Com LL.B.", ("BA LLB", "B.Com LLB"), ()),
        ("Pharm.D or M.Pharm", ("Pharm.D", "M.Pharm"), ()),
        ("BE, BTech, ME, MTech, MCA", ("BE", "B.Tech", "ME", "M.Tech", "MCA"), ()),
        ("CSE, IT and AI-DS", (), ("CSE", "IT", "AI&DS")),
        ("from ECE, VTU batch 2027", (), ("ECE",)),
    ],
)
def test_programmes_and_branches(text: str, programs: tuple[str, ...], branches: tuple[str, ...]) -> None:
    assert (names(programs_in(text)), names(branches_in(text, listed=False))) == (programs, branches)


@pytest.mark.parametrize(("one", "other"), [("CS", "CSE"), ("Mechanical", "ME"), ("Mech", "ME"), ("EC", "ECE")])
def test_two_names_of_one_branch(one: str, other: str) -> None:
    assert branch_key(one) == branch_key(other)


def test_codes_of_a_college_are_told_as_written() -> None:
    assert asked("Branches: COE, SE, IT") == {"branches": ["COE", "SE", "IT"]}
    assert asked("Diploma/BTech - Mech, EE, Mechatronics") == {
        "branches": ["Mech", "EE", "Mechatronics"],
        "programs": ["Diploma", "B.Tech"],
    }


def test_a_sentence_under_a_label() -> None:
    assert asked("Eligibility: B.E./B.Tech. CSE, ISE, ECE; CGPA >= 8.0; no active backlogs; 10th & 12th 70%+") == {
        "cgpa": 8.0,
        "x": 70,
        "xii": 70,
        "backlogs": 0,
        "branches": ["CSE", "ISE", "ECE"],
        "programs": ["BE", "B.Tech"],
    }


def test_a_list_under_a_heading_ends_with_the_next_label() -> None:
    lines = ("*Eligibility Criteria*", "• CSE / IT", "• 6.5 CGPA", "Location: Noida", "• ECE lab")
    assert asked(*lines) == {"cgpa": 6.5, "branches": ["CSE", "IT"]}


def test_the_portals_block_tells_programmes_apart() -> None:
    lines = (
        *("Applicable Courses", "M.Tech. - CSE, ABC", "B.Tech - IT, ABC", "Eligibility"),
        *("M.Tech.", "Post Graduate - 8 CGPA", "Undergraduate - 70 PERCENT"),
        *("B.Tech", "Class 10th - 60 PERCENT", "Undergraduate - 7 CGPA", "No backlogs"),
    )
    found = read_eligibility(Page("Open for applications", lines), Category.JOB_POSTING)
    assert Criterion("cgpa", 8.0, "Post Graduate - 8 CGPA", "M.Tech") in found
    assert flat(found) == {
        "cgpa": 7.0,
        "x": 60,
        "backlogs": 0,
        "branches": ["CSE", "IT"],
        "programs": ["M.Tech", "B.Tech"],
    }


@pytest.mark.parametrize(
    ("line", "category"),
    [
        ("Slot 1 (CSE, IT): 9:00 AM, Computer Centre", Category.UPDATE),
        ("The following CSE students with 7 CGPA are shortlisted", Category.SHORTLISTING),
        ("Civil and Mechanical students are not eligible", Category.JOB_POSTING),
        ("Students with 9+ CGPA get a direct interview", Category.JOB_POSTING),
        ("All CSE and IT students must report at 9:30 AM in LT-1", Category.JOB_POSTING),
    ],
)
def test_what_asks_nothing_of_who_applies(line: str, category: str) -> None:
    assert asked(line, title="Orbit Labs", category=category) == {}


def test_a_table_of_programmes() -> None:
    lines = ("Degree\tBranches\tCGPA\tBacklogs", "B.Tech\tCSE, IT\t7.0\t0", "M.Tech\tCSE\t7.5\t0")
    found = read_eligibility(Page("Orbit Labs", lines), Category.JOB_POSTING)
    assert Criterion("cgpa", 7.5, "CGPA: 7.5", "M.Tech") in found
    assert flat(found) == {"cgpa": 7.0, "backlogs": 0, "branches": ["CSE", "IT"], "programs": ["B.Tech", "M.Tech"]}


def test_a_table_of_companies_asks_nothing_of_everybody() -> None:
    lines = ("Company\tCGPA\tBranches", "Orbit\t7.0\tCSE", "Helio\t6.5\tECE")
    assert asked(*lines) == {}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Orbit | 6.5 LPA | 7 CGPA | CSE/IT | no backlogs", {"cgpa": 7.0, "backlogs": 0, "branches": ["CSE", "IT"]}),
        ("Criteria -> 10th - 60 | 12th - 60 | UG - 6.0", {"cgpa": 6.0, "x": 60, "xii": 60}),
        ("Active backlogs: Nil | History of backlogs: max 2", {"backlogs": 0, "history_of_backlogs": 2}),
        (
            "B.Tech (CSE, EE, MnC), CPI >= 7.5 with no F/backlog",
            {
                "cgpa": 7.5,
                "backlogs": 0,
                "branches": ["CSE", "EE", "MnC"],
                "programs": ["B.Tech"],
            },
        ),
        ("For second-year women students in CS/IT", {"branches": ["CS", "IT"], "gender": "female"}),
        (
            "Students belonging to the branches of Mechanical and Civil Engineering, with not less than 65 % marks in "
            "the aggregate of B.Tech. and 60 % in Class X, and no backlog, are eligible to apply.",
            {"ug_percent": 65, "x": 60, "backlogs": 0, "branches": ["Mechanical", "Civil"], "programs": ["B.Tech"]},
        ),
        (
            "from the students of Mechanical, Chemical, Production and Polymer Engineering",
            {"branches": ["Mechanical", "Chemical", "Production", "Polymer"]},
        ),
        ("GTE (B.E. Mech/E&TC): 6.0 LPA", {"branches": ["Mech", "E&TC"], "programs": ["BE"]}),
        (
            "Today up to 4 pm is the last chance for female candidates of Mechanical to apply",
            {"branches": ["Mechanical"], "gender": "female"},
        ),
        ("Active backlog ho to apply mat karna", {"backlogs": 0}),
        (
            "B.Tech CSE, IT and MCA with 7.5 CGPA.",
            {"cgpa": 7.5, "branches": ["CSE", "IT"], "programs": ["B.Tech", "MCA"]},
        ),
        ("It offers internships in sales for MBA first year.", {"programs": ["MBA"]}),
        ("Minimum CGPA: 7.5 (B.Tech), 8.0 (M.Tech)", {"cgpa": 7.5, "programs": ["B.Tech", "M.Tech"]}),
        ("min. 65% aggregate in B.Tech, age below 23", {"ug_percent": 65, "programs": ["B.Tech"]}),
    ],
)
def test_as_messengers_and_companies_write(line: str, expected: dict[str, object]) -> None:
    assert asked(line) == expected


def test_a_revised_mark_counts() -> None:
    assert asked("CGPA: 7", "Eligibility has been revised: CGPA is now 6.5") == {"cgpa": 6.5}


def test_the_portals_own_fields() -> None:
    marks = [("UG", 7.0), ("CLASS_X", 60.0), ("CLASS_XII", 65.5)]
    assert flat(portal_eligibility(marks, ["B.Tech - CSE", "MCA (2 Year) - MCA 1"], ["Female"])) == {
        "cgpa": 7.0,
        "x": 60,
        "xii": 65.5,
        "branches": ["CSE"],
        "programs": ["B.Tech", "MCA"],
        "gender": "female",
    }


def test_each_criterion_keeps_the_words_that_state_it() -> None:
    (criterion,) = read_eligibility(Page("Orbit Labs", ("Criteria: 7 CGPA & above.",)), Category.JOB_POSTING)
    assert criterion == Criterion("cgpa", 7.0, "7 CGPA & above.")


def test_a_batch_that_the_title_names_counts_where_the_text_says_who_may_apply() -> None:
    assert asked("CGPA 7 and above.", title="Orbit drive, batch 2027") == {"cgpa": 7.0, "batch": 2027}
    assert asked("The drive is on Monday.", title="Orbit drive, batch 2027") == {}


def test_the_batch_of_who_shares_a_job_is_not_asked_for() -> None:
    assert asked("Shared by an alumnus (2022 batch).", "B.Tech students (2026 or 2027 passouts) may apply.")[
        "batch"
    ] == [
        2026,
        2027,
    ]


def test_a_school_beside_a_diploma_is_no_programme() -> None:
    assert asked("Criteria: 60 % in SSC, HSC / Diploma and BE")["programs"] == ["BE"]


def test_what_one_must_have() -> None:
    said = "Must have: B.E. in Civil; no gap of more than 1 year."
    assert asked(said, category=Category.UPDATE) == {"branches": ["Civil"], "programs": ["BE"], "gap_years": 1}


def test_streams_behind_their_programme() -> None:
    assert asked("Streams: BE - Mechanical, Mechatronics, ECE, EEE")["branches"] == [
        "Mechanical",
        "Mechatronics",
        "ECE",
        "EEE",
    ]


def test_a_sentence_ends_behind_capitals() -> None:
    assert asked("It pays 7 lakhs for UG and 9 lakhs for PG. Candidates with CGPA above 8 can apply.") == {"cgpa": 8.0}


def test_a_table_of_roles_asks_for_the_branches_of_all() -> None:
    lines = ("Profile\tBranches\tCPI", "Analog Engineer\tEE\t8.0", "Digital Engineer\tEE, CSE\t7.5")
    assert asked(*lines) == {"branches": ["EE", "CSE"]}


@pytest.mark.parametrize(
    ("line", "branches"),
    [
        ("Branches: Polymer, Chemical", ["Polymer", "Chemical"]),
        ("Branches: Food Technology, Nutrition", ["Food Technology", "Nutrition"]),
        ("Specialisation: MBA (Business Analytics, Finance)", ["Business Analytics", "Finance"]),
        ("Eligible branches: Pharmacy, Biotechnology", ["Pharmacy", "Biotechnology"]),
    ],
)
def test_branches_besides_those_of_engineering(line: str, branches: list[str]) -> None:
    assert asked(line)["branches"] == branches


def test_a_dual_degree_in_short() -> None:
    assert asked("Eligible: B.Tech, DD (CSE)")["programs"] == ["B.Tech", "Dual Degree"]


def test_the_year_they_passed_in() -> None:
    assert asked("Qualification: B.E., passed in 2025 or 2026") == {"programs": ["BE"], "batch": [2025, 2026]}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Eligible courses: B.Tech / M.Tech - Aerospace, Mechanical", ["Aerospace", "Mechanical"]),
        ("Qualification: MBA (Finance/HR)", ["Finance", "HR"]),
        ("M.Sc (Maths, Stats and Physics) students may apply", ["Maths", "Stats", "Physics"]),
        ("Eligible: 60 % in Physics and Maths", None),
        ("• B.E./B.Tech - CSE, IT and all branches except Textile", None),
        ("Rahul Verma (2018 batch, ECE) has shared an opening", None),
    ],
)
def test_the_branches_that_are_meant(line: str, expected: list[str] | None) -> None:
    assert asked(line).get("branches") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("BE/B.Tech in Chemical or Mechanical, passed in 2026 with 60% or above", {"ug_percent": 60}),
        ("60% throughout from 10th", {"x": 60, "xii": 60, "ug_percent": 60}),
        ("any branch, 5th yr DD, no cpi cutoff", {}),
    ],
)
def test_marks_of_the_degree(line: str, expected: dict[str, object]) -> None:
    assert {
        name: value for name, value in asked(line).items() if name in {"cgpa", "x", "xii", "ug_percent"}
    } == expected


@pytest.mark.parametrize("category", [Category.UPDATE, Category.ANNOUNCEMENT])
def test_news_that_says_who_may_apply(category: str) -> None:
    assert asked("Last date remains 16th November. MCA 2027 batch only.", category=category) == {
        "programs": ["MCA"],
        "batch": 2027,
    }
    assert asked("They only take 75+ in 12th and 8+ CGPA", category=category) == {"xii": 75, "cgpa": 8.0}
    assert asked("Only shortlisted CSE students will get the mail", category=category) == {}
    assert asked(
        "CGPA is 7.0 now", "One active backlog is allowed.", "2027 batch of CSE can apply.", category=category
    ) == {
        "cgpa": 7.0,
        "backlogs": 1,
        "branches": ["CSE"],
        "batch": 2027,
    }


def test_the_year_behind_the_courses() -> None:
    assert asked("Qualification: B.E. / M.Tech. Civil, 2027")["batch"] == 2027


def test_a_line_of_a_role_with_its_courses() -> None:
    lines = ("Quality Executive - B.Sc / M.Sc - 25,000 per month", "Trainee - B.Com - 20,000 per month")
    assert asked(*lines) == {"programs": ["B.Sc", "M.Sc", "B.Com"]}


@pytest.mark.parametrize(
    "line",
    ["Our college got 14 offers, average CGPA 7.8", "Final year students who finish by Aug 2027 can apply"],
)
def test_numbers_that_nobody_is_asked_for(line: str) -> None:
    assert asked(line) == {}


def test_a_short_branch_behind_a_programme_of_science() -> None:
    assert asked("Eligible: M.Sc Chem", "Eligible: B.Tech Chem") == {
        "programs": ["M.Sc", "B.Tech"],
        "branches": ["Chemistry", "Chemical"],
    }


@pytest.mark.parametrize(
    ("line", "programs"),
    [
        ("Eligible: M.Pharm with 65% in B.Pharm", ["M.Pharm"]),
        ("Eligibility: M.Tech with first class in B.E./B.Tech", ["M.Tech"]),
        ("Eligibility: B.Tech with 65% in B.Tech, MCA with 65% in BCA", ["B.Tech", "MCA"]),
        ("Eligibility: 60% in B.Tech", ["B.Tech"]),
    ],
)
def test_a_degree_that_a_mark_was_had_in(line: str, programs: list[str]) -> None:
    assert asked(line)["programs"] == programs


def test_a_history_of_backlogs_says_nothing_of_those_of_today() -> None:
    assert asked("No history of arrears") == {"history_of_backlogs": 0}
