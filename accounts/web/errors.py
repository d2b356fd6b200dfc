"""Errors as the API's schema states them: JSON `{detail}` with the right status (spec: system, HTTP API)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_headers
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


def told_by_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For decorate_view: an answer that names people to who has a key is kept by no cache but the caller's own."""
    varied: Callable[..., HttpResponse] = vary_on_headers("X-API-Key", "Authorization")(view)
    return cache_control(private=True)(varied)
