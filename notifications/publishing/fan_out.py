"""A notice becomes one delivery row a subscription it is for, in one statement (spec: delivery, The ledger)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    Exists,
    Expression,
    Field,
    IntegerField,
    OuterRef,
    QuerySet,
    SmallIntegerField,
)
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from accounts.categories import Category
from accounts.models import Subscription
from accounts.personal import filters
from accounts.subscribing.audience import wanting
from notifications.models import Delivery, Notice
from notifications.publishing.interests import but_declined, declined_key
from notifications.publishing.named import fan_out_named
from notifications.publishing.offers import offer_of

_COLUMNS = ("notice_id", "subscription_id", "channel", "priority", "next_attempt_at", "created_at")
_URGENT_BEFORE = timedelta(hours=24)


class _Blank(Expression):
    """A parameter of a statement that is filled in when it runs."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


def fan_out(notice: Notice, channels: Collection[str] = ()) -> int:
    """Write the deliveries of a notice, on these channels or all; those that are there already stay as they are.

    Whom its list names is told first. Returns how many were added.
    """
    first = fan_out_named(notice, channels) if notice.roster else 0
    now = timezone.now()
    at = connection.ops.adapt_datetimefield_value
    values = {
        "notice": notice.pk,
        "priority": priority(notice, now),
        "now": at(now),
        "category": notice.category,
        "season": notice.season,
        "follows": notice.follows_id,
        "declined": declined_key(notice),
    }
    said = frozenset(name for name in ("category", "season", "follows", "declined") if values[name])
    narrow = filters.exist() and not notice.follows_id
    statement, parameters = _narrowed(notice, said, channels) if narrow else _statement(said, tuple(channels))
    filled: list[Any] = [values[each.name] if isinstance(each, _Blank) else each for each in parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement, filled)
        return first + max(int(cursor.rowcount), 0)


@cache
def _statement(said: frozenset[str], channels: tuple[str, ...]) -> tuple[str, tuple[object, ...]]:
    """The statement for notices of which so much is said: Django takes longer to word it than a database to run it."""
    return _insert(_wanted(said), channels)


def _narrowed(notice: Notice, said: frozenset[str], channels: Collection[str]) -> tuple[str, tuple[object, ...]]:
    """The statement with everybody's filters."""
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE)
    return _insert(filters.narrowed(_wanted(said), active, offer_of(notice)), channels)


def _wanted(said: frozenset[str]) -> QuerySet[Subscription]:
    wanted = wanting(
        category=_Blank("category", CharField()) if "category" in said else "",
        season=_Blank("season", IntegerField()) if "season" in said else None,
    )
    if "follows" in said:
        first = Delivery.objects.filter(notice=_Blank("follows", BigIntegerField()), sent_at__isnull=False)
        wanted = wanted.filter(Exists(first.filter(subscription=OuterRef("pk"))))
        wanted = wanted.exclude(channel=Subscription.Channel.WEBHOOK)  # programs get the changed notice itself
    if "declined" in said:
        listed = _Blank("follows", BigIntegerField()) if "follows" in said else None
        wanted = but_declined(wanted, _Blank("declined", CharField()), listed)
    return wanted


def _insert(wanted: QuerySet[Subscription], channels: Collection[str]) -> tuple[str, tuple[object, ...]]:
    now = _Blank("now", DateTimeField())
    if channels:
        wanted = wanted.filter(channel__in=channels)
    rows = wanted.order_by("pk").values_list(
        _Blank("notice", BigIntegerField()), "pk", "channel", _Blank("priority", SmallIntegerField()), now, now
    )
    select, parameters = rows.query.sql_with_params()
    table = connection.ops.quote_name(Delivery._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(_COLUMNS)}) {select} ON CONFLICT DO NOTHING", parameters


def told(notice: Notice, mine: QuerySet[Subscription]) -> tuple[bool, bool]:
    """Whether seasons and categories choose a notice for these subscriptions, and whether filters let it through."""
    wanted = wanting(category=notice.category, season=notice.season).filter(pk__in=mine.values("pk"))
    through = filters.narrowed(wanted, mine.filter(state=Subscription.State.ACTIVE), offer_of(notice))
    return wanted.exists(), through.exists()


def priority(notice: Notice, now: datetime) -> int:
    """Return the priority: shortlists, and what must be done within a day, go before bulk."""
    soon = any(when and now < when <= now + _URGENT_BEFORE for when in (notice.deadline, notice.event_at))
    urgent = soon or notice.category == Category.SHORTLISTING
    return Delivery.Priority.URGENT if urgent else Delivery.Priority.BULK
