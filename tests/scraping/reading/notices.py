"""Notices of an invented college, as the portal shows them."""

from datetime import datetime

from scraping.items import Facts, JobRef, PortalNotice
from scraping.reading.facts.times.dates import INDIA
from scraping.reading.notice import extract_notice

PUBLISHED = datetime(2026, 9, 16, 11, 0, tzinfo=INDIA)  # a Wednesday
JOBS = (
    JobRef("nimbus-engineer", "Nimbus Robotics Pvt Ltd", "Software Engineer I"),
    JobRef("nimbus-intern", "Nimbus Robotics Pvt Ltd", "Software Engineer Intern"),
    JobRef("brightwave", "Brightwave Analytics (India) Limited", "Data Analyst"),
)


def read(title: str = "", content: str = "", jobs: tuple[JobRef, ...] = JOBS) -> Facts:
    return extract_notice(PortalNotice("n1", title, content, "T&P", PUBLISHED, None), jobs)


def students(facts: Facts) -> list[tuple[str, str]]:
    return [(student.name, student.enrollment) for student in facts.roster]
