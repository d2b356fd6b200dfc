"""When somebody is told what is not urgent: the conditions of statements (spec: personal, My time).

Each is an expression over rows that lead to a `Timing`, so that a fan-out or a sweep stays one statement. For whoever
has no row nothing waits.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Expression,
    F,
    Func,
    Q,
    TimeField,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, LessThan
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from accounts.models import Timing

OTHERWISE_AT = time(20)  # what filters keep back comes then, where neither a digest nor quiet hours say another time
# What must be known earlier than this before a wait would be over does not wait.
BEFOREHAND = timedelta(hours=2)
LONGEST_WAIT = timedelta(days=1)  # but for a mute


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment as statements compare it: in UTC, and as time and days of Asia/Kolkata."""

    now: Expression
    time: Expression
    today: Expression
    tomorrow: Expression


def clock_at(now: datetime) -> Clock:
    at = local_parts(now)
    return Clock(
        now=Value(now, DateTimeField()),
        time=Value(at["time"], TimeField()),
        today=Value(at["today"], DateField()),
        tomorrow=Value(at["tomorrow"], DateField()),
    )


def local_parts(now: datetime) -> dict[str, Any]:
    """Return `time`, `today` and `tomorrow` of a moment in Asia/Kolkata."""
    local = timezone.localtime(now)
    today: date = local.date()
    return {"time": local.time(), "today": today, "tomorrow": today + timedelta(days=1)}


def anybody_waits() -> bool:
    """Whether anybody chose that something comes later than it could."""
    return Timing.objects.filter(
        Q(quiet_from__isnull=False) | Q(digest_at__isnull=False) | Q(muted_until__isnull=False) | Q(quietly=True)
    ).exists()


def rests_until(timing: str, clock: Clock) -> Case:
    """When the mute or the quiet hours end in which somebody is now; NULL for who may be told.

    `timing` is the path to the row, such as `subscriber__timing__`.
    """
    return Case(
        When(_muted(timing, clock), then=F(f"{timing}muted_until")),
        When(_in_quiet_hours(timing, clock), then=_next(F(f"{timing}quiet_until"), clock)),
        default=None,
        output_field=DateTimeField(),
    )


def tell_at(timing: str, clock: Clock, *, latest: Expression | None = None, kept_back: Q | None = None) -> Case:
    """When somebody is told of what is published now; NULL where that is now.

    A wait that is over only after `latest` is none. What filters have `kept_back` waits for the digest, whatever it is.
    """
    digest = _next(F(f"{timing}digest_at"), clock)
    quiet_until = _next(F(f"{timing}quiet_until"), clock)
    muted_until = F(f"{timing}muted_until")
    cases = [
        When(_has(f"{timing}digest_at") & _early(digest, latest), then=digest),
        When(_muted(timing, clock) & _early(muted_until, latest), then=muted_until),
        When(_in_quiet_hours(timing, clock) & _early(quiet_until, latest), then=quiet_until),
    ]
    if kept_back is not None:
        at = Coalesce(F(f"{timing}digest_at"), F(f"{timing}quiet_until"), Value(OTHERWISE_AT, TimeField()))
        cases.insert(0, When(kept_back, then=_next(at, clock)))
    return Case(*cases, default=None, output_field=DateTimeField())


def _has(field: str) -> Q:
    return Q(**{f"{field}__isnull": False})


def _early(when: Any, latest: Expression | None) -> Q:
    return Q() if latest is None else Q(LessThan(when, latest))


def _muted(timing: str, clock: Clock) -> Q:
    return Q(**{f"{timing}muted_until__gt": clock.now})


def _in_quiet_hours(timing: str, clock: Clock) -> Q:
    """Whether quiet hours have begun and not ended; those that end before they begin go on over midnight."""
    begin, end = f"{timing}quiet_from", f"{timing}quiet_until"
    begun, not_over = Q(**{f"{begin}__lte": clock.time}), Q(**{f"{end}__gt": clock.time})
    within_a_day = Q(**{f"{begin}__lt": F(end)}) & begun & not_over
    over_midnight = Q(**{f"{begin}__gt": F(end)}) & (begun | not_over)
    return within_a_day | over_midnight


class _Local(Func):
    """The moment at which a day and a time of day are in Asia/Kolkata, which knows no summer time."""

    output_field = DateTimeField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        template = "datetime(%(expressions)s, '-330 minutes')"
        return super().as_sql(compiler, connection, template=template, arg_joiner=" || ' ' || ", **context)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        template = "((%(expressions)s) AT TIME ZONE 'Asia/Kolkata')"
        return super().as_sql(compiler, connection, template=template, arg_joiner=" + ", **context)


def _next(time_of_day: Any, clock: Clock) -> _Local:
    """The next moment at which it is that time of day."""
    later_today = When(GreaterThan(time_of_day, clock.time), then=clock.today)
    return _Local(Case(later_today, default=clock.tomorrow, output_field=DateField()), time_of_day)
