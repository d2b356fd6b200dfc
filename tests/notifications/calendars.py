"""Calendar files as another program reads them: by `ical`, which did not make them, and by RFC 5545's own lines."""

import re

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

_LONGEST_LINE = 75  # octets (RFC 5545, 3.1)


def read(content: bytes) -> list[Event]:
    """Return the events of a valid calendar file, in its order. Fails for one that is not valid."""
    text = content.decode()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content), "lines end with CRLF"
    assert text.endswith("END:VCALENDAR\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= _LONGEST_LINE
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    _check_nesting(lines)
    for zone in set(re.findall(r"TZID=([^:;]+)", text)):
        assert f"TZID:{zone}" in lines, "each zone is described"
    events = IcsCalendarStream.calendar_from_ics(text).events
    assert len(events) == lines.count("BEGIN:VEVENT")
    assert len({event.uid for event in events}) == len(events)
    assert all(event.summary for event in events)
    return list(events)


def _check_nesting(lines: list[str]) -> None:
    open_ = []
    for line in lines:
        if line.startswith("BEGIN:"):
            open_.append(line.removeprefix("BEGIN:"))
        elif line.startswith("END:"):
            assert open_.pop() == line.removeprefix("END:")
    assert open_ == []
