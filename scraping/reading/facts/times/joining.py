"""When a job or an internship begins, as mails state it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from scraping.reading.facts.times.dates import find_moments
from scraping.reading.layout.fields import Field, values

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_OF_YEAR = re.compile(rf"\b{_MONTH}\b[\s,.'’-]*(?P<year>20\d\d|(?<=['’-])\d\d)\b", re.IGNORECASE)
_BEGINS = (
    re.compile(
        r"\b(?:joining\s+date|date\s+of\s+joining|doj|start(?:ing)?\s+date)\s+"
        r"(?:(?:is|will\s+be|shall\s+be|would\s+be|has\s+been|(?:revised|changed|moved|shifted)\s+to|of|on|from"
        r"|tentatively|expected|scheduled)\s+){1,3}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bjoin(?:ing)?\s+(?:(?:us|the\s+company|date)\s+)?(?:at\s+(?:our\s+)?(?-i:[A-Z][\w-]+)\s+(?:office\s+)?)?"
        r"(?:will\s+be\s+|is\s+|as\s+[\w\s-]{2,40}?\s+)?"
        r"(?:from|on|in|by|w\.?e\.?f\.?)\s",
        re.IGNORECASE,
    ),
    re.compile(r"(?:^|\.\s)\W*joining\b[^.\n\d]{0,40}?,\s*(?=[a-z]{3,9}\W{1,3}20)", re.IGNORECASE),
    re.compile(r"\bjoining\s+(?=\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}\W{1,3}20\d\d)", re.IGNORECASE),
    re.compile(
        r"\bintern\b[^.\n]{0,60}?\bfor\s(?:a\speriod\sof\s)?[\w-]+\smonths?\s(?:starting\s)?from\s", re.IGNORECASE
    ),
    re.compile(r"\bstarting\s+(?=[A-Z][a-z]{2,8}\W{1,3}20\d\d)"),
    re.compile(
        r"\binternships?\b[^.\n]{0,40}?\b(?:from|starting|starts?|beginning|commenc\w+)\s(?:on\s|in\s|from\s)?",
        re.IGNORECASE,
    ),
)


def read_joining_date(fields: Sequence[Field], subject: str, lines: Sequence[str], near: datetime | None) -> str | None:
    """ "2026-07-01", or "2026-07" where only the month is stated: of the label, else of a sentence on joining."""
    stated = (_day_or_month(value, near) for value in values(fields, "joining"))
    return next(filter(None, (*stated, *_said_to_begin([subject, *lines], near))), None)


def _said_to_begin(lines: Sequence[str], near: datetime | None) -> Iterator[str | None]:
    for pattern in _BEGINS:
        for line in lines:
            for match in pattern.finditer(line[:1000]):
                yield _day_or_month(line[match.end() : match.end() + 30], near, at_start=True)


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
