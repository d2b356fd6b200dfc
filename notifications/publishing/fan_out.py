"""A notice becomes one delivery row a subscription it is for, in one statement (spec: delivery, The ledger)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    Expression,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    TimeField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from accounts.categories import Category
from accounts.models import Subscription
from accounts.personal import filters, quiet
from accounts.personal.quiet import Clock
from accounts.subscribing.audience import wanting
from notifications.delivery import ledger
from notifications.models import Delivery, Notice
from notifications.publishing import pressing
from notifications.publishing.interests import but_declined, declined_key
from notifications.publishing.named import fan_out_named
from notifications.publishing.offers import offer_of

_COLUMNS = ("notice_id", "subscription_id", "channel", "priority", "next_attempt_at", "created_at")
_TIMING = "subscriber__timing__"
_OF_CLOCK: tuple[tuple[str, Field[Any, Any]], ...] = (
    ("time", TimeField()),
    ("today", DateField()),
    ("tomorrow", DateField()),
)
_URGENT_BEFORE = timedelta(hours=24)


class _Blank(Expression):
    """A parameter of a statement that is filled in when it runs."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


def fan_out(notice: Notice, channels: Collection[str] = (), *, off: datetime | None = None) -> int:
    """Write the deliveries of a notice, on these channels or all; those that are there already stay as they are.

    Whom its list names is told first. Who chose quiet hours, a digest or a mute waits, unless what presses would come
    too late then: `off` is the time of an event that is not then, as it moved. Returns how many were added.
    """
    first = fan_out_named(notice, channels) if notice.roster else 0
    now = timezone.now()
    defers = quiet.anybody_waits()
    latest = pressing.latest(notice, now, off) if defers else None
    values = _values(notice, now, latest)
    said = frozenset(name for name in ("category", "season", "follows", "declined", "latest") if values[name])
    narrow = filters.exist() and not notice.follows_id
    if narrow:
        statement, parameters = _narrowed(notice, said, channels, defers=defers)
    else:
        statement, parameters = _statement(said, tuple(channels), defers)
    filled: list[Any] = [values[each.name] if isinstance(each, _Blank) else each for each in parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement, filled)
        return first + max(int(cursor.rowcount), 0)


def _values(notice: Notice, now: datetime, latest: datetime | None) -> dict[str, Any]:
    """What the blanks of a statement stand for, in the form the database keeps."""
    adapt, clock = connection.ops, quiet.local_parts(now)
    return {
        "notice": notice.pk,
        "priority": priority(notice, now),
        "now": adapt.adapt_datetimefield_value(now),
        "time": adapt.adapt_timefield_value(clock["time"]),
        "today": adapt.adapt_datefield_value(clock["today"]),
        "tomorrow": adapt.adapt_datefield_value(clock["tomorrow"]),
        "latest": adapt.adapt_datetimefield_value(latest) if latest else None,
        "category": notice.category,
        "season": notice.season,
        "follows": notice.follows_id,
        "declined": declined_key(notice),
    }


@cache
def _statement(said: frozenset[str], channels: tuple[str, ...], defers: bool) -> tuple[str, tuple[object, ...]]:
    """The statement for notices of which so much is said: Django takes longer to word it than a database to run it."""
    return _insert(_wanted(said), channels, said, defers=defers)


def _narrowed(
    notice: Notice, said: frozenset[str], channels: Collection[str], *, defers: bool
) -> tuple[str, tuple[object, ...]]:
    """The statement with everybody's filters; who follows a company may have declined one of its jobs."""
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE)
    chosen = filters.narrowed(_wanted(said - {"declined"}), active, offer_of(notice), kept_back=defers)
    if "declined" in said:
        chosen = but_declined(chosen, _Blank("declined", CharField()))
    return _insert(chosen, channels, said, defers=defers)


def _wanted(said: frozenset[str]) -> QuerySet[Subscription]:
    wanted = wanting(
        category=_Blank("category", CharField()) if "category" in said else "",
        season=_Blank("season", IntegerField()) if "season" in said else None,
    )
    if "follows" in said:
        first = Delivery.objects.filter(ledger.HAD, notice=_Blank("follows", BigIntegerField()))
        wanted = wanted.filter(Exists(first.filter(subscription=OuterRef("pk"))))
        wanted = wanted.exclude(channel=Subscription.Channel.WEBHOOK)  # programs get the changed notice itself
    if "declined" in said:
        listed = _Blank("follows", BigIntegerField()) if "follows" in said else None
        wanted = but_declined(wanted, _Blank("declined", CharField()), listed)
    return wanted


def _insert(
    wanted: QuerySet[Subscription], channels: Collection[str], said: frozenset[str], *, defers: bool
) -> tuple[str, tuple[object, ...]]:
    now, urgency = _Blank("now", DateTimeField()), _Blank("priority", SmallIntegerField())
    if channels:
        wanted = wanted.filter(channel__in=channels)
    head: tuple[str | Expression, ...] = (_Blank("notice", BigIntegerField()), "pk", "channel")
    rest = _deferring(wanted, said, now, urgency) if defers else (urgency, now, now)
    columns = _COLUMNS if not defers else (*_COLUMNS, "state")
    select, parameters = wanted.order_by("pk").values_list(*head, *rest).query.sql_with_params()
    table = connection.ops.quote_name(Delivery._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(columns)}) {select} ON CONFLICT DO NOTHING", parameters


def _deferring(
    wanted: QuerySet[Subscription], said: frozenset[str], now: _Blank, urgency: _Blank
) -> tuple[Expression, ...]:
    """Priority, times and state of deliveries that wait where their readers chose so."""
    kept_back = _kept_back(wanted, said)
    clock = Clock(now, *(_Blank(name, kind) for name, kind in _OF_CLOCK))
    latest = _Blank("latest", DateTimeField()) if "latest" in said else None
    until = quiet.tell_at(_TIMING, clock, latest=latest, kept_back=kept_back)
    ranked: Expression = urgency
    if kept_back is not None:
        quietest = Value(int(Delivery.Priority.QUIET))
        ranked = Case(When(kept_back, then=quietest), default=urgency, output_field=SmallIntegerField())
    state = Case(
        When(IsNull(until, True), then=Value(Delivery.State.PENDING.value)),
        default=Value(Delivery.State.DEFERRED.value),
        output_field=CharField(),
    )
    return ranked, Coalesce(until, now), now, state


def _kept_back(wanted: QuerySet[Subscription], said: frozenset[str]) -> Q | None:
    """Whom a filter keeps the notice back from, or kept back the one that it follows; None where that is nobody."""
    if "follows" in said:
        first = Delivery.objects.filter(notice=_Blank("follows", BigIntegerField()), subscription=OuterRef("pk"))
        return Q(Exists(first.filter(priority=Delivery.Priority.QUIET)))
    return Q(kept_back=True) if "kept_back" in wanted.query.annotations else None


def priority(notice: Notice, now: datetime) -> int:
    """Return the priority: shortlists, and what must be done within a day, go before bulk."""
    soon = any(when and now < when <= now + _URGENT_BEFORE for when in (notice.deadline, notice.event_at))
    urgent = soon or notice.category == Category.SHORTLISTING
    return Delivery.Priority.URGENT if urgent else Delivery.Priority.BULK
