"""A calendar file any calendar takes (RFC 5545)."""

from datetime import UTC, datetime

from notifications.web.calendars import Event, calendar

AT = datetime(2026, 11, 29, 18, 29, tzinfo=UTC)


def lines(**fields: object) -> list[str]:
    # arg-type: the test varies the arguments
    event = Event(**{"uid": "job-1@example.edu", "title": "Apply", "at": AT, **fields})  # type: ignore[arg-type]
    return calendar(event).decode().replace("\r\n ", "").split("\r\n")


def test_a_time_is_in_utc_and_a_day_is_indias() -> None:
    assert "DTSTART:20261129T182900Z" in lines()
    assert "DTEND:20261129T185900Z" in lines()
    assert "DTSTART;VALUE=DATE:20261129" in lines(all_day=True)
    assert "DTSTART;VALUE=DATE:20261130" in lines(all_day=True, at=AT.replace(hour=19))


def test_text_is_escaped_and_can_not_add_lines() -> None:
    found = lines(title="Zenith, Labs; \\o/\r\nATTENDEE:x", place="LT-3")
    assert r"SUMMARY:Zenith\, Labs\; \\o/\nATTENDEE:x" in found
    assert "LOCATION:LT-3" in found
    assert not [line for line in found if line.startswith("ATTENDEE")]


def test_control_characters_stay_out() -> None:
    assert "SUMMARY:Zenith Labs" in lines(title="Zenith\x0c Labs\x01\x7f")


def test_lines_are_at_most_75_bytes_and_no_character_is_cut() -> None:
    raw = calendar(Event(uid="x", title="Fête – ₹12 LPA 🎉 " * 20, at=AT))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert "Fête – ₹12 LPA 🎉 " * 20 in raw.decode().replace("\r\n ", "")
