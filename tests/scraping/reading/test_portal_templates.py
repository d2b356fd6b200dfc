"""The portal's own notices, as the sandbox words them: each is read for what it was made of, and for nothing else."""

from datetime import datetime, timedelta
from random import Random

import pytest

from accounts.categories import Category
from scraping.items import Facts, PortalNotice
from scraping.reading.facts.times.dates import INDIA
from scraping.reading.notice import extract_notice
from supersetbot.sandbox.portal import templates as say
from supersetbot.sandbox.portal.portal_world import hackathon, seats, students, webinar
from supersetbot.sandbox.portal.season import season

NOW = datetime(2026, 9, 16, 10, tzinfo=INDIA)
SOON = NOW + timedelta(days=3)
OPENINGS = [job.opening for job in season(NOW).jobs.values()]

of_each_opening = pytest.mark.parametrize("opening", OPENINGS, ids=lambda opening: opening.title)


def read(post: say.Post) -> Facts:
    title, content = post
    return extract_notice(PortalNotice("x", title, content, "", NOW, None))


def named(facts: Facts) -> list[tuple[str, str]]:
    return [(student.name, student.enrollment) for student in facts.roster]


@of_each_opening
def test_an_invitation_names_no_student(opening: say.Opening) -> None:
    facts = read(say.open_for_applications(opening, SOON))
    assert (facts.category, facts.role, facts.deadline) == (Category.JOB_POSTING, opening.role, SOON)
    assert facts.roster == ()


@of_each_opening
def test_a_shortlist_names_its_students(opening: say.Opening) -> None:
    listed = students(30, Random(opening.title))
    for post in (say.shortlist(opening, 1, listed), say.final_shortlist(opening, listed)):
        facts = read(post)
        assert (facts.category, facts.role) == (Category.SHORTLISTING, opening.role)
        assert named(facts) == list(listed)


@of_each_opening
def test_a_table_of_seats_names_its_students(opening: say.Opening) -> None:
    listed = students(30, Random(opening.title))
    facts = read(say.seating(opening, 1, SOON, seats(listed)))
    assert (facts.category, facts.event_at) == (Category.SHORTLISTING, SOON)
    assert named(facts) == list(listed)


@of_each_opening
def test_a_venue_is_an_update_without_students(opening: say.Opening) -> None:
    for post in (say.venue(opening, 1, "LT-3", SOON, SOON), say.new_venue(opening, 1, "LT-3", SOON, SOON)):
        facts = read(post)
        assert (facts.category, facts.venue, facts.event_at) == (Category.UPDATE, "LT-3", SOON)
        assert facts.roster == ()
    assert read(say.date_of_visit(opening, SOON, "LT-3")).roster == ()


def test_what_is_about_no_opening_names_no_student() -> None:
    cycle = say.placement_cycle("2026-27", "Meghdoot Institute of Technology", "B.Tech")
    found = [read(post) for post in (webinar(SOON), hackathon(SOON), cycle)]
    assert [facts.category for facts in found] == [Category.WEBINAR, Category.HACKATHON, Category.ANNOUNCEMENT]
    assert [facts.roster for facts in found] == [(), (), ()]
