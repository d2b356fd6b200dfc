"""Amounts as the institute writes them: "81", "260+", "Rs. 46.38 Lacs", "Rs. 6.00 to Rs. 12.99 Lacs"."""

import re
from dataclasses import dataclass
from decimal import Decimal

from scraping.sources.official.page import Card

_MONEY = r"(?:rs\.?|inr|₹)\s*"
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_UNIT = r"lacs?|lakhs?|lpa|crores?|cr|%"
_AMOUNT = rf"(?:{_MONEY})?{_NUMBER}\+?(?:\s*(?:{_UNIT})(?!\w)\.?)?"
_PHRASE = rf"(?:up\s*to\s+)?{_AMOUNT}(?:\s*(?:to|-|–|—)\s*{_AMOUNT})?"

_WHOLE = re.compile(_PHRASE, re.IGNORECASE)
_LEADING = re.compile(rf"({_PHRASE}) (\D.*|\d+(?:st|nd|rd|th)\b.*)", re.IGNORECASE)
_TRAILING = re.compile(rf"(\D.*?|\d+(?:st|nd|rd|th)\b.*?)[ :–—-]+({_PHRASE})", re.IGNORECASE)
_PART = re.compile(rf"({_MONEY})?({_NUMBER})\+?\s*({_UNIT})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a range; `unit` is "Lacs", "Rs.", "%" or "" for a count.

    `low` is None for "up to", and equals `high` for a single number.
    """

    shown: str  # as the page writes it
    low: Decimal | None
    high: Decimal
    unit: str

    @property
    def is_range(self) -> bool:
        """Whether it is a span of amounts, such as a class of packages."""
        return self.low != self.high

    @property
    def band(self) -> str:
        """A range by the border that stays when the other moves: "from Rs. 6 Lacs", "up to Rs. 5.99 Lacs"."""
        border, word = (self.high, "up to") if self.low is None else (self.low, "from")
        number = f"{border.normalize():f}"
        return f"{word} Rs. {number} Lacs" if self.unit == "Lacs" else f"{word} {number} {self.unit}".rstrip()


def read_amount(text: str) -> Amount | None:
    """The amount a text states, None where it states anything else or more. A crore is 100 lacs."""
    if not _WHOLE.fullmatch(text):
        return None
    parts = _PART.findall(text)
    last_unit = parts[-1][2]
    values = [_value(number, unit or last_unit) for _, number, unit in parts]
    low = None if text.lower().startswith("up") else values[0]
    return Amount(text, low, values[-1], _unit(last_unit, money=any(money for money, _, _ in parts)))


def split_pointer(line: str) -> Card:
    """A line as a card: "260+ Companies" has the title "260+"; a line without an amount in front has none."""
    match = _LEADING.fullmatch(line)
    return Card(match[1], match[2]) if match else Card("", line)


def amount_and_label(line: str) -> tuple[Amount, str] | None:
    """The amount a line begins or ends with, and what it counts: "81 Companies", "Median: Rs. 7 Lacs"."""
    if match := _LEADING.fullmatch(line):
        text, label = match.groups()
    elif match := _TRAILING.fullmatch(line):
        label, text = match.groups()
    else:
        return None
    amount = read_amount(text)
    return (amount, label.strip(" :–—-")) if amount else None


def _value(number: str, unit: str) -> Decimal:
    value = Decimal(number.replace(",", ""))
    return value * 100 if unit.lower().startswith("cr") else value


def _unit(word: str, *, money: bool) -> str:
    if word == "%":
        return word
    if word:
        return "Lacs"
    return "Rs." if money else ""
