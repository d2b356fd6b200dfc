"""The newest notices and their count, as one chat asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.categories import Category
from accounts.subscribing.subscriptions import Standing
from notifications.models import Notice
from notifications.rendering.public import visible_notices

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """Notices of a category: all of them, and those of the last seven days. One without is an announcement."""

    category: str
    total: int
    recent: int


def newest(wanted: Standing, limit: int = 5) -> list[Notice]:
    """The newest notices in the seasons and categories a chat wants, the newest first."""
    return list(_of_seasons(wanted).exclude(category__in=wanted.muted)[:limit])


def counts(wanted: Standing, now: datetime | None = None) -> Sequence[CategoryCount]:
    """How many notices the seasons of a chat have, a category each, the most frequent first."""
    recent = Count("pk", filter=Q(published_at__gte=(now or timezone.now()) - RECENT))
    rows = (
        _of_seasons(wanted)
        .order_by()
        .annotate(shown=Case(When(category="", then=Value(Category.ANNOUNCEMENT.value)), default="category"))
        .values("shown")
        .annotate(total=Count("pk"), recent=recent)
        .order_by("-total", "shown")
    )
    return [CategoryCount(row["shown"], row["total"], row["recent"]) for row in rows]


def _of_seasons(wanted: Standing) -> QuerySet[Notice]:
    notices = visible_notices()
    if wanted.every_season:
        return notices
    return notices.filter(Q(season=None) | Q(season__in=wanted.seasons))
