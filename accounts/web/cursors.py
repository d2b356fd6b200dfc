"""Places in an ordered list that stay where they are when rows are added or removed (keyset paging).

A list is ordered by one column and, among equals, by primary key; NULL comes last, in every database. A cursor is the
order, the column's value and the key of a row: what follows is whatever sorts behind that.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from django.db.models import DateTimeField, F, Field, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
_LARGEST = 2**63 - 1


def ordered(rows: QuerySet[Row], sort: str) -> QuerySet[Row]:
    """The rows by a column such as "deadline" or "-published_at", the newest first among equals of the latter."""
    name, descending = _column(sort)
    column = F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
    first = column if _field(rows, name).null else sort
    return rows.order_by(first, "-pk" if descending else "pk")


def cursor_of(row: Model, sort: str) -> str:
    """The place of a row, for callers to hand back."""
    written = orjson.dumps([sort, getattr(row, _column(sort)[0]), row.pk], option=orjson.OPT_UTC_Z)
    return urlsafe_b64encode(written).decode().rstrip("=")


def after(rows: QuerySet[Row], sort: str, cursor: str) -> QuerySet[Row]:
    """The rows behind a place, which a caller wrote.

    Raises:
        ValueError: it is no cursor, or that of another order.
    """
    name, descending = _column(sort)
    field = _field(rows, name)
    value, key = _read(cursor, sort, field)
    further = "lt" if descending else "gt"
    of_equals = Q(**{f"pk__{further}": key})
    if value is None:
        return rows.filter(of_equals, **{name: None})
    # The first condition says nothing new: it is what a database goes into the index with.
    behind = Q(**{f"{name}__{further}e": value}) & (Q(**{f"{name}__{further}": value}) | of_equals)
    return rows.filter(behind | Q(**{name: None}) if field.null else behind)


def _column(sort: str) -> tuple[str, bool]:
    return sort.removeprefix("-"), sort.startswith("-")


def _field(rows: QuerySet[Any], name: str) -> Field[Any, Any]:
    field = rows.model._meta.get_field(name)
    assert isinstance(field, Field)  # noqa: S101 (for the types: nobody sorts by a relation's other side)
    return field


def _read(cursor: str, sort: str, field: Field[Any, Any]) -> tuple[datetime | int | None, int]:
    try:
        parts = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise ValueError("This is no cursor: take `next` as it came") from None
    match parts:
        case [str() as its, value, int() as key] if its == sort and abs(key) <= _LARGEST:
            return _value(value, field), key
        case [str(), _, int()]:
            raise ValueError("This cursor belongs to another order: ask with the same `sort`")
    raise ValueError("This is no cursor: take `next` as it came")


def _value(value: object, field: Field[Any, Any]) -> datetime | int | None:
    """The column's value. Raises ValueError."""
    if value is None and field.null:
        return None
    if isinstance(field, DateTimeField) and isinstance(value, str):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    elif not isinstance(field, DateTimeField) and isinstance(value, int) and abs(value) <= _LARGEST:
        return value
    raise ValueError("This is no cursor: take `next` as it came")
