"""What lists of the API are asked: which entries, in which order, how many, and from where on."""

import re
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, FilterSchema, Schema
from ninja.errors import ValidationError
from ninja.pagination import PaginationBase
from pydantic import BaseModel, BeforeValidator, ValidatorFunctionWrapHandler, WrapValidator
from pydantic import ValidationError as PydanticError

from accounts.seasons import parse_season
from accounts.spelling import near
from accounts.web.cursors import after, cursor_of, ordered

Season = Annotated[int, BeforeValidator(parse_season)]  # 202627 or 2026-27; 202599 is a 422
SORTED_BY = "The order; a minus sign turns it around. Among equals the identifier decides; null comes last."
_YEARS = range(2000, 2100)
_PLUS_LOST = re.compile(r"(T[\d:.]+) (\d\d:?\d\d)")


def _moment(value: object, parse: ValidatorFunctionWrapHandler) -> datetime:
    """Return the time; without a zone it is India's. A plus sign that nobody escaped arrives as a blank."""
    try:
        moment: datetime = parse(_PLUS_LOST.sub(r"\1+\2", value) if isinstance(value, str) else value)
    except PydanticError:
        raise ValueError("A time such as 2026-11-29T08:00:00Z is expected, or a day such as 2026-11-29") from None
    if moment.year not in _YEARS:
        raise ValueError(f"The year must be from {_YEARS[0]} to {_YEARS[-1]}")
    return moment if moment.tzinfo else timezone.make_aware(moment)


Moment = Annotated[datetime, WrapValidator(_moment)]


class Updated(FilterSchema):
    """For lists whose rows say when they were last changed."""

    updated_after: Moment | None = Field(
        None,
        description="Only what is new or changed since then (RFC 3339; without a zone, India's time).",
        examples=["2026-11-29T08:00:00Z"],
    )

    def filter_updated_after(self, value: datetime | None) -> Q:
        return Q(updated_at__gt=value) if value else Q()


def open_at(now: datetime, *, wanted: bool | None) -> Q:
    """The condition on `deadline` for what one can still apply for, or for what is over; none at all for None."""
    if wanted is None:
        return Q()
    return Q(deadline__gte=now) if wanted else Q(deadline__lt=now)


class Paging(PaginationBase):
    """Pages from a cursor on, or from an offset. A route's own subclass adds `sort`, of columns of its model."""

    class Input(Schema):
        limit: int = Field(50, ge=1, le=1000, description="How many entries a page has at most.")
        cursor: str | None = Field(
            None,
            max_length=500,
            description="`next` of the page before, with all else as it was: goes on behind its last entry, whatever "
            "was added or removed meanwhile.",
        )
        offset: int = Field(
            0, ge=0, le=10_000_000, description="How many to skip. They shift when others are added: prefer `cursor`."
        )

    class Output(Schema):
        items: list[Any] = Field(description="The entries of this page.")
        count: int = Field(description="How many entries all pages have together.")
        next: str | None = Field(description="The cursor of the next page; null on the last one.")

    def paginate_queryset(
        self, queryset: QuerySet[Any], pagination: Any, request: HttpRequest, **params: Any
    ) -> dict[str, Any]:
        """Raises ValidationError for parameters there are not, and for a cursor that is none."""
        refuse_unknown(request, pagination, *params.values())
        rows = ordered(queryset, pagination.sort)
        if pagination.cursor:
            if pagination.offset:
                raise _misfit("offset", "Either an offset or a cursor")
            try:
                rows = after(rows, pagination.sort, pagination.cursor)
            except ValueError as error:
                raise _misfit("cursor", str(error)) from None
        end = pagination.offset + pagination.limit
        found = list(rows[pagination.offset : end + 1])
        page = found[: pagination.limit]
        following = cursor_of(page[-1], pagination.sort) if len(found) > len(page) else None
        return {"items": page, "count": self._items_count(queryset), "next": following}


def refuse_unknown(request: HttpRequest, *asked: object) -> None:
    """Raise ValidationError where the query names a parameter that is no field of the schemas it was read into."""
    known = [name for schema in asked if isinstance(schema, BaseModel) for name in type(schema).model_fields]
    unknown = [name for name in request.GET if name not in known]
    if unknown:
        raise ValidationError([_error(name, _no_such(name, known)) for name in unknown])


def _no_such(name: str, known: list[str]) -> str:
    likely = near(name, known)
    hint = f"did you mean {likely}?" if likely else f"there are {', '.join(sorted(known))}."
    return f"There is no such parameter: {hint}"


def _misfit(name: str, text: str) -> ValidationError:
    return ValidationError([_error(name, text)])


def _error(name: str, text: str) -> dict[str, Any]:
    return {"type": "value_error", "loc": ("query", name), "msg": text}
