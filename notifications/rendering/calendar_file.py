"""Dates as calendars take them: a file of events (RFC 5545; spec: personal, My time).

The same dates make the same bytes, so that a calendar which asks again is told that nothing changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from notifications.rendering.formats import printable

if TYPE_CHECKING:  # importing it takes a while, and few processes make calendars
    import icalendar

CONTENT_TYPE = "text/calendar; charset=utf-8"
_PRODUCT = "-//SuperSet Bot//Placements//EN"
_ASK_AGAIN = timedelta(hours=1)
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something at a time, or on a whole day. `uid` names it for ever: a calendar replaces what it had under it.

    `sequence` grows with each change, `changed` says when that was. `alarms` are told so long after it begins, or
    before where they are negative. A deadline is not `busy` and has no end.
    """

    uid: str
    title: str
    at: datetime
    changed: datetime
    ends: datetime | None = None
    all_day: bool = False
    place: str = ""
    text: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False
    tentative: bool = False
    busy: bool = True
    alarms: tuple[timedelta, ...] = ()


def calendar(events: Iterable[Event], name: str = "") -> bytes:
    """Return the file, in UTF-8 with CRLF; with a `name` as what a calendar subscribes to."""
    return b"".join([_head(name), *(_component(event) for event in sorted(events, key=_place)), _END])


def _place(event: Event) -> tuple[datetime, str]:
    return event.at, event.uid


@lru_cache(maxsize=100)
def _head(name: str) -> bytes:
    """All that stands before the events."""
    import icalendar

    document = icalendar.Calendar()
    document.add("version", "2.0")
    document.add("prodid", _PRODUCT)
    document.add("method", "PUBLISH")
    if name:
        document.add("name", name)
        document.add("x-wr-calname", name)
        document.add("x-wr-timezone", settings.TIME_ZONE)
        document.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
        document.add("x-published-ttl", icalendar.vDuration(_ASK_AGAIN))
    document.add_component(_zone())
    content: bytes = document.to_ical()
    return content.removesuffix(_END)


@cache
def _zone() -> "icalendar.Timezone":
    """India's time: one offset all year."""
    import icalendar

    standard = icalendar.TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 (local time by RFC 5545, 3.6.5)
    offset = timezone.localtime().utcoffset()
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", "IST")
    zone = icalendar.Timezone()
    zone.add("tzid", settings.TIME_ZONE)
    zone.add_component(standard)
    return zone


@lru_cache(maxsize=5000)
def _component(event: Event) -> bytes:
    """One event; many feeds hold the same ones."""
    import icalendar

    entry = icalendar.Event()
    entry.add("uid", _text(event.uid))
    entry.add("dtstamp", event.changed.replace(microsecond=0))
    entry.add("last-modified", event.changed.replace(microsecond=0))
    entry.add("sequence", event.sequence)
    for name, moment in (("dtstart", event.at), ("dtend", event.ends)):
        if moment:
            local = timezone.localtime(moment).replace(microsecond=0)
            entry.add(name, local.date() if event.all_day else local)
    texts = {"summary": event.title, "location": event.place, "description": event.text, "url": event.url}
    for name, value in texts.items():
        if value:
            entry.add(name, _text(value))
    entry.add("status", "CANCELLED" if event.cancelled else "TENTATIVE" if event.tentative else "CONFIRMED")
    entry.add("transp", "OPAQUE" if event.busy and not (event.all_day or event.cancelled) else "TRANSPARENT")
    for before in event.alarms if not event.cancelled else ():
        entry.add_component(_alarm(before, event.title))
    content: bytes = entry.to_ical()
    return content


def _alarm(after: timedelta, title: str) -> "icalendar.Alarm":
    import icalendar

    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text(title))
    alarm.add("trigger", after)
    return alarm


def _text(text: str) -> str:
    """Return the text without control characters, lone surrogates and line ends, which no calendar file accepts."""
    return printable(text).replace("\r", "").encode(errors="replace").decode()
