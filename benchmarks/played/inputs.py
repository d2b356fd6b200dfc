"""What a played season consists of: students, texts of the sources, what students do, and faults.

The checker knows nothing else. Every time is in seconds since 1970.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
SEASON, OLD_SEASON = 202627, 202526
IN_FLIGHT = 16  # messages that are on their way at once: TELEGRAM_CONCURRENCY
PUSHES_IN_FLIGHT = 50  # and to browsers
Roster = tuple[tuple[str, str], ...]  # name, enrolment number


def local(at: float) -> datetime:
    return datetime.fromtimestamp(at, INDIA)


def shown(at: float) -> str:
    """A time as a message says it: `Sat 2 Jan, 11:59 PM`."""
    when = local(at)
    return f"{when:%a} {when.day} {when:%b}, {when.hour % 12 or 12}:{when:%M %p}"


def shown_day(at: float) -> str:
    return shown(at).partition(",")[0]


def _at(day: float, hour: int) -> float:
    """An hour of the day that a moment lies in."""
    return local(day).replace(hour=hour, minute=0, second=0, microsecond=0).timestamp()


@dataclass(frozen=True, slots=True)
class Times:
    """When a student wants to be told, in minutes of a day; `quietly`: in a digest what filters keep back."""

    quiet: tuple[int, int] | None = None
    digest: int | None = None
    quietly: bool = False


def next_time(minutes: int, after: float) -> float:
    """The next moment after another one at which it is so many minutes after midnight."""
    at = _at(after, 0) + minutes * MINUTE
    return at if at > after else _at(after + DAY, 0) + minutes * MINUTE


@dataclass(frozen=True, slots=True)
class Student:
    """A subscriber on Telegram. `filters` are pairs of kind and value; `facts` is the profile, by the names of /me.

    A browser of somebody's own is one more: `owner` is the chat of who has it, and decides as that one does.
    """

    chat: int
    name: str
    number: str = ""
    member: bool = True
    seasons: tuple[int, ...] = (SEASON,)
    muted: frozenset[str] = frozenset()
    filters: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    suggested: bool = False
    times: Times = Times()
    owner: int = 0

    @property
    def person(self) -> int:
        """The chat whose answers count."""
        return self.owner or self.chat


@dataclass(frozen=True, slots=True)
class Version:
    """What a text says from a time on: what a reader must see of it, beside its list; and what moved, in words.

    `line` is what must be seen of it where a digest tells it in one line.
    """

    at: float
    marks: tuple[str, ...]
    roster: Roster = ()
    deadline: float = 0.0
    event: float = 0.0
    all_day: bool = False  # no time of day of the deadline is stated
    ping: str = ""  # what everybody who has it must be told at once, as the message says it
    line: tuple[str, ...] = ()

    @property
    def dates(self) -> tuple[float, ...]:
        """What can't be told after it."""
        return tuple(filter(None, (self.deadline, self.event)))

    def reminders(self) -> list[tuple[str, float, float]]:
        """Return its reminders as what they are called, the date, and when they are due, in order."""
        found = []
        if self.deadline and self.all_day:
            eve, morning = _at(self.deadline - DAY, 20), _at(self.deadline, 9)
            found += [("eve", self.deadline, eve), ("morning", self.deadline, morning)]
        elif self.deadline:
            found += [(f"{n} h", self.deadline, self.deadline - n * HOUR) for n in (24, 3)]
        if self.event:
            found += [("evening", self.event, _at(self.event - DAY, 20)), ("hour", self.event, self.event - HOUR)]
        return found


@dataclass(frozen=True, slots=True)
class Posting:
    """What a posting states of what filters and rules ask for."""

    job: str
    rupees: int
    place: str
    type: str
    cgpa: float
    tenth: float
    branches: tuple[str, ...]
    backlogs: int | None = None


@dataclass(slots=True)
class Text:
    """A text of a source and what is true of it. `key` stands in every message of it, as who wrote it."""

    key: str
    kind: str
    source: str  # superset, email
    category: str
    title: str  # how a message about its change is headed
    versions: list[Version]
    company: str = ""
    words: str = ""  # what filters by word look into
    job: str = ""  # the key of the posting it belongs to
    posting: Posting | None = None
    document: str = ""  # the name of a file that comes with it
    withdrawn: float = 0.0

    @property
    def at(self) -> float:
        """When it appears."""
        return self.versions[0].at

    def version_at(self, moment: float) -> Version:
        """Return what it says at a time."""
        return [version for version in self.versions if version.at <= moment][-1]


@dataclass(frozen=True, slots=True)
class Act:
    """What a student does: block, unblock, leave, stop, start; applied, no, remind, which are of a posting.

    A browser vanishes, and returns by subscribing anew.
    """

    at: float
    chat: int
    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, from when, and for how long. `size` is the kind's own measure."""

    at: float
    kind: str
    seconds: float = 0.0
    size: float = 0.0

    @property
    def end(self) -> float:
        return self.at + self.seconds


@dataclass(slots=True)
class Season:
    """All inputs of a season that is played from `start` to `end`."""

    seed: int
    start: float
    end: float
    students: list[Student]
    texts: list[Text]
    acts: list[Act] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def changes(self) -> Iterator[tuple[float, Text, int]]:
        """Return when a source changes, by which text and to which of its versions; -1 where it is withdrawn."""
        for text in self.texts:
            for number, version in enumerate(text.versions):
                yield version.at, text, number
            if text.withdrawn:
                yield text.withdrawn, text, -1
