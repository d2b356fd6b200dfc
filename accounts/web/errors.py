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


def error_responses(*statuses: int) -> dict[int, type[Problem]]:
    """Returns the error responses of a route, for its schema."""
    return dict.fromkeys(statuses, Problem)


# For decorate_view: shared caches may keep public answers for a minute, then ask again by ETag.
public_for_a_minute = cache_control(public=True, max_age=60)

UNREADABLE = (400, 422)
REFUSED = (401, 403)
BAD_BODY = (400, 413, 422)


def private_cache(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For decorate_view: responses that name students must not be stored in shared caches (RFC 9111, 5.2.2.7)."""
    varied: Callable[..., HttpResponse] = vary_on_headers("X-API-Key", "Authorization")(view)
    return cache_control(private=True)(varied)
