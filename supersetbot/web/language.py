"""In which language a page is: what its reader chose, else what the browser asks for (RFC 9110, 12.5.4)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.language import DEFAULT, LANGUAGES, known, speaking

Next = Callable[[HttpRequest], HttpResponseBase]

COOKIE = "language"
PARAMETER = "lang"  # on every page: ?lang=hi
_A_YEAR = 365 * 24 * 3600
_IN_ENGLISH = ("/admin/", "/api/", "/static/")  # staff and programs


def language(get_response: Next) -> Next:
    """Answer a page in its reader's language; a choice by `?lang=` is kept in a cookie that says nothing else."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(_IN_ENGLISH):
            return get_response(request)
        asked = request.GET.get(PARAMETER, "")
        spoken = asked if asked in LANGUAGES else chosen(request)
        with speaking(spoken):
            response = get_response(request)
        response.headers.setdefault("Content-Language", spoken)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if asked in LANGUAGES:
            response.set_cookie(COOKIE, asked, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure())
        return response

    return middleware


def chosen(request: HttpRequest) -> str:
    """Return the language of the cookie, else the first of ours that the browser accepts."""
    if (kept := request.COOKIES.get(COOKIE, "")) in LANGUAGES:
        return kept
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code.partition("-")[0] in LANGUAGES:
            return known(code)
    return DEFAULT
