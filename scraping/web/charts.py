"""Figures as shapes: what the charts of the statistics page are drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from notifications.rendering.formats import figure
from scraping.placements.counted import RUPEES_A_LAKH
from scraping.placements.statistics import CompanyFigures, Figures, Statistics, Wanted, counted_rows

# Borders of the package distribution in LPA; the last group is open.
_BORDERS = (0, 3, 5, 7, 10, 15, 20, 30, 50)
_MOST_COMPANIES = 15
_ALL_NUMBERED = 12  # columns
COLUMN_PIXELS = 160


@dataclass(frozen=True, slots=True)
class Bar:
    """`size` is its share of the longest, in percent; `shown` is what stands beside it."""

    label: str
    size: float
    shown: str


@dataclass(frozen=True, slots=True)
class Column:
    """A bar that stands, and the border on its left: in percent of the chart across, in pixels up and down."""

    title: str
    label: str
    shown: str
    border: float
    left: float
    middle: float
    width: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve over days in a square of 100 by 100, as SVG reads points; it ends at `total`."""

    points: str
    area: str
    first: date
    last: date
    total: int


def by_branch(found: Statistics) -> list[Bar]:
    """Placed students of each branch, of all it has."""
    return [
        Bar(name, float(min(figures.percentage or 0, Decimal(100))), _of(figures))
        for name, figures in found.branches.items()
        if figures.eligible
    ]


def by_company(companies: Sequence[CompanyFigures]) -> list[Bar]:
    """Return the companies that took most students."""
    most = sorted(companies, key=lambda company: (-company.students, company.company))[:_MOST_COMPANIES]
    highest = max((company.students for company in most), default=0)
    return [Bar(row.company, 100 * row.students / highest, f"{row.students}") for row in most]


def columns(names: Sequence[tuple[str, str]], numbers: Sequence[int]) -> list[Column]:
    """A column a number; of each its full name, and what stands below its left border. Empty where all are 0.

    Many are too narrow for a number above each: then the highest alone has one.
    """
    highest = max(numbers, default=0)
    if not highest:
        return []
    named = range(len(numbers)) if len(numbers) <= _ALL_NUMBERED else (numbers.index(highest),)
    share = 100 / len(numbers)
    return [
        Column(
            title=f"{name}: {number}",
            label=label,
            shown=f"{number}" if number and place in named else "",
            border=place * share,
            left=(place + 0.1) * share,
            middle=(place + 0.5) * share,
            width=0.8 * share,
            top=COLUMN_PIXELS * (1 - number / highest),
            height=COLUMN_PIXELS * number / highest,
        )
        for place, ((name, label), number) in enumerate(zip(names, numbers, strict=True))
    ]


def by_package(wanted: Wanted) -> list[Column]:
    """How many students got how much at best: one statement. Empty where no package is known."""
    best = counted_rows(wanted).values("student").annotate(best=Max("counted_package")).exclude(best=None)
    ends = (*_BORDERS[1:], None)
    counts = best.aggregate(
        **{
            f"from_{low}": Count("student", filter=_between(low, high))
            for low, high in zip(_BORDERS, ends, strict=True)
        }
    )
    numbers = [counts[f"from_{low}"] or 0 for low in _BORDERS]
    spans = [
        (_("%(low)d to %(high)d LPA") if high else _("%(low)d LPA and more")) % {"low": low, "high": high}
        for low, high in zip(_BORDERS, ends, strict=True)
    ]
    return columns(list(zip(spans, map(str, _BORDERS), strict=True)), numbers)


def over_time(wanted: Wanted) -> Curve | None:
    """Offers by the day they became known, added up; None where they are all of one day."""
    rows = counted_rows(wanted).values(day=TruncDate("added_at")).annotate(count=Count("pk")).order_by("day")
    days = [(row["day"], row["count"]) for row in rows]
    if len(days) < 2:
        return None
    first, last = days[0][0], days[-1][0]
    span, total, sofar = (last - first).days, sum(count for _, count in days), 0
    points = []
    for day, count in days:
        sofar += count
        points.append(f"{100 * (day - first).days / span:.2f},{100 - 100 * sofar / total:.2f}")
    line = " ".join(points)
    return Curve(line, f"0,100 {line} 100,100", first, last, total)


def _between(low: int, high: int | None) -> Q:
    above = Q(best__gte=low * RUPEES_A_LAKH)
    return above & Q(best__lt=high * RUPEES_A_LAKH) if high else above


def _of(figures: Figures) -> str:
    text = _("%(part)d of %(whole)d (%(share)s %%)")
    share = figure(figures.percentage or 0)
    return text % {"part": figures.students, "whole": figures.eligible, "share": share}
