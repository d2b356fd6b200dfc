"""Errors as the API's schema states them: JSON `{detail}` with the right status (spec: system, HTTP API)."""

from typing import Any

from django.views.decorators.cache import cache_control
from ninja import Field, Schema


class Problem(Schema):
    """What is wrong, for people; a list with places where a body or a query does not fit."""

    detail: str | list[dict[str, Any]] = Field(examples=["Not Found"])


def problems(*statuses: int) -> dict[int, type[Problem]]:
    """Responses of a route, beside those that went well."""
    return dict.fromkeys(statuses, Problem)


# For decorate_view: what all may read may be kept for a minute; after that its ETag is asked about.
kept_a_minute = cache_control(public=True, max_age=60)

UNREADABLE = (400, 422)
REFUSED = (401, 403)
BAD_BODY = (400, 413, 422)
