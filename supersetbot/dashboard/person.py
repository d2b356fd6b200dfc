"""A page about one subscriber: what they were told, when and on what, and what failed."""

from collections.abc import Mapping
from typing import cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import Subscriber, Subscription, Timing
from notifications.models import Delivery
from notifications.rendering.public import to_call
from scraping.review.page import SEES_NAMES

SHOWN = 100
SEES_SUBSCRIBERS = ("accounts.view_subscriber", "notifications.view_delivery")
State = Delivery.State


@require_safe
@admin.site.admin_view
@permission_required(SEES_SUBSCRIBERS, raise_exception=True)
def person(request: HttpRequest, subscriber_id: int) -> HttpResponse:
    """Show the newest deliveries; `?state=` narrows them to one state."""
    subscriber = get_object_or_404(Subscriber, pk=subscriber_id)
    state = request.GET.get("state", "")
    deliveries = Delivery.objects.filter(subscription__subscriber=subscriber)
    told = deliveries.filter(state=state) if state in State.values else deliveries
    names = request.user.has_perm(SEES_NAMES)
    newest = to_call(told.select_related("notice"), names=names, path="notice__").order_by("-pk")
    context = {
        **admin.site.each_context(request),
        "title": subscriber.shown_name,
        "subscriber": subscriber,
        "everybody_reads_names": settings.MEMBERSHIP == "open",
        "subscriptions": _subscriptions(subscriber),
        "timing": Timing.objects.filter(subscriber=subscriber).first(),
        "counts": _counts(subscriber),
        "state": state,
        "names": names,
        "deliveries": newest[:SHOWN],
        "shown": SHOWN,
    }
    return render(request, "dashboard/person.html", context)


def _subscriptions(subscriber: Subscriber) -> list[Subscription]:
    return list(subscriber.subscriptions.prefetch_related("seasons", "muted").order_by("pk"))


def _counts(subscriber: Subscriber) -> Mapping[str, int]:
    """Return how many deliveries stand in each state, in the order of the states."""
    columns = {state: Count("pk", filter=Q(state=state)) for state in State.values}
    counted = Delivery.objects.filter(subscription__subscriber=subscriber).aggregate(**columns)
    return {state: count for state, count in cast("dict[str, int]", counted).items() if count}
