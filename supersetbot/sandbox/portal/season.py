"""An invented college season: what the sandbox's portal holds at the start."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from supersetbot.sandbox.portal import templates as say
from supersetbot.sandbox.portal.portal_world import (
    ACCOUNTS,
    EVERYONE,
    ROOMS,
    Job,
    Notice,
    Offer,
    World,
    hackathon,
    make_job,
    make_notice,
    seats,
    students,
    webinar,
)
from supersetbot.sandbox.portal.templates import Post

OFFERS = (
    Offer("Zenith Labs", "Software Engineer", 1, 1_400_000, "Bengaluru", skills=("Python", "SQL")),
    Offer("Bluepeak Software Private Limited", "Associate Data Analyst", 2, 750_000, "Pune, Hyderabad", cgpa=6.5),
    Offer("Kaveri Grid Systems", "Graduate Engineer Trainee", 3, 500_000, "Mysuru", cgpa=6.0, files=()),
    Offer(
        "Orbit Hinge Robotics",
        "Embedded Software Intern",
        4,
        35_000,
        "Chennai",
        ("Resume shortlisting", "Hardware puzzle", "Technical interview 1", "Technical interview 2"),
        interval="MONTHLY",
        branches=frozenset({"ECE"}),
        skills=("C", "RTOS"),
    ),
    Offer("Saffron Lane Commerce", "Product Engineer", 1, 1_800_000, "Gurugram", top_pay=2_200_000, cgpa=7.5),
    Offer("Harbour Nine Consulting LLP", "Business Technology Analyst", 2, 920_000, "Mumbai"),
    Offer(
        "Quillstack",
        "Front End Developer Intern",
        4,
        25_000,
        "Remote",
        ("Portfolio review", "Pair programming", "Founder round"),
        interval="MONTHLY",
        branches=frozenset({"CSE"}),
        files=("Job description.pdf", "Assignment brief.docx"),
    ),
    Offer("Meridian Cloudworks", "Site Reliability Engineer", 1, 1_650_000, "Noida", cgpa=8.0, only_women=True),
)


def season(now: datetime | None = None) -> World:
    """The world the sandbox starts with: 8 jobs, 12 notices, two accounts."""
    now = now or datetime.now(UTC)
    random = Random(202627)
    jobs = [
        make_job(offer, created=now - timedelta(days=20 - 2 * day), random=random) for day, offer in enumerate(OFFERS)
    ]
    world = World(list(ACCOUNTS))
    world.add(*jobs, *_first_notices(jobs, now, random))
    return world


def _first_notices(jobs: list[Job], now: datetime, random: Random) -> Iterable[Notice]:
    zenith, bluepeak, kaveri, orbit, saffron, harbour, quillstack, _ = jobs
    day, hours = timedelta(days=1), timedelta(hours=2)
    tomorrow, second = say.by_day(now + day, 9), say.by_day(now + 2 * day, 10)
    posts: list[tuple[Post, frozenset[str]]] = [
        (
            say.placement_cycle("Vindhya Campus Placements 2026-2027", "Vindhya Institute", "B.Tech (2027 Batch)"),
            EVERYONE,
        ),
        (say.open_for_applications(zenith.opening, zenith.deadline), EVERYONE),
        (say.open_for_applications(orbit.opening, orbit.deadline), orbit.branches),
        (say.open_for_applications(saffron.opening, saffron.deadline), EVERYONE),
        (say.shortlist(bluepeak.opening, 2, students(42, random)), EVERYONE),
        (say.venue(harbour.opening, 3, ROOMS[0], second, second + hours), EVERYONE),
        (webinar(say.by_day(now + 4 * day, 15)), EVERYONE),
        (hackathon(now + 9 * day), EVERYONE),
        (say.final_shortlist(kaveri.opening, students(7, random)), EVERYONE),
        (say.date_of_visit(saffron.opening, now + 12 * day, "Gurugram"), EVERYONE),
        (say.new_venue(harbour.opening, 3, ROOMS[2], second + day, second + day + hours), EVERYONE),
        (say.seating(quillstack.opening, 2, tomorrow, seats(students(18, random))), quillstack.branches),
    ]
    for index, (post, branches) in enumerate(posts):
        yield make_notice(post, now - timedelta(hours=6 * (len(posts) - index)), random, branches)
