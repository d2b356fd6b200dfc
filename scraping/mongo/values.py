"""Single values as old documents may hold them, made regular. Pure, never raises.

Dates come as BSON dates, ms or seconds since 1970, ISO or mail dates, and numbers as text.
"""

import re
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

from bson import Decimal128, ObjectId
from bson.datetime_ms import DatetimeMS

from scraping.sources.portal import values as portal

Read = Callable[[object], object]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_DEEPEST = 20
_LAKH = 100_000
_UNITS = {"l": Decimal(1), "c": Decimal(100), "k": Decimal("0.01")}  # in lakhs, by the first letter of the unit
_PAY = re.compile(
    r"(?:₹|rs\.?|inr)?\s*(?P<amount>\d[\d,]*(?:\.\d+)?)\s*"
    r"(?P<unit>lpa|l\.p\.a\.?|lakhs?|lacs?|l|crores?|cr|k)?\.?"
    r"\s*(?:p\.?\s?a\.?|per\s(?:annum|year)|a\syear|annually|/-)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def clean(text: str) -> str:
    """Without what a database refuses: NUL, halves of surrogate pairs."""
    text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def text(value: object) -> str:
    """A text; numbers, ObjectIds and dates as such, "" for anything else."""
    match value:
        case str():
            return clean(value)
        case bool():
            return ""
        case int() | ObjectId() | Decimal128():
            return str(value)
        case float():
            return f"{value:.15g}" if portal.number(value) is not None else ""
        case datetime():
            return value.isoformat()
    return ""


def text_or_none(value: object) -> str | None:
    return None if value is None else text(value)


def number(value: object) -> int | float | None:
    """A finite number, also from text ("8,50,000"); whole ones as int."""
    found = portal.number(value.to_decimal() if isinstance(value, Decimal128) else value)
    if found is None:
        return None
    return int(found) if found == int(found) else float(found)


def rupees(value: object) -> int | float | None:
    """A package in rupees, also from text with a unit ("6 LPA", "₹ 6,00,000 p.a.", "45k")."""
    return _paid(value, one_lakh=_LAKH)


def lakhs(value: object) -> int | float | None:
    """A package as offers hold it, in LPA: "6 LPA" is 6, and a number without a unit stays as it is."""
    return _paid(value, one_lakh=1)


def _paid(value: object, one_lakh: int) -> int | float | None:
    written = _PAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if written is None:
        return number(value)
    unit = next((worth for letter, worth in _UNITS.items() if (written["unit"] or "").lower().startswith(letter)), None)
    return number(Decimal(written["amount"].replace(",", "")) * (unit * one_lakh if unit else 1))


def flag(value: object) -> bool:
    return portal.flag(value)


def instant(value: object) -> datetime | None:
    """A time in UTC, to the ms, from any of the forms above; None where it is none, or outside 1990 to 2100."""
    match value:
        case bool() | None:
            return None
        case datetime():
            found = _aware(value)
        case DatetimeMS():
            found = _from_epoch(int(value))
        case dict():
            return instant(value.get("$date"))
        case _:
            found = _from_text(value) if isinstance(value, str) else None
            amount = number(value)
            found = found or (_from_epoch(amount) if amount is not None else None)
    if found is None or not _EARLIEST <= found < _LATEST:
        return None
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


def epoch_ms(value: object) -> int | None:
    found = instant(value)
    return as_ms(found) if found else None


def as_ms(when: datetime) -> int:
    """An aware time as ms since 1970."""
    return (when - _EPOCH) // timedelta(milliseconds=1)


def naive(value: object) -> datetime | None:
    """A time as the documents' `…_at` fields hold it: UTC without a zone."""
    found = instant(value)
    return found.replace(tzinfo=None) if found else None


def iso(value: object) -> str | None:
    """A time as ISO text: a text that is one stays as it was written, others would not sort among them."""
    found = instant(value)
    if found is None:
        return None
    return clean(value) if isinstance(value, str) and _ISO.match(value) else found.isoformat()


def texts(value: object) -> list[str]:
    """The texts in a list, or a bare one; never holed."""
    rows = value if isinstance(value, list) else [value]
    return [found for found in (text(row) for row in rows) if found]


def records(fields: Mapping[str, Read], optional: Collection[str] = ()) -> Callable[[object], list[dict[str, Any]]]:
    """Reads a list of objects with these fields, also where one lacks some; what is no object is left out."""
    absent = {name: read(None) for name, read in fields.items() if name not in optional}

    def read(value: object) -> list[dict[str, Any]]:
        rows = value if isinstance(value, list) else []
        return [{**deepcopy(absent), **regular(row, fields)} for row in rows if isinstance(row, Mapping)]

    return read


def regular(document: Mapping[str, Any], fields: Mapping[str, Read]) -> dict[str, Any]:
    """The fields a document has, each made regular; others are left out."""
    return {name: read(document[name]) for name, read in fields.items() if name in document}


def plain(value: object, depth: int = 0) -> object:
    """Anything, as far as both databases take it: keys without dots and dollars, no NaN, no endless nesting."""
    match value:
        case None | bool() | str():
            return clean(value) if isinstance(value, str) else value
        case int() | float():
            return value if portal.number(value) is not None else None
        case datetime() | DatetimeMS():
            return naive(value)
        case Mapping() if depth < _DEEPEST:
            return {key_text(key): plain(inner, depth + 1) for key, inner in value.items()}
        case list() if depth < _DEEPEST:
            return [plain(inner, depth + 1) for inner in value]
        case _:
            return text(value) or None


def key_text(key: object) -> str:
    """A key a MongoDB of any age takes."""
    return clean(str(key)).replace(".", "_").replace("$", "_")


def _aware(value: datetime) -> datetime | None:
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        return None


def _from_epoch(amount: float) -> datetime | None:
    ms = amount * 1000 if abs(amount) < portal.SECONDS_BELOW else amount
    try:
        return _EPOCH + timedelta(milliseconds=ms)
    except OverflowError:
        return None


def _from_text(value: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return _aware(read(value.strip()))
        except ValueError:
            continue
    return None
