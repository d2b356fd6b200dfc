"""Who should have been told what, and when: computed from the inputs of a season alone.

Nothing of the service's rules is imported: what is told to whom is written down here once more, from docs/spec.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from benchmarks.played.inputs import HOUR, MINUTE, SEASON, Student, Text, Times, Version
from benchmarks.played.known import Known, named
from benchmarks.played.phones import called_as, reminder
from benchmarks.played.waiting import rest_over, tell_at

CLOCK_BEHIND, CLOCK_AHEAD = 2 * HOUR, 4 * HOUR  # so far a clock may be off


@dataclass(slots=True)
class Expected:
    """A message that should arrive from `due` on. Where it is not `sure`, it may or may not.

    It may come from `since` on, where what happens meanwhile decides whether it waits.
    """

    chat: int
    key: str
    what: str
    due: float
    sure: bool = True
    own: bool = False
    about: str = ""
    since: float = 0.0
    waits: bool = False  # for a digest

    def __post_init__(self) -> None:
        self.since = self.since or self.due


class Told(NamedTuple):
    """By which version somebody is told first, whether as one whom its list names, whether a filter keeps it back."""

    version: Version
    own: bool
    kept_back: bool


class Occasion(NamedTuple):
    """A date of a version that is reminded of, and when."""

    version: Version
    date: float
    due: float
    told: float


class Truth(Known):
    """What should arrive."""

    def expected(self) -> Iterator[Expected]:
        """Everything that should arrive, and what may."""
        for text in self.season.texts:
            for student in self.season.students:
                first = self.first(student, text)
                if first:
                    yield first
                    yield from self._file(student, text, first)
                    yield from self._later(student, text, first)
                yield from self._reminders(student, text)

    def first(self, student: Student, text: Text) -> Expected | None:
        """The message of a text itself, None where the student is not to have it."""
        told = self._told(student, text)
        if told is None:
            return None
        version, own, _ = told
        begun = version.at
        since, due = (begun, begun) if own else self._waits(student, version, told)
        comes_on = next((v for v in text.versions if named(student, v) and begun < v.at <= self.limit(due)), None)
        if comes_on and self.limit(begun) < comes_on.at and self.limit(comes_on.at) < since and not own:
            since, due, own, comes_on = comes_on.at, comes_on.at, True, None  # it waited, and now comes at once
        latest = self.limit(due)
        active = self.active(student.chat, begun, latest)
        declined = self.declined(student.person, text.job, begun, latest) if text.job and not own else False
        over = text.withdrawn > 0 and self.limit(text.withdrawn) < since
        if active is False or declined is True or (over and not self.clock_was_wrong(begun, text.withdrawn)):
            return None
        if comes_on:
            since = min(since, comes_on.at)
        changed = any(begun < other.at <= latest and named(student, other) != own for other in text.versions)
        gone = 0 < text.withdrawn <= latest
        sure = active is True and declined is False and not gone and not (changed and told.own == own) and not comes_on
        return Expected(student.chat, text.key, "text", due, sure, own, since=since, waits=due > begun and not own)

    def _told(self, student: Student, text: Text) -> Told | None:
        for version in text.versions:
            there = self.active(student.chat, version.at, self.limit(version.at)) is not False
            if named(student, version) and there:
                return Told(version, own=True, kept_back=False)
            if version is text.versions[0] and there and self.wants(student, text):
                return Told(version, own=False, kept_back=False)
            if version is text.versions[0] and there and self.kept_back(student, text):
                return Told(version, own=False, kept_back=True)
        return None

    # --- what waits -------------------------------------------------------------------

    def _waits(self, student: Student, version: Version, told: Told, *dates: float) -> tuple[float, float]:
        """From when and until when somebody may be told of what is published, which it is within a while."""
        if student.times == Times(quietly=student.times.quietly) and not told.kept_back:
            return version.at, version.at
        wrong = self.clock_was_wrong(version.at, self.limit(version.at))
        first = version.at - (CLOCK_BEHIND if wrong else 0.0)
        last = self.limit(version.at) + (CLOCK_AHEAD if wrong else 0.0)
        moments = [*_steps(first, last), last]
        known = (*version.dates, *dates)
        found = [tell_at(student.times, moment, known, kept_back=told.kept_back) or version.at for moment in moments]
        return max(version.at, min(found)), max(version.at, *found)

    def _file(self, student: Student, text: Text, first: Expected) -> Iterator[Expected]:
        if text.document and (student.member or not text.versions[0].roster) and not student.owner:
            waits = first.due > text.at and not first.own  # a digest has no files
            if not waits or first.since <= text.at:
                yield Expected(student.chat, text.key, "file", first.due, first.sure and not waits, since=first.since)

    def _later(self, student: Student, text: Text, first: Expected) -> Iterator[Expected]:
        """What is told of changes to somebody who has the text."""
        if named(student, text.versions[0]) and self.file_was_held_up(text, self.limit(first.due)):
            yield Expected(student.chat, called_as(text), "on", text.at, sure=False)
        for before, version in pairwise(text.versions):
            sure, possible = self._change(student, text, first, version.at)
            if not possible:
                continue
            if (
                version.ping
                and (pinged := named(student, before) or self._pinged(student, text, version.at)) is not False
            ):
                told = Told(version, own=False, kept_back=self.kept_back(student, text))
                since, due = self._waits(student, version, told, *before.dates)
                sure = sure and pinged is True and self._change(student, text, first, due)[0]
                waits = due > version.at
                yield Expected(student.chat, text.key, "ping", due, sure, about=version.ping, since=since, waits=waits)
            if named(student, before) != named(student, version):
                what = "on" if named(student, version) else "off"
                had = what == "off" or first.due < version.at
                if had:
                    yield Expected(student.chat, text.title, what, version.at, sure)
        if text.withdrawn and named(student, text.version_at(text.withdrawn)):
            sure, possible = self._change(student, text, first, text.withdrawn)
            if possible:
                yield Expected(student.chat, text.title, "withdrawn", text.withdrawn, sure)

    def _pinged(self, student: Student, text: Text, at: float) -> bool | None:
        """Whether those who have a text hear of its change: not who mutes its kind, or is not interested in its job."""
        if SEASON not in student.seasons or text.category in student.muted:
            return False
        declined = self.declined(student.person, text.job, at, self.limit(at)) if text.job else False
        return None if declined is None else not declined

    def _change(self, student: Student, text: Text, first: Expected, at: float) -> tuple[bool, bool]:
        """Whether a change is told for sure, and whether it may be told. A browser that returned had nothing before."""
        if student.owner and self.active(student.chat, first.since, self.limit(at)) is not True:
            return False, True
        active = self.active(student.chat, at, self.limit(at))
        had = first.sure and self.limit(first.due) < at
        gone = 0 < text.withdrawn <= self.limit(at) and text.withdrawn != at
        return active is True and had and not gone, active is not False

    def _reminders(self, student: Student, text: Text) -> Iterator[Expected]:
        """Reminders of each date that holds when they are due; in quiet hours they wait for the end, if early."""
        for version in text.versions:
            for kind, date, due in version.reminders():
                told = rest_over(student.times, due, date)
                latest = self.limit(told)
                active = self.active(student.chat, due, latest)
                reminded = self._reminded(student, text, Occasion(version, date, due, told))
                if active is False or reminded is False or text.version_at(due) is not version:
                    continue
                if 0 < text.withdrawn <= due:
                    continue
                holds = text.version_at(latest) is version and not 0 < text.withdrawn <= latest
                known = self.limit(version.at) < due and latest < min(date, self.season.end)
                steady = told == rest_over(student.times, self.limit(due), date)
                sure = holds and known and active is True and reminded is True and (told == due or steady)
                since, about = told if steady else due, reminder(kind, date)
                yield Expected(student.chat, text.key, "remind", told, sure, about=about, since=since)

    def _reminded(self, student: Student, text: Text, of: Occasion) -> bool | None:
        """Whether a student is to be reminded of a date of a text; None where it may be or not."""
        chat, due, latest = student.person, of.due, self.limit(of.told)
        said = [self._holds(chat, text.job, what, due, latest) for what in ("no", "applied")]
        asked = self._asked(chat, text.job, due, latest)
        if said[0] is True:
            return False
        if of.date == of.version.event:
            mine: bool | None = named(student, of.version) if of.version.roster else asked
        elif said[1] is True:
            return False
        else:
            mine = self._had(student, text, due)
            closed = text.posting is not None and not self.may_apply(student, text)
            mine = asked if closed or mine is False else mine
            said.append(None if asked is None and closed else False)
        return None if mine and None in said else mine

    def _had(self, student: Student, text: Text, by: float) -> bool | None:
        """Whether somebody was told of a text by then, in any place."""
        told = [first for each in self._places[student.person] if (first := self.first(each, text))]
        if any(first.sure and self.limit(first.due) < by for first in told):
            return True
        return None if any(first.since < by for first in told) else False

    @cached_property
    def _places(self) -> dict[int, list[Student]]:
        """Where each person is told: the chat, and browsers of their own."""
        found: dict[int, list[Student]] = {}
        for student in self.season.students:
            found.setdefault(student.person, []).append(student)
        return found

    def _asked(self, chat: int, job: str, start: float, end: float) -> bool | None:
        """Whether a student wanted to be reminded for the whole time: Applied does not take that back."""
        answers = [(at, what) for at, what in self._answers.get((chat, job), ()) if what != "applied"]
        return self._held(answers, "remind", start, end)


def _steps(first: float, last: float) -> Iterator[float]:
    while first < last:
        yield first
        first += 5 * MINUTE
