"""What each person should be reminded of, worked out plainly: a loop over people and dates, and no query.

It follows docs/spec/personal.md, My time, and shares no line with the service. `World` is what happened, as the
machine's clock said; `Expected` holds what the service must have written and sent by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AHEAD, TOGETHER, BEFOREHAND = timedelta(seconds=45), 15 * MINUTE, 2 * HOUR
ON_AT_FIRST = {"24h": True, "3h": True, "1h": False, "events": True}
SWITCHES = {
    "24h": ("24h",),
    "3h": ("3h",),
    "1h": ("1h",),
    "eve": ("24h",),
    "morning": ("3h", "1h"),
    "evening": ("events",),
    "hour": ("events",),
}


@dataclass(slots=True)
class Said:
    """What one person said of one posting, and when that last changed."""

    told: datetime | None = None
    asked: datetime | None = None
    applied: bool = False
    declined: bool = False
    changed: datetime | None = None


@dataclass(slots=True)
class Person:
    """One person: number on lists, marks, switches and quiet hours."""

    number: int
    low_marks: bool = False
    on: dict[str, bool] = field(default_factory=lambda: dict(ON_AT_FIRST))
    quiet: tuple[time, time] | None = None
    active: bool = True
    said: dict[str, Said] = field(default_factory=dict)
    changed: datetime | None = None

    def of(self, key: str) -> Said:
        return self.said.setdefault(key, Said())

    def rests_until(self, now: datetime) -> datetime | None:
        if self.quiet is None:
            return None
        begin, end = self.quiet
        local = now.astimezone(INDIA)
        inside = begin <= local.time() < end if begin < end else local.time() >= begin or local.time() < end
        if not inside:
            return None
        day = local.date() if end > local.time() else local.date() + timedelta(days=1)
        return datetime.combine(day, end, tzinfo=INDIA)


@dataclass(slots=True)
class Posting:
    """A posting: one date, since when it is that date, and whom it is for."""

    key: str
    date: datetime
    all_day: bool
    of_event: bool
    since: datetime
    listed: frozenset[int] = frozenset()
    wants_marks: bool = False
    withdrawn: bool = False
    changed: datetime | None = None

    def times(self) -> dict[str, datetime]:
        return times(self.date, all_day=self.all_day, of_event=self.of_event)


def times(date: datetime, *, all_day: bool, of_event: bool) -> dict[str, datetime]:
    day = date.astimezone(INDIA).date()
    evening = datetime.combine(day - timedelta(days=1), time(20), tzinfo=INDIA)
    if of_event:
        return {"evening": evening} if all_day else {"hour": date - HOUR, "evening": evening}
    if all_day:
        return {"morning": datetime.combine(day, time(9), tzinfo=INDIA), "eve": evening}
    return {"1h": date - HOUR, "3h": date - 3 * HOUR, "24h": date - 24 * HOUR}


@dataclass(frozen=True, slots=True)
class Item:
    """One reminder of one date for one person."""

    person: int
    key: str
    date: datetime
    kind: str


@dataclass(slots=True)
class Row:
    """What was written for one person: the reminders of one message, and how long they wait."""

    person: int
    items: list[Item]
    waits_until: datetime | None = None
    is_late: bool = False


@dataclass(slots=True)
class World:
    """Everybody and every posting."""

    people: dict[int, Person] = field(default_factory=dict)
    postings: dict[str, Posting] = field(default_factory=dict)

    def at(self, item: Item) -> datetime:
        """When an item is due, by the date that it was made for."""
        posting = self.postings[item.key]
        return times(item.date, all_day=posting.all_day, of_event=posting.of_event)[item.kind]

    def against(self, item: Item, now: datetime) -> str:
        """Why an item must not go out at this moment; "" where it must."""
        posting, person = self.postings[item.key], self.people[item.person]
        said = person.of(item.key)
        reasons = {
            "off": not person.active,
            "withdrawn": posting.withdrawn,
            "moved": posting.date != item.date,
            "late": item.date <= now,
            "not_interested": said.declined,
            "applied": said.applied and not posting.of_event,
            "switched_off": not any(person.on[switch] for switch in SWITCHES[item.kind]),
            "not_open": posting.wants_marks and person.low_marks and not said.asked and not posting.of_event,
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def is_for(self, person: Person, posting: Posting, at: datetime, now: datetime) -> bool:
        """Whether a person belongs to those whom a reminder due `at` is for."""

        def by_then(when: datetime | None) -> bool:
            return when is not None and (when <= at or when > now)

        said = person.of(posting.key)
        if posting.of_event and posting.listed:
            return person.number in posting.listed
        asked_too_late = said.asked is not None and at < said.asked <= now
        told = by_then(said.told) and not posting.of_event
        return (told or by_then(said.asked)) and not asked_too_late


class Due(NamedTuple):
    """A reminder for everybody it is for."""

    posting: Posting
    kind: str
    at: datetime


class Expected:
    """What the service must have written: each reminder once for all, and a row for each person it is for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.written: set[tuple[str, datetime, str]] = set()
        self.had: dict[tuple[int, str, datetime], list[datetime]] = {}
        self.pending: list[Row] = []
        self.deferred: list[Row] = []
        self.skipped: list[Row] = []

    def plan(self, now: datetime) -> None:
        """Write what is due at this moment of the machine's clock."""
        self.written = {one for one in self.written if not self._is_early(*one, now)}
        self._after_all(now)
        self._end_rests(now)
        begun: dict[int, list[Row]] = {}
        for due in self._due(now, AHEAD):
            self.written.add((due.posting.key, due.posting.date, due.kind))
            for person in self.world.people.values():
                self._row(person, due, now, begun)
        joining = {number for number, rows in begun.items() if not all(row.waits_until for row in rows)}
        for due in self._due(now, AHEAD + TOGETHER) if begun else ():
            for number in joining:
                self._row(self.world.people[number], due, now, begun, may_wait=False)
        for rows in begun.values():
            self.deferred += [row for row in rows if row.waits_until]
            if at_once := [row for row in rows if not row.waits_until]:
                self.pending.append(_joined(at_once))

    def _is_early(self, key: str, date: datetime, kind: str, now: datetime) -> bool:
        """Whether a clock that was ahead wrote it before its time."""
        posting = self.world.postings.get(key)
        return bool(posting) and self.world.at(Item(0, key, date, kind)) > now + AHEAD

    def _due(self, now: datetime, within: timedelta) -> Iterator[Due]:
        for posting in sorted(self.world.postings.values(), key=lambda each: (each.of_event, each.key)):
            if posting.withdrawn or posting.date <= now:
                continue
            for kind, at in posting.times().items():
                known = not at <= posting.since <= now
                if at <= now + within and known and (posting.key, posting.date, kind) not in self.written:
                    yield Due(posting, kind, at)

    def _row(
        self, person: Person, due: Due, now: datetime, begun: dict[int, list[Row]], *, may_wait: bool = True
    ) -> None:
        posting, kind, at = due
        had = self.had.setdefault((person.number, posting.key, posting.date), [])
        wants = person.active and any(person.on[switch] for switch in SWITCHES[kind])
        if not wants or any(one >= at for one in had) or not self.world.is_for(person, posting, at, now):
            return
        rest = person.rests_until(now)
        waits = rest if rest and rest < posting.date - BEFOREHAND else None
        if waits and not may_wait:
            return
        had.append(at)
        row = Row(person.number, [Item(person.number, posting.key, posting.date, kind)], waits)
        begun.setdefault(person.number, []).append(row)

    def _end_rests(self, now: datetime) -> None:
        over = [
            row
            for row in self.deferred
            if row.waits_until and row.waits_until <= now and not self.world.people[row.person].rests_until(now)
        ]
        self.deferred = [row for row in self.deferred if row not in over]
        for number in {row.person for row in over}:
            self.pending.append(_joined([row for row in over if row.person == number]))

    def withdraw(self, key: str) -> None:
        """What waits for the end of a rest is not told, though its posting should come back before."""
        self.deferred = [row for row in self.deferred if row.items[0].key != key]

    def look_at_rests(self, now: datetime) -> None:
        """Who rests again when a wait is over waits on; what can't wait for that goes out at once."""
        gone = [
            row
            for row in self.deferred
            if row.waits_until and row.waits_until <= now and not self.world.people[row.person].active
        ]
        self.deferred = [row for row in self.deferred if row not in gone]
        for row in self.deferred:
            rest = self.world.people[row.person].rests_until(now)
            if row.waits_until and row.waits_until <= now and rest:
                row.waits_until = rest
        presses = [
            row for row in self.deferred if row.waits_until and now < row.items[0].date <= row.waits_until + BEFOREHAND
        ]
        self.deferred = [row for row in self.deferred if row not in presses]
        self.pending += presses

    def _after_all(self, now: datetime) -> None:
        """What a wrong clock took for over goes out, and what was to go along with a reminder that did not."""
        back = [row for row in self.skipped if row.is_late and row.items[0].date > now]
        self.skipped = [row for row in self.skipped if row not in back]
        self.pending += [Row(row.person, row.items) for row in back]
        alone: dict[int, list[Item]] = {}
        for row in self.skipped:
            free = [item for item in row.items[1:] if item.date > now and self.world.at(item) <= now + AHEAD]
            row.items = [item for item in row.items if item not in free]
            alone.setdefault(row.person, []).extend(free)
        self.pending += [Row(person, items) for person, items in alone.items() if items]

    def send(self, now: datetime) -> list[tuple[Item, ...]]:
        """Return the messages that go out at this moment: of each row what still holds."""
        rows, self.pending, messages = self.pending, [], []
        for row in rows:
            reasons = {item: self.world.against(item, now) for item in row.items}
            holding = tuple(item for item, reason in reasons.items() if not reason)
            on_time = any(self.world.at(item) <= now + AHEAD for item in holding)
            if not reasons[row.items[0]] or on_time:
                messages.append(holding)
            else:
                row.is_late = "late" in reasons.values()
                self.skipped.append(row)
        return messages


def _joined(rows: list[Row]) -> Row:
    return Row(rows[0].person, [item for row in rows for item in row.items])
