"""The dashboard: whether the season runs well, at one glance (part of the admin)."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from notifications.figures import channel_figures
from notifications.models import ChannelState, Delivery
from supersetbot import health
from supersetbot.dashboard import figures
from supersetbot.dashboard.actions import testers


@require_safe
@admin.site.admin_view
def dashboard(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    runs, slots = figures.recent_runs(), figures.slots()
    dead_count, dead = figures.dead_letters()
    channels = channel_figures(now)
    context = {
        **admin.site.each_context(request),
        "title": "Dashboard",
        "now": now,
        "checks": health.findings(),
        "today": figures.today(runs, now).items(),
        "next_cycle": figures.next_cycle(slots),
        "sources": figures.sources(runs),
        "slots": slots,
        "runs": runs[: figures.RUNS_SHOWN],
        "states": Delivery.State.choices,
        "channels": [
            (name, [found.states.get(state, 0) for state in Delivery.State.values], found)
            for name, found in channels.items()
        ],
        "paces": ChannelState.objects.all(),
        "rate": figures.rate(now),
        "sent_by_hour": figures.sent_by_hour(now),
        "outgoing": figures.outgoing(),
        "dead_count": dead_count,
        "dead": dead,
        "subscribers": figures.subscribers(now),
        "joined": figures.joined_by_day(now),
        "testers": testers(),
    }
    return render(request, "dashboard/dashboard.html", context)
