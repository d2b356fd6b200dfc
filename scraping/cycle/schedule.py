"""Slots and schedule rows (spec: system, Schedule): `08:00-23:00/60m,00:00` becomes a cron row a slot, in Asia/Kolkata.

Rows live in the database: they survive restarts, and one an admin switched off (repeats 0) stays off. Slots missed
while everything was down are made up by one cycle.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from croniter import croniter
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_q.models import Schedule

from notifications.delivery.sql import one_at_a_time
from scraping.cycle.runs import running
from scraping.cycle.slots import parse_slots
from scraping.models import UpdateRun

# What the clusters' own look at the schedule may take; later than that, a slot was missed.
LATE = timedelta(minutes=3)
MOST_LOST = 1
_LONGEST_GAP = timedelta(days=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slots:
    """A kind of run, when it is due, and the task that does it."""

    kind: str
    times: tuple[time, ...]
    task: str


def all_slots() -> tuple[Slots, ...]:
    """Return what the settings ask for."""
    return tuple(
        Slots(kind, parse_slots(getattr(settings, setting)), task) for kind, (setting, task) in settings.SLOTS.items()
    )


def sync() -> tuple[int, int]:
    """Make the rows the settings ask for, take away those they no longer do. Counts made and taken away."""
    wanted = {
        f"{slots.kind} {at:%H:%M}": (slots.task, f"{at.minute} {at.hour} * * *", "slot")
        for slots in all_slots()
        for at in slots.times
    } | {name: (task, "* * * * *", None) for name, task in settings.EVERY_MINUTE.items()}
    with transaction.atomic():
        one_at_a_time(Schedule)
        there: dict[str | None, Schedule] = {}
        stale = []
        for row in Schedule.objects.order_by("pk"):
            if row.name in there or (_is_slot(row) and row.name not in wanted):
                stale.append(row.pk)
            elif row.name in wanted:
                there[row.name] = row
        made = sum(_write(there.get(name), name, *entry) for name, entry in wanted.items())
        removed, _ = Schedule.objects.filter(pk__in=stale).delete()
    repair()
    return made, removed


def _is_slot(row: Schedule) -> bool:
    return any((row.name or "").startswith(f"{slots.kind} ") and row.func == slots.task for slots in all_slots())


def _write(row: Schedule | None, name: str, task: str, cron: str, slot_argument: str | None) -> bool:
    """Make or change a row; True where it is new. One that is right already stays as it is."""
    new = row is None
    row = row or Schedule(name=name, schedule_type=Schedule.CRON, repeats=-1)
    if new or (row.func, row.cron, row.intended_date_kwarg) != (task, cron, slot_argument):
        row.func, row.cron, row.intended_date_kwarg = task, cron, slot_argument
        row.next_run = row.calculate_next_run()
        row.full_clean(exclude=["hook", "args", "kwargs", "task", "cluster"])
        row.save()
    return new


def repair() -> int:
    """Bring back rows that a clock which was wrong has moved into the future. Counts them.

    A row waits for its next time; later than the one after that, nothing but such a clock puts it. (An admin may
    postpone a daily slot by a day, and switch it off for longer.)
    """
    mended = 0
    for row in Schedule.objects.filter(schedule_type=Schedule.CRON).exclude(repeats=0):
        times = croniter(row.cron, timezone.localtime())
        upcoming, after = times.get_next(datetime), times.get_next(datetime)
        if row.next_run > after:
            mended += Schedule.objects.filter(pk=row.pk, next_run=row.next_run).update(next_run=upcoming)
    if mended:
        log.warning("%d schedule rows lay in the future, as after a clock that was wrong: they are due again.", mended)
    return mended


def missed_slot(now: datetime) -> datetime | None:
    """The last slot that was due and brought no run, None where all is well. One switched off is not missed.

    A fresh installation has missed nothing: something must have run before. A run that was lost is made up for, unless
    that has been tried: what kills its process is not run for ever.
    """
    due = last_due(now - LATE)
    if due is None or running() is not None:
        return None
    runs = UpdateRun.objects.cycles().begun().filter(started_at__lte=now)
    lost = runs.filter(state=UpdateRun.State.LOST, started_at__gte=due).count()
    done = runs.filter(started_at__gte=due).exclude(state=UpdateRun.State.LOST).exists()
    return due if runs.exists() and not done and lost <= MOST_LOST else None


def next_due(kind: str = "update") -> datetime | None:
    """Return when the next switched-on slot of the kind is due, None where there is none."""
    return min(_switched_on(kind).values_list("next_run", flat=True), default=None)


def _switched_on(kind: str) -> "QuerySet[Schedule]":
    rows: QuerySet[Schedule] = Schedule.objects.filter(name__regex=rf"^{kind} \d\d:\d\d$").exclude(repeats=0)
    return rows


def last_due(now: datetime, kind: str = "update") -> datetime | None:
    """The newest instant of a switched-on slot of the kind (settings.SLOTS) that is not after `now`."""
    on = _switched_on(kind).values_list("name", flat=True)
    local = timezone.localtime(now)
    instants = [
        datetime.combine(local.date() - timedelta(days=days), at, tzinfo=local.tzinfo)
        for name in on
        for at in parse_slots(name.removeprefix(f"{kind} "))
        for days in range(_LONGEST_GAP.days)
    ]
    return max((instant for instant in instants if instant <= now), default=None)
