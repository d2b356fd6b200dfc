"""A text with several companies, events or deadlines keeps all of them."""

from datetime import UTC, datetime

from scraping.items import Dated, Facts, PortalNotice
from scraping.reading.facts.times.dates import INDIA
from scraping.reading.notice import extract_notice
from scraping.telling.facts_draft import dates

NEAR = datetime(2026, 11, 20, 6, tzinfo=UTC)


def read(title: str, content: str) -> Facts:
    return extract_notice(PortalNotice("1", title, content, "T&P", NEAR, NEAR))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=INDIA)


TIMETABLE = (
    "<table><tr><td>Company</td><td>Date</td><td>Time</td><td>Venue</td></tr>"
    "<tr><td>Orbit</td><td>1 Dec 2026</td><td>10:00 AM</td><td>LT-3</td></tr>"
    "<tr><td>Nimbus</td><td>2 Dec 2026</td><td>9:30 AM</td><td>Online</td></tr></table>"
)


def test_a_timetable_gives_an_event_a_row_and_no_company_of_its_own() -> None:
    facts = read("Drives of next week", TIMETABLE)

    assert facts.companies == ("Orbit", "Nimbus")
    assert facts.company is None
    assert facts.events == (
        Dated(at(1, 10), "Orbit · LT-3", "Orbit"),
        Dated(at(2, 9, 30), "Nimbus · Online", "Nimbus"),
    )
    assert dates(facts) == {
        "Dates": "Tue 1 Dec, 10:00 AM · Orbit · LT-3\nWed 2 Dec, 9:30 AM · Nimbus · Online",
        "Companies": "Orbit, Nimbus",
    }


def test_two_deadlines_are_both_kept_with_what_they_are_for() -> None:
    facts = read(
        "Orbit hiring", "Apply on the portal by 1 Dec 2026, 6 PM, and fill the company's form by 3 Dec 2026, 9 PM."
    )

    assert [(one.at, one.what) for one in facts.deadlines] == [
        (at(1, 18), "Apply on the portal by"),
        (at(3, 21), "fill the company's form by"),
    ]


def test_one_date_said_twice_is_one() -> None:
    facts = read("Orbit test", "The test is on 5 Dec 2026 at 10 AM. Report for the test of 5 Dec in formals.")

    assert (facts.events, facts.deadlines, dates(facts)) == ((), (), {})


def test_a_moved_date_is_no_second_event() -> None:
    assert read("Orbit test moved", "The test of 5 Dec has been postponed to 8 Dec 2026, 10 AM.").events == ()
