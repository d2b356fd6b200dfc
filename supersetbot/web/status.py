"""The public status page: how fresh, how fast, how complete, and what is down (spec: fresh, Measured)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from ninja import Field, Router, Schema

from accounts.web.errors import UNREADABLE, error_responses
from notifications.delivery.freshness import Window, windows
from scraping.watch.state import current
from supersetbot.operations import health

router = Router(tags=["statistics"])
# What students may know of the checks: whether it touches them, in their words.
TOLD = {
    "database": "Storage",
    "cycle": "Looking at the sources",
    "deliveries": "Sending messages",
    "bot": "The bot's answers",
    "cluster": "Background work",
}
WATCHED = {"superset": "SuperSet portal", "email": "Placement mailbox"}
WORDS = {
    "ok": "watched",
    "idle": "watched",
    "poll": "watched",
    "slow": "slow to answer",
    "off": "asks to be left alone: read at set times only",
    "spent": "read at set times only for the rest of the day",
    "unreachable": "does not answer",
    "refused": "refuses the login",
}
UNWATCHED = "read at set times"
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
    context: dict[str, Any] = {"title": "Status", "down": [TOLD[name] for name in TOLD if not checks[name].ok]}
    if checks["database"].ok:
        context |= {"sources": watched(timezone.now()), "windows": [shown(window) for window in windows()]}
    context["well"] = not context["down"] and all(well for _, _, well in context["sources"])
    return render(request, "site/status.html", context)


def watched(now: datetime) -> list[tuple[str, str, bool]]:
    """Each watched source: its name, how it stands, and whether that is well."""
    row = current()
    alive = row is not None and row.beat_at is not None and (now - row.beat_at).total_seconds() < SILENT_SECONDS
    if row is None or not alive:
        return [(label, UNWATCHED, True) for label in WATCHED.values()]
    found = []
    for name, label in WATCHED.items():
        state = row.sources.get(name, {}).get("state", "")
        found.append((label, WORDS.get(state, UNWATCHED), state in ("ok", "idle", "poll", "")))
    return found


def shown(window: Window) -> dict[str, Any]:
    """A window as the page shows it: all sources together, urgent ones apart."""
    return {
        "name": {"24h": "Last 24 hours", "30d": "Last 30 days"}[window.name],
        "notices": window.notices,
        "complete": None if window.complete is None else f"{100 * window.complete:.1f}",
        "lines": [
            {
                "label": f"{WATCHED.get(line.source, line.source.capitalize())}{', urgent' if line.urgent else ''}",
                "notices": line.notices,
                "half": spell(line.first[50]) if line.first else "",
                "most": spell(line.first[95]) if line.first else "",
                "last": spell(line.last[95]) if line.last else "",
            }
            for line in window.lines
        ],
    }


def spell(seconds: float) -> str:
    """`42 s`, `3 min`, `2 h`."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"
