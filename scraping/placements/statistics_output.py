"""Statistics as others read them: JSON for programs, CSV for tables. Kept in the cache until an offer changes."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import asdict
from decimal import Decimal
from hashlib import blake2b
from io import StringIO
from typing import Any

import orjson
from django.core.cache import cache
from django.db.models import Count, Max

from accounts.language import spoken
from accounts.seasons import show_season
from notifications.rendering.formats import lpa
from scraping.models import Branch, Offer
from scraping.placements.counted import RUPEES_A_LAKH
from scraping.placements.statistics import Statistics, Wanted, statistics

_AMOUNTS = ("average", "median", "highest")
# Should two processes write in an unlucky order, the older figures are gone after this.
_KEPT_SECONDS = 300
_FORM = 2  # another one where the same figures are written differently: an older release may have kept some


def cached(wanted: Wanted, render: Callable[[Statistics], str]) -> str:
    """The statistics in a form, computed only where offers, branches or the question are other ones than before."""
    question = repr((_FORM, render.__name__, spoken(), wanted, _version(wanted.season)))
    key = "statistics:" + blake2b(question.encode(errors="replace"), digest_size=16).hexdigest()
    kept = cache.get(key)
    if isinstance(kept, str):
        return kept
    shown = render(statistics(wanted))
    cache.set(key, shown, _KEPT_SECONDS)
    return shown


def as_json(found: Statistics) -> str:
    """Amounts in LPA and percentages as numbers with two decimals, null where there is nothing to compute them from.

    Beside each amount stands the same in rupees a year, with its text (accounts/web/pay.py).
    """
    companies = len(found.companies)
    shown = {
        "season": found.season,
        "season_name": show_season(found.season),
        "overall": {**_with_pay(asdict(found.overall)), "companies": companies},
        "branches": [{"branch": name, **_with_pay(asdict(figures))} for name, figures in found.branches.items()],
        "companies": [_with_pay(asdict(company)) for company in found.companies],
    }
    return orjson.dumps(shown, default=_number).decode()


def _with_pay(figures: dict[str, Any]) -> dict[str, Any]:
    return figures | {f"{name}_pay": _pay(figures[name]) for name in _AMOUNTS if name in figures}


def _pay(amount: Decimal | None) -> dict[str, Any] | None:
    if amount is None:
        return None
    rupees = round(amount * RUPEES_A_LAKH)
    return {"low": rupees, "high": rupees, "text": lpa([amount])}


def as_csv(found: Statistics) -> str:
    """A line a company."""
    rows = [
        (company.company, company.students, "; ".join(company.roles), company.average, company.highest)
        for company in found.companies
    ]
    return table(("Company", "Students", "Roles", "Average (LPA)", "Highest (LPA)"), rows)


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A CSV table; no cell can be taken for a formula."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError


def _version(season: int) -> tuple[object, ...]:
    """Moves with every change of what is counted: whoever writes students saves their offer (placements/counted.py)."""
    offers = Offer.objects.filter(season=season).aggregate(count=Count("pk"), changed=Max("updated_at"))
    branches = Branch.objects.aggregate(count=Count("pk"), changed=Max("updated_at"))
    return (*offers.values(), *branches.values())
