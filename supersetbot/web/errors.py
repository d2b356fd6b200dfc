"""Errors outside a view: `{detail}` for programs, a page for people (spec: system, HTTP API)."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

PROGRAMS = ("/api/", "/webhook/", "/metrics", "/health", "/ready")
_SAY = {
    400: "That address or request makes no sense.",
    403: "That is not allowed.",
    404: "There is nothing at this address.",
    413: "That is more than fits.",
    500: "That didn't work. Try again in a minute.",
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
        return JsonResponse({"detail": detail}, status=status)
    context = {"title": HTTPStatus(status).phrase, "say": _SAY.get(status, detail)}
    return HttpResponse(render_to_string("site/error.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400, _SAY[400])


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403, _SAY[403])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404, "Not Found")


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500, _SAY[500])
