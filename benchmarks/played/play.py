"""Plays a season: the clock goes from event to event, and the service's processes do what they would do then."""

import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import count
from random import Random
from typing import Any, Self

import time_machine

from benchmarks.played.faults import Faults
from benchmarks.played.inputs import DAY, HOUR, MINUTE, Act, Season, Text, Times, local, next_time
from benchmarks.played.known import Trouble
from benchmarks.played.phones import Arrived, Reader, Said
from benchmarks.played.publishing import Publisher
from benchmarks.played.texts import MAILBOX, PORTAL, Recipe
from benchmarks.played.world import ADMIN, Process, Pushed, World
from scraping.watch.rhythm import Limits, Rhythm
from supersetbot.sandbox.telegram.bot_chats import Message

LIMITS = Limits(shortest=60, longest=900, daily_requests=1500)
IDLE_SWEEP = 15 * MINUTE  # so seldom is a minute's sweep played where nothing can be due
MAIL_SECONDS = 3.0  # from a mail to the watcher's look
LOOKS_AGAIN, LOOKS_SLOWEST = 20.0, 600.0
SLOTS = (0, *range(8, 24))
PRESSES = {"applied": "Applied", "no": "Not interested", "remind": "Remind me"}
Step = Callable[[], object]


class Player:
    """Plays one season in one world."""

    def __init__(self, season: Season, recipes: dict[str, Recipe], world: World, clusters: int = 1) -> None:
        self.season, self.world = season, world
        self.now = season.start
        self.acts: list[Act] = []  # as they were done
        self.troubles: list[Trouble] = []
        self.publisher = Publisher(world, recipes, season.seed)
        self.faults = Faults(self)
        self._chance = Random(season.seed + 1)
        self._reader = Reader(season)
        self._owners = {student.chat: student.owner for student in season.students}
        self._names = [f"cluster-{number + 1}" for number in range(clusters)]
        self._processes: dict[str, Process] = {}
        self._queue: list[tuple[float, int, Step]] = []
        self._order = count()
        self._swept: set[int] = set()
        self.states: object = None
        self.failed: Counter[str] = Counter()  # tasks, by what became of them
        self.spent: Counter[str] = Counter()  # milliseconds, by task
        self._clock = time_machine.travel(self.now, tick=True)
        self._travel: Any = None

    def __enter__(self) -> Self:
        self._travel = self._clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._clock.stop()

    def play(self) -> None:
        """Play the season to its end. A KeyboardInterrupt leaves what was played so far to be checked."""
        self._settle_in()
        self._plan()
        while self._queue and self._queue[0][0] <= self.season.end:
            at, _, step = heapq.heappop(self._queue)
            self.go_to(at)
            step()
        self.go_to(self.season.end)
        self.states = self.order(self._names[0], "state").get("result")

    def arrived(self) -> list[Arrived]:
        """What is on the phones, in the order in which it came."""
        return [arrived(number, message) for number, message in enumerate(self.world.phones.arrived)]

    def at(self, moment: float, step: Step) -> None:
        """Do something at a time."""
        heapq.heappush(self._queue, (moment, next(self._order), step))

    def go_to(self, moment: float) -> None:
        """Turn the clock forward; it never goes back, as a step may take longer than there is to the next one."""
        self.now = max(moment, time.time())
        self._travel.move_to(self.now)

    # --- beginning -------------------------------------------------------------------

    def _settle_in(self) -> None:
        people = [student for student in self.season.students if not student.owner]
        for student in people:
            self.world.phones.add_user(student.chat, student.name)
        self.world.phones.add_user(ADMIN, "Meera")
        for name in (*self._names, "bot"):
            self.restart(name)
        fields = ("chat", "name", "number", "member", "seasons", "muted", "filters", "facts", "times")
        rows = [{name: _plain(getattr(student, name)) for name in fields} for student in people]
        told = self.order(self._names[0], "enrol", rows)
        assert told.get("result") == len(rows), told
        for student in self.season.students:
            assert not student.owner or self._subscribe(student.chat, student.owner)
        self.order(self._names[0], "cycle")

    def _plan(self) -> None:
        """Put everything into the queue that is known before."""
        for at, text, number in self.season.changes():
            self.at(at, partial(self._change, text, number))
        for act in self.season.acts:
            self.at(act.at, partial(self._act, act))
        for fault in self.season.faults:
            self.at(fault.at, partial(self.faults.begin, fault))
        for day in range(int((self.season.end - self.season.start) / DAY) + 1):
            midnight = self.season.start + day * DAY
            for hour in SLOTS:
                self.at(midnight + hour * HOUR, self._slot)
            self.at(midnight + 4 * HOUR, lambda: self._everywhere("prune"))
            self.at(midnight, partial(self._say_how_far, day))
        for due in self._due_by_inputs():
            self.sweep_after(due - MINUTE)  # the sweep of that very minute
            self.sweep_after(due + MINUTE)
        self._idle_sweep()
        self._looks = self._peeks()
        self._next_look()

    def _say_how_far(self, day: int) -> None:
        failed = ", ".join(f"{count} {what}" for what, count in self.failed.most_common(3))
        arrived = len(self.world.phones.arrived)
        print(f"day {day}: {arrived:,} messages; tasks that failed: {failed or 'none'}", flush=True)

    def _due_by_inputs(self) -> Iterator[float]:
        """When something may be due that no source and no student brings about: reminders, digests."""
        for text in self.season.texts:
            for version in text.versions:
                yield from (due for _, _, due in version.reminders())
        times = [student.times for student in self.season.students]
        digests = {20 * 60, *(t.digest for t in times if t.digest is not None), *(t.quiet[1] for t in times if t.quiet)}
        for day in range(int((self.season.end - self.season.start) / DAY) + 1):
            yield from (next_time(minutes, self.season.start + day * DAY) for minutes in digests)

    # --- the service's own steps -----------------------------------------------------------

    def restart(self, name: str) -> Process:
        """Start a process, in the place of one that is gone."""
        process = self._processes[name] = self.world.start(name)
        if name == "bot":
            process.give(at=self.faults.clock(self.now))
        return process

    def process(self, name: str) -> Process:
        return self._processes[name]

    def order(self, name: str, task: str, *arguments: object) -> dict[str, Any]:
        """Have a cluster run a task, and return what came of it."""
        self.give(name, task, *arguments)
        return self.answer(name, task)

    def give(self, name: str, task: str, *arguments: object) -> None:
        self._processes[name].give(at=self.faults.clock(time.time()), do=task, **{"with": arguments})

    def answer(self, name: str, task: str) -> dict[str, Any]:
        """Wait for the end of a task, kill its process where a fault says so, and start it again."""
        begun = time.monotonic()
        self.faults.strike(name, task)
        told = self._processes[name].answer()
        self.spent[task] += round(1000 * (time.monotonic() - begun))
        if error := told.get("error"):
            self.failed[f"{task}: {error}"[:100].partition("\n")[0]] += 1
        if told.get("error") == "killed":
            self.restart(name)
        return told

    def _everywhere(self, task: str, *arguments: object) -> list[dict[str, Any]]:
        """Hand a task to every cluster at once."""
        for name in self._names:
            self.give(name, task, *arguments)
        return [self.answer(name, task) for name in self._names]

    def _slot(self) -> None:
        self._everywhere("cycle", local(self.now).replace(second=0, microsecond=0).isoformat())
        self.sweep_after(self.now)

    def _peeks(self) -> Iterator[float]:
        rhythm, at, day, spent = Rhythm(LIMITS), self.season.start, 0, 0
        while True:
            if (today := int((at - self.season.start) / DAY)) != day:
                day, spent = today, 0
            seconds = rhythm.interval(local(at).replace(tzinfo=None), spent)
            spent += 2
            at += seconds or HOUR
            yield at

    def _next_look(self) -> None:
        """The next peek at the portal: where it sees something new, a look is queued."""
        self._changed = False
        self.at(next(self._looks), self._peek)

    def _peek(self) -> None:
        changed, failing = self._changed, self.faults.stands("portal down")
        self._next_look()
        if changed and failing:
            self._changed = True
        elif changed:
            self.look(PORTAL)

    def look(self, source: str, wait: float = LOOKS_AGAIN) -> None:
        """Have a source read; again after a while, where that came to nothing. Other clusters sweep beside it."""
        reader = self._names[next(self._order) % len(self._names)]
        self.give(reader, "look", source)
        others = [name for name in self._names if name != reader]
        for name in others:
            self.give(name, "sweep")
        told = self.answer(reader, "look")
        for name in others:
            self.answer(name, "sweep")
        if ", OK)" not in str(told.get("result")):
            again = min(2 * wait, LOOKS_SLOWEST)
            self.at(time.time() + wait, lambda: self.look(source, again))
        self.sweep_after(self.now)

    def sweep_after(self, moment: float) -> None:
        """Have the next minute's sweep run."""
        minute = int(moment // MINUTE) + 1
        if minute not in self._swept:
            self._swept.add(minute)
            self.at(minute * MINUTE, self._minute)

    def _idle_sweep(self) -> None:
        self._everywhere("catch up")
        self._minute()
        self.at(self.now + IDLE_SWEEP, self._idle_sweep)

    def _minute(self) -> None:
        """The sweep of each minute; it is played until there was nothing to do."""
        self._everywhere("remind")
        told = self._everywhere("sweep")
        done = all("nothing" in str(each.get("result")) for each in told)
        if not done and not self.faults.stands("database away"):  # once it is back, there is a sweep
            self.sweep_after(self.now)

    # --- the world's steps -----------------------------------------------------------------

    def _change(self, text: Text, number: int) -> None:
        if number == -1:
            self._withdraw(self.publisher.external_key(text))
            return
        self.publisher.show(text, number)
        if text.source == MAILBOX:
            self.at(self.now + MAIL_SECONDS, lambda: self.look(MAILBOX))
        else:
            self._changed = True

    def _withdraw(self, key: str) -> None:
        """Staff withdraw a notice in the admin; again, where that failed."""
        told = self.order(self._names[0], "withdraw", key)
        if told.get("result") is not True:
            self.at(time.time() + MINUTE, lambda: self._withdraw(key))
        self.sweep_after(self.now)

    def _subscribe(self, browser: int, owner: int) -> bool:
        told = self.order(self._names[0], "subscribe browser", owner, *self.world.subscribe(browser))
        return told.get("result") is True

    def _act(self, act: Act) -> None:
        self._processes["bot"].give(at=self.faults.clock(time.time()))
        if self._processes["bot"].answer().get("error"):
            self.restart("bot")
        done = self._press(act) if act.what in PRESSES else self._move(act)
        if done:
            self.acts.append(Act(self.now, act.chat, act.what, act.text))
        if act.what not in PRESSES:  # an answer brings nothing about that the next sweep would tell
            self.sweep_after(self.now)

    def _move(self, act: Act) -> bool:
        phones = self.world.phones
        match act.what:
            case "block":
                phones.block(act.chat)
            case "leave":
                phones.block(act.chat, silent=True)
            case "unblock":
                phones.unblock(act.chat)
            case "vanish":
                self.world.browsers.leave(act.chat)
            case "return":
                return self._subscribe(act.chat, self._owners[act.chat])
            case _:
                before = len(phones.arrived)
                phones.user_says(act.chat, f"/{act.what}")
                self.world.until(
                    lambda: any(m.chat_id == act.chat for m in phones.arrived[before:]), self.faults.patience
                )
        self.world.until(lambda: not phones.updates, self.faults.patience)
        return True

    def _press(self, act: Act) -> bool:
        """Press a button below a posting. False where the student does not have it."""
        phones = self.world.phones
        found = [m for m in phones.messages(act.chat) if m.reply_markup and self._is(m, act.text)]
        if not found or phones.chats[act.chat].state != "open":
            return False
        query = phones.press(act.chat, found[-1].message_id, PRESSES[act.what])
        self.world.until(lambda: phones.callback_answers[query] is not None, self.faults.patience)
        return True

    def _is(self, message: Message, key: str) -> bool:
        said = self._reader.read(arrived(0, message))
        return Said(key, "text") in said and "Applied" in str(message.reply_markup)


def arrived(number: int, message: Message | Pushed) -> Arrived:
    """A message as the checker sees it."""
    if isinstance(message, Pushed):
        chat, at, words, now = message.chat_id, message.date, message.text, message.now
        return Arrived(number, at, chat, words, now, message.edited, is_pushed=True)
    return Arrived(
        number,
        float(message.date),
        message.chat_id,
        message.edits[0].text if message.edits else message.text,
        message.text,
        float(message.edit_date or 0),
        str((message.document or {}).get("file_name") or ""),
    )


def _plain(value: object) -> object:
    if isinstance(value, Times):
        return asdict(value)
    return sorted(value) if isinstance(value, frozenset) else value
