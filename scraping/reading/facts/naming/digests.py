"""Companies that a text lists, one a line with its date: the drives of a week (spec: reading, Many in one text)."""

import re
from collections.abc import Iterator

from scraping.reading.facts.naming.names import clean_company, company_key
from scraping.reading.facts.times.dates import find_moments
from scraping.reading.layout.name_runs import find_names
from scraping.reading.page import Page

_LEAST = 3
_MOST = 12
_LONGEST = 200
_MOST_LINES = 60
_NEAR_THE_START = 24  # characters: a bullet, a day, a date
_PENDING = re.compile(r"\bon hold\b|\bawaited\b|\bexpected\b", re.IGNORECASE)


def companies_of_lines(page: Page) -> tuple[str, ...]:
    """The companies that begin lines of their own, each with a date; () where there are not three."""
    found: dict[str, str] = {}
    for name in _first_names(page):
        found.setdefault(company_key(name), name)
    return tuple(found.values())[:_MOST] if len(found) >= _LEAST else ()


def _first_names(page: Page) -> Iterator[str]:
    for line in page.lines[:_MOST_LINES]:
        if len(line) > _LONGEST or not (find_moments(line, page.near) or _PENDING.search(line)):
            continue
        first = next(iter(find_names(line[: _LONGEST // 2])), None)
        if first and first.start <= _NEAR_THE_START and not re.search(r"[a-z]{4}", line[: first.start]):
            yield clean_company(first.name)
