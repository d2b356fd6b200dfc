"""Who has the page open, and what every answer to them carries (spec: personal, The account page)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from accounts.language import speaking, spoken
from accounts.models import AccountSession, Subscriber
from accounts.pseudonyms import pseudonym
from accounts.signin import visits
from accounts.subscribing import members
from supersetbot.web.middleware import POLICY

View = Callable[..., HttpResponseBase]
DOOR = "account-door"
# Telegram's web client shows a Mini App in a frame; its other clients show it as a page.
_FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors https://web.telegram.org")


@dataclass(frozen=True, slots=True)
class Person:
    """Who has the page open, and by which session. `names`: they may read the names of students."""

    subscriber: Subscriber
    visit: AccountSession
    names: bool

    @property
    def telegram_id(self) -> int:
        assert self.subscriber.telegram_id is not None  # noqa: S101 (for the types: links are made for persons)
        return self.subscriber.telegram_id

    @property
    def pseudonym(self) -> str:
        return pseudonym(self.telegram_id)


def own_page(view: View) -> View:
    """Keep a page out of every cache, and let no site but Telegram's show it in a frame.

    Django's check of forms rests on a cookie that no browser sends from a frame: these pages check their own key
    (accounts/signin/visits.py).
    """

    @csrf_exempt
    @xframe_options_exempt
    @cache_control(no_store=True, private=True)
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = _FRAMED
        return response

    return wrapper


def for_person(view: View) -> View:
    """Hand a view the person who asks; everybody else is sent to the door."""

    @own_page
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visit = visits.current(request)
        if visit is None:
            return redirect(DOOR)
        with speaking(visit.subscriber.language or spoken()):
            response = view(request, _person(visit), *args, **kwargs)
            response.headers["Content-Language"] = spoken()
            return response

    return wrapper


def closed() -> HttpResponse:
    """Return the page that says that this browser's session has ended."""
    response = HttpResponse(render_to_string("account/left.html"))
    visits.forget_cookie(response)
    return response


def _person(visit: AccountSession) -> Person:
    person = visit.subscriber
    return Person(person, visit, names=members.sees_names(person.telegram_id or 0))
