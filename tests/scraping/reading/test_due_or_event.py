"""Which of what a line dates is due, which takes place, and which is neither: a result, an office, a cancelled test."""

import pytest

from scraping.reading.facts.times.timing import read_timing
from tests.scraping.reading.moments import NEAR, said


@pytest.mark.parametrize(
    ("line", "deadline", "event_at"),
    [
        ("Applications of Orbit close tonight (20th November) at 10:00 PM.", "20 22:00", None),
        ("Requests received after 30 November 2026 will not be entertained.", "30", None),
        ("No request will be accepted after 24 Nov, 5 PM.", "24 17:00", None),
        ("Kindly registor befor 5 pm tommorow (21-11-2026) in the link.", "21 17:00", None),
        ("Collect the letters on or before 24 November 2026 between 2 and 4 PM.", "24 16:00", None),
        ("Submit hard copies between 23 and 27 November 2026 in office hours.", "27", None),
        ("Registration: 23 to 27 November 2026", "27", None),
        ("Apply window: 20 Nov to 27 Nov 2026", "27", None),
        ("Students have time till Tuesday noon to submit the undertaking.", "24 12:00", None),
        ("Portal will be freezed at 11:59 PM, 24th Nov.", "24 23:59", None),
        ("Apply asap, link dies on 25 Nov 2026 10 pm", "25 22:00", None),
        ("Furnish the data of your department. It must reach this office by 27 November.", "27", None),
        ("Acceptance mail from each candidate to reach us on or before 24/11/2026.", "24", None),
        ("List may be sent by 24 November 2026.", "24", None),
        ("Any objection? Write to us up to 21 November 2 pm.", "21 14:00", None),
        ("Those who want to sit, drop your names to the CR 24/11 5 pm.", "24 17:00", None),
        ("The fee will be refunded by 30 November.", None, None),
        ("Submit the form in the office by dt. 24/11/2026.", "24", None),
        ("Date: 20.11.2026", None, None),
        ("Orbit ka talk jo aaj 3 baje tha, ab kal 21 November ko dopahar 12 baje hoga.", None, "21 12:00"),
        ("Students who applied before 24 November can collect their letters.", None, None),
        ("Till when: Tue 24th Nov 2026", "24", None),
        ("Date: 24/11/2026, Test 1.30 PM to 3.00 PM", None, "24 13:30"),
        ("Date: 24.11.2026", None, "24"),
        ("Test kal (21 November) raat 8 baje se 9:30 baje tak hai, form bhara ho ya nahi.", None, "21 20:00"),
        ("The assessment has been moved to 29 November 2026. Login window opens at 2:30 PM.", None, "29 14:30"),
        ("Date and time do not change: 24 November 2026, 12:00 noon.", None, "24 12:00"),
        ("Mock tests on 28 & 29 November 2026. Book your slot by 26 November 1 PM.", "26 13:00", "28"),
        ("Round 2 – 25th Nov'26 – 11am – Board Room", None, "25 11:00"),
        ("Be at the Seminar Hall by 9:15 on Monday morning, interviews begin at 9:30.", None, "23 09:30"),
        ("Orbit will be on campus on 26th & 27th November 2026.", None, "26"),
        ("Kindly note 26th November 2026 as the date of the visit.", None, "26"),
        ("Date of Interview : 27 & 28-11-2026 | Reporting : 9.00 AM", None, "27 09:00"),
        ("Venue: Lab 3, Date: 28th, Time: 2-4pm", None, "28 14:00"),
        ("The result of Round 1 will be out on 26 November at 6 PM on the portal.", None, None),
        ("Admit cards shall be available from 25 November, 10 AM onwards.", None, None),
        ("Room allotment for the test will be put up on 24 November at 11 AM.", None, None),
        ("The ERP will be down from 10 PM on 21 November to 6 AM on 22 November.", None, None),
        ("The library will open at 9 AM on 25 November.", None, None),
        ("The test on 24 Nov at 2 PM will not be held in Hall 1. New venue: Hall 2.", None, "24 14:00"),
        ("Grand finale on 28 November 2026 at the Convention Centre.", None, "28"),
        ("Registration opens on 25 November, 10:00 AM.", None, None),
        ("Window for updating CGPA: 23 Nov 10 AM onwards.", None, None),
        ("No campus drive will be held from 1 December because of exams.", None, None),
        ("Orbit has cancelled the interview on 24 November 2026 at 9:00 AM.", None, None),
        ("Kal 21 November ko jo interview tha 10 baje, wo ab nahi hoga.", None, None),
        ("Certificates of the workshop (14-15 Nov) can be had till 30 Nov, 4 PM.", None, None),
        ("Orbit has put off its visit of 26 November.", None, None),
        ("Form start 25 November, last date 28 November 2026.", "28", None),
        ("They join the academy on 2 January 2027.", None, None),
        ("CVs should reach hr@orbit.example by 5 pm, 24th November 2026.", "24 17:00", None),
        ("Links will come to your college mail by Friday night.", None, None),
        ("Your next billing date is 24 Nov 2026.", None, None),
        ("Results of the interviews will come by 24 November.", None, None),
        ("Classes resume on 24 November, 9 am.", None, None),
        ("The HR has asked time up to 24 November to give the result.", None, None),
        ("Bond paper to be notarised and handed over by Tuesday 1 pm.", "24 13:00", None),
        ("Jisne form nahi bhara, kal raat 9 baje last time hai.", "21 21:00", None),
        ("It will get closed on Sunday night at 8.", "22 20:00", None),
        ("Fill the survey. It will remain open till Wednesday.", "25", None),
        ("Give your name to the class representative up to 24/11.", "24", None),
        ("Round 2 is on 26th Nov, timing will be informed by mail by 24th Nov.", None, "26"),
        ("The Orbit test tomorrow is shifted to Tuesday, login by 1:30 pm.", None, "24 13:30"),
        ("I will be on leave from 23 to 25 November.", None, None),
    ],
)
def test_what_a_date_is(line: str, deadline: str | None, event_at: str | None) -> None:
    timing = read_timing("Notice", [line], NEAR)
    assert (said(timing.deadline), said(timing.event_at)) == (deadline, event_at)


@pytest.mark.parametrize("title", ["Orbit interview on 24 Nov cancelled", "Orbit not coming on 25th November"])
def test_a_title_that_calls_a_day_off_has_no_event(title: str) -> None:
    assert read_timing(title, ["We will update you."], NEAR).event_at is None


def test_a_day_that_is_thanked_for_is_over() -> None:
    lines = ["Thank you for the arrangements today. All 14 candidates appeared."]
    assert read_timing("Re: Interview of 20 Nov", lines, NEAR).event_at is None


def test_the_hour_of_the_text_is_more_exact_than_the_end_of_the_day_in_the_title() -> None:
    timing = read_timing("EOD today: Orbit consent", ["Give your consent by 6 pm today (20th November)."], NEAR)
    assert said(timing.deadline) == "20 18:00"


def test_a_list_under_deadlines_is_due() -> None:
    lines = ["Please fill all, deadlines are different:", "1. Orbit - 25 Nov, 5 pm", "2. Nimbus - 26 Nov, 12 noon"]
    timing = read_timing("Two forms", lines, NEAR)
    assert (said(timing.deadline), said(timing.event_at)) == ("25 17:00", None)


def test_when_the_bus_leaves_is_not_when_the_interview_is() -> None:
    lines = ("Orbit interview on 24 Nov 2026, note:", "Bus leaves at 6:45 AM", "Interview starts at 9:00 AM in Hall 2")
    assert said(read_timing("Orbit interview", lines, NEAR).event_at) == "24 09:00"
