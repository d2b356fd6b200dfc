"""Records what staff and keys change over the web: the admin, the dashboard, the API (spec: personal, Audit log)."""

import logging
import re
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts import audit
from accounts.web.keys import Caller
from accounts.web.throttling import count

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponseBase]
NOBODY = "nobody"
_ACTION = re.compile(r"[a-z_]{1,60}")  # the name of a function; strangers can send any text
_FAILED_LOGINS_AN_HOUR = 200
_READING = ("GET", "HEAD", "OPTIONS")


def changes(get_response: Next) -> Next:
    """Record each request that may change something and comes from staff or by a key, with its outcome."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in _READING:
            return get_response(request)
        before = _staff(request)
        response = get_response(request)
        if actor := before or _actor(request):
            _record(actor, request, response)
        return response

    return middleware


def _staff(request: HttpRequest) -> str:
    """Return who is logged in, before a logout or a login changes it."""
    user = request.user
    return f"staff:{user.pk}" if user.is_authenticated and user.is_staff else ""


def _actor(request: HttpRequest) -> str:
    caller = getattr(request, "auth", None)
    if isinstance(caller, Caller):
        return f"key:{caller}"
    return _staff(request) or (NOBODY if request.path == reverse("admin:login") else "")


def _record(actor: str, request: HttpRequest, response: HttpResponseBase) -> None:
    noted = audit.noted(request)
    if actor == NOBODY and not noted and count("audit:nobody", limit=_FAILED_LOGINS_AN_HOUR, seconds=3600):
        return  # strangers must not be able to fill the disk
    chosen = request.POST.get("action", "") if request.path.startswith(reverse("admin:index")) else ""
    action = chosen if actor != NOBODY and _ACTION.fullmatch(chosen) else ""
    outcome = f"{response.status_code} {noted}".strip()
    try:
        audit.record(actor, f"{request.method} {action}".strip(), target=audit.target_of(request), outcome=outcome)
    except DatabaseError as error:
        log.error("The audit log could not be written: %s", type(error).__name__)
