"""The public status page: how fresh, how fast, how complete, and what is down (spec: fresh, Measured)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise
from ninja import Field, Router, Schema

from accounts.web.errors import UNREADABLE, error_responses
from notifications.delivery.freshness import Window, windows
from scraping.cycle.schedule import next_due
from scraping.models import UpdateRun
from scraping.sources.names import label
from scraping.watch.state import current
from supersetbot.operations import health

router = Router(tags=["statistics"])
# What students may know of the checks: whether it touches them, in their words.
TOLD = {
    "database": _lazy("Storage"),
    "cycle": _lazy("Looking at the sources"),
    "deliveries": _lazy("Sending messages"),
    "bot": _lazy("The bot's answers"),
    "cluster": _lazy("Background work"),
}
WATCHED = ("superset", "email")
WORDS = {
    "ok": _lazy("watched"),
    "idle": _lazy("watched"),
    "poll": _lazy("watched"),
    "slow": _lazy("slow to answer"),
    "off": _lazy("asks to be left alone: read at set times only"),
    "spent": _lazy("read at set times only for the rest of the day"),
    "unreachable": _lazy("does not answer"),
    "refused": _lazy("refuses the login"),
}
UNWATCHED = _lazy("read at set times")
SILENT_SECONDS = 120


class FreshnessOut(Schema):
    """How fast the notices of one source were told."""

    source: str = Field(description="superset, email, official, ….")
    urgent: bool = Field(description="Those that go before others.")
    notices: int = Field(description="How many.")
    first: dict[int, float] | None = Field(description="Percentile → seconds to the first delivery.")
    last: dict[int, float] | None = Field(description="Percentile → seconds to the last delivery.")


class WindowOut(Schema):
    """How fast notices were told within a time."""

    name: str = Field(examples=["24h"], description="The last 24 hours, or the last 30 days.")
    notices: int = Field(description="How many were announced.")
    deliveries: int = Field(description="To how many subscriptions, all together.")
    complete: float | None = Field(description="Share of the deliveries that went out, 0 to 1.")
    lines: list[FreshnessOut] = Field(description="By source and urgency.")


@router.get(
    "/stats/freshness",
    response={200: list[WindowOut], **error_responses(*UNREADABLE)},
    summary="How fast notices reach phones",
)
def freshness(request: HttpRequest) -> list[dict[str, Any]]:
    return [asdict(window) for window in windows()]


@require_safe
@cache_control(public=True, max_age=30)
def status(request: HttpRequest) -> HttpResponse:
    """Answer what a student asks; without names, addresses or texts of errors."""
    checks = health.findings()
    starts = checks["database"].ok and not checks["cycle"].ok and health.before_the_first_cycle()
    told = [name for name in TOLD if not (starts and name == "cycle")]
    context: dict[str, Any] = {"title": _("Status"), "down": [TOLD[name] for name in told if not checks[name].ok]}
    if checks["database"].ok:
        context |= {"sources": watched(timezone.now()), "windows": [shown(window) for window in windows()]}
    context["well"] = not context["down"] and all(well for _, _, well in context["sources"])
    context["first_look"] = _first_look() if starts else None
    return render(request, "site/status.html", context)


def _first_look() -> datetime | None:
    """When the first cycle comes; None while it runs, or where the watcher has brought something before it."""
    at_work = (*UpdateRun.GOOD, UpdateRun.State.RUNNING)
    brought = UpdateRun.objects.filter(lane=UpdateRun.Lane.CYCLE, state__in=at_work).exists()
    return None if brought else next_due()


def watched(now: datetime) -> Sequence[tuple[StrOrPromise, StrOrPromise, bool]]:
    """Each watched source: its name, how it stands, and whether that is well."""
    row = current()
    alive = row is not None and row.beat_at is not None and (now - row.beat_at).total_seconds() < SILENT_SECONDS
    if row is None or not alive:
        return [(label(name), UNWATCHED, True) for name in WATCHED]
    found = []
    for name in WATCHED:
        state = row.sources.get(name, {}).get("state", "")
        found.append((label(name), WORDS.get(state, UNWATCHED), state in ("ok", "idle", "poll", "")))
    return found


def shown(window: Window) -> dict[str, Any]:
    """A window as the page shows it: all sources together, urgent ones apart."""
    return {
        "name": {"24h": _("Last 24 hours"), "30d": _("Last 30 days")}[window.name],
        "notices": window.notices,
        "complete": None if window.complete is None else f"{100 * window.complete:.1f}",
        "lines": [
            {
                "label": _source(line.source, urgent=line.urgent),
                "notices": line.notices,
                "half": spell(line.first[50]) if line.first else "",
                "most": spell(line.first[95]) if line.first else "",
                "last": spell(line.last[95]) if line.last else "",
            }
            for line in window.lines
        ],
    }


def source_label(name: str) -> str:
    """Return what people call a source."""
    return _("Broadcast") if name == "broadcast" else label(name)


def _source(name: str, *, urgent: bool) -> str:
    label = source_label(name)
    return _("%(source)s, urgent") % {"source": label} if urgent else label


def spell(seconds: float) -> str:
    """`42 s`, `3 min`, `2 h`."""
    for size, text in ((3600, _("%(count)s h")), (60, _("%(count)s min"))):
        if seconds >= 2 * size:
            return text % {"count": f"{seconds / size:.0f}"}
    return _("%(count)s s") % {"count": f"{max(0.0, seconds):.0f}"}
