"""What a clause states of marks, backlogs, gaps, gender and batch, as other people write it."""

import pytest

from scraping.reading.facts.eligibility.conditions import backlogs_in, batch_in, gap_years_in, gender_in
from scraping.reading.facts.eligibility.marks import marks_in


def marks(clause: str) -> set[tuple[str, float, str]]:
    return {(mark.level, mark.value, "CGPA" if mark.is_cgpa else "%") for mark in marks_in(clause, labelled=True)}


X60, XII60, UG60 = ("x", 60, "%"), ("xii", 60, "%"), ("ug", 60, "%")


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("7 CGPA & above", {("", 7, "CGPA")}),
        ("CPI 7+, CS/EE/MnC", {("", 7, "CGPA")}),
        ("CGPA >= 8.0", {("", 8, "CGPA")}),
        ("CGPA 7.5/10", {("", 7.5, "CGPA")}),
        ("7 cgpa se upar, 10th 12th me 60%", {("", 7, "CGPA"), X60, XII60}),
        ("60% in Madhyamik", {X60}),
        ("60%+ in 10th/12th/UG", {X60, XII60, UG60}),
        ("X/XII/Grad 60%", {X60, XII60, UG60}),
        ("60% aggregate throughout", {X60, XII60, UG60}),
        ("60% throughout (10th, 12th & graduation)", {X60, XII60, UG60}),
        ("60% or 6.0 CGPA throughout", {X60, XII60, UG60, ("ug", 6, "CGPA")}),
        ("X/XII: 60% or 6.0 CGPA", {X60, XII60}),
        ("60% in 10th, 12th and B.Tech 7 CGPA", {X60, XII60, ("ug", 7, "CGPA")}),
        ("10th/12th/Grad: 60/60/7.0", {X60, XII60, ("ug", 7, "CGPA")}),
        ("X - 60, XII - 60, UG - 7.0", {X60, XII60, ("ug", 7, "CGPA")}),
        ("60 percent and above in SSC, HSC & BE", {X60, XII60, UG60}),
        ("CGPA cutoff relaxed from 7.5 to 7", {("", 7, "CGPA")}),
        ("CGPA cut-off is now 6.5 (earlier 7.0)", {("", 6.5, "CGPA")}),
        ("B.Tech: 7 CGPA, MCA: 7.5 CGPA", {("ug", 7, "CGPA"), ("pg", 7.5, "CGPA")}),
        ("12 LPA, 7 CGPA", {("", 7, "CGPA")}),
        ("SDE 1 – 28 LPA – CGPA 7.5 and above", {("", 7.5, "CGPA")}),
        ("60% in graduation and 60% each in Class X and Class XII may apply", {X60, XII60, UG60}),
        ("60% in 10th, inter and b.tech", {X60, XII60, UG60}),
        ("60/60/7", {X60, XII60, ("ug", 7, "CGPA")}),
        ("60-60-60", {X60, XII60, UG60}),
        ("Submit by 8/10/26, drive on 10/10 10 AM", set()),
        ("Medical: 07/10/2026 (8.00 AM)", set()),
        ("6.5 CGPA or 60% marks", {("ug", 6.5, "CGPA"), UG60}),
        ("Minimum 60% marks.", {UG60}),
        ("Minimum CGPA for Orbit (Program Associate) is 7.0 and not 7.5", {("", 7, "CGPA")}),
        ("Last date 10th Dec, test on 12th Dec, 60 questions", set()),
        ("No CGPA criteria", set()),
        ("Variable pay 10% of CTC", set()),
    ],
)
def test_marks(clause: str, expected: set[tuple[str, float, str]]) -> None:
    assert marks(clause) == expected


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("no active backlogs", {"backlogs": 0}),
        ("No standing arrears", {"backlogs": 0}),
        ("The students having standing arrears as on date are not eligible", {"backlogs": 0}),
        ("Arrears: Nil (current and history)", {"backlogs": 0, "history_of_backlogs": 0}),
        ("backlog nil", {"backlogs": 0}),
        ("no F grade", {"backlogs": 0}),
        ("koi backlog nahi hona chahiye", {"backlogs": 0}),
        ("Students with active backlogs are not eligible", {"backlogs": 0}),
        ("max 1 active backlog", {"backlogs": 1}),
        ("up to two live ATKTs", {"backlogs": 2}),
        ("Backlogs allowed: 2", {"backlogs": 2}),
        ("No history of backlogs", {"history_of_backlogs": 0}),
        ("no active or history of backlogs", {"backlogs": 0, "history_of_backlogs": 0}),
        ("never had a backlog", {"backlogs": 0, "history_of_backlogs": 0}),
        ("Update your CGPA and backlog status", {}),
        ("no backlogs beyond 2", {"backlogs": 2}),
        ("no standing arrears, history of arrears max 3", {"backlogs": 0, "history_of_backlogs": 3}),
        ("no active backlogs, max 2 in history", {"backlogs": 0}),
        ("Backlogs: None, past or present", {"backlogs": 0, "history_of_backlogs": 0}),
        ("Backlog - no history", {"history_of_backlogs": 0}),
        ("No ATKTs (live or dead)", {"backlogs": 0, "history_of_backlogs": 0}),
        ("Dead backs ok but nothing active", {"backlogs": 0}),
        ("Candidates with ATKT pls excuse", {"backlogs": 0}),
        ("No criteria for backlogs", {}),
        ("Backlogs no bar", {}),
        (
            "Current arrears are not allowed and history of arrears is also not allowed",
            {"backlogs": 0, "history_of_backlogs": 0},
        ),
    ],
)
def test_backlogs(clause: str, expected: dict[str, int]) -> None:
    assert backlogs_in(clause) == expected


@pytest.mark.parametrize(
    ("clause", "years"),
    [
        ("no gap of more than 1 year", 1),
        ("Gap in education should not exceed one year", 1),
        ("max 2 years gap", 2),
        ("No education gap", 0),
        ("Academic gap: not allowed", 0),
        ("A break of 10 minutes between sessions", None),
        ("no gap beyond 1 year", 1),
        ("Academic gap should not exceed 24 months", 2),
        ("Gap of maximum one year is allowed", 1),
        ("There should not be any break in studies", 0),
        ("After a gap of 3 years Orbit visits us", None),
    ],
)
def test_gap_years(clause: str, years: int | None) -> None:
    assert gap_years_in(clause) == years


@pytest.mark.parametrize(
    ("clause", "gender"),
    [
        ("female candidates only", "female"),
        ("Open to women engineers", "female"),
        ("sirf girls ke liye", "female"),
        ("Sirf chhatraye - Diploma ECE, EE", "female"),
        ("Gender: Male", "male"),
        ("male and female students may apply", None),
        ("Report at the girls hostel gate", None),
        ("applications from unmarried male engineering graduates", "male"),
    ],
)
def test_gender(clause: str, gender: str | None) -> None:
    assert gender_in(clause) == gender


@pytest.mark.parametrize(
    ("clause", "years"),
    [
        ("2027 batch", (2027,)),
        ("2026/2027 batch", (2026, 2027)),
        ("batch: 2026 & 27", (2026, 2027)),
        ("2023-27 batch", (2027,)),
        ("passing out in 2027", (2027,)),
        ("YOP 2027", (2027,)),
        ("by 30 Nov 2026", ()),
        ("ANY GRADUATE, 2026 OR 2027 BATCH", (2026, 2027)),
        ("candidates completing in 2026 or 2027", (2026, 2027)),
        ("completing their degree in 2027", (2027,)),
        ("Diploma holders (Mechanical) of 2026 and 2027", (2026, 2027)),
        ("B.Tech folks of 2028", (2028,)),
        ("2025, 2026 & 2027 passed", (2025, 2026, 2027)),
        ("2026 & 2027, 55%+ in PG", ()),
        ("I'm from the 2019 batch", ()),
        ("Open for CSE, IT and ECE of 2027", (2027,)),
    ],
)
def test_batch(clause: str, years: tuple[int, ...]) -> None:
    assert batch_in(clause, 2026) == years


def test_a_gap_in_a_table() -> None:
    assert gap_years_in("Education gap\tMax. 1 year") == 1
