"""Which hour of a text is that of an event whose day stands without one, or only with when to be there."""

import pytest

from scraping.reading.facts.times.clocks import find_bare_clocks
from scraping.reading.facts.times.timing import read_timing
from tests.scraping.reading.moments import NEAR, said


@pytest.mark.parametrize(
    ("lines", "event_at"),
    [
        (["The interview of Orbit on 24 November is at their plant.", "Reporting 10:00 AM."], "24 10:00"),
        (["Orbit assessment tomorrow in three groups. Everyone reports to the library at 9 AM."], "21 09:00"),
        (["Orbit drive on 24.11.2026: bus leaves at 6.30 am. Drive starts at 9.00 am."], "24 09:00"),
        (["Please join by 9:50 am on 24 Nov. Interviews start 10 am."], "24 10:00"),
        (["Aptitude test: 24 November. Reporting: 10:30 AM. Test: 11:00 AM."], "24 11:00"),
        (["Talk on 24 Nov. Be seated by 1:45 pm. The link is shared at 1 pm."], "24 13:45"),
        (["Orbit visits on 24 Nov.", "9 - 10: Orbit talk", "10 - 12: test", "2 pm: interviews"], "24 09:00"),
        (["Round 3 : 24/11/2026", "Timing : 11 to 1"], "24 11:00"),
        (["GD - 24th Nov, Room 101. First batch at 9.45, second at 11."], "24 09:45"),
        (["The talk is on Tuesday, post lunch (2 pm), in LH-2."], "24 14:00"),
        (["The test of 24 Nov has been advanced from 3 pm to 12 noon."], "24 12:00"),
        (["Orbit interviews of 24 Nov have been pushed from 9:30 AM to 11:30 AM."], "24 11:30"),
        (["Orbit interviews will be on 24 November instead of 23 November. Reporting time 9.30 AM."], "24 09:30"),
        (["Batch A 9:30 am", "Batch B 11:30 am", "Batch C 2:00 pm", "All interviews on 24th November."], "24 09:30"),
        (["Orbit's interviews are on the 24th of November from half past nine in the morning."], "24 09:30"),
        (["24 November 2026, Tuesday", "3:00 PM to 4:30 PM", "Online assessment"], "24 15:00"),
        (["Orbit NQT at Digital Zone, Peenya on 24 November. Reach there latest by 8.45 am."], "24 08:45"),
        (["Prelims on 24 Nov. Applications close on 22 Nov, 11:59 PM."], "24"),
        (["Drive on 24 Nov. For doubts contact the office between 10 am and 1 pm."], "24"),
        (["Orbit group task on 24.11.2026 will begin at 1:30 PM (not 10:00 AM)."], "24 13:30"),
        (["24 hour hackathon Overflow 3.0 on 24th and 25th November. Starts 10 AM."], "24 10:00"),
        (["They join Orbit on 5 January 2027."], None),
        (["HR visit on 24/11 confirmed. They come 10 am, leave by 4 pm."], "24 10:00"),
        (["Visit of the expo on 24 November. Bus at 7.30 am, doors 9.30 am."], "24 09:30"),
        (["On Tuesday two companies come: Orbit (9 am, Main Hall) and Nimbus (2 pm, Hall 2)."], "24 09:00"),
        (["HR meets the toppers on the coming Monday, ten in the morning."], "23 10:00"),
        (["Round\tDate\tTime", "Aptitude\t24/11/2026\t10:00 AM", "GD\t25/11/2026\t11:00 AM"], "24 10:00"),
    ],
)
def test_the_hour_of_an_event(lines: list[str], event_at: str | None) -> None:
    assert said(read_timing("Orbit", lines, NEAR).event_at) == event_at


def test_the_hour_of_a_list_under_a_heading_is_that_of_its_first_day() -> None:
    lines = ("The process is as follows:", "24.11.2026 - Verification, 10:00 AM", "25.11.2026 - GD, 9:00 AM")
    assert said(read_timing("Orbit process", lines, NEAR).event_at) == "24 10:00"


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("ppt at 2, test follows", [14]),
        ("9 - 10: talk", [9]),
        ("from 9.30", [9]),
        ("at 2 places", []),
        ("from 3 companies", []),
    ],
)
def test_hours_without_am_or_pm(text: str, starts: list[int]) -> None:
    assert [clock.at.hour for clock in find_bare_clocks(text)] == starts
