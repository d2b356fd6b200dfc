"""Amounts of money as Indian placement cells write them: "8-12 LPA", "₹14,00,000/-", "35 K per month", "1.2 Cr".

An amount is what its own clause calls it: "Base - INR 14,00,000/-", "1.5L Variable", "joining bonus of 1 lakh".
Foreign money is passed over: what it is worth in rupees is not ours to say.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scraping.reading.layout.expressions import Expression, expression

Period = Literal["year", "month", "other", ""]
Kind = Literal[
    "first year", "total", "base", "variable", "bonus", "long term", "equity", "stipend", "in hand", "none", ""
]

LAKH = 100_000
_CRORE, _THOUSAND = 10_000_000, 1_000
_LONGEST = 20_000

_NUMBER = r"(?:\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d{1,9}(?:\.\d{1,3})?)"
_CURRENCY = r"(?:(?:\b(?:inr|rs|rupees)\b\.?|₹)\s?[-–:.]?\s?)"
_UNIT = r"(?:l\.?p\.?a\b\.?|lakhs?\b|lacs?\b|lkhs?\b|l\b(?!\.?\s?l)|crores?\b|crs?\b\.?|k\b|thousand\b)"
_AMOUNT = re.compile(
    rf"""
    (?<![\w.,$€£])(?<![$€£]\s)
    (?P<limit>\bup\s?to\s+|\bmax(?:imum|\.)?\s+(?:of\s+)?)?
    (?P<currency>{_CURRENCY})?
    (?P<low>{_NUMBER})(?![\d%])(?:\s?(?:/-|\+))?\s?(?P<low_unit>{_UNIT})?(?:\s?/-)?
    (?:\s?(?:-|–|—|~|\bto\b|\band\b)\s?(?P<high_currency>{_CURRENCY})?
       (?P<high>{_NUMBER})(?![\d%])(?:\s?/-)?\s?(?P<high_unit>{_UNIT})?(?P<dash>\s?/-)?)?
    (?P<tail>\s?(?:inr|rupees|rs)\b\.?)?
    \s?(?:\(?\s*(?:
        (?P<year>p\.\s?a\b\.?|p/?a\b|(?:per|an|/)\s*(?:annum|year|yr)\b|annually|yearly|annum\b)
      | (?P<month>p\.\s?m\b\.?|p/?m\b|(?:per|a|/-?)\s*(?:month|mth|mo)\b|monthly\b)
      | (?P<other>(?:per|an|a|/)\s*(?:hour|hr|day|week|diem)\b)))?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FOREIGN = re.compile(r"(?:usd|us\$|eur|gbp|aed|sgd|cad|jpy|yen|dollars?|euros?|pounds?)\s?", re.IGNORECASE)

_FOREIGN_MONEY = expression(
    rf"(?:[$€£]|{_FOREIGN.pattern})\s?{_NUMBER}|{_NUMBER}\s?k?\s?{_FOREIGN.pattern}", re.IGNORECASE
)

_HINDI = {
    "रुपये": "Rs", "रु.": "Rs", "रु ": "Rs ", "प्रतिमाह": "per month", "प्रति माह": "per month",
    "प्रतिवर्ष": "per annum",
    "प्रति वर्ष": "per annum", "लाख": "lakh", "मानदेय": "stipend", "वेतन": "salary",
}  # fmt: skip
# What people leave out.
_LAKH_AND_THOUSAND = re.compile(
    r"\b(\d{1,3})\s?(?:lakhs?|lacs?)\s(?:and\s)?(\d{1,2})\s?(?:thousand|k)\b", re.IGNORECASE
)
_SUM = re.compile(rf"({_NUMBER})(?=\s?\+\s?{_NUMBER}\s?(lpa|lakhs?|lacs?)\b)", re.IGNORECASE)
_ONLY_LABELLED = re.compile(
    r"(\b(?:ctc|package|salary|compensation|remuneration|stipend|lpa|lakhs?|lacs?)\b[^\n\d:=–-]{0,25}[:=–-]\s*"
    rf"{_CURRENCY}?)({_NUMBER})(?:\s?(-|–|to)\s?({_NUMBER}))?(?=\s*(?:$|[,;.](?!\d)|[()\n|]|\+\s?[a-z]))",
    re.IGNORECASE,
)


def _name(
    words: str, noun: str = r"(?:\s(?:ctc|salary|pay|component|package|compensation|amount|bonus)\b)?"
) -> Expression:
    return expression(rf"\b(?:{words})\b{noun}", re.IGNORECASE)


# Names of amounts, the more special before the more general: "fixed CTC" is base.
_KINDS: dict[Kind, Expression] = {
    "none": _name(
        r"pay\s?back|bond(?!\W{0,3}(?:of\s+)?\d{1,2}\s*(?:months?|years?|yrs?))"
        r"|penalt\w+|agreement|recover\w*|refund\w*|fees?|deposit|priz\w+|rewards?|worth|insurance"
        r"|mediclaim|accommodation|hotel|meals?|vouchers?|turnover|revenue|funding|valuation|covers?|benefits?|laptop"
        r"|scholarship|tuition|reimburse\w*|charges|resign\w*|family income|goodies|budget"
        r"|(?:else|has to|have to|must) pay|breach|leav(?:e|es|ing)"
    ),
    "first year": _name(r"(?:1st|first)[- ]year(?!\s+(?:bonus|increment))|year\s*(?:1|one)"),
    "equity": _name(r"esops?|rsus?|stocks?(?:\s+options?)?|equity|shares|options"),
    "long term": _name(
        r"long[- ]term|ltip?|retention|deferred|vest\w*|over (?:the )?(?:next |coming |period of )?(?:\w+ )?years"
        r"|loyalty|increments?|appraisal|gratuity"
        r"|(?:2nd|second|3rd|third|4th|fourth)[- ]year|year\s*(?:2|two|3|three|4|four)"
    ),
    "bonus": _name(
        r"(?:joining|sign(?:ing)?[- ]?(?:on)?|welcome|relocation)\s*(?:bonus|allowance)|sign[- ]?on|relocation"
    ),
    "variable": _name(r"variable|performance|incentives?|bonus(?:es)?|pb|plb|allowances?|night shift|commission"),
    "stipend": _name(
        r"stipends?|(?<!after )(?<!post )(?<!post-)internship|interns?|during training|training period|probation",
        noun="",
    ),
    "in hand": _name(r"in[- ]hand|take[- ]home|net"),
    "base": _name(r"base|basic|fixed|gross"),
    "total": _name(
        r"ctc|c\.t\.c|packages?|compensation|cost to company|remuneration|total|salary|pay|full[- ]time|fte|ppo|lpa"
    ),
}
_PARTS_OF_A_YEAR = frozenset(("bonus", "variable", "equity"))  # "Joining bonus: 1st year - 3,50,000"
_BORDER = re.compile(r"[;\n+|•]|(?<!\brs)(?<!\bapprox)(?<!\bp\.a)(?<!\bno)\.\s|,(?!\d)|\s&\s", re.IGNORECASE)
_BRACKET = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_GOES_ON = re.compile(
    r"\b(?:with|incl\w*|plus|along|apart|which|where|while|then|followed|but|or|and|consist\w*|comprising|on|upon"
    r"|excluding)\b|[.;:]\s|[,;\n+|=]|\s[–—-]\s\d",
    re.IGNORECASE,
)


_MONTHLY = re.compile(r"\bmonthly\b", re.IGNORECASE)
_LAST_LABEL = re.compile(r"\s*\S{1,40}\s*$")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a text, in rupees; of a range `low` and `high` are its ends.

    `kind` is what its clause calls it, "" where nothing does. `in_brackets`: it explains one outside.
    `is_limit`: "up to" it.
    """

    start: int
    end: int
    low: float
    high: float
    per: Period = ""
    kind: Kind = ""
    in_brackets: bool = False
    is_limit: bool = False

    @property
    def yearly(self) -> float:
        """The lower end in rupees a year."""
        return self.low * 12 if self.per == "month" else self.low

    @property
    def is_yearly(self) -> bool:
        """Pay of a year, by what is said or by its size."""
        return self.per == "year" or (self.per == "" and self.low >= LAKH)


_OLD = re.compile(
    r"(?<=\s)from\s+(?:rs\.?|inr|₹)?\s*\d[\d.,]*\s*(?:lpa|lakhs?|lacs?|l|k)?\s*(?:p\.?a\.?)?\s+to\s+"
    r"(?=(?:rs\.?|inr|₹)?\s*\d)",
    re.IGNORECASE,
)  # "revised from 4.2 LPA to 4.8 LPA"
_REVISES = re.compile(r"\b(?:revis|increas|enhanc|chang|rais|upgrad|hik)\w*", re.IGNORECASE)


def spell_out(text: str) -> str:
    """`text` with the units people leave out: "CTC: 12" is "CTC: 12 LPA", "4 lakh 50 thousand" is "4.50 lakh"."""
    text = without_old_amounts(_in_english(text))
    text = _LAKH_AND_THOUSAND.sub(lambda match: f"{match[1]}.{int(match[2]):02d} lakh", text[:_LONGEST])
    return _ONLY_LABELLED.sub(_with_unit, _SUM.sub(r"\1 \2", text))


def without_old_amounts(text: str) -> str:
    """ "The package is revised to 4.8 LPA" of "revised from 4.2 LPA to 4.8 LPA"."""
    return _OLD.sub(" ", text) if _REVISES.search(text) else text


def _in_english(text: str) -> str:
    for hindi, english in _HINDI.items():
        text = text.replace(hindi, english)
    return text


def find_amounts(text: str) -> list[Amount]:
    """Every amount of rupees in `text`, in order, under the name its clause gives it."""
    text = text[:_LONGEST]
    found = (amount for match in _AMOUNT.finditer(text) if (amount := _amount_of(match)))
    return list(_named(text, [amount for amount in found if not _is_foreign(text, amount)]))


def names_foreign_money(text: str) -> bool:
    """Whether an amount of dollars, euros and the like stands in `text`."""
    return _FOREIGN_MONEY.search(text[:_LONGEST]) is not None


def _with_unit(match: re.Match[str]) -> str:
    label, low, to, high = match.groups()
    amount = f"{low} - {high}" if to else low
    if "stipend" in label.lower():
        return f"{label}INR {amount} per month" if _THOUSAND <= _value(low) < LAKH else match[0]
    if _value(low) >= LAKH:
        return f"{label}INR {amount} per annum"
    return f"{label}{amount} LPA" if _value(high or low) < 100 else match[0]


def _is_foreign(text: str, amount: Amount) -> bool:
    before = _FOREIGN.search(text, max(amount.start - 8, 0), amount.start)
    return bool((before and before.end() == amount.start) or _FOREIGN.match(text, amount.end))


def _amount_of(match: re.Match[str]) -> Amount | None:
    """None for a number that is no money: a year, a count, a mark."""
    low, high, end = _value(match["low"]), _value(match["high"]), match.end()
    if high and not _is_range(match):
        high, end = 0.0, match.end("low_unit") if match["low_unit"] else match.end("low")
    if not _is_money(match):
        return None
    first = _rupees(low, match["low_unit"] or (match["high_unit"] if high else None))
    last = _rupees(high, match["high_unit"] or match["low_unit"]) if high else first
    start = match.start("low")
    if last < first:  # "2026 - 12 LPA"
        first, start = last, match.start("high")
    per = _period(match) if end == match.end() else ""
    return Amount(start, end, first, last, per or _of_unit(match), is_limit=bool(match["limit"]))


def _is_range(match: re.Match[str]) -> bool:
    """ "10 LPA - 2 years" is none: the second number must be money too, or the first must need it for its unit.

    "32 LPA - 20 LPA fixed" is none either: it goes down.
    """
    low, high = _rupees(_value(match["low"]), match["low_unit"]), _rupees(_value(match["high"]), match["high_unit"])
    if match["low_unit"] and match["high_unit"] and high < low:
        return False
    if match["high_unit"] or match["high_currency"] or match["dash"]:
        return True
    return not match["low_unit"] and bool(match["currency"] or _period(match))


def _is_money(match: re.Match[str]) -> bool:
    stated = any(match[name] for name in ("currency", "low_unit", "high_unit", "high_currency", "tail"))
    grouped = "/-" in match[0] or "," in match["low"]
    return stated or grouped or (_period(match) != "" and _value(match["low"]) >= 500)


def _value(digits: str | None) -> float:
    return float(digits.replace(",", "")) if digits else 0.0


def _rupees(number: float, unit: str | None) -> float:
    """ "11,74,166 LPA" is in rupees already."""
    letter = (unit or " ")[0].lower()
    factor = {"l": LAKH, "c": _CRORE, "k": _THOUSAND, "t": _THOUSAND}.get(letter, 1)
    return number if number >= LAKH or (number >= 10_000 and letter != "k") else number * factor


def _period(match: re.Match[str]) -> Period:
    return "year" if match["year"] else "month" if match["month"] else "other" if match["other"] else ""


def _of_unit(match: re.Match[str]) -> Period:
    units = ((match[name] or "").lower().replace(".", "") for name in ("low_unit", "high_unit"))
    return "year" if "lpa" in units else ""


def _named(text: str, amounts: Sequence[Amount]) -> Iterator[Amount]:
    """Name each amount by the words before it in its clause, else by those after it."""
    inside = [m.span() for m in _BRACKET.finditer(text) if any(m.start() < a.start < m.end() for a in amounts)]
    borders = sorted({*(m.end() for m in _BORDER.finditer(text)), *(end for span in inside for end in span)})
    taken = 0
    for index, amount in enumerate(amounts):
        at = bisect_left(borders, amount.start)
        start = max(borders[at - 1] if at else 0, taken)
        following = amounts[index + 1].start if index + 1 < len(amounts) else len(text)
        end = min(next((border for border in borders[at:] if border >= amount.end), len(text)), following)
        kind, taken = _kind(text, start, amount, end)
        before = max(start, amount.start - 60)
        monthly = not amount.per and amount.low < LAKH and _MONTHLY.search(text, before, amount.start)
        per: Period = "month" if monthly else amount.per
        yield replace(amount, per=per, kind=kind, in_brackets=any(a < amount.start < b for a, b in inside))


def _kind(text: str, start: int, amount: Amount, end: int) -> tuple[Kind, int]:
    """What an amount is, and up to where the text is used up by saying so.

    A word that says more ("fixed") counts before one that says less ("package"); of two the nearer one.
    """
    before = _nearest(text[max(start, amount.start - 160) : amount.start], last=True)
    if before not in {"", "total"}:
        return _sized(before, amount), amount.end
    stop = _GOES_ON.search(text, amount.end, end)
    after_end = stop.start() if stop else min(end, amount.end + 120)
    if stop and stop[0][0] in ":=":  # "14 LPA Base: 10 LPA": the last word is the next one's
        after_end = amount.end + len(_LAST_LABEL.sub("", text[amount.end : after_end]))
    after = _nearest(text[amount.end : after_end], last=False)
    kind = after if after not in {"", "total"} else before or after
    return _sized(kind, amount), after_end if after else amount.end


def _nearest(words: str, *, last: bool) -> Kind:
    named = [(m.end() if last else -m.start(), kind) for kind, name in _KINDS.items() for m in name.finditer(words)]
    parts = [found for found in named if last and found[1] in _PARTS_OF_A_YEAR]
    nearest = max(named, key=lambda found: found[0])[1] if named else ""
    return max(parts)[1] if parts and nearest == "first year" else nearest


def _sized(kind: Kind, amount: Amount) -> Kind:
    """A yearly amount beside the word internship is what follows it: "after internship 12 LPA"."""
    return "total" if kind == "stipend" and amount.per == "year" else kind
