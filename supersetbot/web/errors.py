"""Errors outside a view: problem details for programs, a page for people (spec: system, HTTP API)."""

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from accounts.web.errors import problem_response

PROGRAMS = ("/api/", "/webhook/", "/metrics", "/health", "/ready")
NOT_HERE = _noop("There is nothing at this address.")
SAY = {
    400: _noop("That address or request makes no sense."),
    403: _noop("That is not allowed."),
    404: NOT_HERE,
    413: _noop("That is more than fits."),
    500: _noop("That didn't work. Try again in a minute."),
    503: _noop("That didn't work. Try again in a minute."),
}
_AWAY_SECONDS = 30  # a database that is back is used within seconds
_TITLES = {
    400: _noop("Bad Request"),
    403: _noop("Forbidden"),
    404: _noop("Not Found"),
    405: _noop("Method Not Allowed"),
    413: _noop("Request Entity Too Large"),
    429: _noop("Too Many Requests"),
    500: _noop("Internal Server Error"),
    503: _noop("Service Unavailable"),
}


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks: by the address, or because it does not say that it reads HTML."""
    return request.path.startswith(PROGRAMS) or not prefers_html(request)


def prefers_html(request: HttpRequest) -> bool:
    """A browser names text/html; `*/*` alone is a program."""
    return "text/html" in request.headers.get("Accept", "")


def answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """An error in the form its reader can use."""
    if wants_json(request):
        return problem_response(status, detail)
    context = {"title": _(_TITLES.get(status, HTTPStatus(status).phrase)), "say": _(SAY.get(status, detail))}
    return HttpResponse(render_to_string("site/error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400, SAY[400])


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403, SAY[403])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404, NOT_HERE)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 where the database was away: that passes, and whoever asks may try again."""
    if not isinstance(sys.exception(), OperationalError):
        return answer(request, 500, SAY[500])
    response = answer(request, 503, SAY[503])
    response["Retry-After"] = str(_AWAY_SECONDS)
    return response
