"""What the dashboard shows, each by a few statements however much there is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_q.models import Schedule

from accounts.models import Subscriber, Subscription
from accounts.times import time_of_day
from notifications.delivery.counts import dead, unsent
from notifications.models import Delivery, Notice
from notifications.rendering.public import called, to_call, visible_notices
from scraping.models import UpdateRun
from scraping.sources.names import label
from scraping.web.charts import Column, columns
from supersetbot.web.status import source_label

State = Delivery.State
HOURS, DAYS = 24, 30  # how far back the charts go
TODAY_SHOWN, RUNS_SHOWN, DEAD_SHOWN, BROADCASTS_SHOWN = 8, 10, 20, 10
_RATE_OVER = timedelta(minutes=1)
_RUNS_LOOKED_AT = 60
_OUTCOMES = ("new", "changed", "unchanged", "failed")


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """A source's last success and what that brought, `at` is None without one; and the errors of the last reading."""

    name: str
    at: datetime | None
    brought: Mapping[str, int]
    errors: tuple[str, ...]

    @property
    def label(self) -> str:
        return source_label(self.name)


@dataclass(frozen=True, slots=True)
class Slot:
    """A row of the schedule."""

    id: int
    name: str
    on: bool
    next_at: datetime | None

    @property
    def label(self) -> str:
        """`Update 2:00 PM`, of a slot that is named "update 14:00"."""
        kind, at = self.parts
        return f"{label(kind)} {time_of_day(at)}" if at else self.name

    @property
    def parts(self) -> tuple[str, time | None]:
        """Its kind and its time of day; None for one that somebody named in the admin."""
        kind, _, at = self.name.rpartition(" ")
        try:
            return kind, time.fromisoformat(at)
        except ValueError:
            return kind, None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice that is still on its way to some."""

    id: int
    title: str
    state: str
    left: int


def recent_runs() -> list[UpdateRun]:
    return list(UpdateRun.objects.all()[:_RUNS_LOOKED_AT])


def last_cycle(runs: Iterable[UpdateRun]) -> UpdateRun | None:
    """The newest that has ended; `runs` the newest first."""
    over = (run for run in runs if run.is_cycle and run.ended_at)
    return next((run for run in over if run.state != UpdateRun.State.SKIPPED), None)


def today(now: datetime) -> list[tuple[str, int]]:
    """Cycles that began today, by how they ended."""
    begun = UpdateRun.objects.cycles().filter(started_at__gte=midnight(now)).order_by()
    return [(UpdateRun.State(state).label, count) for state, count in begun.values_list("state").annotate(Count("pk"))]


def midnight(now: datetime) -> datetime:
    """Return when this day began in India."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Today:
    """What happened since midnight: notices that came, messages about anything that went out, people who joined."""

    notices: list[Notice]
    found: int
    sent: int
    joined: int


def since_midnight(now: datetime, *, names: bool) -> Today:
    """Return what happened today, with the newest notices and how many were told of each (`told`)."""
    began = midnight(now)
    found = visible_notices().filter(first_seen_at__gte=began)
    (sent,) = _since("sent_at", [began], _lately(now))
    told = Delivery.objects.filter(notice=OuterRef("pk"), state=State.SENT).order_by().values("notice")
    counted = Coalesce(Subquery(told.annotate(count=Count("pk")).values("count")), 0)
    newest = to_call(found.annotate(told=counted), names=names).order_by("-first_seen_at")
    joined = Subscriber.objects.people().filter(created_at__gte=began).count()
    return Today(list(newest[:TODAY_SHOWN]), found.count(), sent, joined)


def sources(runs: Iterable[UpdateRun]) -> list[SourceFigures]:
    """Every source that was read lately; `runs` the newest first."""
    reports: dict[str, list[tuple[UpdateRun, Mapping[str, Any]]]] = {}
    for run in runs:
        for name, report in run.sources.items():
            if "fetched" in report:
                reports.setdefault(name, []).append((run, report))
    return [_source(name, found) for name, found in sorted(reports.items())]


def slots() -> list[Slot]:
    """The cycles of the schedule in the order of the day, switched off or not."""
    rows = Schedule.objects.filter(func__startswith="scraping.tasks.scheduled_").order_by("name")
    return list(map(slot_of, rows))


def slot_of(row: Schedule) -> Slot:
    return Slot(row.pk, row.name or row.func, row.repeats != 0, row.next_run if row.repeats else None)


@dataclass(frozen=True, slots=True)
class DayLine:
    """The slots of one kind on a line of 24 hours; `at` in per cent of the day."""

    kind: str
    marks: list[tuple[float, Slot]]

    @property
    def name(self) -> str:
        return label(self.kind)


def day_lines(rows: Iterable[Slot]) -> list[DayLine]:
    """Put slots such as "update 09:30" on a line for each kind, in the order of the day."""
    lines: dict[str, DayLine] = {}
    for slot in rows:
        kind, at = slot.parts
        if at is not None:
            lines.setdefault(kind, DayLine(kind, [])).marks.append((_share_of_day(at), slot))
    return list(lines.values())


def _share_of_day(at: time) -> float:
    """Return how much of the day is over, in per cent."""
    return (at.hour * 60 + at.minute) * 100 / (24 * 60)


def now_on_the_line(now: datetime) -> float:
    """Return where now stands on such a line, in per cent."""
    return _share_of_day(timezone.localtime(now).time())


def full_hour(at: datetime | time) -> str:
    """`5 PM`, as the lines and charts of a day are labelled."""
    return time_of_day(at).replace(":00", "")


def next_cycle(rows: Iterable[Slot]) -> datetime | None:
    coming = [slot.next_at for slot in rows if slot.next_at and slot.name.startswith("update")]
    return min(coming, default=None)


def sent(now: datetime) -> tuple[float, list[Column]]:
    """Messages a second over the last minute, and those of each of the last 24 hours, the present one last."""
    first = timezone.localtime(now).replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    hours = [first + timedelta(hours=number) for number in range(HOURS)]
    *by_hour, last_minute = _since("sent_at", (*hours, now - _RATE_OVER), _lately(now))
    names = [(time_of_day(hour), full_hour(hour) if number % 4 == 0 else "") for number, hour in enumerate(hours)]
    return last_minute / _RATE_OVER.total_seconds(), columns(names, _each(by_hour))


def dead_letters() -> list[Delivery]:
    """The newest."""
    return list(dead().select_related("notice", "subscription__subscriber").order_by("-pk")[:DEAD_SHOWN])


def outgoing(*, names: bool) -> list[Outgoing]:
    """Notices that are not with all they are for yet, the newest first."""
    counted = unsent().order_by().values_list("notice").annotate(Count("pk")).order_by("-notice")
    left: dict[int, int] = dict(counted[:BROADCASTS_SHOWN])
    found = to_call(Notice.objects.filter(pk__in=list(left)), names=names).order_by("-pk")
    return [Outgoing(row.pk, called(row, names=names), row.broadcast, left[row.pk]) for row in found]


def subscribers(now: datetime) -> dict[str, int]:
    """Return how many people there are, how many of them are told, and how many chats blocked the bot."""
    active = Q(state=Subscription.State.ACTIVE, subscriber__kind=Subscriber.Kind.PERSON)
    counts = Subscription.objects.aggregate(
        active=Count("subscriber", filter=active, distinct=True), blocked=Count("pk", filter=Q(off_reason="blocked"))
    )
    return {"all": Subscriber.objects.people().count(), **counts}


def joined_by_day(now: datetime) -> list[Column]:
    """People who joined on each of the last 30 days."""
    last = timezone.localdate(now)
    days = [last - timedelta(days=number) for number in reversed(range(DAYS))]
    midnights = [timezone.make_aware(datetime.combine(day, time())) for day in days]
    names = [(f"{day:%d %b}", f"{day.day}" if number % 5 == 0 else "") for number, day in enumerate(days)]
    return columns(names, _each(_since("created_at", midnights, Subscriber.objects.people())))


def _since(field: str, moments: Sequence[datetime], rows: QuerySet[Any]) -> list[int]:
    """How many rows there are since each of the moments, the first of which is the earliest.

    Times are compared as they are stored: to work out the day or the hour of each is what took long.
    """
    at_least = [Q((f"{field}__gte", moment)) for moment in moments]
    counts = {f"since_{number}": Count("pk", filter=condition) for number, condition in enumerate(at_least)}
    return list(rows.filter(at_least[0]).aggregate(**counts).values())


def _each(since: Sequence[int]) -> list[int]:
    """How many there are in each span alone."""
    return [more - fewer for more, fewer in pairwise((*since, 0))]


def _source(name: str, found: list[tuple[UpdateRun, Mapping[str, Any]]]) -> SourceFigures:
    good, brought = next(((run, report) for run, report in found if not report.get("failed_whole")), (None, {}))
    return SourceFigures(
        name=name,
        at=good.started_at if good else None,
        brought={outcome: int(brought.get(outcome) or 0) for outcome in _OUTCOMES},
        errors=tuple(map(str, found[0][1].get("errors") or ())),
    )


def _lately(now: datetime) -> QuerySet[Delivery]:
    """Deliveries of the notices of the last days: there is no index by time, there is one by notice."""
    notices = Notice.objects.filter(first_seen_at__gte=now - timedelta(days=3)).values("pk")
    return Delivery.objects.filter(notice__in=notices)
