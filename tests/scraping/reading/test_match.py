import pytest

from scraping.items import JobRef
from scraping.reading.facts.naming.match import company_score, match_job, role_score, same_company
from tests.scraping.reading.notices import JOBS


def linked(company: str | None, role: str | None, jobs: tuple[JobRef, ...] = JOBS) -> str | None:
    job = match_job(company, role, jobs)
    return job.identifier if job else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TCS", "Tata Consultancy Services Ltd"),
        ("OFSS", "Orbit Financial Services Software (OFSS)"),
        ("Camp", "Camp Solutions Private Limited"),
        ("MoonIT Services Pvt. Ltd", "Moon IT"),
        ("HCL Tech", "HCL Technologies"),
        ("Brightwave Analytcs", "Brightwave Analytics"),
    ],
)
def test_one_company(one: str, other: str) -> None:
    assert same_company(one, other)
    assert same_company(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tata Technologies", "Tata Consultancy Services"),
        ("Orbit", "Orbit Web Services"),
        ("Mahindra", "Tech Mahindra"),
        ("Intel", "Intelliment"),
        ("MAS Labs", "MAP Labs"),
        ("", "Orbit"),
        ("BM", "Bank of Moon"),
    ],
)
def test_two_companies(one: str, other: str) -> None:
    assert company_score(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("SDE-1", "Software Development Engineer I", 100),
        ("Engineer, Software", "Software Engineer", 97),
        ("Buisness Analyst", "Business Analyst", 90),
        ("Process Consultant", "Design/Process Consultant", 85),
        ("Software Engineer I", "Software Engineer II", 0),
        ("Data Analyst", "Data Analyst Intern", 0),
        ("Senior Analyst", "Junior Analyst", 0),
        ("Trainee", "Trainer", 0),
        ("", "", 0),
    ],
)
def test_how_alike_two_roles_are(one: str, other: str, score: int) -> None:
    assert role_score(one, other) == pytest.approx(score, abs=3) if score == 90 else role_score(one, other) == score


def test_a_job_is_found_by_company_and_role() -> None:
    assert linked("Nimbus Robotics", "Software Engineer I") == "nimbus-engineer"
    assert linked("NIMBUS ROBOTICS PVT. LTD.", "Software Engineer (Intern)") == "nimbus-intern"


@pytest.mark.parametrize(
    ("company", "role"),
    [
        ("Nimbus Robotics", "Software Engineer II"),
        ("Nimbus Robotics", None),
        (None, "Data Analyst"),
        ("Orbit", "Data Analyst"),
        ("Brightwave Analytics", "Business Analyst"),
        ("Nimbus", "Software Engineer I"),
    ],
)
def test_no_link_rather_than_a_wrong_one(company: str | None, role: str | None) -> None:
    assert linked(company, role) is None


def test_two_jobs_alike_give_no_link() -> None:
    assert linked("Orbit", "Intern", (JobRef("a", "Orbit", "Intern"), JobRef("b", "Orbit Pvt Ltd", "Intern"))) is None
    assert linked("Orbit", "Intern", (JobRef("a", "Orbit", "Intern"), JobRef("b", "Orbit", "HR/Intern"))) == "a"


def test_no_jobs_no_link() -> None:
    assert linked("Orbit", "Intern", ()) is None
