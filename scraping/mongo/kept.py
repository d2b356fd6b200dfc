"""What an old document says and nobody understands: it stays in MongoDB as it is (spec: mongo, Import). Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.datetime_ms import DatetimeMS

from scraping.mongo import values

_EMPTY: tuple[object, ...] = (None, "", 0, [], {})


def kept(raw: object, regular: object) -> object:
    """The regular value; where that is empty though the raw one says something, the raw one. So in lists and objects,
    which also keep the fields that are not known here.
    """
    match raw, regular:
        case Mapping(), dict():
            unknown = {name: raw[name] for name in raw if name not in regular}
            return unknown | {name: kept(raw[name], value) if name in raw else value for name, value in regular.items()}
        case list(), list():
            rows = raw if len(raw) == len(regular) else [row for row in raw if _is_row(row)]
            if len(rows) == len(regular):
                return [kept(*pair) for pair in zip(rows, regular, strict=True)]
            return rows
    is_empty = not isinstance(regular, bool) and (regular in _EMPTY or not says_something(regular))
    understood = not is_empty or not says_something(raw) or values.number(raw) == 0
    return regular if understood else raw


def kept_document(raw: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A regular document as MongoDB is to have it. Fields it does not know are left out: nobody writes them."""
    return {name: kept(raw[name], value) if name in raw else value for name, value in document.items()}


def not_understood(stored: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    """The fields of which the stored document keeps more than the regular one says."""
    return sorted(name for name, value in document.items() if stored.get(name) != value)


def _is_row(value: object) -> bool:
    return isinstance(value, Mapping) or says_something(value)


def says_something(value: object) -> bool:
    """Whether there is anything in a value, however deep."""
    match value:
        case str() | bytes():
            return bool(value.strip())
        case bool() | None:
            return False
        case int() | float():
            return values.number(value) is not None
        case Mapping():
            return any(map(says_something, value.values()))
        case list():
            return any(map(says_something, value))
    return isinstance(value, datetime | DatetimeMS | ObjectId) or value is not None
