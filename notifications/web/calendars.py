"""Dates as a calendar takes them: one event in a file (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.utils import timezone

from notifications.rendering.formats import printable

LENGTH = timedelta(minutes=30)  # of an event whose end nobody states


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something at a time, or on a whole day. `uid` names it for ever: a calendar replaces what it had under it."""

    uid: str
    title: str
    at: datetime
    all_day: bool = False
    place: str = ""
    url: str = ""


def calendar(event: Event) -> bytes:
    """Returns the file, in UTF-8 with CRLF."""
    import icalendar

    entry = icalendar.Event()
    entry.add("uid", _text(event.uid))
    entry.add("dtstamp", timezone.now())
    if event.all_day:
        entry.add("dtstart", timezone.localtime(event.at).date())
    else:
        entry.add("dtstart", event.at.astimezone(UTC))
        entry.add("dtend", event.at.astimezone(UTC) + LENGTH)
    for name, value in (("summary", event.title), ("location", event.place), ("url", event.url)):
        if value:
            entry.add(name, _text(value))
    document = icalendar.Calendar()
    document.add("version", "2.0")
    document.add("prodid", "-//SuperSet Bot//Placements//EN")
    document.add_component(entry)
    content: bytes = document.to_ical()
    return content


def as_file(event: Event, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(calendar(event), content_type="text/calendar; charset=utf-8", headers=headers)


def _text(text: str) -> str:
    """Return the text without control characters, lone surrogates and line ends, which no calendar file accepts."""
    return printable(text).replace("\r", "").encode(errors="replace").decode()
