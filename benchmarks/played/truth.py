"""Who should have been told what, and when: computed from the inputs of a season alone.

Nothing of the service's rules is imported: what is told to whom is written down here once more, from docs/spec.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from benchmarks.played.inputs import MINUTE, SEASON, Act, Season, Student, Text, Version
from benchmarks.played.phones import reminder

SEEN = 20 * MINUTE  # within it everything is told where nothing is wrong: the longest wait between two peeks, and more
_GOES, _COMES = frozenset({"block", "leave", "stop"}), frozenset({"unblock", "start"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong, as it happened. `in_flight` is how many messages it may have made come twice."""

    start: float
    end: float
    kind: str
    in_flight: int = 0


@dataclass(slots=True)
class Expected:
    """A message that should arrive from `due` on. Where it is not `sure`, it may or may not."""

    chat: int
    key: str
    what: str
    due: float
    sure: bool = True
    own: bool = False
    about: str = ""


class Occasion(NamedTuple):
    """A date of a version that is reminded of, and when."""

    version: Version
    date: float
    due: float


@dataclass
class Truth:
    """What follows from a season, from what students really did, and from what really went wrong."""

    season: Season
    acts: list[Act]
    troubles: list[Trouble]
    students: dict[int, Student] = field(init=False)
    texts: dict[str, Text] = field(init=False)

    def __post_init__(self) -> None:
        self.students = {student.chat: student for student in self.season.students}
        self.texts = {text.key: text for text in self.season.texts}
        self.troubles = sorted(self.troubles, key=lambda trouble: trouble.start)

    # --- time ----------------------------------------------------------------------

    def limit(self, moment: float) -> float:
        """Return until when something that is due at `moment` must have happened, whatever went wrong meanwhile."""
        latest = moment + SEEN
        for trouble in self.troubles:
            if trouble.start <= latest and trouble.end + SEEN > moment:
                latest = max(latest, trouble.end + SEEN)
        return latest

    @cached_property
    def _moves(self) -> dict[int, list[tuple[float, bool]]]:
        """When each student went or came back."""
        found: dict[int, list[tuple[float, bool]]] = {}
        for act in sorted(self.acts, key=lambda act: act.at):
            if act.what in _GOES | _COMES:
                found.setdefault(act.chat, []).append((act.at, act.what in _COMES))
        return found

    def active(self, chat: int, start: float, end: float) -> bool | None:
        """Whether a student was subscribed for the whole time; None where that changed, or may not have been known."""
        moves = self._moves.get(chat, [])
        place = bisect_right([at for at, _ in moves], start)
        is_active = moves[place - 1][1] if place else True
        unsettled = place and self.limit(moves[place - 1][0]) >= start
        changes = place < len(moves) and moves[place][0] <= end
        return None if unsettled or changes else is_active

    # --- wishes ---------------------------------------------------------------------

    def wants(self, student: Student, text: Text) -> bool:
        """Whether seasons, categories and filters let a text through."""
        if any(_follows(kind, value, text) for kind, value in student.filters):
            return True
        if SEASON not in student.seasons or text.category in student.muted:
            return False
        return not any(self._keeps_quiet(student, kind, value, text) for kind, value in student.filters)

    def _keeps_quiet(self, student: Student, kind: str, value: str, text: Text) -> bool:
        posting = text.posting
        if kind in ("not-company", "not-word"):
            return _has(value, text.company if kind == "not-company" else f"{text.company} {text.words}")
        if posting is None:
            return False
        quiet = {
            "package": lambda: posting.rupees < float(value) * 100_000,
            "place": lambda: not _has(value, posting.place),
            "type": lambda: value != posting.type,
            "eligible": lambda: not self.may_apply(student, text),
        }
        return kind in quiet and quiet[kind]()

    def may_apply(self, student: Student, text: Text) -> bool:
        """False where a rule of the posting turns the student away for sure."""
        facts, posting = dict(student.facts), text.posting
        if not facts or posting is None:
            return True
        return (
            float(facts["cgpa"]) >= posting.cgpa
            and float(facts["x"]) >= posting.tenth
            and facts["branch"] in posting.branches
            and (posting.backlogs is None or int(facts["backlogs"]) <= posting.backlogs)
        )

    def declined(self, chat: int, job: str, start: float, end: float) -> bool | None:
        """Whether the student was not interested in a job for the whole time; None where that changed."""
        return self._holds(chat, job, "no", start, end)

    def _holds(self, chat: int, job: str, what: str, start: float, end: float) -> bool | None:
        """Whether an answer held for the whole time; None where that changed. Each answer ends the one before."""
        return self._held(self._answers.get((chat, job), ()), what, start, end)

    def _held(self, answers: Sequence[tuple[float, str]], what: str, start: float, end: float) -> bool | None:
        state: bool | None = False
        for at, did in answers:
            if at > end:
                break
            if (did == what) != state:
                state = did == what if self.limit(at) < start else None
        return state

    @cached_property
    def _answers(self) -> dict[tuple[int, str], list[tuple[float, str]]]:
        """What each student said of each job, in order."""
        found: dict[tuple[int, str], list[tuple[float, str]]] = {}
        for act in sorted(self.acts, key=lambda act: act.at):
            if act.text:
                found.setdefault((act.chat, self.texts[act.text].job), []).append((act.at, act.what))
        return found

    # --- what should arrive ------------------------------------------------------------

    def expected(self) -> Iterator[Expected]:
        """Everything that should arrive, and what may."""
        for text in self.season.texts:
            for student in self.season.students:
                first = self.first(student, text)
                if first:
                    yield first
                    yield from self._file(student, text, first)
                    yield from self._later(student, text, first)
                yield from self._reminders(student, text, first)

    def first(self, student: Student, text: Text) -> Expected | None:
        """The message of a text itself, None where the student is not to have it."""
        told = self._told_at(student, text)
        if told is None:
            return None
        version, own = told
        due, latest = version.at, self.limit(version.at)
        active = self.active(student.chat, due, latest)
        declined = self.declined(student.chat, text.job, due, latest) if text.job and not own else False
        if active is False or declined is True:
            return None
        changed = any(due < other.at <= latest and named(student, other) != own for other in text.versions)
        gone = 0 < text.withdrawn <= latest
        sure = active is True and declined is False and not gone and not changed
        return Expected(student.chat, text.key, "text", due, sure, own)

    def _told_at(self, student: Student, text: Text) -> tuple[Version, bool] | None:
        """By which version a student is told first, and whether as one whom its list names."""
        for version in text.versions:
            there = self.active(student.chat, version.at, self.limit(version.at)) is not False
            if named(student, version) and there:
                return version, True
            if version is text.versions[0] and there and self.wants(student, text):
                return version, False
        return None

    def _file(self, student: Student, text: Text, first: Expected) -> Iterator[Expected]:
        if text.document and (student.member or not text.versions[0].roster):
            yield Expected(student.chat, text.key, "file", first.due, first.sure)

    def _later(self, student: Student, text: Text, first: Expected) -> Iterator[Expected]:
        """What is told of changes to somebody who has the text."""
        for before, version in pairwise(text.versions):
            sure, possible = self._change(student, text, first, version.at)
            if not possible:
                continue
            if version.ping and (named(student, before) or self._pinged(student, text, version.at) is not False):
                pinged = named(student, before) or self._pinged(student, text, version.at)
                yield Expected(student.chat, text.key, "ping", version.at, sure and pinged is True, about=version.ping)
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
        declined = self.declined(student.chat, text.job, at, self.limit(at)) if text.job else False
        return None if declined is None else not declined

    def _change(self, student: Student, text: Text, first: Expected, at: float) -> tuple[bool, bool]:
        """Whether a change is told for sure, and whether it may be told."""
        active = self.active(student.chat, at, self.limit(at))
        had = first.sure and self.limit(first.due) < at
        gone = 0 < text.withdrawn <= self.limit(at) and text.withdrawn != at
        return active is True and had and not gone, active is not False

    def _reminders(self, student: Student, text: Text, first: Expected | None) -> Iterator[Expected]:
        """Reminders of each date that holds when they are due."""
        for version in text.versions:
            for kind, date, due in version.reminders():
                latest = self.limit(due)
                active = self.active(student.chat, due, latest)
                reminded = self._reminded(student, text, Occasion(version, date, due), first)
                if active is False or reminded is False or text.version_at(due) is not version:
                    continue
                if due >= self.season.end or 0 < text.withdrawn <= due:
                    continue
                holds = text.version_at(latest) is version and not 0 < text.withdrawn <= latest
                known = self.limit(version.at) < due and latest < min(date, self.season.end)
                sure = holds and known and active is True and reminded is True
                yield Expected(student.chat, text.key, "remind", due, sure, about=reminder(kind, date))

    def _reminded(self, student: Student, text: Text, of: Occasion, first: Expected | None) -> bool | None:
        """Whether a student is to be reminded of a date of a text; None where it may be or not."""
        chat, due, latest = student.chat, of.due, self.limit(of.due)
        said = [self._holds(chat, text.job, what, due, latest) for what in ("no", "applied")]
        asked = self._asked(chat, text.job, due, latest)
        if said[0] is True:
            return False
        if of.date == of.version.event:
            mine: bool | None = named(student, of.version) if of.version.roster else asked
        elif said[1] is True:
            return False
        else:
            had = first is not None and first.due < due
            mine = True if had and first and first.sure and self.limit(first.due) < due else None if had else False
            closed = text.posting is not None and not self.may_apply(student, text)
            mine = asked if closed or mine is False else mine
            said.append(None if asked is None and closed else False)
        return None if mine and None in said else mine

    def _asked(self, chat: int, job: str, start: float, end: float) -> bool | None:
        """Whether a student wanted to be reminded for the whole time: Applied does not take that back."""
        answers = [(at, what) for at, what in self._answers.get((chat, job), ()) if what != "applied"]
        return self._held(answers, "remind", start, end)


def named(student: Student, version: Version) -> bool:
    """Whether a list names a student who may read names."""
    return student.member and bool(student.number) and any(number == student.number for _, number in version.roster)


def _follows(kind: str, value: str, text: Text) -> bool:
    if kind == "company":
        return _has(value, text.company)
    return kind == "word" and _has(value, f"{text.company} {text.words}")


def _has(value: str, words: str) -> bool:
    """Whether whole words stand in a text, whatever their case."""
    plain = "".join(sign if sign.isalnum() else " " for sign in words.casefold())
    return f" {' '.join(value.casefold().split())} " in f" {' '.join(plain.split())} "
