"""The package a text states, in lakhs a year, as a careful person reads it (spec: mailbox, Packages).

The lowest of a range; a stated salary before a stipend; bonuses and equity spread over years are not added to one;
what can't be told stays unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraping.reading.facts.pay.amounts import LAKH, Amount, find_amounts, spell_out

_PLAUSIBLE = (0.3, 500.0)  # LPA
_HIGHEST_STIPEND = 4 * LAKH  # rupees a month


@dataclass(frozen=True, slots=True)
class Pay:
    """`package` in LPA, None where the text does not settle it; `is_stipend`: it is twelve months of a stipend."""

    package: float | None = None
    is_stipend: bool = False


def read_pay(text: str) -> Pay:
    """The package of a text that speaks of pay: a value under "Package:", a sentence with "CTC"."""
    amounts = [a for a in find_amounts(spell_out(text)) if a.kind != "none" and a.per != "other" and not a.is_limit]
    salary = _salary(amounts)
    if salary is not None:
        return Pay(_lakhs(salary))
    stipends = [amount.low * 12 for amount in amounts if _is_stipend(amount)]
    return Pay(_lakhs(min(stipends)), is_stipend=True) if stipends else Pay()


def _salary(amounts: Sequence[Amount]) -> float | None:
    """Rupees a year: what the text itself calls the whole, else the sum of its parts."""
    outside = [amount for amount in amounts if not amount.in_brackets] or amounts
    for stated in (
        _of_kind(amounts, "first year"),
        _of_kind(outside, "total"),
        _unnamed(outside),
        _of_kind(amounts, "total") if all(amount.per == "month" for amount in outside) else [],
        _sum_of_parts(outside),
        _of_kind(amounts, "total"),
        _sum_of_parts(amounts),
        [amount.yearly for amount in outside if amount.kind == "total" and amount.per == "month"],
    ):
        if stated:
            return min(stated)
    return None


def _of_kind(amounts: Iterable[Amount], kind: str) -> list[float]:
    return [amount.yearly for amount in amounts if amount.kind == kind and amount.is_yearly]


def _unnamed(amounts: Iterable[Amount]) -> list[float]:
    """Amounts that only say LPA; of two side by side nobody knows whether they are a choice or a sum."""
    found = {amount.yearly for amount in amounts if amount.kind == "" and amount.is_yearly}
    return list(found) if len(found) == 1 else []


def _sum_of_parts(amounts: Sequence[Amount]) -> list[float]:
    """Fixed pay with the variable pay and the joining bonus of its first year; the fixed part must be stated."""
    base = [a.yearly for a in amounts if a.kind == "base" and (a.is_yearly or a.per == "month")]
    more = sum(a.yearly for a in amounts if a.kind in {"variable", "bonus"})
    return [min(base) + more] if base else []


def _is_stipend(amount: Amount) -> bool:
    monthly = amount.per == "month" or (amount.kind == "stipend" and amount.per == "" and amount.low < LAKH)
    return monthly and amount.kind in {"stipend", "total", ""} and 1_000 <= amount.low <= _HIGHEST_STIPEND


def _lakhs(rupees: float) -> float | None:
    """To the thousand rupees below: 11,74,166 is 11.74. None where nobody earns that."""
    lpa = int(rupees / LAKH * 100 + 1e-6) / 100
    return lpa if _PLAUSIBLE[0] <= lpa <= _PLAUSIBLE[1] else None
