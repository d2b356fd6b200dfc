"""Figures about notices over HTTP (spec: system, HTTP API)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from accounts.api import DayFigures
from accounts.categories import Category
from accounts.web.errors import UNREADABLE, error_responses
from notifications.rendering.public import visible_notices

router = Router(tags=["statistics"])

RECENT = timedelta(days=7)
DAYS_SHOWN = timedelta(days=30)


class CategoryFigures(Schema):
    """Notices of a category."""

    category: str = Field(description="One of the categories.")
    total: int = Field(description="How many there are to read.")
    recent: int = Field(description="Of the last seven days.")


class SeasonFigures(Schema):
    """Notices of a season."""

    season: int | None = Field(description="Such as 202627; null: for everybody.")
    total: int = Field(description="How many there are to read.")


class NoticeFigures(Schema):
    """Notices in figures."""

    total: int = Field(description="How many there are to read.")
    recent: int = Field(description="Of the last seven days.")
    newest_at: datetime | None = Field(description="When the newest was published.")
    by_category: list[CategoryFigures] = Field(description="The most first.")
    by_season: list[SeasonFigures] = Field(description="The newest first.")
    by_day: list[DayFigures] = Field(description="The last 30 days that had any.")


def notice_figures(now: datetime | None = None) -> NoticeFigures:
    """How many notices there are to read, by category, season and day: four statements however many there are."""
    now = now or timezone.now()
    notices = visible_notices()
    rows = notices.order_by().values("category").annotate(total=Count("pk"), recent=Count("pk", filter=_since(now)))
    categories = _by_category(rows)
    seasons = notices.order_by().values("season").annotate(total=Count("pk")).order_by("-season")
    days = notices.filter(published_at__gte=now - DAYS_SHOWN).order_by()
    days_had = days.values(day=TruncDate("published_at")).annotate(total=Count("pk")).order_by("day")
    return NoticeFigures(
        total=sum(row.total for row in categories),
        recent=sum(row.recent for row in categories),
        newest_at=notices.order_by("-published_at").values_list("published_at", flat=True).first(),
        by_category=categories,
        by_season=[SeasonFigures(**row) for row in seasons],
        by_day=[DayFigures(**row) for row in days_had],
    )


def _by_category(rows: Iterable[Mapping[str, Any]]) -> list[CategoryFigures]:
    """The most first. Broadcasts without a category are shown as announcements everywhere."""
    found: dict[str, CategoryFigures] = {}
    for row in rows:
        name = row["category"] or Category.ANNOUNCEMENT.value
        one = found.setdefault(name, CategoryFigures(category=name, total=0, recent=0))
        one.total, one.recent = one.total + row["total"], one.recent + row["recent"]
    return sorted(found.values(), key=lambda one: (-one.total, one.category))


def _since(now: datetime) -> Q:
    return Q(published_at__gte=now - RECENT)


@router.get(
    "/stats/notices", response={200: NoticeFigures, **error_responses(*UNREADABLE)}, summary="Notices in figures"
)
def stats_notices(request: HttpRequest) -> NoticeFigures:
    return notice_figures()
