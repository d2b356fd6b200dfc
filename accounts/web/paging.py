"""What lists of the API are asked: pages of `limit`, from `offset` on, of a season."""

from typing import Annotated

from ninja import Field, Schema
from ninja.pagination import LimitOffsetPagination
from pydantic import BeforeValidator

from accounts.seasons import parse_season

Season = Annotated[int, BeforeValidator(parse_season)]  # 202627 or 2026-27; 202599 is a 422


class Paging(LimitOffsetPagination):
    """Ninja's, with bounds: a page is never the whole table, and no offset is more than a database takes."""

    class Input(Schema):
        limit: int = Field(50, ge=1, le=1000)
        offset: int = Field(0, ge=0, le=10_000_000)
