"""A small season to look at: notices of every category, jobs, offers and a policy, all invented."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.categories import Category
from notifications.publishing.publish import Draft, publish
from scraping.items import RolePay
from scraping.models import Branch, Job, JobDocument
from scraping.placements.offers import OfferNews, Selected, merge
from scraping.placements.policies import PolicyNews, put_policy

SEASON = 202627
COMPANIES = ("Zenith Labs", "Orbit Systems", "Marble Bank", "Nimbus Cloud", "Teal Robotics", "Quill & Co")
NAMES = ("Aarav Sharma", "Diya Verma", "Kabir Mehta", "Ishita Rao", "Vihaan Gupta", "Anaya Singh", "Reyansh Jain")
_STARTS = (22103001, 9922103001, 22102001, 22104001, 22101001)
_HEADS = (342, 270, 240, 66, 47)

POLICY = """# Placement policy

## Who takes part

Every student with **no open backlog** may register.

## How many offers

| Level | Package (LPA) | Further drives |
| --- | --- | --- |
| A | below 6 | all |
| B | 6 to 12 | twice the package |
| C | above 12 | none |

## Conduct

1. Be there ten minutes early.
2. Who registers and stays away sits out the next three drives.
"""


def fill() -> None:
    fill_notices()
    fill_jobs()
    fill_placements()


def fill_notices(count: int = 33) -> None:
    now = timezone.now()
    for number, category in enumerate((Category.values * 3)[:count]):
        publish(_draft(number, category, now), announce=False)


def fill_jobs(count: int = 6) -> None:
    now = timezone.now()
    for number, company in enumerate(COMPANIES[:count]):
        _job(number, company, now)


def fill_placements(count: int = 6) -> None:
    if not Branch.objects.exists():  # the tests' tables come without the first season's rows
        Branch.objects.bulk_create(
            Branch(season=SEASON, branch=branch, start=start - 1, end=start + 999, students=students)
            for branch, start, students in zip(("CSE", "CSE", "ECE", "IT", "BT"), _STARTS, _HEADS, strict=True)
        )
    for number, company in enumerate(COMPANIES[:count]):
        merge(_offer(number, company))
    put_policy(PolicyNews(year=2027, title="Placement policy", content=POLICY))


def _draft(number: int, category: str, now: datetime) -> Draft:
    company = COMPANIES[number % len(COMPANIES)]
    students = tuple({"name": name, "enrollment": str(22103001 + place)} for place, name in enumerate(NAMES))
    shortlist = category in (Category.SHORTLISTING, Category.PLACEMENT_OFFER)
    label = Category(category).label
    posting = category == Category.JOB_POSTING
    return Draft(
        external_key=f"season:{number}",
        title=f"{company} is open for applications" if posting else f"{label}: {company}",
        category=category,
        season=SEASON,
        company=company,
        role="Software Engineer" if number % 2 else "Analyst",
        package="₹12 LPA" if posting else "",
        location="Noida, Bengaluru" if posting else "",
        stage="Stage 2, Technical interview" if shortlist else "",
        venue="LT-3" if shortlist else "",
        event_at=now + timedelta(days=3) if shortlist else None,
        deadline=now + timedelta(days=2, hours=number) if posting else None,
        body=f"<p>Students of <b>all branches</b> are asked to read this about {company}.</p>"
        "<ul><li>Bring your identity card.</li><li>Be there at 9:45.</li></ul>"
        + (f"<p>{NAMES[0]} 22103001</p>" if shortlist else ""),
        author="T&P Cell",
        links=({"url": "https://example.org/register", "label": "Register"},) if number % 3 == 0 else (),
        roster=students if shortlist else (),
        job_key=f"job-{number % len(COMPANIES)}" if posting else "",
        published_at=now - timedelta(hours=7 * number),
    )


def _job(number: int, company: str, now: datetime) -> None:
    job = Job.objects.create(
        identifier=f"job-{number}",
        season=SEASON,
        company=company,
        role="Software Engineer" if number % 2 else "Analyst",
        category_name="Dream",
        description="<p>You will build what students use each day.</p>",
        deadline=now + timedelta(days=number - 2, hours=1),
        created_at=now - timedelta(days=number),
        location="Noida",
        package=Decimal(600_000 + 300_000 * number),
        interval="YEAR",
        position_type="Full time",
        marks=[{"level": "UG", "criteria": 7.0}, {"level": "CLASS_XII", "criteria": 60}],
        courses=["B.Tech - CSE", "B.Tech - IT"],
        stages=["Online test", "Technical interview", "HR"],
    )
    JobDocument.objects.create(job=job, identifier="jd", name="JD.pdf", url="https://files.example.org/jd.pdf?sig=1")
    JobDocument.objects.create(job=job, identifier="slides", name="Slides.pdf")


def _offer(number: int, company: str) -> OfferNews:
    students = tuple(
        Selected(name=f"{name} {place}", enrollment=str(_STARTS[place % len(_STARTS)] + 20 * number + place))
        for place, name in enumerate(NAMES[: 2 + number] * 3)
    )
    return OfferNews(
        season=SEASON,
        company=company,
        locations=("Noida",),
        roles=(RolePay("Engineer", 4.5 + 6 * number), RolePay("Analyst", 3.5)),
        students=students,
    )
