"""Browsers in which somebody has the account page open (spec: personal, The account page).

A cookie of 256 random bits, which the database knows by its digest. It is no login of staff and opens nothing of the
admin; a login of staff opens nothing of the account page.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from http.cookies import Morsel

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import AccountLink, AccountSession, Subscriber
from accounts.web.sessions import browser

By = AccountSession.By
IDLE = timedelta(days=7)
LONGEST = {By.LINK: timedelta(days=30), By.TELEGRAM: timedelta(days=1)}
MOST = 10  # of one person: the one that was not used for the longest time ends
_SEEN_EVERY = timedelta(minutes=1)
# Python 3.14 knows the attribute (https://developer.mozilla.org/docs/Web/Privacy/Guides/Privacy_sandbox/CHIPS).
Morsel._reserved.setdefault("partitioned", "Partitioned")  # type: ignore[attr-defined]  # noqa: SLF001 (no public door)
Morsel._flags.add("partitioned")  # type: ignore[attr-defined]  # noqa: SLF001 (no public door)


def begin(request: HttpRequest, response: HttpResponseBase, person: Subscriber, by: By) -> AccountSession:
    """Open the page for a person in the browser that asks; what this browser had open before ends."""
    end_this(request)
    token, now = secrets.token_urlsafe(32), timezone.now()
    visit = AccountSession(
        subscriber=person,
        digest=_digest(token),
        by=by,
        browser=browser(request.headers.get("User-Agent", "")),
        begun_at=now,
        last_seen_at=now,
    )
    visit.expires_at = _expiry(visit, now)
    visit.save()
    kept = person.account_sessions.order_by("-last_seen_at", "-pk").values_list("pk", flat=True)[:MOST]
    person.account_sessions.exclude(pk__in=list(kept)).delete()
    framed = by == By.TELEGRAM and request.is_secure()  # Telegram's web client shows the page in a frame
    response.set_cookie(
        cookie_name(),
        token,
        max_age=LONGEST[by],
        secure=settings.HTTPS,
        httponly=True,
        samesite="None" if framed else "Lax",
    )
    if framed:
        response.cookies[cookie_name()]["partitioned"] = True
    return visit


def current(request: HttpRequest) -> AccountSession | None:
    """Return the session that a request's cookie opens, with its person; one query, two each minute."""
    token, now = request.COOKIES.get(cookie_name(), ""), timezone.now()
    alive = AccountSession.objects.select_related("subscriber").filter(digest=_digest(token), expires_at__gt=now)
    visit = alive.first() if token else None
    if visit and now - visit.last_seen_at > _SEEN_EVERY:
        _note_use(visit, now)
    return visit


def alive(person: Subscriber) -> list[AccountSession]:
    """Return a person's sessions that still open the page, the last used first."""
    return list(person.account_sessions.filter(expires_at__gt=timezone.now()).order_by("-last_seen_at", "-pk"))


def end_this(request: HttpRequest) -> None:
    """End what the asking browser has open."""
    if token := request.COOKIES.get(cookie_name()):
        AccountSession.objects.filter(digest=_digest(token)).delete()


def end(person: Subscriber, pk: int) -> bool:
    """End one session of a person. False where it is none of theirs."""
    return bool(person.account_sessions.filter(pk=pk).delete()[0])


def end_all(telegram_id: int) -> int:
    """End all sessions of a person, and the link that waits. Returns how many sessions ended."""
    AccountLink.objects.filter(subscriber__telegram_id=telegram_id).delete()
    return AccountSession.objects.filter(subscriber__telegram_id=telegram_id).delete()[0]


def forget_cookie(response: HttpResponseBase) -> None:
    response.delete_cookie(cookie_name(), samesite="Lax")


def cookie_name() -> str:
    """Return the cookie's name: over https a browser takes it from this very host only."""
    return "__Host-account" if settings.HTTPS else "account"


def form_key(visit: AccountSession) -> str:
    """Return what every form of the page carries: a form of another site, or of another session, has none that fits."""
    return salted_hmac("accounts.signin.form", visit.digest, algorithm="sha256").hexdigest()


def is_own_form(request: HttpRequest, visit: AccountSession) -> bool:
    """Whether a form was filled in on this session's page."""
    return comes_from_us(request) and constant_time_compare(request.POST.get("key", ""), form_key(visit))


def comes_from_us(request: HttpRequest) -> bool:
    """Whether a page of this site sent a form: by what browsers say of it (Fetch Metadata; RFC 6454, 7)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _expiry(visit: AccountSession, now: datetime) -> datetime:
    return min(now + IDLE, visit.begun_at + LONGEST[By(visit.by)])


def _note_use(visit: AccountSession, now: datetime) -> None:
    try:
        AccountSession.objects.filter(pk=visit.pk).update(last_seen_at=now, expires_at=_expiry(visit, now))
    except OperationalError:  # the database can only be read just now: the caller is served anyway
        return


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
