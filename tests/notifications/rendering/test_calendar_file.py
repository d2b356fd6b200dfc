"""A calendar file that any calendar takes (RFC 5545)."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from ical.event import EventStatus

from notifications.rendering.calendar_file import Event, calendar
from tests.notifications.calendars import read

AT = datetime(2026, 11, 29, 18, 29, tzinfo=UTC)


def event(**fields: object) -> Event:
    defaults = {"uid": "job-1@example.edu", "title": "Apply", "at": AT, "changed": AT}
    return Event(**defaults | fields)  # type: ignore[arg-type]  # the test varies the arguments


def lines(**fields: object) -> list[str]:
    return calendar([event(**fields)]).decode().replace("\r\n ", "").split("\r\n")


def test_a_time_is_indias_with_its_zone_and_a_day_is_indias() -> None:
    assert "DTSTART;TZID=Asia/Kolkata:20261129T235900" in lines()
    assert "TZOFFSETTO:+0530" in lines()
    assert "DTEND;TZID=Asia/Kolkata:20261130T005900" in lines(ends=AT + timedelta(hours=1))
    assert "DTSTART;VALUE=DATE:20261129" in lines(all_day=True)
    assert "DTSTART;VALUE=DATE:20261130" in lines(all_day=True, at=AT.replace(hour=19))


def test_another_program_reads_what_was_written() -> None:
    alarms = (timedelta(hours=-24), timedelta(hours=20, minutes=59))
    one = event(ends=AT + timedelta(hours=1), place="LT-3", url="https://example.edu/1,2;3", sequence=4, alarms=alarms)
    day = event(uid="2", all_day=True, cancelled=True, alarms=alarms)
    off, mine = read(calendar([day, one], "Placements"))
    assert (mine.start, mine.end) == (AT, AT + timedelta(hours=1))
    assert (mine.location, mine.url, mine.sequence, mine.status) == ("LT-3", one.url, 4, EventStatus.CONFIRMED)
    assert [alarm.trigger for alarm in mine.alarm] == [*alarms]
    assert (off.start, off.status, off.alarm) == (date(2026, 11, 29), EventStatus.CANCELLED, [])


def test_the_same_events_make_the_same_bytes_in_any_order() -> None:
    events = [event(uid=str(number), at=AT + timedelta(hours=number % 3)) for number in range(9)]
    assert calendar(events, "a") == calendar(events[::-1], "a")


def test_text_is_escaped_and_can_not_add_lines() -> None:
    found = lines(title="Zenith, Labs; \\o/\r\nATTENDEE:x", place="LT-3")
    assert r"SUMMARY:Zenith\, Labs\; \\o/\nATTENDEE:x" in found
    assert "LOCATION:LT-3" in found
    assert not [line for line in found if line.startswith("ATTENDEE")]


def test_control_characters_stay_out() -> None:
    assert "SUMMARY:Zenith Labs" in lines(title="Zenith\x0c Labs\x01\x7f")


def test_lines_are_at_most_75_bytes_and_no_character_is_cut() -> None:
    title = "Fête – ₹12 LPA 🎉 " * 20
    (found,) = read(calendar([event(title=title)]))
    assert found.summary == title


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_makes_a_valid_file(title: str, place: str) -> None:
    assert len(read(calendar([event(title=f"x{title}", place=place)]))) == 1
