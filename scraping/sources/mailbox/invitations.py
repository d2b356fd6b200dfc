"""A calendar file as a text: what, when, where (RFC 5545). Pure."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, use_zoneinfo

from scraping.sources.html_repair import is_html
from scraping.sources.mailbox.headers import clean_text
from scraping.sources.mailbox.html_text import html_to_text

_INDIA = ZoneInfo("Asia/Kolkata")
_ANSWERS = frozenset(("REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"))
_MOST_EVENTS = 20
_LONGEST = 20_000  # characters of a description
_LARGEST_FILE = 1_000_000
_CONTENT_LINE = re.compile(r"[\w-]+[;:].*")


def read_calendar(source: str) -> str:
    """The events of a calendar file, one below the other; "" where it only answers an invitation or names none.

    Times without a zone are Asia/Kolkata. Raises ValueError where the file can't be read.
    """
    use_zoneinfo()  # type: ignore[no-untyped-call]  # (untyped) forgets other files' zones: names are not unique
    try:
        calendars = Calendar.from_ical(_whole_lines(source[:_LARGEST_FILE]), multiple=True)
        told = ["\n".join(lines) for calendar in calendars for lines in _events(calendar)]
    except (KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"the calendar file makes no sense ({type(error).__name__})") from error
    return clean_text("\n\n".join(told[:_MOST_EVENTS]))


def _whole_lines(source: str) -> str:
    """The file unfolded, without lines that are none of a calendar, each component with its end."""
    lines: list[str] = []
    open_components: list[str] = []
    for line in re.sub(r"\r?\n[ \t]", "", source).splitlines():
        name, _, value = line.strip().upper().partition(":")
        if name == "BEGIN":
            open_components.append(value)
        if not open_components or not _CONTENT_LINE.fullmatch(line.strip()):
            continue
        if name == "END" and open_components.pop() != value:
            raise ValueError("the calendar file's components are mixed up")
        lines.append(line.strip())
    return "\r\n".join([*lines, *(f"END:{component}" for component in reversed(open_components))])


def _events(calendar: Component) -> Iterator[list[str]]:
    method = _value(calendar, "METHOD").upper()
    if method in _ANSWERS:
        return
    for event in calendar.walk("VEVENT"):
        cancelled = method == "CANCEL" or _value(event, "STATUS").upper() == "CANCELLED"
        yield [*_told(event, cancelled=cancelled), *_description(event)]


def _told(event: Component, *, cancelled: bool) -> Iterator[str]:
    summary, when, where = _value(event, "SUMMARY"), _when(event), _value(event, "LOCATION")
    if cancelled:
        yield f"Cancelled: {summary or 'the event'}"
        yield f"It was to take place {f'on {when}' if when else ''} {f'at {where}' if where else ''}".rstrip() + "."
        return
    yield from (f"{label}: {text}" for label, text in (("Event", summary), ("Date", when), ("Venue", where)) if text)
    if event.get("RRULE"):
        yield "The event repeats."
    links = (_value(event, name) for name in ("URL", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"))
    yield from (f"Link: {link}" for link in dict.fromkeys(links) if link.startswith(("http://", "https://")))


def _description(event: Component) -> list[str]:
    text = "\n".join(_values(event, "DESCRIPTION"))[:_LONGEST]
    text = html_to_text(text) if is_html(text) else text
    return ["", text.strip()] if text.strip() else []


def _when(event: Component) -> str:
    """ "27 November 2026, 5:00 PM to 6:00 PM"."""
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        return ""
    duration = _dt(event, "DURATION")
    if end is None and isinstance(duration, timedelta):
        end = start + duration
    if not isinstance(start, datetime):
        last = end - timedelta(days=1) if isinstance(end, date) and not isinstance(end, datetime) else start
        return _day(start) if last <= start else f"{_day(start)} to {_day(last)}"
    if not isinstance(end, datetime) or end <= start:
        return f"{_day(start)}, {_clock(start)}"
    until = _clock(end) if end.date() == start.date() else f"{_day(end)}, {_clock(end)}"
    return f"{_day(start)}, {_clock(start)} to {until}"


def _moment(event: Component, name: str) -> date | None:
    """A day, or a datetime in India; a datetime is a date, too."""
    value = _dt(event, name)
    if not isinstance(value, date) or not 1970 <= value.year <= 2200:
        return None
    if not isinstance(value, datetime):
        return value
    return value.astimezone(_INDIA) if value.tzinfo else value.replace(tzinfo=_INDIA)


def _dt(event: Component, name: str) -> object:
    """A property's date, moment or duration, the first where there are several; None where it has none."""
    value = event.get(name)
    try:
        return getattr(value[0] if isinstance(value, list) else value, "dt", None)
    except ValueError:
        return None


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _clock(moment: datetime) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M %p}"


def _value(component: Component, name: str) -> str:
    """A property as one line, the first where there are several."""
    return " ".join(next(iter(_values(component, name)), "").split())


def _values(component: Component, name: str) -> list[str]:
    value = component.get(name, "")
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]
