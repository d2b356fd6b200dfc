"""How many readings wait for a look, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Min, Q

from scraping.models import Review

PAGE = "/admin/scraping/review/"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open reviews, and those of them that hold something back, with the oldest and the newest of each."""

    open: int
    oldest: datetime | None
    held: int
    held_first: datetime | None
    held_last: datetime | None


def waiting() -> Waiting:
    """Counted in one statement."""
    is_open = Q(closed_at=None)
    found = Review.objects.filter(is_open | Q(held_since__isnull=False)).aggregate(
        open=Count("pk", filter=is_open),
        oldest=Min("opened_at", filter=is_open),
        held=Count("held_since"),
        held_first=Min("held_since"),
        held_last=Max("held_since"),
    )
    return Waiting(**found)


def where() -> str:
    """The address of the list, as far as it is known."""
    return f"{settings.WEBSITE_URL}{PAGE}" if settings.WEBSITE_URL else "Reviews in the admin"
