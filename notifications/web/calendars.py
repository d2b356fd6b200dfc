"""Dates as a calendar takes them: one event in a file (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.utils import timezone

from notifications.rendering.formats import printable

_LINE_BYTES = 75  # RFC 5545, 3.1


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
    """The file, in UTF-8 with CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//SuperSet Bot//Placements//EN",
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{_moment(timezone.now())}",
        *_times(event),
        f"SUMMARY:{_text(event.title)}",
        *([f"LOCATION:{_text(event.place)}"] if event.place else []),
        *([f"URL:{event.url}"] if event.url else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def as_file(event: Event, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(calendar(event), content_type="text/calendar; charset=utf-8", headers=headers)


def _times(event: Event) -> list[str]:
    if event.all_day:
        return [f"DTSTART;VALUE=DATE:{timezone.localtime(event.at):%Y%m%d}"]
    end = event.at + timedelta(minutes=30)
    return [f"DTSTART:{_moment(event.at)}", f"DTEND:{_moment(end)}"]


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    escaped = printable(text).replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return "\\n".join(escaped.split("\n")).replace("\r", "")


def _folded(line: str) -> bytes:
    """Lines over 75 bytes go on in the next, after a space; no character is cut in two."""
    parts, size = [""], 0
    for char in line:
        width = len(char.encode(errors="replace"))
        if size + width > _LINE_BYTES:
            parts.append(" ")
            size = 1
        parts[-1] += char
        size += width
    return "".join(part + "\r\n" for part in parts).encode(errors="replace")
