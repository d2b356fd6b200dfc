"""Several dates in one text: each with what it is for (spec: reading)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from scraping.items import Dated
from scraping.reading.facts.times.dates import find_moments
from scraping.reading.layout.tables import Table
from scraping.reading.page import Page

_MOST = 12
_LEAST = 2


def several(found: Sequence[Dated]) -> tuple[Dated, ...]:
    """Those of different times, in the order of time; () for a single one. A bare day beside its time is the same."""
    by_day: dict[date, list[Dated]] = {}
    for one in found:
        by_day.setdefault(_day(one.at), []).append(one)
    kept = [one for day in by_day.values() for one in _distinct(day)]
    kept.sort(key=lambda one: (_day(one.at), one.at.isoformat()))
    return tuple(kept[:_MOST]) if len(kept) >= _LEAST else ()


def companies_of_tables(page: Page) -> tuple[str, ...]:
    """The companies that a column names, each once; () where there are not two."""
    named = dict.fromkeys(cell for table in page.tables for cell in table.column("company") if cell.strip())
    return tuple(named)[:_MOST] if len(named) >= _LEAST else ()


def events_of_tables(page: Page) -> list[Dated]:
    """Rows of a timetable: the date and the time of a row, and its company and place."""
    return [event for table in page.tables for event in _rows(table, page.near)]


def _rows(table: Table, near: datetime | None) -> Iterator[Dated]:
    whens = [number for number, kind in enumerate(table.kinds) if kind == "when"]
    for row in table.rows if whens else ():
        stated = ", ".join(row[number] for number in whens if number < len(row))
        company = _cell(table, row, "company")
        for moment in find_moments(stated, near)[:1]:
            said = (company, _cell(table, row, "process"), _cell(table, row, "venue"))
            yield Dated(moment.value, " · ".join(filter(None, said)), company or None)


def _cell(table: Table, row: Sequence[str], kind: str) -> str:
    number = table.kinds.index(kind) if kind in table.kinds else len(row)
    return row[number].strip() if number < len(row) else ""


def _distinct(day: Sequence[Dated]) -> Iterator[Dated]:
    timed = [one for one in day if isinstance(one.at, datetime)]
    seen: set[tuple[str, str | None]] = set()
    for one in timed or day:
        if (key := (one.at.isoformat(), one.company)) not in seen:
            seen.add(key)
            yield one


def _day(at: datetime | date) -> date:
    return at.date() if isinstance(at, datetime) else at
