import pytest

from scraping.items import JobRef
from scraping.reading.facts.naming.titles import read_sentences, read_title, split_possessive

STAGE = "Stage 4 (Technical interview 1)"


def parts(title: str, jobs: tuple[JobRef, ...] = ()) -> tuple[str | None, str | None, str | None, str | None]:
    heading = read_title(title, jobs)
    assert heading is not None
    return heading.rule, heading.company, heading.role, heading.stage


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            f"Shortlist published for {STAGE}  of Orbit Labs (formerly Moon Technologies),'s Software Engineer Intern ",
            ("title.shortlist", "Orbit Labs (formerly Moon Technologies)", "Software Engineer Intern", STAGE),
        ),
        (
            f"Shortlist published for {STAGE}  of Orbit Labs's Design/Process Consultant",
            ("title.shortlist", "Orbit Labs", "Design/Process Consultant", STAGE),
        ),
        (
            "Shortlist updated for Stage 2 (Test (A of B)) of Bank of the Moon's Analyst - II",
            ("title.shortlist", "Bank of the Moon", "Analyst - II", "Stage 2 (Test (A of B))"),
        ),
        ("Shortlist published for Stage 4 of Moony's's Analyst", ("title.shortlist", "Moony's", "Analyst", "Stage 4")),
        (
            "Shortlist published for Online Test of Orbit's Analyst",
            ("title.shortlist", "Orbit", "Analyst", "Online Test"),
        ),
        (
            "Final shortlist for Orbit Technologies's Software Developer / Data Analyst ",
            ("title.final_shortlist", "Orbit Technologies", "Software Developer / Data Analyst", None),
        ),
        ("Final shortlist for Orbit", ("title.final_shortlist", "Orbit", None, None)),
        (
            "Open for applications - Orbit Inc.'s Job Profile - Women's Health - Intern's Desk",
            ("title.applications_open", "Orbit Inc.", "Women's Health - Intern's Desk", None),
        ),
        (
            "Open for applications - Dr. Moon's Clinic's Job Profile - Intern",
            ("title.applications_open", "Dr. Moon's Clinic", "Intern", None),
        ),
        (
            "open for applications – Orbit’s job profile – Care—Associate",
            ("title.applications_open", "Orbit", "Care—Associate", None),
        ),
        (
            "Deadline for Applications changed - M&N Technology's Job Profile - Engineer (Trainee) - V2.0",
            ("title.deadline_changed", "M&N Technology", "Engineer (Trainee) - V2.0", None),
        ),
        (
            "Venue and Date published for Stage 2 (Aptitude & Coding) of Orbit Private Limited's IT Trainee",
            ("title.venue_and_date", "Orbit Private Limited", "IT Trainee", "Stage 2 (Aptitude & Coding)"),
        ),
        (
            "Venue and Date updated for Stage 2 (Talk) of Orbit's Network Engineer",
            ("title.venue_and_date", "Orbit", "Network Engineer", "Stage 2 (Talk)"),
        ),
        (
            "Updates in Date Of Visit of Junior Consultant at Orbit Software Limited (OSL)",
            ("title.update", "Orbit Software Limited (OSL)", "Junior Consultant", None),
        ),
        ("Updates in Location of Head of Sales at Orbit", ("title.update", "Orbit", "Head of Sales", None)),
        ("Placement cycle ABC Campus - 2026 - Open for registrations\n", ("title.placement_cycle", None, None, None)),
        ("Upcoming Event: Orbit: Campus Connect", ("title.event", None, None, None)),
    ],
)
def test_the_portals_templates(title: str, expected: tuple[str | None, ...]) -> None:
    assert parts(title) == expected


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Orbit - Shortlist published",
        "Shortlist published",
        "Open for applications",
        "x" * 5000,
        "Updates in dress code",
    ],
)
def test_titles_of_no_template(title: str) -> None:
    assert read_title(title) is None


@pytest.mark.parametrize(
    ("text", "company", "role"),
    [
        ("Dr. Moon's Laboratories's Trainee", "Dr. Moon's Laboratories", "Trainee"),
        ("Moon's Foods Pvt Ltd's Intern's Mate", "Moon's Foods Pvt Ltd", "Intern's Mate"),
        ("Orbit's Founder's Office", "Orbit", "Founder's Office"),
        ("Orbit (Digital)'s Founder's Office", "Orbit (Digital)", "Founder's Office"),
        ("Orbit Analyst", "Orbit Analyst", ""),
        ("'s Analyst", "'s Analyst", ""),
    ],
)
def test_which_possessive_parts_company_and_role(text: str, company: str, role: str) -> None:
    assert split_possessive(text) == (company, role)


def test_a_known_job_decides_between_possessives() -> None:
    jobs = (JobRef("1", "Men's Hall", "Women's Fashion Associate"),)
    assert split_possessive("Men's Hall's Women's Fashion Associate", jobs) == (
        "Men's Hall",
        "Women's Fashion Associate",
    )


def test_the_portals_sentences_stand_in_for_a_title() -> None:
    heading = read_sentences(
        ["Dear all", "Applications are now being accepted for Orbit's Job Profile: Care Associate."]
    )
    assert heading is not None
    assert (heading.rule, heading.company, heading.role) == ("text.applications_open", "Orbit", "Care Associate")
    quoted = read_sentences([f"Venue and Date published for {STAGE} of Orbit's Analyst"])
    assert quoted is not None
    assert (quoted.company, quoted.role, quoted.stage) == ("Orbit", "Analyst", STAGE)
    assert read_sentences(["Dear all"]) is None
