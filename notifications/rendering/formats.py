"""Amounts as students read them, `₹12 LPA` (spec: messages), and storable texts."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

_YEARLY, _MONTHLY = (re.compile(rf"₹([\d.,]+)(?:–([\d.,]+))?{unit}") for unit in (" LPA", "/month"))
_LAKH, _MONTHS_A_YEAR = 100_000, 12
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def figure(number: Decimal | float) -> str:
    """A number with two decimals at most: `0.61`, `12.5`, `8`."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def lpa(amounts: Iterable[Decimal | float]) -> str:
    """Pay in lakhs a year: `₹12 LPA` or `₹8–12 LPA`, from the lowest amount to the highest; "" without any."""
    texts = list(map(figure, sorted(set(amounts))))
    return f"₹{'–'.join(texts[:: max(1, len(texts) - 1)])} LPA" if texts else ""


def rupees_a_year(pay: str) -> tuple[int, int] | None:
    """The lowest and the highest pay of a text such as `₹8–12 LPA` or `₹25,000/month`; None for any other text."""
    for pattern, times in ((_YEARLY, _LAKH), (_MONTHLY, _MONTHS_A_YEAR)):
        if found := pattern.match(pay):
            amounts = [round(Decimal(amount.replace(",", "")) * times) for amount in found.groups() if amount]
            return amounts[0], amounts[-1]
    return None


def storable_text(text: str) -> str:
    """Returns the text without what no database takes: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def storable(value: Any) -> Any:
    """Returns a JSON value whose texts are all storable, however deep. Tuples become lists."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable(str(key)): storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    return value


def printable(text: str) -> str:
    """Return the text without control characters: neither XML 1.0 nor RFC 5545 allows one, even escaped."""
    return _CONTROLS.sub("", text)
