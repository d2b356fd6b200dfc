"""What the filters of a person did with the notices of the last days (spec: personal, What I want)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Filter, Subscription
from accounts.personal import filters
from notifications.models import Notice
from notifications.publishing.fan_out import told

DAYS = 30
_MOST_NOTICES = 300


def last_month(telegram_id: int) -> tuple[int, int]:
    """Return how many notices of the last days the filters let through, and of how many."""
    mine = Subscription.objects.filter(subscriber__telegram_id=telegram_id, channel=Subscription.Channel.TELEGRAM)
    since = timezone.now() - timedelta(days=DAYS)
    lately = Notice.objects.filter(first_seen_at__gte=since, announced=True, follows=None).order_by("-pk")
    results = [told(notice, mine) for notice in lately[:_MOST_NOTICES]]
    return sum(through for _, through in results), sum(wanted or through for wanted, through in results)


def with_filter(telegram_id: int, new: Filter) -> tuple[int, int] | None:
    """Return what `last_month` would say with one more filter; None where the person never subscribed.

    Raises FilterError where there are too many. Nothing is stored.
    """
    with transaction.atomic():
        stored = filters.add(telegram_id, new)
        figures = last_month(telegram_id) if stored else None
        transaction.set_rollback(True)
    return figures
