"""When a row of a list wants a student: "10:40 AM", "2:30-3:30 PM", "28 Nov, 14:00", "2026-11-28 10:40:00"."""

import re
from calendar import month_abbr
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d)(?::\d\d)?)?(?![\d:])\s*(?:(?P<half>[ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|–|—|to|till|until)\s*", re.IGNORECASE)
_MONTHS = {name.lower(): number for number, name in enumerate(month_abbr) if name}
_NAMED_DAY = re.compile(
    r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s/.-]+(?P<month>" + "|".join(_MONTHS) + r")[a-z]*\.?(?:[\s,/.-]+20\d\d)?",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"\b20\d\d-(?P<month>\d\d)-(?P<day>\d\d)(?:T|\b)")
_NUMBERED_DAY = re.compile(r"\b(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?:20)?\d\d\b")
_FIRST_MORNING_HOUR = 8  # "2:30" without a half of the day is in the afternoon
_HALF_A_YEAR = timedelta(days=183)


def span_of(text: str, near: datetime) -> tuple[datetime, datetime | None] | None:
    """Return when it begins, and when it ends where that is said; None where the text states no time of day.

    The day is the text's own, in the year that brings it closest to `near`; else that of `near`.
    """
    day, left = _day(text, timezone.localtime(near).date())
    times = (found for found in _CLOCK.finditer(left) if found["minute"] or found["half"] or _ends(left, found))
    first = next(times, None)
    if first is None:
        return None
    last = _ends(left, first)
    begin, end = _clock(first, last), _clock(last) if last else None
    if begin is None:
        return None
    at = timezone.make_aware(datetime.combine(day, begin))
    return at, timezone.make_aware(datetime.combine(day, end)) if end and end > begin else None


def _ends(text: str, first: re.Match[str]) -> re.Match[str] | None:
    """The second time of a span such as "10-11 AM", of which one at least looks like a time."""
    joint = _RANGE.match(text, first.end())
    last = _CLOCK.match(text, joint.end()) if joint else None
    return last if last and any(part["minute"] or part["half"] for part in (first, last)) else None


def _clock(said: re.Match[str], after: re.Match[str] | None = None) -> time | None:
    """A time of day; the half of the day may stand behind the second time alone: "10:00-11:30 AM"."""
    hour, minute = int(said["hour"]), int(said["minute"] or 0)
    half = (said["half"] or "").lower()
    if not half and after is not None and after["half"] and hour <= int(after["hour"]) % 12:
        half = after["half"].lower()
    if half and not 1 <= hour <= 12:
        half = ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour < _FIRST_MORNING_HOUR:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(text: str, near: date) -> tuple[date, str]:
    """The day that a text names, and the text without it."""
    for pattern in (_ISO_DAY, _NAMED_DAY, _NUMBERED_DAY):
        if found := pattern.search(text):
            month = _MONTHS.get(found["month"][:3].lower()) or int(found["month"])
            if day := _nearest(int(found["day"]), month, near):
                return day, f"{text[: found.start()]} {text[found.end() :]}"
    return near, text


def _nearest(day: int, month: int, near: date) -> date | None:
    years = (near.year, near.year - 1, near.year + 1)
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if abs(found - near) <= _HALF_A_YEAR:
            return found
    return None
