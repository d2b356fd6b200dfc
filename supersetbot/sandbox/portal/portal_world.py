"""What the sandbox's portal holds, and more of it on demand. Times are relative to `now`."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from scraping.sources.portal.parse import parse_job
from supersetbot.sandbox.portal import templates as say
from supersetbot.sandbox.portal.templates import Opening, Post, Roster

EVERYONE: frozenset[str] = frozenset()
OFFICER = "Revathi Menon"
ROOMS = ("Seminar Hall 2, Tagore Block", "Computing Lab 3", "Raman Auditorium", "Virtual", "Placement Office, Room 14")
FIRST = "Aarohi Bhavesh Charvi Dhruva Esha Farhan Gauri Hitesh Ira Jatin Kavya Lakshit Mihika Nakul".split()
LAST = "Ahlawat Bhandarkar Chitnis Dasgupta Ekbote Fonseca Gokhale".split()
STAGES = ("Resume shortlisting", "Online test", "Technical interview", "HR interview")
CATEGORY_NAMES = {1: "High", 2: "Middle", 3: "Offer is more than 4.6 lacs", 4: "Internship"}
NAMESPACE = uuid.UUID("5d3c1f0e-8a51-4c1b-9a53-3f2f6c0e7b11")


@dataclass(frozen=True, slots=True)
class Account:
    """A student who signs in. Sees what is for everyone and what is for their branch."""

    email: str
    password: str = field(repr=False)
    branch: str = "CSE"
    name: str = "Ira Gokhale"
    mfa: bool = False

    @property
    def uuid(self) -> str:
        return str(uuid.uuid5(NAMESPACE, self.email))


@dataclass(slots=True)
class Notice:
    """A notice as the portal lists it; `branches` says who sees it, empty: everyone."""

    record: dict[str, Any]
    branches: frozenset[str] = EVERYONE


@dataclass(slots=True)
class Job:
    """A job profile, short and full; `branches` says who sees it, empty: everyone."""

    short: dict[str, Any]
    detail: dict[str, Any]
    branches: frozenset[str] = EVERYONE

    @property
    def deadline(self) -> datetime:
        return datetime.fromtimestamp(self.short["jobProfileApplicationDeadline"] / 1000, UTC)

    @property
    def opening(self) -> Opening:
        job = parse_job(self.short, self.detail)
        marks = tuple((mark.level, mark.criteria) for mark in job.marks)
        return Opening(job.company, job.role, job.courses, marks, job.stages or STAGES)


@dataclass(slots=True)
class World:
    """What a portal holds, by identifier."""

    accounts: list[Account]
    notices: dict[str, Notice] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)

    def add(self, *things: Notice | Job) -> None:
        for thing in things:
            if isinstance(thing, Notice):
                self.notices[thing.record["identifier"]] = thing
            else:
                self.jobs[thing.short["jobProfileIdentifier"]] = thing


ACCOUNTS = (
    Account("ira.gokhale@sandbox.example", "monsoon-1", "CSE", "Ira Gokhale"),
    Account("nakul.fonseca@sandbox.example", "monsoon-2", "ECE", "Nakul Fonseca"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A job in brief: `pay` in rupees, a year or (interval MONTHLY) a month."""

    company: str
    role: str
    level: int
    pay: int
    place: str
    stages: tuple[str, ...] = STAGES
    interval: str = "ANNUAL"
    top_pay: int | None = None
    cgpa: float = 7.0
    branches: frozenset[str] = EVERYONE
    files: tuple[str, ...] = ("Job description.pdf",)
    only_women: bool = False
    skills: tuple[str, ...] = ()


def random_notice(world: World, now: datetime | None = None, random: Random | None = None) -> Notice:
    """A fresh notice as if published now, about a job of the world, or about an event where there is none."""
    now, random = now or datetime.now(UTC), random or Random()
    soon = say.by_day(now + timedelta(days=random.randint(1, 6)), 9 + random.randint(0, 5))
    later = soon + timedelta(hours=2)
    if not world.jobs:
        return make_notice(webinar(soon), now, random)
    job = random.choice(list(world.jobs.values()))
    opening, room = job.opening, random.choice(ROOMS)
    stage = random.randint(1, len(opening.stages))
    count = random.randint(3, 40)
    kinds: list[Callable[[], Post]] = [
        lambda: say.open_for_applications(opening, soon),
        lambda: say.shortlist(opening, stage, students(count, random)),
        lambda: say.final_shortlist(opening, students(count, random)),
        lambda: say.venue(opening, stage, room, soon, later),
        lambda: say.new_venue(opening, stage, room, soon, later),
        lambda: say.date_of_visit(opening, soon, room),
        lambda: say.seating(opening, stage, soon, seats(students(count, random))),
        lambda: webinar(soon),
        lambda: hackathon(soon),
    ]
    return make_notice(random.choice(kinds)(), now, random, job.branches)


def random_job(now: datetime | None = None, random: Random | None = None) -> Job:
    """A fresh job profile as if published now."""
    now, random = now or datetime.now(UTC), random or Random()
    name = f"{random.choice(['Copper', 'Indigo', 'Tamarind', 'Granite', 'Monsoon'])} {random.choice(['Kite', 'Loom'])}"
    offer = Offer(
        f"{name} {random.choice(['Technologies', 'Labs', 'Analytics Pvt Ltd', 'Systems'])}",
        random.choice(["Software Engineer", "Data Analyst", "QA Engineer", "Cloud Support Associate"]),
        random.randint(1, 3),
        random.randrange(450_000, 2_400_000, 50_000),
        random.choice(["Bengaluru", "Pune", "Noida", "Remote"]),
        branches=random.choice([EVERYONE, frozenset({"CSE"}), frozenset({"ECE"})]),
    )
    return make_job(offer, created=now, random=random)


def make_notice(post: Post, published: datetime, random: Random, branches: frozenset[str] = EVERYONE) -> Notice:
    title, content = post
    record = {
        "identifier": _identifier(random),
        "title": title,
        "content": content,
        "lastModifiedByUserName": OFFICER,
        "lastModifiedOn": epoch(published),
        "publishedAt": epoch(published),
    }
    return Notice(record, branches)


def make_job(offer: Offer, created: datetime, random: Random) -> Job:
    short = {
        "jobProfileIdentifier": _identifier(random),
        "jobProfileTitle": offer.role,
        "companyName": offer.company,
        "placementCategoryLevel": offer.level,
        "placementCategoryName": CATEGORY_NAMES[offer.level],
        "content": "",
        "createdAt": epoch(created),
        "jobProfileApplicationDeadline": epoch(_end_of_day(created + timedelta(days=21))),
    }
    courses = [
        {"name": branch, "program": {"shortName": "B.Tech"}} for branch in sorted(offer.branches or {"CSE", "ECE"})
    ]
    detail = {
        "eligibilityCheckResult": {
            "academicResults": [{"level": "UG", "required": offer.cgpa}, {"level": "CLASS_X", "required": 60.0}],
            "courseCheckResult": {"openedForCourses": courses},
        },
        "jobProfile": _profile(offer, random),
        "jobProfileLocation": offer.place,
        "positionType": "Internship" if offer.level == 4 else "Full Time",
    }
    return Job(short, detail, offer.branches)


def _profile(offer: Offer, random: Random) -> dict[str, Any]:
    return {
        "allowGenderFemale": True,
        "allowGenderMale": not offer.only_women,
        "allowGenderOther": not offer.only_women,
        "jobDescription": (
            f"<p><strong>{offer.company}</strong> is hiring for the role of <strong>{offer.role}</strong>.</p>"
            f"<ul><li>Build and look after what our customers use every day.</li><li>Location: {offer.place}</li></ul>"
        ),
        "invitationCustomText": "<p>Kind attention: students of the 2027 batch.</p>",
        "location": offer.place,
        "package": offer.pay,
        "ctcMin": offer.pay,
        "ctcMax": offer.top_pay or offer.pay,
        "ctcInterval": offer.interval,
        "ctcAdditionalInfo": "<p>Base pay, as per the offer letter.</p>",
        "requiredSkills": list(offer.skills),
        "stages": [{"sequence": number, "name": name} for number, name in enumerate(offer.stages, start=1)],
        "documents": [{"name": name, "identifier": _identifier(random)} for name in offer.files],
    }


def students(count: int, random: Random, number: str = "") -> Roster:
    """Invented students: name and enrolment number, no two alike up to 98; who has `number` is among them."""
    everybody = [(f"{first} {last}", str(24_510_001 + n)) for n, (first, last) in enumerate(product(FIRST, LAST))]
    picked = random.sample(everybody, min(count, len(everybody)))
    wanted = [student for student in everybody if student[1] == number and student not in picked]
    return [*picked[: len(picked) - len(wanted)], *wanted]


def load(folder: Path) -> World:
    """A world from notices.json, job_profiles.json and job_details.json (by identifier), for everyone to see."""
    notices, shorts, details = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("notices.json", "job_profiles.json", "job_details.json")
    )
    world = World(list(ACCOUNTS))
    world.add(*(Notice(record) for record in notices))
    world.add(*(Job(short, details.get(short["jobProfileIdentifier"], {})) for short in shorts))
    return world


def generated(notices: int, jobs: int, documents: int = 2, size: int = 4000) -> World:
    """A big world for benchmarks: notices of about `size` bytes, jobs with that many documents each."""
    now, random = datetime.now(UTC), Random(1)
    world = World(list(ACCOUNTS))
    files = tuple(f"Document {number}.pdf" for number in range(documents))
    for number in range(jobs):
        offer = Offer(f"Company {number}", f"Engineer {number}", 1 + number % 3, 600_000, "Pune", files=files)
        world.add(make_job(offer, now - timedelta(minutes=number), random))
    for number in range(notices):
        text = f"<p>Line {number} of the season's circular.</p>\n" * (size // 45)
        world.add(make_notice((f"Circular {number}", text), now - timedelta(minutes=number), random))
    return world


def epoch(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def _end_of_day(moment: datetime) -> datetime:
    return moment.astimezone(say.INDIA).replace(hour=23, minute=59, second=0, microsecond=0)


def _identifier(random: Random) -> str:
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def seats(roster: Roster) -> list[tuple[str, str, str]]:
    return [(name, number, f"CL{3 + index % 2}") for index, (name, number) in enumerate(roster)]


def webinar(start: datetime) -> Post:
    text = (
        "<p>An alumni talk on <strong>systems that stay up</strong> by Farida Contractor, Principal Engineer.</p>"
        '<p>Register: <a href="https://events.example/alumni-talk">https://events.example/alumni-talk</a></p>'
    )
    return say.upcoming_event("Webinar: Systems that stay up", start, start + timedelta(hours=1), text)


def hackathon(end: datetime) -> Post:
    day = f"{end.astimezone(say.INDIA):%d %B %Y}"
    return "TamarindHacks 2026 – 36-hour hackathon – Register now", (
        f"<p>Teams of two to four. Prize pool: ₹1,50,000. Theme: <em>Water</em>. Register by <strong>{day}</strong></p>"
        '<p><a href="https://hack.example/tamarind">https://hack.example/tamarind</a></p>'
    )
