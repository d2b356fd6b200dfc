"""The second factor of staff: a code of an app, or a recovery code (spec: personal, Staff).

django-otp checks the codes of an app: one step of 30 s earlier or later is taken, none twice, and after each wrong code
the next one has to wait twice as long. Recovery codes have 120 bits and are stored as keyed digests.
"""

import secrets
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Callable
from functools import partial
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from accounts.models import Authenticator, User

Next = Callable[[HttpRequest], HttpResponseBase]
PAGE = "second-factor"
RECOVERY_CODES = 10
_BYTES, _SIGNS = 15, 24  # 120 bits of a recovery code are so many letters and digits
_DIGITS = 6


class CodeField(forms.CharField):
    """Where a code is typed."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(max_length=60, widget=forms.TextInput(attributes), **kwargs)


# --- Codes --------------------------------------------------------------------


def is_set_up(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, confirmed=True).exists())


def app_of(user: User) -> Authenticator:
    """The app of a user who has one. Raises Authenticator.DoesNotExist."""
    app: Authenticator = Authenticator.objects.get(user=user, confirmed=True)
    return app


def accept(user: User, text: str, *, confirmed: bool = True) -> Device | None:
    """Return what showed this code, which is used up by that; None where it is wrong, used, or comes too soon.

    Blanks, hyphens, capitals and digits of other scripts are understood. `confirmed=False` asks the app that is
    being set up.
    """
    code = "".join(text.split()).replace("-", "").lower()
    of_app = len(code) == _DIGITS and code.isdecimal()
    if not of_app and len(code) != _SIGNS:
        return None
    devices = Authenticator.objects.all() if of_app else StaticDevice.objects.all()
    with transaction.atomic():
        device: Device | None = devices.select_for_update().filter(user=user, confirmed=confirmed).first()
        return device if device and device.verify_token(code if of_app else _digest(user, code)) else None


def begin(user: User) -> Authenticator:
    """Return an app to be set up, with a new key: one that was shown before and not confirmed is worth nothing."""
    Authenticator.objects.filter(user=user, confirmed=False).delete()
    app: Authenticator = Authenticator.objects.create(user=user, name="app", confirmed=False)
    return app


def being_set_up(user: User) -> Authenticator:
    return Authenticator.objects.filter(user=user, confirmed=False).first() or begin(user)


@transaction.atomic
def confirm(user: User, text: str) -> Device | None:
    """Make the app that is being set up count, where the code is its; it is None where not."""
    device = accept(user, text, confirmed=False)
    if device is not None:
        Authenticator.objects.filter(pk=device.pk).update(confirmed=True)
        device.confirmed = True
    return device


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Return new codes, which can't be had again; older ones end."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [b32encode(secrets.token_bytes(_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(user, code)) for code in codes)
    return ["-".join(code[place : place + 4] for place in range(0, len(code), 4)) for code in codes]


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def remove(user: User) -> bool:
    """Take a user's second factor away. Returns whether there was one."""
    StaticDevice.objects.filter(user=user).delete()
    return bool(Authenticator.objects.filter(user=user).delete()[0])


def without() -> list[str]:
    """The names of staff who have set up no second factor, sorted."""
    having = Authenticator.objects.filter(confirmed=True).values("user")
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(pk__in=having)
    return list(staff.order_by("username").values_list("username", flat=True))


def key_in_words(device: Authenticator) -> str:
    """The key as people type it: base32 (RFC 4648) in groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[place : place + 4] for place in range(0, len(key), 4))


def qr_code(device: Authenticator) -> SafeString:
    drawn = segno.make(device.config_url, error="m", micro=False).svg_inline(scale=5, light="#fff")
    return SafeString(drawn)  # paths and numbers alone


def _digest(user: User, code: str) -> str:
    """16 signs, as many as the column has: 96 bits."""
    digest = salted_hmac("accounts.recovery", f"{user.pk}:{code}", algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:12]).decode()


# --- What opens without it ------------------------------------------------------


def lacking(user: User | AnonymousUser) -> str:
    """What staff still have to do before anything opens: `code`, `set-up`, or nothing."""
    if not isinstance(user, User) or not user.is_staff or user.otp_device:  # type: ignore[attr-defined]  # django-otp's
        return ""
    if is_set_up(user):
        return "code"
    return "set-up" if settings.STAFF_SECOND_FACTOR == "required" else ""


def enforced(get_response: Next) -> Next:
    """To every page, staff who lack their second factor are strangers; the admin leads them to what they lack."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        user = request.user
        request.user = SimpleLazyObject(partial(_known, user))  # type: ignore[assignment]  # as Django does it
        if request.path.startswith(reverse("admin:index")) and (lack := lacking(user)):
            if request.path in (reverse("admin:logout"), reverse(PAGE) if lack == "set-up" else ""):
                request.user = user
            elif lack == "set-up":
                return redirect(PAGE)
            else:
                logout(request)
                return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return get_response(request)

    return middleware


def _known(user: User | AnonymousUser) -> User | AnonymousUser:
    return AnonymousUser() if lacking(user) else user
