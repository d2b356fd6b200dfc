"""When a job or an internship begins, as mails state it."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from scraping.reading.facts.times.dates import find_moments
from scraping.reading.layout.fields import Field, values

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_OF_YEAR = re.compile(rf"\b{_MONTH}\b[\s,.'’-]*(?P<year>20\d\d|(?<=['’-])\d\d)\b", re.IGNORECASE)
# "Date of joining 15.06.2027", "they join us at Pune on 1st July", "internship from January 2027".
_BEGINS = re.compile(
    r"\b(?:(?:join(?:ing|s)?|doj|onboard\w*|start(?:ing|s)?|commenc\w+)\b|(?:report(?:ing)?"
    r"|intern(?:ship)?s?)\b[^.\n\d]{0,60}?"
    r"\b(?:on|from|by|starting|starts?|beginning|commenc\w+|w\.?e\.?f\.?)\b"
    r"|\b(?:stipend|internships?|months?)\b[^\n]{0,60}?\b(?:from|w\.?e\.?f\.?)\b|\bmonths?\s*\((?=\d)"
    r"|\b(?:period|reporting\s+date)\s*[:–-])[^.\n\d]{0,60}?(?:\(|\b|\s)(?=\d{1,2}(?:st"
    r"|nd|rd|th)?\b|(?:jan|feb|mar|apr|may|ju[nl]|aug|sep"
    r"|oct|nov|dec)[a-z]*\b)",
    re.IGNORECASE,
)
_LEAST_DAYS_AHEAD = 14  # a day before that is the test's or the meeting's


def read_joining_date(fields: Sequence[Field], subject: str, lines: Sequence[str], near: datetime | None) -> str | None:
    """ "2026-07-01", or "2026-07" where only the month is stated: of the label, else of a sentence on joining."""
    stated = (_day_or_month(value, near) for value in values(fields, "joining"))
    return next(filter(None, (*stated, *_said_to_begin([subject, *lines], near))), None)


def _said_to_begin(lines: Sequence[str], near: datetime | None) -> Iterator[str | None]:
    for line in lines:
        for match in _BEGINS.finditer(line[:1000]):
            day = _day_or_month(line[match.end() : match.end() + 30], near, at_start=True)
            if day and not _is_near(day, near):
                yield day


def _is_near(day: str, near: datetime | None) -> bool:
    return near is not None and len(day) > 7 and (date.fromisoformat(day) - near.date()).days < _LEAST_DAYS_AHEAD


def _day_or_month(text: str, near: datetime | None, *, at_start: bool = False) -> str | None:
    """The first day of a text, else its first month of a year; `at_start`: it must begin with it."""
    text = text[:200]
    moments = [moment for moment in find_moments(text, near) if not at_start or moment.start <= 4]
    if moments:
        return moments[0].day.isoformat()
    match = _MONTH_OF_YEAR.search(text)
    if match is None or (at_start and match.start() > 12):
        return None
    year = int(match["year"]) % 2000 + 2000
    return f"{year}-{_MONTHS.index(match['month'][:3].lower()) + 1:02d}"
