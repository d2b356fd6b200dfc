"""A season of notices at random times to people with random quiet hours, with kills and a clock that jumps; and a model
in plain Python that says from the same inputs who must read what, when, and in which state.

    World(random.Random(seed), people=12).run(days=3) → what went wrong, in sentences

`at` sets the clock. What people read is taken down as the ledger hands it out; a process that is killed is an exception
at a random statement of the database, or between a message and its settlement.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.clock import bring_back
from accounts.models import Filter, Subscriber, Subscription
from accounts.personal import timing
from notifications.channels.base import Receipt
from notifications.delivery import deferring, ledger, outcomes
from notifications.delivery.preparing import ReadyDelivery, prepare
from notifications.delivery.tidy import tidy
from notifications.models import Delivery, Notice
from notifications.publishing.publish import Draft, publish, withdraw
from notifications.rendering.messages import TelegramPart
from notifications.rendering.render import Renderer

INDIA = ZoneInfo("Asia/Kolkata")
BEGIN = datetime(2026, 11, 29, 6, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICK = 20 * MINUTE
QUIET: tuple[tuple[time | None, time | None], ...] = (
    (None, None),
    (time(23), time(7)),
    (time(22, 30), time(6, 30)),
    (time(1), time(5)),
    (time(13), time(14)),
)
DIGESTS = (None, None, time(2), time(8), time(13, 30), time(20))
_TITLE = re.compile(r"(Changed: |Withdrawn: )?N(\d+)v(\d+)")


class KilledError(Exception):
    """The process died."""


@dataclass
class Person:
    subscription: Subscription
    begin: time | None = None
    end: time | None = None
    digest: time | None = None
    muted: datetime | None = None
    quietly: bool = False
    on: bool = True

    def rest(self, now: datetime) -> datetime | None:
        """When the mute or the quiet hours end that hold now."""
        if self.muted and self.muted > now:
            return self.muted
        if self.begin is None or self.end is None:
            return None
        clock = now.astimezone(INDIA).time()
        inside = self.begin <= clock < self.end if self.begin < self.end else clock >= self.begin or clock < self.end
        return upcoming(self.end, now) if inside else None

    def first(self, now: datetime, latest: datetime | None, *, kept: bool) -> datetime | None:
        """When something published now is told; None for at once."""
        if kept:
            return upcoming(self.digest or self.end or time(20), now)
        ends = [upcoming(self.digest, now)] if self.digest else []
        if self.muted and self.muted > now:
            ends.append(self.muted)
        if Person(self.subscription, self.begin, self.end).rest(now):
            ends.append(upcoming(self.end or time(), now))
        return next((end for end in ends if latest is None or end < latest), None)


@dataclass
class News:
    number: int
    kept: bool
    version: int = 1
    deadline: datetime | None = None
    venue: str = ""
    names: int | None = None  # whom its list names, by subscription
    withdrawn: bool = False
    edited: datetime = BEGIN

    def presses(self, now: datetime, end: datetime) -> bool:
        return self.deadline is not None and now < self.deadline <= end + 2 * HOUR

    def latest(self, now: datetime) -> datetime | None:
        return self.deadline - 2 * HOUR if self.deadline and self.deadline > now else None


@dataclass
class Item:
    """What the model holds of one delivery; `change` tells a change of a notice."""

    person: int
    news: News
    kept: bool
    change: bool
    due: datetime


@dataclass
class Read:
    """A message as somebody reads it, with the time it came and as it was then."""

    at: datetime
    first: str
    text: str
    unknown: bool = False  # nobody wrote down that it went out: it is repeated, and not edited


def upcoming(clock: time, now: datetime) -> datetime:
    """The next moment at which a clock in India shows this time."""
    local = now.astimezone(INDIA)
    day = local.date() if clock > local.time() else local.date() + DAY
    return datetime.combine(day, clock, INDIA)


@dataclass
class World:
    chance: random.Random
    at: Callable[[datetime], Any]
    deaths: float = 0.02  # how likely the process dies at each of many lines
    people: dict[int, Person] = field(default_factory=dict)
    news: dict[int, News] = field(default_factory=dict)
    waiting: list[Item] = field(default_factory=list)
    told: set[tuple[int, int]] = field(default_factory=set)
    expected: Counter[tuple[int, datetime, str]] = field(default_factory=Counter)
    messages: dict[int, list[Read]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    repeated: int = 0
    kills: int = 0
    digests: int = 0
    clock: datetime = BEGIN
    _real: datetime = BEGIN
    _jump: timedelta = timedelta(0)

    def populate(self, subscriptions: list[Subscription]) -> None:
        self._set(BEGIN)
        for mine in subscriptions:
            self.people[mine.pk] = Person(mine)
            Filter.objects.create(subscriber=mine.subscriber, kind="not-word", value="kept")
            self._choose(mine.pk)
            self.messages[mine.pk] = []

    def run(self, days: float, *, jumps: bool = False) -> list[str]:
        """Let so many days pass. Returns what went wrong."""
        acts = (self._publish,) * 5 + (self._edit, self._edit, self._withdraw, self._choose_other, self._leave)
        end = BEGIN + days * DAY
        while self._real < end and not self.wrong:
            for minute in sorted(self.chance.sample(range(1, 20), self.chance.choice((0, 0, 1, 2)))):
                self._set(self._real + minute * MINUTE, keep=True)
                self.chance.choice(acts)()
                self._deliver()
            if jumps and self.chance.random() < 0.02:
                self._jump = self.chance.choice((timedelta(0), -3 * DAY, 2 * DAY, 5 * HOUR, -7 * HOUR, 30 * MINUTE))
            self._real += self.chance.choice((TICK, TICK, TICK, 9 * TICK))  # nothing ran for a while
            self._tick()
        return self.wrong or self._verdict()

    # --- the clock -----------------------------------------------------------------

    def _set(self, real: datetime, *, keep: bool = False) -> None:
        if not keep:
            self._real = real
        self.clock = real + self._jump
        self.at(self.clock)

    def _tick(self) -> None:
        self._set(self._real)
        bring_back(Delivery)
        self._survive(deferring.tell_due)
        self._model_tick()
        self._deliver()

    # --- what happens ----------------------------------------------------------------

    def _publish(self) -> None:
        number = len(self.news) + 1
        news = News(number, kept=self.chance.random() < 0.2)
        if self.chance.random() < 0.4:
            news.deadline = self.clock + self.chance.choice((2, 5, 9, 15, 40, 90)) * HOUR + MINUTE
        if self.chance.random() < 0.2:
            news.names = self.chance.choice(list(self.people))
        self.news[number] = news
        self._survive(lambda: publish(self._draft(news)))
        for pk, person in self.people.items():
            if person.on and pk == news.names:
                self._tells(Item(pk, news, False, False, self.clock), at_once=True)
            elif person.on and (not news.kept or person.quietly):
                self._put(Item(pk, news, news.kept, False, self.clock), news.latest(self.clock))

    def _edit(self) -> None:
        if news := self._any():
            news.version += 1
            news.edited = self.clock
            moves = self.chance.random() < 0.5
            if moves:
                news.venue = f"LT-{news.version}"
            self._survive(lambda: publish(self._draft(news)))
            had = [pk for pk in self.people if (pk, news.number) in self.told]
            if news.names and news.names not in had:  # the bot was off when the list came
                self._tells(Item(news.names, news, False, False, self.clock), at_once=True)
            for pk in had if moves else ():
                if self.people[pk].on:
                    quiet = news.kept and pk != news.names
                    self._put(Item(pk, news, quiet, True, self.clock), news.latest(self.clock))

    def _withdraw(self) -> None:
        if news := self._any():
            news.withdrawn = True
            news.edited = self.clock
            self._survive(lambda: withdraw(f"n:{news.number}"))
            self.waiting = [item for item in self.waiting if item.news is not news]

    def _any(self) -> News | None:
        lately = [news for news in list(self.news.values())[-12:] if not news.withdrawn]
        return self.chance.choice(lately) if lately else None

    def _choose_other(self) -> None:
        self._choose(self.chance.choice(list(self.people)))

    def _choose(self, pk: int) -> None:
        person = self.people[pk]
        person.begin, person.end = self.chance.choice(QUIET)
        person.digest = self.chance.choice(DIGESTS)
        person.muted = self.clock + self.chance.choice((3, 8, 30)) * HOUR if self.chance.random() < 0.2 else None
        person.quietly = self.chance.random() < 0.5
        chosen = {
            "quiet_from": person.begin,
            "quiet_until": person.end,
            "digest_at": person.digest,
            "muted_until": person.muted,
            "quietly": person.quietly,
        }
        self._survive(lambda: timing.change(person.subscription.subscriber, **chosen))
        mine = [item for item in self.waiting if item.person == pk]
        for item in mine:
            item.due = person.first(self.clock, None, kept=item.kept) or self.clock
        if any(item.due <= self.clock for item in mine):
            self._model_tick(pk)

    def _leave(self) -> None:
        pk = self.chance.choice(list(self.people))
        mine = Subscription.objects.filter(pk=pk)
        self.people[pk].on = not self.people[pk].on
        if self.people[pk].on:
            mine.switch_on()
        else:
            mine.switch_off("stopped")

    def _draft(self, news: News) -> Draft:
        names = {news.names: self.people[news.names].subscription.subscriber.name} if news.names else {}
        return Draft(
            external_key=f"n:{news.number}",
            title=f"N{news.number}v{news.version}{' kept' if news.kept else ''}",
            category="update",
            deadline=news.deadline,
            venue=news.venue,
            roster=tuple({"name": name} for name in names.values()),
        )

    # --- the model -----------------------------------------------------------------

    def _put(self, item: Item, latest: datetime | None) -> None:
        due = self.people[item.person].first(self.clock, latest, kept=item.kept)
        if due is None:
            self._tells(item, at_once=True)
        else:
            item.due = due
            self.waiting.append(item)

    def _model_tick(self, only: int | None = None) -> None:
        now = self.clock
        mine = [item for item in self.waiting if only in (None, item.person)]
        ready: list[Item] = []
        for item in mine:
            person = self.people[item.person]
            far = item.due > now + DAY + MINUTE and not (person.muted and person.muted >= item.due)
            item.due = now if far else item.due
            if item.due <= now and not person.on:
                self.waiting.remove(item)
                continue
            if item.due <= now and (rest := person.rest(now)):
                item.due = rest
            if not item.kept and item.news.presses(now, item.due):
                same = [other for other in mine if (other.person, other.news) == (item.person, item.news)]
                self._tells(item, at_once=not item.change or len(same) == 1)
                self.waiting.remove(item)
            elif item.due <= now:
                ready.append(item)
                self.waiting.remove(item)
        for item in ready:
            self._tells(item, at_once=False)

    def _tells(self, item: Item, *, at_once: bool) -> None:
        if not self.people[item.person].on:
            return
        if item.change:
            key = (item.person, self.clock, f"Changed: N{item.news.number}")
            self.expected[key] = self.expected[key] + 1 if at_once else 1  # several changes are one in a digest
        else:
            self.told.add((item.person, item.news.number))
            self.expected[item.person, self.clock, f"N{item.news.number}"] += 1

    # --- what people read ----------------------------------------------------------------

    def _deliver(self) -> None:
        """Hand out what is due, with a process that may die anywhere; whatever it repeats is counted."""
        tidy()
        later = timedelta(0)
        while claimed := ledger.claim("telegram", "a", limit=50, lease=timedelta(seconds=1)):
            renderer = Renderer("telegram")
            renderer.load(claimed)
            try:
                for item in claimed:
                    self._hand_out(renderer, item)
            except KilledError:
                later += timedelta(seconds=2)
                self.at(self.clock + later)
                ledger.expire_leases()

    def _hand_out(self, renderer: Renderer, item: ledger.Claimed) -> None:
        ready = prepare("telegram", renderer, item)
        while isinstance(ready, ReadyDelivery):
            item = ready.item
            part = ready.rendered.parts[item.parts_sent]
            assert isinstance(part, TelegramPart)
            self._may_die()
            number = self._show(item, part)
            settlement = outcomes.sent_part(
                item,
                Receipt((number,)),
                parts=len(ready.rendered.parts),
                version=ready.rendered.version,
                now=self.clock,
                told=ready.rendered.told_by(item.parts_sent),
            )
            if self.chance.random() < self.deaths:
                if item.work == Delivery.Work.SEND:
                    self.repeated += 1
                    self.messages[item.subscription_id][number].unknown = True
                raise self._killed()
            self._survive(partial(ledger.settle, "a", [settlement], lease=timedelta(seconds=1)))
            if settlement.state != Delivery.State.SENDING:
                return
            ready = ReadyDelivery(outcomes.advanced(item, settlement), ready.rendered)
        ledger.settle("a", [ready], lease=timedelta(seconds=1))

    def _show(self, item: ledger.Claimed, part: TelegramPart) -> int:
        mine = self.messages[item.subscription_id]
        if item.work == Delivery.Work.EDIT and item.parts_sent < len(item.message_ids):
            mine[item.message_ids[item.parts_sent]].text = part.body.text
            return 0
        mine.append(Read(self.clock, part.body.text, part.body.text))
        self.digests += part.body.text.startswith("🗞")
        self._look(item, part.body.text)
        return len(mine) - 1

    def _look(self, item: ledger.Claimed, text: str) -> None:
        """What is shown at first is in its last state, in order, and not withdrawn."""
        found = _TITLE.findall(text)
        for mark, number, version in found:
            news = self.news[int(number)]
            if mark == "Withdrawn: " or (news.withdrawn and not mark):
                self.wrong.append(f"{item.subscription_id} reads N{number} at {self.clock}, which was withdrawn")
            if int(version) != news.version:
                self.wrong.append(f"{item.subscription_id} reads N{number}v{version} at {self.clock}")

    def _verdict(self) -> list[str]:
        seen: Counter[tuple[int, datetime, str]] = Counter()
        for pk, messages in self.messages.items():
            for message in messages:
                for mark, number, _ in _TITLE.findall("" if message.unknown else message.first):
                    kind = "Changed: " if mark or message.first.startswith("✏️") else ""
                    seen[pk, message.at, f"{kind}N{number}"] += 1
                if not message.unknown:
                    self._last_state(pk, message)
        self.wrong += [f"{pk} was not told {what} at {at}" for pk, at, what in self.expected - seen]
        self.wrong += [f"{pk} was told {what} at {at}" for pk, at, what in seen - self.expected]
        return self.wrong

    def _last_state(self, pk: int, message: Read) -> None:
        """A message that went out says how its notices stand now, where its reader still wants messages."""
        for mark, number, version in _TITLE.findall(message.text):
            news = self.news[int(number)]
            followed = self.clock - news.edited < 5 * DAY  # who was away for longer keeps what they had
            if followed and self.people[pk].on and not (mark or message.first.startswith("✏️")):
                if int(version) != news.version:
                    self.wrong.append(f"{pk} still reads N{number}v{version}, which is v{news.version}")
                if news.withdrawn and "Withdrawn" not in message.text:
                    self.wrong.append(f"{pk} still reads N{number}, which was withdrawn")

    # --- dying ------------------------------------------------------------------------

    def _may_die(self) -> None:
        if self.chance.random() < self.deaths:
            raise self._killed()

    def _killed(self) -> KilledError:
        self.kills += 1
        return KilledError()

    def _survive(self, act: Callable[[], object]) -> None:
        """Do something, killed now and then at one of its statements, until it is done."""
        while True:
            after = self.chance.randrange(1, 30) if self.chance.random() < 10 * self.deaths else None
            try:
                with transaction.atomic(), self._dying(after):
                    act()
            except KilledError:
                continue
            return

    @contextmanager
    def _dying(self, after: int | None) -> Iterator[None]:
        left = after

        def execute(run: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
            nonlocal left
            if left is not None:
                left -= 1
                if left == 0:
                    raise self._killed()
            return run(sql, parameters, many, context)

        with connection.execute_wrapper(execute):
            yield


def people_of(subscriptions: list[Subscription]) -> list[Subscription]:
    """Give each a name that a list may hold."""
    for mine in subscriptions:
        Subscriber.objects.filter(pk=mine.subscriber_id).update(name=f"Asha Number{mine.pk}")
    return list(Subscription.objects.select_related("subscriber").filter(pk__in=[mine.pk for mine in subscriptions]))


def clear() -> None:
    Notice.objects.all().delete()
    Subscriber.objects.all().delete()
