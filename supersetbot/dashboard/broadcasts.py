"""Telling all subscribers something: write, look at it and at how many it goes to, confirm, watch it go out."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.categories import Category
from accounts.models import Subscription
from accounts.personal.facts import FACTS
from accounts.seasons import show_season
from accounts.subscribing.subscriptions import seasons_offered
from accounts.times import moment
from notifications.delivery.counts import progress
from notifications.models import Notice
from notifications.publishing import broadcasts, orders
from notifications.publishing.orders import Order
from notifications.rendering.public import called
from notifications.tasks import wake_quietly
from scraping.review.page import SEES_NAMES

T = TypeVar("T")
_PRESSED_TWICE = 60  # seconds in which the same from the same person is a second press, not a second message
may_broadcast = permission_required("notifications.add_notice", raise_exception=True)
ORDERS = {"pause": broadcasts.pause, "resume": broadcasts.resume, "cancel": broadcasts.cancel}


def seasons() -> list[tuple[str, str]]:
    """Return the seasons one can choose, the newest first."""
    offered = sorted(seasons_offered(), reverse=True)
    return [("", "Every season"), *((str(season), show_season(season)) for season in offered)]


class BroadcastForm(forms.Form):
    title = forms.CharField(max_length=200, required=False, help_text="Else the first line, where it is short.")
    message = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))
    channels = forms.MultipleChoiceField(
        choices=Subscription.Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=Subscription.Channel.values,
    )
    season = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, choices=seasons, help_text="Only who follows it."
    )
    category = forms.ChoiceField(
        choices=[("", "None: nobody can have muted it"), *Category.choices], required=False, initial=""
    )
    branch = forms.CharField(
        max_length=60, required=False, help_text="Such as CSE: only who told the bot that they are in it."
    )
    at = forms.CharField(
        max_length=20, required=False, label="When", help_text="6:00 PM, or 2026-11-30 6:00 PM. Empty: now."
    )
    on_site = forms.BooleanField(required=False, initial=True, label="Also on the site, in its feed and in the API")

    def clean_branch(self) -> str:
        """Read the branch as a profile holds it; an error says why it can't be."""
        text = self.cleaned_data["branch"]
        return _or_invalid(FACTS["branch"].parse, text) if text else ""

    def clean_at(self) -> datetime | None:
        """Read the time; an error says why it can't be one."""
        text = self.cleaned_data["at"]
        return _or_invalid(orders.read_time, text) if text else None

    def order(self) -> Order:
        """Return what the form orders."""
        chosen = self.cleaned_data
        return Order(
            text=chosen["message"],
            title=chosen["title"],
            season=chosen["season"],
            category=chosen["category"],
            branch=chosen["branch"],
            on_site=chosen["on_site"],
            channels=tuple(chosen["channels"]),
        )


def _or_invalid(parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None


@admin.site.admin_view
@may_broadcast
def compose(request: HttpRequest) -> HttpResponse:
    """The form; with a message in it its preview instead; sent only when that was confirmed, and once."""
    form = BroadcastForm(request.POST or None)
    if not form.is_valid() or "change" in request.POST:
        return _page(request, "compose", {"form": form})
    order, at = form.order(), form.cleaned_data["at"]
    if "confirmed" not in request.POST:
        return _page(request, "compose", {"form": form, "order": order, "at": at, "preview": orders.preview(order)})
    return _ordered(request, order, at)


@transaction.atomic
def _ordered(request: HttpRequest, order: Order, at: datetime | None) -> HttpResponse:
    """Send or plan it. The cache is in the database: a message that was not queued was not pressed either."""
    if not cache.add(_pressed(request, order, at), True, _PRESSED_TWICE):
        messages.warning(request, "The same was sent within a minute: nothing was sent again.")
        return redirect("dashboard")
    if at:
        orders.plan(order, at)
        messages.success(request, f"Planned for {moment(at)}.")
        return redirect("dashboard")
    published = orders.send(order)
    transaction.on_commit(partial(wake_quietly, order.channels))
    messages.success(request, f"On its way to {published.queued}.")
    return redirect("broadcast", notice_id=published.notice.pk)


@require_safe
@admin.site.admin_view
@may_broadcast
def watch(request: HttpRequest, notice_id: int) -> HttpResponse:
    """How far one is; as JSON where the page asks for it each second."""
    notice = get_object_or_404(Notice.objects.only("broadcast"), pk=notice_id)
    found = {**asdict(progress(notice.pk)), "state": notice.broadcast}
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(found)
    title = called(Notice.objects.get(pk=notice_id), names=request.user.has_perm(SEES_NAMES))
    return _page(request, "watch", {"notice": notice, "called": title, "progress": found})


@require_POST
@admin.site.admin_view
@may_broadcast
def steer(request: HttpRequest, notice_id: int, order: str) -> HttpResponse:
    """Pause, resume or cancel a broadcast."""
    if ORDERS[order](notice_id):
        wake_quietly(Subscription.Channel.values if order == "resume" else [])
    else:
        messages.warning(request, "It had changed meanwhile: nothing was done.")
    return redirect("broadcast", notice_id=notice_id)


def _pressed(request: HttpRequest, order: Order, at: datetime | None) -> str:
    said = repr((request.user.pk, order, at)).encode(errors="replace")
    return f"broadcast:{blake2b(said, digest_size=16).hexdigest()}"


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    title = {"compose": "Tell everybody", "watch": "A message on its way"}[name]
    return render(request, f"dashboard/{name}.html", {**admin.site.each_context(request), "title": title, **context})
