from datetime import UTC, date, datetime

import pytest

from scraping.reading.facts.times.timing import Timing, read_timing, with_slots
from tests.scraping.reading.notices import PUBLISHED


def iso(value: datetime | date | None) -> str | None:
    return value.isoformat().removesuffix(":00+05:30") if value else None


def due(*lines: str, title: str = "") -> str | None:
    return iso(read_timing(title, lines, PUBLISHED).deadline)


def event(*lines: str, title: str = "") -> str | None:
    return iso(read_timing(title, lines, PUBLISHED).event_at)


@pytest.mark.parametrize(
    ("line", "deadline"),
    [
        ("Deadline for applications is September, 20, 10:06 AM .", "2026-09-20T10:06"),
        ("Apply by 20 Sept", "2026-09-20"),
        ("Submit the form at window no. 2 on or before 20-09-2026 up to 3.30 pm.", "2026-09-20T15:30"),
        ("Google form\thttps://forms.example/je till Sun. 20/09/2026, 5 pm", "2026-09-20T17:00"),
        ("No consent form yet: last chance is 20 Sept, 4:30 pm at the cell.", "2026-09-20T16:30"),
        ("Register before 20 Sept, 5 PM", "2026-09-20T17:00"),
        ("by: 20 sept 11:59 pm", "2026-09-20T23:59"),
        ("Submit an explanation on or before 20.09.2026, 12.00 noon", "2026-09-20T12:00"),
        ("Kindly accept the LOI within 20th September, 6 PM.", "2026-09-20T18:00"),
        ("Register on the ERP till tomorrow (20/9) 12 noon.", "2026-09-20T12:00"),
        ("Fill the form on or before 20.09.2026", "2026-09-20"),
        ("Submit your CVs latest by 20 Sept EOD", "2026-09-20T23:59"),
        ("Last date to apply: 20/09/2026 (11:59 PM)", "2026-09-20T23:59"),
        ("Last Date\t20-Sep-26\t5 PM", "2026-09-20T17:00"),
        ("20 Sept, 5 PM is the last date to register", "2026-09-20T17:00"),
        ("(Registration will be closed on 20th Sep 2026 5:00 PM IST.)", "2026-09-20T17:00"),
        ("Link will be active till 9 PM, 20 Sept", "2026-09-20T21:00"),
        ("Registration open from 17 Sept to 20 Sept", "2026-09-20"),
        ("The deadline for this quiz is 9 PM on 20 September.", "2026-09-20T21:00"),
        ("Compulsory to finish the attempt by 9 PM, 20 Sept", "2026-09-20T21:00"),
        ("Please share your acceptance by 5 PM on 20 Sept 2026", "2026-09-20T17:00"),
        ("Students must confirm on or before Sunday, 20 Sept 2026, 10:00 hrs", "2026-09-20T10:00"),
        ("Deadline extended from 17 Sept to 20 Sept 2026, 5 PM", "2026-09-20T17:00"),
        ("New deadline is 20 Sept 5 PM (earlier 17 Sept)", "2026-09-20T17:00"),
        ("The deadline was 17 Sept, now extended to 20 Sept", "2026-09-20"),
        ("Fill the form today by EOD", "2026-09-16T23:59"),
        ("Apply by 5 PM", "2026-09-16T17:00"),
        ("Closing of portal: 20 September 2026 (5:00 PM)", "2026-09-20T17:00"),
        ("They should complete it by tomorrow i.e. 17 September 2026, 11:00 AM positively", "2026-09-17T11:00"),
        ("Company will close the link on 20 September 2026 at 8:00 PM.", "2026-09-20T20:00"),
        ("You can start any time before 9 PM on 20 September, after that it will not open", "2026-09-20T21:00"),
        ("Admit cards can be downloaded only up to 20 Sept 2026, 6:00 PM", "2026-09-20T18:00"),
        ("Register by tomorrow 10 AM", "2026-09-17T10:00"),
        (
            "The last date to apply for Orbit Semiconductors has been extended from 17 Sept to 20 Sept, 10 AM",
            "2026-09-20T10:00",
        ),
        ("The test link will be mailed by the company by 5 PM.", None),
        ("Apply at the link before this Sunday 7 PM", "2026-09-20T19:00"),
        ("Apply online at www.orbit.example from 10 Sept to 20 Sept (1500 hrs)", "2026-09-20T15:00"),
        ("Students who did not apply earlier may apply till 20 Sept 5:30 p.m.", "2026-09-20T17:30"),
        ("They must explain by 20 Sept, 12 noon", "2026-09-20T12:00"),
        ("Willing students give their names to Mrs. Latha by 20-9-2026.", "2026-09-20"),
        ("Enter names in the sheet before 20.09.2026 4.00 pm", "2026-09-20T16:00"),
        ("Antim tithi: 20.09.2026", "2026-09-20"),
        ("20 tarikh tak naam likhwa de", "2026-09-20"),
        ("Submit by end of day, Sunday", "2026-09-20T23:59"),
        ("Deadline - Sunday (20th) 11:59", "2026-09-20T23:59"),
        ("Kindly confirm your slot by 3:30 PM, 20/9", "2026-09-20T15:30"),
        ("Test link opens 20 Sept 9 AM and closes at 9 PM", None),
        ("Result Sunday tak aayega, HR ko call mat karna", None),
        ("Those who do not want placement have to submit the form by 20 Sept, 4:30 PM", "2026-09-20T16:30"),
        ("Online registration 17.09.2026 to 20.09.2026", "2026-09-20"),
        ("Applications open 17 Sept - 20 Sept", "2026-09-20"),
        ("Submit the assignment by Sun, 20 Sept, 6pm.", "2026-09-20T18:00"),
        ("Link: https://forms.example/x.y (closes on 20 Sept at 3 PM)", "2026-09-20T15:00"),
        ("Round 1 submissions close on Sept 20, 2026; finale on Sept 30", "2026-09-20"),
        ("Book before 20 September, 2026", "2026-09-20"),
        ("Apply by 9 AM", None),  # it was eleven when this was published
        ("Report by 9 AM on 20 Sept", None),
        ("We will share the list by 20 Sept", None),
        ("The test link will be shared by 20 September.", None),
        ("Results will be declared by 20 Sept", None),
        ("Deadline: 31 Feb 2026", None),
        ("The interview is on 20 Sept", None),
        ("Be ready by 2:15 PM, 20 Sept", None),
    ],
)
def test_deadline(line: str, deadline: str | None) -> None:
    assert due(line) == deadline


@pytest.mark.parametrize(
    ("line", "event_at"),
    [
        ("Timing: September, 20, 03:30 PM IST to September, 20, 06:00 PM IST", "2026-09-20T15:30"),
        ("Timing: September, 20, 12:00 AM IST to September, 20, 05:00 PM IST", "2026-09-20T00:00"),
        ("Date of Visit: Sep 20, 2026", "2026-09-20"),
        ("The timing remains same i.e. 9:30 AM on 20 September.", "2026-09-20T09:30"),
        ("Reporting Time: 9:30 AM on 20 September 2026 (Sunday)", "2026-09-20T09:30"),
        ("Reporting Time & Date: 9:40 AM, 20 Sept 2026", "2026-09-20T09:40"),
        ("Date: 20 September 2026 | Time: 1730 hrs | Venue: LT-4", "2026-09-20T17:30"),
        ("Online test will be conducted on 20th September, 2026 from 10:00 AM to 11:00 AM", "2026-09-20T10:00"),
        ("The company will conduct a test on September 20 between 12:00 PM and 2:00 PM", "2026-09-20T12:00"),
        ("Report by 9 AM tomorrow at LT-3", "2026-09-17T09:00"),
        ("We need to move the interviews for Software Development Engineer from 18 Sept to 20 Sept", "2026-09-20"),
        ("Online application window: 16 September 2026 to 20 September 2026", None),
        ("They have to attend Round 2 (Programming) on 20.09.2026 by 8.45 AM at CSE Lab 4.", "2026-09-20T08:45"),
        ("The test scheduled on 18 Sept has been postponed to 20 Sept at 10 AM", "2026-09-20T10:00"),
        ("The test is rescheduled from 18 Sept to 20 Sept 2026", "2026-09-20"),
        ("The drive originally planned for 18 Sept will now be held on 20 Sept", "2026-09-20"),
        ("Earlier date 18 Sept; new date 20 Sept 2026 at 10:00 hrs", "2026-09-20T10:00"),
        ("PPT tomorrow i.e. 17th September at 3 pm in the hall", "2026-09-17T15:00"),
        ("PPT shifted to the hall (earlier LT-3), timing same - 20 Sept, 2 PM", "2026-09-20T14:00"),
        ("The interview on 20 Sept stands cancelled", None),
        ("Interviews of 20 Sept are postponed. New dates will be shared by 25 Sept.", None),
        ("Link for joining the PPT at 3 PM on 20 Sept", "2026-09-20T15:00"),
        ("Offer letter signing ceremony on 20 Sept 2026, 12:00 noon", "2026-09-20T12:00"),
        ("Date of joining: 20 Sept 2026", None),
        ("Results will be out; offers dated 20 Sept 2026", None),
        ("Slots and links of the test will be announced by 20 September.", None),
        ("Apply by 20 Sept", None),
        ("We move the interviews planned for 18 Sept to 20 Sept (Sun), same time i.e. 9:00 AM", "2026-09-20T09:00"),
        ("The drive scheduled on 18 Sept is shifted to 20 Sept, 10 AM", "2026-09-20T10:00"),
        ("OEB-2 in the Old Exam Block, 8:30 AM on 20 September", "2026-09-20T08:30"),
        ("Itwar ko subah 9 baje test hai", "2026-09-20T09:00"),
        ("Written test on 20.09.26 (FN) 9.30", "2026-09-20T09:30"),
        ("Batch 2: 11 AM on 20 Sept", "2026-09-20T11:00"),
        ("1st slot 9 am on 20 Sept", "2026-09-20T09:00"),
        ("They can continue in other drives from tomorrow.", None),
        ("Old date 18 Sept, new date 20 Sept, 9 AM", "2026-09-20T09:00"),
        ("They did not turn up for the test on Sunday", None),
        ("Orbit invites applications for winter internships (4th January to 30th January 2027)", None),
        ("Pending form, act today", None),
    ],
)
def test_event(line: str, event_at: str | None) -> None:
    assert event(line) == event_at


@pytest.mark.parametrize(
    ("lines", "event_at"),
    [
        (["Our talk is on the 20th of September. We would start sharp at 11:15 AM."], "2026-09-20T11:15"),
        (
            ["The drive of Orbit India Pvt. Ltd. is on 20th September. Reporting there: 9.30 am sharp."],
            "2026-09-20T09:30",
        ),
        (["Their interview is at the plant, Gate no. 2 par hai, 20 September 9 am."], "2026-09-20T09:00"),
        (["List for Round 1. Date 20/9/26, from 8:45 AM."], "2026-09-20T08:45"),
        (["Day & date : Sunday, 20.09.2026", "Time : 11.00 to 12.30"], "2026-09-20T11:00"),
        (["From: Asha", "Date: Fri, 18 Sep 2026, 6:58 pm", "The talk is on 20th September."], "2026-09-20"),
        (["[20/09, 8:04 am] Asha: all come in formals"], None),
    ],
)
def test_abbreviations_and_headers_part_no_date_from_its_event(lines: list[str], event_at: str | None) -> None:
    assert event(*lines) == event_at


def test_the_day_of_the_title_is_off_where_the_text_calls_it_off() -> None:
    assert event("The test on 20 Sept at 10 am is cancelled.", title="Test on 20 Sept") is None


def test_a_deadline_only_in_the_title() -> None:
    assert (
        due("Interested students may register.", title="Data Cup 2026 - Apply by 10 AM, 18 Sept") == "2026-09-18T10:00"
    )


def test_of_two_deadlines_the_one_of_the_title_counts() -> None:
    lines = ("Students apply by 09 AM, 18 Sept", "Register at the portal by EOD 18 Sept")
    assert due(*lines, title="Acme - apply by EOD 18 Sept") == "2026-09-18T23:59"


def test_a_label_on_a_line_of_its_own_counts_for_the_next() -> None:
    assert due("Deadline:", "20 Sept 2026, 5 PM") == "2026-09-20T17:00"


def test_date_and_time_on_lines_of_their_own() -> None:
    assert event("Date: 20 Sept (Sunday)", "Reporting Time: 10:30 AM", "Test: 11 AM") == "2026-09-20T11:00"
    assert event("Time: 10 AM", "Date: 20 Sept") == "2026-09-20T10:00"


def test_a_date_in_the_title_takes_the_time_of_the_text() -> None:
    assert event("Reporting time: 8:30 AM sharp", title="Acme drive on 20 Sept") == "2026-09-20T08:30"


def test_a_moved_date_of_the_text_beats_that_of_the_title() -> None:
    assert (
        event("The test has been rescheduled to 21 Sept, 4 PM", title="Acme test - 20 Sept, 2 PM") == "2026-09-21T16:00"
    )


def test_an_event_knows_its_end() -> None:
    timing = read_timing("", ["Timing: September, 20, 03:30 PM IST to September, 21, 06:00 PM IST"], PUBLISHED)
    assert iso(timing.event_end) == "2026-09-21T18:00"


def test_half_past_five_to_half_past_five_is_a_whole_day() -> None:
    assert event("September, 20, 05:30 AM - September, 21, 05:30 AM") == "2026-09-20"


def test_what_was_due_is_no_event_and_is_quoted() -> None:
    timing = read_timing("", ["Register for the hackathon by 20 Sept, 5 PM"], PUBLISHED)
    assert timing.event_at is None
    assert timing.evidence == ("deadline: Register for the hackathon by 20 Sept, 5 PM",)


def test_nothing_is_read_without_publication_and_year() -> None:
    assert read_timing("Apply by 5 PM", ["Test on 20 Sept"], None) == read_timing("", [], None)


@pytest.mark.parametrize(
    ("line", "event_at"),
    [
        ("Timing has been changed to: September, 20, 10:00 AM IST to September, 20, 12:00 PM IST", "2026-09-20T10:00"),
        ("The round will be held on 20 Sept at Orbit, Plot 12. Reporting time: 09:00 hrs.", "2026-09-20T09:00"),
        ("Be present with original documents on 20 Sept from 10 am", "2026-09-20T10:00"),
        ("Ms. Rao will speak on 20 Sept, 11 AM", "2026-09-20T11:00"),
        ("Free demo class on 20 Sept at 5 PM", "2026-09-20T17:00"),
        ("Bus leaves from Main Gate at 6:45 AM on 20 Sept", "2026-09-20T06:45"),
        ("Please report at 7:45 AM instead of 8:30 AM on 20 Sept", "2026-09-20T07:45"),
    ],
)
def test_what_takes_place_in_other_words(line: str, event_at: str) -> None:
    assert event(line) == event_at


def test_the_time_in_the_text_of_a_date_in_the_title() -> None:
    assert event("HR round starts at 11:30 a.m.", title="Orbit: HR round on 20 Sept") == "2026-09-20T11:30"


def test_what_lasts_days_begins_on_the_first() -> None:
    assert event("3-day bootcamp from 18-20 September 2026 for all.") == "2026-09-18"


def test_a_bus_has_its_time_in_the_text() -> None:
    assert event("Bus will leave the campus at 7:45 am.", title="Bus timings - 20 Sept") == "2026-09-20T07:45"


def test_the_time_of_a_sentence_for_the_date_of_the_title() -> None:
    assert event("Final round will be at Tower B at 11 AM.", title="Final Round - 20 Sept") == "2026-09-20T11:00"


def test_signs_in_place_of_labels() -> None:
    assert event("🗓 Sun, 20 Sept 2026", "⏰ 5:00 PM - 6:00 PM IST", "📍 Zoom") == "2026-09-20T17:00"


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Mon 21 Sept 3pm, LT-3", "2026-09-21T15:00"),
        ("Test kal subah 9:30 in the Newton block", "2026-09-16T09:30"),
        ("ppt is tmrw 10 sharp @ 2nd floor T&P", "2026-09-16T10:00"),
        ("The team will be here on 18/9 (Fri) at 9.", "2026-09-18T09:00"),
        ("Workshop, 19 Sept, 10 to 4, ECE seminar hall", "2026-09-19T10:00"),
        ("Interviews: 20 Sept & 21 Sept, 9.30 AM, both days", "2026-09-20T09:30"),
        ("Test on 18 Sept. Assemble at 8.15 a.m. in front of Admin Block.", "2026-09-18T08:15"),
        ("Interview ab Thursday ko nahi, Friday ko hoga, 9 am", "2026-09-18T09:00"),
    ],
)
def test_hours_as_chats_write_them(line: str, at: str) -> None:
    assert read_timing("", [line], datetime(2026, 9, 15, 6, tzinfo=UTC)).event_at == datetime.fromisoformat(
        f"{at}+05:30"
    )


def test_a_list_with_an_hour_each_begins_with_the_first() -> None:
    timing = with_slots(Timing(), ["9:40 - 21EE1019 Asha", "9:00 - 21EE1003 Bilal"], ["20 Sept"], PUBLISHED)
    assert iso(timing.event_at) == "2026-09-20T09:00"


def test_a_day_and_the_hour_in_the_line_below_it_are_one_moment() -> None:
    assert event("Alumni talk of Asha Rao", "Saturday, 26 September 2026", "6:30 PM IST") == "2026-09-26T18:30"
    assert event("🗓 Tonight, 26 Sept", "🕗 8 PM", "💻 Zoom") == "2026-09-26T20:00"


def test_of_days_that_begin_lines_the_first_is_the_event() -> None:
    assert event("26.09.2026 - Group discussion, 10:00 AM", "28.09.2026 - Interviews, 9:00 AM") == "2026-09-26T10:00"


def test_the_window_of_a_form_is_no_event() -> None:
    line = "Apply through the ERP and attach the offer letter. Window: 22 September to 26 September 2026."
    assert (event(line), due(line)) == (None, "2026-09-26")


def test_what_a_company_will_revert_by_is_no_deadline() -> None:
    assert due("Orbit has kept these candidates on hold. Orbit would revert by 28th September.") is None
