"""Moments of November 2026 as the tests write them: "24 09:30", "24" for a bare date."""

from datetime import date, datetime

from scraping.reading.facts.times.dates import INDIA

NEAR = datetime(2026, 11, 20, 10, tzinfo=INDIA)


def said(value: datetime | date | None) -> str | None:
    if isinstance(value, datetime):
        return f"{value:%d %H:%M}"
    return f"{value:%d}" if value else None
