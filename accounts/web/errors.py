"""Errors as every program reads them: problem details (RFC 9457) with the right status (spec: system, HTTP API)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_headers
from ninja import Field, Schema

from accounts.web.problems import PROBLEM_TYPE, problem

# In the place of pydantic's words, by the kind of its error; an expression is nothing to show.
_PLAINLY = {
    "extra_forbidden": "There is no such field: /api/docs lists them",
    "string_pattern_mismatch": "This is empty, or not in the form that /api/docs describes",
}


class Misfit(Schema):
    """One value of a request that does not fit."""

    where: str = Field(description="Where it stands: query, path, header or body.", examples=["query"])
    name: str = Field(description="Its name, with dots where it lies deeper; empty for the whole.", examples=["limit"])
    detail: str = Field(description="What is wrong with it, for people.")


class Problem(Schema):
    """Problem details (RFC 9457). Programs go by `status`, people read `detail`."""

    type: str = Field("about:blank", description="Always about:blank: the status says what kind of problem it is.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status once more.", examples=[404])
    detail: str = Field(description="What is wrong, in a sentence.", examples=["There is nothing at this address."])
    errors: list[Misfit] = Field([], description="Each value that does not fit; only with status 422.")


def problem_response(status: int, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> HttpResponse:
    return HttpResponse(problem(status, detail, errors), status=status, content_type=PROBLEM_TYPE)


def misfit_response(found: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """422 for pydantic's errors ({loc, msg}): a sentence that names the values, and each of them in a list."""
    errors = [_misfit(error) for error in found]
    names = ", ".join(dict.fromkeys(error["name"] or error["where"] for error in errors))
    first = f"{names}: {errors[0]['detail']}" if len(errors) == 1 else f"{len(errors)} values do not fit: {names}."
    return problem_response(422, first, errors)


def _misfit(error: Mapping[str, Any]) -> dict[str, str]:
    """The location begins with its source and the name of our own argument, which a caller does not know."""
    where, *names = map(str, error["loc"])
    name = ".".join(names[1:] if where == "body" else names)
    said = _PLAINLY.get(error.get("type", ""), str(error["msg"]).removeprefix("Value error, "))
    return {"where": where, "name": name, "detail": said}


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
