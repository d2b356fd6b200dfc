"""What a student wanted and did at a time, and until when something had to happen: from the inputs of a season alone.

Nothing of the service's rules is imported: they are written down here once more, from docs/spec.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from benchmarks.played.inputs import MINUTE, SEASON, Act, Season, Student, Text, Version

SEEN = 20 * MINUTE  # within it everything is told where nothing is wrong: the longest wait between two peeks, and more
_GOES, _COMES = frozenset({"block", "leave", "stop", "vanish"}), frozenset({"unblock", "start", "return"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong, as it happened. `in_flight` is how many messages it may have made come twice."""

    start: float
    end: float
    kind: str
    in_flight: int = 0


@dataclass
class Known:
    """What follows for a student from a season, from what they really did, and from what really went wrong."""

    season: Season
    acts: list[Act]
    troubles: list[Trouble]
    students: dict[int, Student] = field(init=False)
    texts: dict[str, Text] = field(init=False)

    def __post_init__(self) -> None:
        self._limits: dict[float, float] = {}
        self.students = {student.chat: student for student in self.season.students}
        self.texts = {text.key: text for text in self.season.texts}
        self.troubles = sorted(self.troubles, key=lambda trouble: trouble.start)

    # --- time ----------------------------------------------------------------------

    def limit(self, moment: float) -> float:
        """Return until when something that is due at `moment` must have happened, whatever went wrong meanwhile."""
        latest = self._limits.get(moment)
        if latest is None:
            latest = moment + SEEN
            for trouble in self.troubles:
                if trouble.start <= latest and trouble.end + SEEN > moment:
                    latest = max(latest, trouble.end + SEEN)
            self._limits[moment] = latest
        return latest

    def clock_was_wrong(self, start: float, end: float) -> bool:
        return any(t.kind == "clock" and t.start <= end and t.end >= start for t in self.troubles)

    def file_was_held_up(self, text: Text, by: float) -> bool:
        """Whether the file of a text may not have been had by then: its list is told when it is there."""
        held_up = ((t.start, t.end) for t in self.troubles if t.kind in ("portal down", "disk full"))
        return bool(text.document) and any(start <= by and end >= text.at for start, end in held_up)

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

    def kept_back(self, student: Student, text: Text) -> bool:
        """Whether filters keep a text from somebody who wants in a digest what they keep."""
        if not student.times.quietly or SEASON not in student.seasons or text.category in student.muted:
            return False
        return not self.wants(student, text)

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
