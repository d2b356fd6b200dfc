"""Signing in to the admin: each address and each account has so many attempts, then it waits (spec: system, HTTP API).

Attempts are counted before a password is looked at, in the database: many at once, and several workers, let none more
pass. A right password, with a right code where the account has a second factor, ends the count. Whoever is locked out
is in the admin's list of login attempts, which unlocks; so does `manage.py unlock_login`.

A browser in which an account has logged in counts for itself: strangers who try that account lock out strangers.
"""

import logging
import secrets
from collections.abc import Iterable
from functools import reduce
from hashlib import blake2b
from http import HTTPStatus
from itertools import chain
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import audit
from accounts.models import LoginAttempts, User
from accounts.web import second_factor
from accounts.web.throttling import Rate, client_address, count, household

log = logging.getLogger(__name__)

RATES = {"address": Rate(20, 15 * 60), "account": Rate(10, 15 * 60), "browser": Rate(10, 15 * 60)}
_KNOWN = "__Host-known" if settings.HTTPS else "known"  # the cookie of a browser in which an account has logged in
_KNOWN_SECONDS = 90 * 24 * 3600
_TOO_MANY = "Too many attempts to log in. Try again in %(minutes)d min, or have an admin unlock you."
_WRONG = (
    "Please enter the correct username, password and, if you have set up a second factor, code. A code is taken "
    "once; after a wrong one the next has to wait a little."
)


class TooManyError(ValidationError):
    """Too many attempts; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(_TOO_MANY, code="too_many", params={"minutes": -(-wait // 60)})
        self.wait = wait


class LoginForm(AdminAuthenticationForm):
    """The admin's own form with a code, which refuses to look at a password where there were too many before."""

    code = second_factor.CodeField(required=False)

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        if not (name and self.cleaned_data.get("password") and self.request):
            return super().clean()
        count_attempt(self.request, name)
        cleaned = super().clean()
        forget_attempts(self.request, name)
        return cleaned

    def get_invalid_login_error(self) -> ValidationError:
        """The same answer whichever of the three was wrong."""
        return ValidationError(_WRONG, code="invalid_login")

    def confirm_login_allowed(self, user: User) -> None:
        """Ask for the second factor where there is one."""
        if not user.is_staff:
            raise self.get_invalid_login_error()
        super().confirm_login_allowed(user)
        assert self.request  # noqa: S101 (for the type checker: it was counted by it)
        if not second_factor.is_set_up(user):
            audit.note(self.request, "by password")
            return
        device = second_factor.accept(user, self.cleaned_data.get("code", ""))
        if device is None:
            audit.note(self.request, f"right password, no right code: staff:{user.pk}")
            raise self.get_invalid_login_error()
        audit.note(self.request, f"by password and {device.name}")
        user.otp_device = device  # type: ignore[attr-defined]  # django-otp notes it in the session


def login(request: HttpRequest) -> HttpResponse:
    """The admin's page to log in: 429 with Retry-After where there were too many attempts."""
    response = admin.site.login(request)
    if request.method == "POST" and response.status_code == HTTPStatus.FOUND:  # logged in just now
        _remember_browser(request, response, request.user.get_username())
    form = (getattr(response, "context_data", None) or {}).get("form")
    return told_to_wait(response, form) if isinstance(form, LoginForm) else response


def told_to_wait(response: HttpResponse, form: BaseForm) -> HttpResponse:
    """429 with Retry-After where a form was sent in after too many attempts, else the response as it is."""
    for error in chain.from_iterable(form.errors.as_data().values()):
        if isinstance(error, TooManyError):
            response.status_code = 429
            response["Retry-After"] = str(round(error.wait))
    return response


def count_attempt(request: HttpRequest, name: str) -> None:
    """Count an attempt of an address at an account's password. Raises TooManyError."""
    if wait := max(_attempt(kind, key) for kind, key in _keys(request, name).items()):
        raise TooManyError(wait)


def forget_attempts(request: HttpRequest, name: str) -> None:
    LoginAttempts.objects.filter(pk__in=_keys(request, name).values()).delete()


def attempts() -> QuerySet[LoginAttempts]:
    """Addresses and accounts with attempts that have not been forgotten, those that are locked among them."""
    return LoginAttempts.objects.filter(key__startswith="login:", ends_at__gt=timezone.now())


def locked() -> QuerySet[LoginAttempts]:
    over = [Q(key__startswith=f"login:{kind}:", count__gt=rate.limit) for kind, rate in RATES.items()]
    return attempts().filter(reduce(or_, over))


def is_locked(row: LoginAttempts) -> bool:
    return row.count > RATES[row.key.split(":")[1]].limit


def unlock(names: Iterable[str]) -> int:
    """Let these accounts and addresses try again. Returns how many of them had attempts."""
    nobody = address_key(household(""))  # what a name that is no address stands for
    found = Q()
    for name in names:
        keys = {account_key(name), address_key(name), address_key(household(name))} - {nobody}
        found |= Q(pk__in=keys) | Q(pk__startswith=_browser_key(account_key(name), ""))
    return attempts().filter(found).delete()[0] if found else 0


def who(row: LoginAttempts) -> str:
    """The address, or the name of an account. A name that no account has is not stored: it may be a password."""
    _, kind, rest = row.key.split(":", 2)
    if kind == "address":
        return rest
    names = User.objects.values_list("username", flat=True)
    account = next(
        (name for name in names if _digest(name) == rest.partition(":")[0]), "an account that does not exist"
    )
    return f"{account}, in a browser that has logged in before" if kind == "browser" else account


def address_key(address: str) -> str:
    return f"login:address:{address}"


def account_key(name: str) -> str:
    return f"login:account:{_digest(name)}"


def _browser_key(account: str, browser: str) -> str:
    return f"{account.replace(':account:', ':browser:')}:{browser}"


def _digest(name: str) -> str:
    key = settings.SECRET_KEY.encode()[:64]
    return blake2b(name.casefold().encode(errors="replace"), key=key, digest_size=16).hexdigest()


def _keys(request: HttpRequest, name: str) -> dict[str, str]:
    """The counts that an attempt adds to, by kind."""
    cookie = request.get_signed_cookie(_KNOWN, "", _KNOWN, _KNOWN_SECONDS) or ""
    account, _, browser = cookie.rpartition(":")
    known = bool(browser) and account == account_key(name)
    return {
        "address": address_key(household(client_address(request))),
        **({"browser": _browser_key(account, browser)} if known else {"account": account_key(name)}),
    }


def _remember_browser(request: HttpRequest, response: HttpResponse, name: str) -> None:
    value = f"{account_key(name)}:{secrets.token_hex(8)}"
    response.set_signed_cookie(
        _KNOWN, value, _KNOWN, max_age=_KNOWN_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Strict"
    )


def _attempt(kind: str, key: str) -> float:
    """Count an attempt: 0.0 where it may be looked at, else the seconds to wait."""
    rate = RATES[kind]
    wait = count(key, limit=rate.limit, seconds=rate.seconds)
    if wait and LoginAttempts.objects.filter(pk=key, count=rate.limit + 1).exists():
        log.warning("Too many attempts to log in to the admin: one %s is locked for %.0f s.", kind, wait)
    return wait


admin.site.login_form = LoginForm
admin.site.login_template = "admin/accounts/login.html"
