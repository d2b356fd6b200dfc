"""Lists of the API come in pages of `limit`, from `offset` on."""

from ninja import Field, Schema
from ninja.pagination import LimitOffsetPagination


class Paging(LimitOffsetPagination):
    """Ninja's, with bounds: a page is never the whole table, and no offset is more than a database takes."""

    class Input(Schema):
        limit: int = Field(50, ge=1, le=1000)
        offset: int = Field(0, ge=0, le=10_000_000)
