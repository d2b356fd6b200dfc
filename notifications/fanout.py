"""A notice becomes one delivery row a subscription it is for, in one statement (spec: delivery, The ledger)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, Exists, OuterRef, SmallIntegerField, Value
from django.utils import timezone

from accounts.categories import Category
from accounts.wants import wanting
from notifications.models import Delivery, Notice

_COLUMNS = ("notice_id", "subscription_id", "channel", "priority", "next_attempt_at", "created_at")
_URGENT_BEFORE = timedelta(hours=24)


def fan_out(notice: Notice, channels: Collection[str] = ()) -> int:
    """Write the deliveries of a notice, on these channels or all; those that are there already stay as they are.

    Returns how many were added.
    """
    now = timezone.now()
    wanted = wanting(category=notice.category, season=notice.season, first_seen_at=notice.first_seen_at)
    if notice.follows_id:
        told = Delivery.objects.filter(notice=notice.follows_id, subscription=OuterRef("pk"), sent_at__isnull=False)
        wanted = wanted.filter(Exists(told))
    if channels:
        wanted = wanted.filter(channel__in=channels)
    select, parameters = (
        wanted.order_by("pk")
        .values_list(
            Value(notice.pk, BigIntegerField()),
            "pk",
            "channel",
            Value(priority(notice, now), SmallIntegerField()),
            Value(now, DateTimeField()),
            Value(now, DateTimeField()),
        )
        .query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Delivery._meta.db_table} ({', '.join(_COLUMNS)}) {select} ON CONFLICT DO NOTHING",
            parameters,
        )
        return max(int(cursor.rowcount), 0)


def priority(notice: Notice, now: datetime) -> int:
    """Shortlists, and what must be done within a day, go before bulk."""
    soon = any(when and now < when <= now + _URGENT_BEFORE for when in (notice.deadline, notice.event_at))
    urgent = soon or notice.category == Category.SHORTLISTING
    return Delivery.Priority.URGENT if urgent else Delivery.Priority.BULK
