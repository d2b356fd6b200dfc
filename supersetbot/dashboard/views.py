"""The dashboard: whether the season runs well, at one glance (part of the admin)."""

from datetime import datetime, time
from typing import cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Subscription, User
from notifications.delivery.counts import ChannelFigures, channel_figures, unsent
from notifications.delivery.freshness import windows
from notifications.models import ChannelState, Delivery
from notifications.my_time.reminder_figures import reminders_today
from notifications.publishing import orders
from scraping.corrections.waiting import waiting
from scraping.cycle.told import told
from scraping.review.page import SEES_NAMES
from supersetbot.dashboard import figures
from supersetbot.dashboard.actions import testers
from supersetbot.dashboard.verdict import needs
from supersetbot.operations import health
from supersetbot.spelled import spell
from supersetbot.web import status


@require_safe
@admin.site.admin_view
def dashboard(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    names = request.user.has_perm(SEES_NAMES)
    checks = health.findings()
    context = {
        **admin.site.each_context(request),
        **_cycles(now),
        **_deliveries(now, names=names),
        "title": "Dashboard",
        "now": now,
        "names": names,
        "needs": needs(cast("User", request.user), checks["cluster"]),
        "today_figures": figures.since_midnight(now, names=names),
        "reminders": reminders_today(now),
        "checks": [(name, check, None if check.age is None else spell(check.age)) for name, check in checks.items()],
        "watched": status.watched(now),
        "subscribers": figures.subscribers(now),
        "joined": figures.joined_by_day(now),
        "testers": testers(),
        "reviews": waiting() if request.user.has_perm("scraping.view_review") else None,
    }
    return render(request, "dashboard/dashboard.html", context)


def _cycles(now: datetime) -> dict[str, object]:
    """What was read, how each update went, and when the next ones are."""
    runs, slots = figures.recent_runs(), figures.slots()
    outcomes = dict(zip(runs, told(runs), strict=True))
    last = figures.last_cycle(runs)
    return {
        "last": last,
        "last_told": outcomes[last] if last else None,
        "today": figures.today(now),
        "next_cycle": figures.next_cycle(slots),
        "sources": figures.sources(runs),
        "slots": slots,
        "day_lines": figures.day_lines(slots),
        "now_at": figures.now_on_the_line(now),
        "hours": [(figures.full_hour(time(hour % 24)), f"{hour * 100 / 24:.2f}") for hour in range(0, 25, 6)],
        "runs": [(run, outcomes[run]) for run in runs[: figures.RUNS_SHOWN]],
    }


def _deliveries(now: datetime, *, names: bool) -> dict[str, object]:
    """What went out, what waits, and what failed."""
    channels = channel_figures(now)
    shown_as: dict[str, str] = dict(Subscription.Channel.choices)
    rate, sent_by_hour = figures.sent(now)
    return {
        "states": Delivery.State.values,
        "channels": [
            (
                name,
                shown_as[name],
                [(state, found.states.get(state, 0)) for state in Delivery.State.values],
                _took(found),
            )
            for name, found in channels.items()
        ],
        "freshness": [status.shown(window) for window in windows()],
        "paces": ChannelState.objects.all(),
        "rate": rate,
        "sent_by_hour": sent_by_hour,
        "planned": orders.planned(),
        "refused": unsent().exclude(error_code="").count(),
        "outgoing": figures.outgoing(names=names),
        "dead_count": sum(found.states.get(Delivery.State.FAILED, 0) for found in channels.values()),
        "dead": figures.dead_letters(),
    }


def _took(channel: ChannelFigures) -> tuple[str, str]:
    """Return within what time half of the newest messages were sent, and 99 % of them."""
    taken = channel.seconds_to_sent
    return (spell(taken[50]), spell(taken[99])) if taken else ("", "")
