"""A placement policy: of which batch, under which title, its text as Markdown, its contents, when it was changed."""

import re
from collections.abc import Sequence
from datetime import datetime

from scraping.reading.facts.times.dates import find_moments
from scraping.reading.layout.text import shorten

_MOST_LINES = 3_000
_LONGEST = 100_000
_MOST_HEADINGS = 100
_YEAR = re.compile(
    r"\bbatch(?:es)?\s*(?:of\s*)?[-–:]?\s*(20\d\d)\b|\b(20\d\d)\s+(?:graduating\s+|passing[- ]out\s+)?batch"
    r"|\b(20\d\d\s?[-–]\s?(?:20)?\d\d)\b|\b(20\d\d)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:updated?|revised|dated?|effective|w\.?e\.?f|amended|issued)\b[^\n]{0,60}", re.IGNORECASE)
# Numbered ("1.2 Eligibility", "A. Offers"), in capitals, or with a colon at its end.
_HEADING = re.compile(
    r"(?:(?:\d{1,2}\.)*\d{1,2}|[A-Z]|[IVX]{1,5})[.)]?\s+[A-Z][^.\n]{2,80}"
    r"|[A-Z][A-Z &/,()-]{4,80}:?|[A-Z][\w &/,()-]{2,60}:"
)
_POINT = re.compile(r"[•*▪●–-]\s+")


def read_policy(title: str, lines: Sequence[str], sent_at: datetime | None) -> dict[str, str]:
    """year, title, content (Markdown), table_of_contents (a heading a line), updated_on (ISO date), where stated.

    Changed on the day the text says, else on the day it was sent.
    """
    lines = lines[:_MOST_LINES]
    match = _YEAR.search(title) or _YEAR.search("\n".join(lines[:40]))
    policy = {
        "year": next(filter(None, match.groups()), "") if match else "",
        "title": shorten(title, 600),
        "content": "\n".join(map(_markdown, lines))[:_LONGEST].strip(),
        "table_of_contents": "\n".join([heading for line in lines if (heading := _heading(line))][:_MOST_HEADINGS]),
        "updated_on": _updated_on(lines, sent_at),
    }
    return {name: text for name, text in policy.items() if text}


def _heading(line: str) -> str:
    short = len(line) < 120 and len(line.split()) <= 12
    return line.rstrip(":") if short and _HEADING.fullmatch(line) else ""


def _markdown(line: str) -> str:
    if heading := _heading(line):
        return f"\n## {heading}\n"
    point = _POINT.match(line)
    return f"- {line[point.end() :]}" if point else line


def _updated_on(lines: Sequence[str], sent_at: datetime | None) -> str:
    for line in lines:
        stated = _DATED.search(line[:1000])
        if stated and (moments := find_moments(stated[0], sent_at)):
            return moments[0].day.isoformat()
    return sent_at.date().isoformat() if sent_at else ""
