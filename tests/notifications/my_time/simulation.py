"""Days of reminders: what the service sends at each minute is compared with what `expected.py` works out.

Dates move, are cancelled and come back; people answer, switch, rest, stop and start; processes are down for minutes
to days, die while they plan (the transaction rolls back) or between planning and sending; the clock jumps both ways
and comes back; the machine's own zone has summer time. Minutes in which no date that was ever stated is due, nothing
waits and nothing has happened are left out, but for one in six hours.
"""

import os
import time as clock_time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from random import Random
from unittest import mock

import time_machine
from django.utils import timezone

from accounts.clock import bring_back
from accounts.models import FollowedSeason, Subscriber, Subscription
from accounts.personal import profiles, timing
from notifications.delivery import deferring, ledger
from notifications.models import Delivery, Interest, Notice
from notifications.my_time import reminders
from notifications.publishing.publish import Draft, publish, withdraw
from tests.notifications.my_time.expected import INDIA, MINUTE, TOGETHER, Expected, Item, Person, Posting, World
from tests.notifications.my_time.sending import Message, claim, send_due

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata")
PEOPLE, SEASON = 6, 202627
START = datetime(2026, 3, 1, tzinfo=INDIA)
EXACT = timedelta(seconds=60)
_KEPT_DAYS = 6
_OPEN_TO = ({"name": "cgpa", "value": 7.5, "quote": "CGPA 7.5", "program": ""},)
_COLUMNS = {"24h": "remind_24h", "3h": "remind_3h", "1h": "remind_1h", "events": "remind_events"}


class KilledError(Exception):
    """The process dies here."""


class WrongError(AssertionError):
    """The service and the plain computation disagree."""


class Simulation:
    """Lives through days, the same ones for the same seed. `figures` counts what happened and what was checked."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.figures: Counter[str] = Counter()
        self.world = World()
        self.expected = Expected(self.world)
        self.seen: dict[Item, datetime] = {}
        self.waited: set[Item] = set()
        self._subscriptions: dict[int, int] = {}  # person → its row
        self._notices: dict[int, str] = {}  # row → posting
        self._true = START
        self._offset = timedelta(0)
        self._disturbed = START  # in true time: the last moment at which not all was well
        self._down_until = self._bot_down_until = self._unsent_until = START
        self._dies = False
        self._hot: set[int] = set()
        self._number = 0

    @property
    def now(self) -> datetime:
        return self._true + self._offset

    def run(self, days: int, *, told: Callable[[int], object] = lambda _: None) -> None:
        """Live so many days. Raises WrongError."""
        os.environ["TZ"] = self.random.choice(ZONES)
        clock_time.tzset()
        with time_machine.travel(START.astimezone(UTC), tick=False) as self._machine:
            self._meet_people()
            for day in range(days):
                self._day(day)
                self.figures["days"] += 1
                told(day + 1)

    # --- a day ---------------------------------------------------------------------

    def _day(self, day: int) -> None:
        actions = sorted(
            (self.random.randrange(24 * 60), self.random.random()) for _ in range(self.random.randint(4, 12))
        )
        for minute in range(24 * 60):
            self._true = START + timedelta(days=day, minutes=minute)
            self._minute(minute, [chance for at, chance in actions if at == minute])
        self._forget_old()

    def _minute(self, minute: int, chances: list[float]) -> None:
        beginning = self._true
        if self._true < self._down_until:
            self._disturbed = self._true
        elif self._is_worth_a_look(minute):
            self._at(beginning + timedelta(seconds=self.random.uniform(0, 32)))
            self._sweep()
        for chance in chances:
            self._at(beginning + timedelta(seconds=self.random.uniform(40, 59)))
            self._act(chance)

    def _is_worth_a_look(self, minute: int) -> bool:
        waits = self.expected.pending or any(
            row.waits_until and row.waits_until <= self.now for row in self.expected.deferred
        )
        soon = self._true - self._disturbed < 3 * MINUTE
        return bool(waits or soon or minute % 360 == 7 or int(self.now.timestamp() // 60) in self._hot)

    def _at(self, true: datetime) -> None:
        self._true = true
        self._machine.move_to(self.now.astimezone(UTC))

    # --- the service, and what it should do --------------------------------------------

    def _sweep(self) -> None:
        """The minute's tasks."""
        self.figures["sweeps"] += 1
        now = timezone.now()
        if self._dies:
            self._die_planning()
            return
        reminders.remind()
        self.expected.plan(now)
        if deferring.waiting().exists():
            deferring.tell_due()
            self.expected.look_at_rests(now)
        self.waited |= {item for row in self.expected.deferred for item in row.items}
        if self._true < self._unsent_until:
            self._disturbed = self._true
            claim()  # by a process that dies then
        else:
            self._send()
        self._check_missed()

    def _die_planning(self) -> None:
        """Roll back what was just planned; another process goes on in the next minute."""
        self._dies = False
        self._disturbed, self._unsent_until = self._true, self._true + MINUTE
        with mock.patch.object(ledger, "put_together", side_effect=KilledError), suppress(KilledError):
            reminders.remind()
            self.expected.plan(timezone.now())

    def _send(self) -> None:
        if self._true - self._disturbed < 5 * MINUTE:
            bring_back(Delivery)
            ledger.release("test")  # what a dead process had claimed (delivery/leases.py, release_dead_owners)
        now = timezone.now()
        sent = send_due()
        if sent:
            self._note_told(now)
        found = Counter(self._items(message) for message in sent if message.reminded)
        wanted = Counter(frozenset(items) for items in self.expected.send(now))
        if found != wanted:
            raise WrongError(f"At {now} sent {_shown(found - wanted)} and not {_shown(wanted - found)}")
        for items in found:
            self._check(items, now)

    def _items(self, message: Message) -> frozenset[Item]:
        person = next(number for number, row in self._subscriptions.items() if row == message.subscription)
        return frozenset(
            Item(
                person,
                self._notices[reminder.follows_id or 0],
                reminder.deadline or START,
                reminder.rule.removeprefix("reminder "),
            )
            for reminder in message.reminded
        )

    def _note_told(self, now: datetime) -> None:
        people = {row: number for number, row in self._subscriptions.items()}
        rows = Delivery.objects.filter(sent_at=now, notice__in=self._notices, work="send")
        for subscription, notice in rows.values_list("subscription", "notice"):
            said = self.world.people[people[subscription]].of(self._notices[notice])
            said.told = said.changed = now

    # --- what must hold, whatever was planned --------------------------------------------

    def _check(self, items: frozenset[Item], now: datetime) -> None:
        """None twice, none that no longer holds, none off by more than a minute while all was well."""
        calm = self._true - self._disturbed > 20 * MINUTE
        times = {item: self.world.postings[item.key].times()[item.kind] for item in items}
        first = min(abs(now - at) for at in times.values())
        for item, at in times.items():
            self.figures["reminders"] += 1
            together = len(items) > 1 and at - now <= TOGETHER + EXACT
            early = at - now > EXACT and not together
            late = now - at > EXACT and calm and item not in self.waited
            off = first > EXACT and calm and not any(each in self.waited for each in items)
            if item in self.seen or self.world.against(item, now) or early or late or off:
                raise WrongError(f"At {now}: {item}, due {at}, seen {self.seen.get(item)}")
            self.seen[item] = now
        self.figures["messages"] += 1

    def _check_missed(self) -> None:
        """What was due some minutes ago, with nothing changed since long before, is there."""
        now, settled = self.now, self.now - 8 * MINUTE
        if self._true - self._disturbed < 10 * MINUTE:
            return
        for posting in self.world.postings.values():
            for kind, at in posting.times().items():
                stable = posting.since < settled and (posting.changed or START) < settled
                if not (now - 5 * MINUTE < at < now - 2 * MINUTE and stable):
                    continue
                for person in self.world.people.values():
                    self._check_has(person, Item(person.number, posting.key, posting.date, kind), at)

    def _check_has(self, person: Person, item: Item, at: datetime) -> None:
        posting, said, settled = self.world.postings[item.key], person.of(item.key), self.now - 8 * MINUTE
        changed = max(filter(None, (person.changed, said.changed)), default=START)
        later = any(one > at for one in self.expected.had.get((person.number, item.key, item.date), []))
        if changed > settled or later or posting.withdrawn or self.world.against(item, self.now):
            return
        rests = person.rests_until(at) or person.rests_until(self.now)
        wanted = self.world.is_for(person, posting, at, self.now) and not rests
        self.figures["looked for what is missing"] += 1
        if wanted and item not in self.seen:
            raise WrongError(f"At {self.now}: {item}, due {at}, is missing")

    # --- what happens ------------------------------------------------------------------

    def _act(self, chance: float) -> None:
        """One thing happens. What the scheduler does waits while it is down, and the bot's side while all is down."""
        scheduled = (
            self._publish,
            self._publish,
            self._publish,
            self._move,
            self._move,
            self._withdraw,
            self._republish,
        )
        asked = (self._say, self._say, self._say, self._switch, self._rest, self._stop_or_start)
        troubles = (self._go_down, self._die, self._leave_unsent, self._jump, self._come_back)
        happenings = [*scheduled * 8, *asked * 5, *troubles]
        happening = happenings[int(chance * len(happenings))]
        down = self._true < self._down_until
        if (happening in scheduled and down) or (happening in asked and self._true < self._bot_down_until):
            return
        self.figures[happening.__name__.removeprefix("_")] += 1
        happening()

    def _publish(self) -> None:
        self._number += 1
        of_event, all_day = self.random.random() < 0.35, self.random.random() < 0.2
        listed = self.random.sample(sorted(self.world.people), 3) if of_event and self.random.random() < 0.6 else []
        posting = Posting(
            f"p{self._number}",
            self._date(all_day=all_day, of_event=of_event),
            all_day,
            of_event,
            self.now,
            frozenset(listed),
            wants_marks=not of_event and self.random.random() < 0.4,
        )
        self.world.postings[posting.key] = posting
        self._store(posting)

    def _store(self, posting: Posting) -> None:
        """Publish a posting as it is now, and tell it where messages go out."""
        date = {"event_at": posting.date, "event_all_day": posting.all_day}
        if not posting.of_event:
            date = {"deadline": posting.date, "deadline_all_day": posting.all_day}
        draft = Draft(
            external_key=posting.key,
            title=f"Posting {posting.key}",
            category="shortlisting" if posting.listed else "job_posting",
            season=SEASON,
            job_key=posting.key,
            roster=tuple({"name": f"N{n}", "enrollment": str(22103000 + n)} for n in sorted(posting.listed)),
            eligibility=_OPEN_TO if posting.wants_marks else (),
            published_at=timezone.now(),
            **date,  # type: ignore[arg-type]  # a date and a bool by their names
        )
        self._notices[publish(draft).notice.pk] = posting.key
        self._hot |= {int(at.timestamp() // 60) + n for at in posting.times().values() for n in (-1, 0, 1, 3)}
        if self._true >= self._unsent_until:
            self._send()

    def _date(self, *, all_day: bool, of_event: bool) -> datetime:
        """A date that is still to come; many in the same minutes, so that reminders meet."""
        near = self.now + timedelta(
            hours=self.random.choice((2, 4, 5, 20, 25, 30, 48, 60)), minutes=self.random.randint(0, 59)
        )
        local = near.astimezone(INDIA)
        if not all_day:
            hour = self.random.choice((local.hour, 17, 23))
            return max(local.replace(hour=hour, minute=self.random.choice((0, 10, 59)), second=0, microsecond=0), near)
        day = local.date() + timedelta(days=1)
        return datetime.combine(day, time(0) if of_event else time(23, 59), tzinfo=INDIA)

    def _some(self) -> Posting | None:
        alive = [posting for posting in self.world.postings.values() if posting.date > self.now]
        return self.random.choice(alive) if alive else None

    def _move(self) -> None:
        posting = self._some()
        if posting and not posting.withdrawn:
            before, posting.date = posting.date, self._date(all_day=posting.all_day, of_event=posting.of_event)
            posting.changed = self.now
            posting.since = self.now if posting.date != before else posting.since
            self._store(posting)

    def _withdraw(self) -> None:
        posting = self._some()
        if posting and not posting.withdrawn:
            posting.withdrawn, posting.changed = True, self.now
            withdraw(posting.key)
            self.expected.withdraw(posting.key)

    def _republish(self) -> None:
        posting = next((each for each in self.world.postings.values() if each.withdrawn), None)
        if posting:
            posting.withdrawn, posting.changed, posting.since = False, self.now, self.now
            self._store(posting)

    def _say(self) -> None:
        posting, person = self._some(), self._person()
        if posting is None:
            return
        said, what = person.of(posting.key), self.random.choice(("asked", "asked", "applied", "declined", "back"))
        said.changed = self.now
        if what == "back":
            said.asked, said.applied, said.declined = None, False, False
        elif what == "asked":
            said.asked, said.declined = self.now, False
        else:
            said.applied, said.declined = what == "applied", what == "declined"
            said.asked = None if said.declined else said.asked
        noted = {
            "remind_at": said.asked,
            "applied_at": self.now if said.applied else None,
            "not_interested_at": self.now if said.declined else None,
        }
        Interest.objects.update_or_create(subscriber=self._subscriber(person), key=posting.key, defaults=noted)

    def _switch(self) -> None:
        person, what = self._person(), self.random.choice(tuple(_COLUMNS))
        if not self._waits(person):
            person.on[what], person.changed = not person.on[what], self.now
            timing.change(self._subscriber(person), **{_COLUMNS[what]: person.on[what]})

    def _rest(self) -> None:
        person = self._person()
        if not self._waits(person):
            person.quiet = (
                None if person.quiet else (time(self.random.randint(20, 23)), time(self.random.randint(5, 8)))
            )
            person.changed = self.now
            begin, end = person.quiet or (None, None)
            timing.change(self._subscriber(person), quiet_from=begin, quiet_until=end)

    def _stop_or_start(self) -> None:
        person = self._person()
        person.active, person.changed = not person.active, self.now
        mine = Subscription.objects.filter(pk=self._subscriptions[person.number])
        mine.switch_on() if person.active else mine.switch_off("stopped")

    def _go_down(self) -> None:
        self._down_until = self._true + self._while()
        if self.random.random() < 0.5:
            self._bot_down_until = self._down_until

    def _die(self) -> None:
        self._dies = True

    def _leave_unsent(self) -> None:
        self._unsent_until = self._true + self.random.choice((2, 10, 90)) * MINUTE

    def _jump(self) -> None:
        self._disturbed = self._true
        if self._offset:
            self._offset = timedelta(0)
        else:
            minutes = self.random.choice((3, 17, 60, 200, 700))
            self._offset = self.random.choice((1, -1)) * minutes * MINUTE

    def _come_back(self) -> None:
        if self._offset:
            self._jump()

    def _while(self) -> timedelta:
        return self.random.choice((3, 3, 20, 20, 120, 600, 1500, 2900)) * MINUTE

    # --- people --------------------------------------------------------------------------

    def _meet_people(self) -> None:
        for number in range(PEOPLE):
            person = Person(number, low_marks=number % 2 == 0)
            self.world.people[number] = person
            subscriber = Subscriber.objects.create(
                telegram_id=9000 + number, name=f"Person {number}", membership="member"
            )
            mine = Subscription.objects.create(subscriber=subscriber, channel="telegram", address=str(9000 + number))
            FollowedSeason.objects.create(subscription=mine, season=SEASON)
            profiles.agree(9000 + number)
            profiles.tell(9000 + number, "number", str(22103000 + number))
            profiles.tell(9000 + number, "cgpa", "6.1" if person.low_marks else "8.2")
            self._subscriptions[number] = mine.pk

    def _person(self) -> Person:
        return self.random.choice(list(self.world.people.values()))

    def _subscriber(self, person: Person) -> Subscriber:
        return Subscriber.objects.get(telegram_id=9000 + person.number)

    def _waits(self, person: Person) -> bool:
        return any(row.person == person.number for row in self.expected.deferred)

    def _forget_old(self) -> None:
        """Delete what is long over, here and there, so that a long run stays fast."""
        before = min(self.now, self._true) - timedelta(days=_KEPT_DAYS)
        old = [key for key, posting in self.world.postings.items() if posting.date < before]
        if len(old) < 20:
            return
        Notice.objects.filter(job_key__in=old).delete()
        said_in = Delivery.objects.exclude(told_in=None).values("told_in__notice")  # goes with what it says
        Notice.objects.filter(private=True, published_at__lt=before).exclude(pk__in=said_in).delete()
        Interest.objects.filter(key__in=old).delete()
        for key in old:
            del self.world.postings[key]
            for person in self.world.people.values():
                person.said.pop(key, None)
        self._notices = {row: key for row, key in self._notices.items() if key not in old}
        self.expected.skipped = [
            row for row in self.expected.skipped if all(item.key in self.world.postings for item in row.items)
        ]
        self.seen = {item: at for item, at in self.seen.items() if item.key in self.world.postings}
        self.expected.had = {where: at for where, at in self.expected.had.items() if where[1] in self.world.postings}
        self._hot = {minute for minute in self._hot if minute * 60 > before.timestamp()}


def _shown(items: Counter[frozenset[Item]]) -> str:
    return "; ".join(", ".join(map(str, each)) for each in items) or "nothing"


@contextmanager
def living(seed: int) -> Iterator[Simulation]:
    """A simulation whose changes to the process's time zone are undone."""
    before = os.environ.get("TZ")
    try:
        yield Simulation(seed)
    finally:
        if before is None:
            os.environ.pop("TZ", None)
        else:
            os.environ["TZ"] = before
        clock_time.tzset()
