"""What every request and answer passes: limits on what comes in, headers that limit what a browser does with it."""

from collections.abc import Callable

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.http.request import split_domain_port

from accounts.web.problems import PROBLEM_TYPE
from supersetbot.operations.health import health
from supersetbot.web.errors import PROGRAMS, SAY, answer, wants_json

Next = Callable[[HttpRequest], HttpResponseBase]

BODY_LIMIT = 64 * 1024
# No inline script or style, nothing from another host. Forms, workers and the manifest only from here.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_OF_HTTPS = "__Host-"  # RFC 6265bis, 4.1.3
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def heads(get_response: Next) -> Next:
    """Answer HEAD like GET, but for the body (RFC 9110, 9.3.2): the API's routes know GET only."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        response = get_response(request)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = ()
        elif isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response

    return middleware


def slashes(get_response: Next) -> Next:
    """Take `/api/notices/` for `/api/notices`: programs write it either way, and a redirect would lose their POST."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PROGRAMS):
            request.path_info = request.path_info.rstrip("/")
        return get_response(request)

    return middleware


def limits(get_response: Next) -> Next:
    """Refuse bodies over 64 KiB (the admin's forms may have more) and NUL, which no database takes as text."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        admin = request.path.startswith("/admin/")
        if _length(request) > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE if admin else BODY_LIMIT):
            return answer(request, 413, f"The body is larger than {BODY_LIMIT // 1024} KiB.")
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return answer(request, 400, "The address holds a NUL character.")
        return get_response(request)

    return middleware


def alive(get_response: Next) -> Next:
    """Answer /health here: what follows, sessions and addresses, is for who wants more than to know that it lives."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return health(request) if request.path_info == "/health" else get_response(request)

    return middleware


def encryption(get_response: Next) -> Next:
    """Send a page that is asked for in the clear to https, where HTTPS is on.

    A program is answered: its key was in the clear already, and a redirect would make a GET of its POST. So is who asks
    this machine itself, with cookies that a browser sends back.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not settings.HTTPS or request.is_secure():
            return get_response(request)
        host = request.get_host()
        local = split_domain_port(host)[0] in LOOPBACK
        if not local and not wants_json(request):
            return HttpResponsePermanentRedirect(f"https://{host}{request.get_full_path()}")
        if not local:
            return get_response(request)
        request.COOKIES.update({f"{_OF_HTTPS}{name}": value for name, value in request.COOKIES.items()})
        response = get_response(request)
        for name in list(response.cookies):
            _open_cookie(response, name)
        return response

    return middleware


def _open_cookie(response: HttpResponseBase, name: str) -> None:
    """Let a browser take a cookie without https, for which its name must not say otherwise."""
    cookie = response.cookies.pop(name)
    plain = name.removeprefix(_OF_HTTPS)
    cookie.set(plain, cookie.value, cookie.coded_value)
    cookie["secure"] = ""
    response.cookies[plain] = cookie


def headers(get_response: Next) -> Next:
    """The content security policy and its kin, on every answer; problem details also for errors of Django's own."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code >= 400 and wants_json(request) and not _is_json(response):
            response = _as_json(request, response)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _is_json(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith(("application/json", PROBLEM_TYPE))


def _as_json(request: HttpRequest, error: HttpResponseBase) -> HttpResponse:
    """An error of Django's own, a text, a page about forms or one for debugging, as programs read it."""
    status, missing = error.status_code, f"There is no {request.method} here."
    detail = _own_words(error) or (missing if status == 405 else SAY.get(status, f"{error.reason_phrase}."))
    response = answer(request, status, detail)
    for name, value in error.headers.items():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _own_words(error: HttpResponseBase) -> str:
    """Return what a view of ours says in a line of plain text; "" for a page."""
    is_text = error.headers.get("Content-Type", "").startswith("text/plain")
    return error.text if is_text and isinstance(error, HttpResponse) and "\n" not in error.text else ""
