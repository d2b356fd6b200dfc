"""Telling all subscribers something: write, look at it and at how many it goes to, confirm, watch it go out."""

from dataclasses import asdict
from hashlib import blake2b
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Subscription
from accounts.subscribing.audience import wanting
from notifications.delivery.counts import progress
from notifications.models import Notice
from notifications.publishing import broadcasts
from notifications.publishing.broadcasts import broadcast, broadcast_draft
from notifications.publishing.publish import Published
from notifications.rendering.render import push_parts, telegram_parts
from notifications.tasks import wake_quietly

_PRESSED_TWICE = 60  # seconds in which the same from the same person is a second press, not a second message
may_broadcast = permission_required("notifications.add_notice", raise_exception=True)
ORDERS = {"pause": broadcasts.pause, "resume": broadcasts.resume, "cancel": broadcasts.cancel}


class BroadcastForm(forms.Form):
    title = forms.CharField(max_length=200, required=False, help_text="Else the first line, where it is short.")
    message = forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))
    channels = forms.MultipleChoiceField(
        choices=Subscription.Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=Subscription.Channel.values,
    )


@admin.site.admin_view
@may_broadcast
def compose(request: HttpRequest) -> HttpResponse:
    """The form; with a message in it its preview instead; sent only when that was confirmed, and once."""
    form = BroadcastForm(request.POST or None)
    if not form.is_valid() or "change" in request.POST:
        return _page(request, "compose", {"form": form})
    chosen = form.cleaned_data
    if "confirmed" not in request.POST:
        return _page(request, "compose", {"form": form, "preview": preview(chosen)})
    published = _send_once(request, chosen)
    if published is None:
        messages.warning(request, "The same was sent within a minute: nothing was sent again.")
        return redirect("dashboard")
    wake_quietly(chosen["channels"])
    messages.success(request, f"On its way to {published.queued}.")
    return redirect("broadcast", notice_id=published.notice.pk)


@require_safe
@admin.site.admin_view
@may_broadcast
def watch(request: HttpRequest, notice_id: int) -> HttpResponse:
    """How far one is; as JSON where the page asks for it each second."""
    notice = get_object_or_404(Notice.objects.only("title", "broadcast"), pk=notice_id)
    found = {**asdict(progress(notice.pk)), "state": notice.broadcast}
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(found)
    return _page(request, "watch", {"notice": notice, "progress": found})


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


def preview(chosen: dict[str, Any]) -> dict[str, Any]:
    """How it will look, and how many it goes to on each channel; nothing is stored."""
    draft = broadcast_draft(chosen["message"], title=chosen["title"])
    now = timezone.now()
    notice = Notice(title=draft.title, body=draft.body, published_at=now, first_seen_at=now)
    wanted = wanting(category="", season=None).filter(channel__in=chosen["channels"])
    counts = dict(wanted.order_by().values_list("channel").annotate(Count("pk")))
    push = push_parts(notice)[0]
    return {
        "telegram": [part.body.text for part in telegram_parts(notice)],
        "push": (push.title, push.body),
        "channels": chosen["channels"],
        "counts": [(label, counts.get(value, 0)) for value, label in Subscription.Channel.choices],
        "total": sum(counts.values()),
    }


@transaction.atomic
def _send_once(request: HttpRequest, chosen: dict[str, Any]) -> Published | None:
    """None for a second press. The cache is in the database: a message that was not queued was not pressed either."""
    if not cache.add(_pressed(request, chosen), True, _PRESSED_TWICE):
        return None
    return broadcast(chosen["message"], title=chosen["title"], channels=chosen["channels"])


def _pressed(request: HttpRequest, chosen: dict[str, Any]) -> str:
    said = repr((request.user.pk, sorted(chosen.items()))).encode(errors="replace")
    return f"broadcast:{blake2b(said, digest_size=16).hexdigest()}"


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    title = {"compose": "Tell everybody", "watch": "A message on its way"}[name]
    return render(request, f"dashboard/{name}.html", {**admin.site.each_context(request), "title": title, **context})
