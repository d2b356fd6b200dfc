"""Compares what arrived with what should have: lists every loss, double, late or false message of a season."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks.played.inputs import IN_FLIGHT, MINUTE, Student, Text, Version
from benchmarks.played.phones import OWN, TOGETHER, Arrived, Reader, Said
from benchmarks.played.truth import Expected, Truth, named

_NUMBER = re.compile(r"\d{8,10}")
_WITHDRAWN = "✏️ Withdrawn"
Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: what kind, whose phone, which text, and why."""

    kind: str
    chat: int
    key: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.chat} {self.key}: {self.why}"


@dataclass
class Verdict:
    """What the checker found. `lateness` is in seconds from when a message was due."""

    checked: int = 0
    arrived: int = 0
    findings: list[Finding] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)
    doubles: int = 0
    allowed_doubles: int = 0

    def note(self, kind: str, chat: int, key: str, why: str = "") -> None:
        self.findings.append(Finding(kind, chat, key, why))

    @property
    def by_kind(self) -> Counter[str]:
        return Counter(finding.kind for finding in self.findings)

    def percentile(self, percent: int) -> float:
        ranked = sorted(self.lateness)
        return ranked[max(0, -(-len(ranked) * percent // 100) - 1)] if ranked else 0.0


class Checker:
    """Checks the messages of a season that was played until `until`."""

    def __init__(self, truth: Truth, arrived: Sequence[Arrived], until: float = 0.0) -> None:
        self.truth, self.arrived = truth, sorted(arrived, key=lambda message: message.number)
        self.until = until or truth.season.end
        self.verdict = Verdict(arrived=len(arrived))
        reader = Reader(truth.season)
        self._said = {message.number: reader.read(message) for message in arrived}
        versions = [version for text in truth.season.texts for version in text.versions]
        self._listed = {number for version in versions for _, number in version.roster}
        self._expected = self._all_expected()
        self._got: dict[Key, list[Arrived]] = defaultdict(list)

    def check(self) -> Verdict:
        """Return everything that is wrong."""
        for message in self.arrived:
            self._check_message(message)
        for key, expected in self._expected.items():
            if expected.due <= self.until:
                self._check_arrival(key, expected)
        self._check_doubles()
        for text in self.truth.season.texts:
            self._check_order(text)
        return self.verdict

    def _all_expected(self) -> dict[Key, Expected]:
        """By chat, text and what. Of two alike (a list of the same head was left twice) the unsure one stays."""
        found: dict[Key, Expected] = {}
        for one in self.truth.expected():
            key = (one.chat, one.key, one.what, one.about)
            found[key] = one if key not in found or not one.sure else found[key]
        return found

    # --- a message ---------------------------------------------------------------------

    def _check_message(self, message: Arrived) -> None:
        student = self.truth.students.get(message.chat)
        if student is None:
            return
        self._check_names(student, message)
        found = self._said[message.number]
        if not found and not self._answers(message):
            self.verdict.note("false", message.chat, "", f"not of the season: {message.first[:60]!r}")
        for said in found:
            if said.what != "clash":
                self._check_said(student, said, message)

    def _check_said(self, student: Student, said: Said, message: Arrived) -> None:
        key = (message.chat, said.key or said.about, said.what, said.about if said.key else "")
        expected = self._expected.get(key)
        if expected is None:
            self.verdict.note(*self._why_false(student, said, message))
            return
        self._got[key].append(message)
        before = MINUTE + self._early(message.at) + (TOGETHER if said.what == "remind" else 0.0)
        if message.at < expected.due - before:
            self.verdict.note("early", message.chat, said.key, said.what)
        if said.what == "text":
            self._check_text(student, self.truth.texts[said.key], message)

    def _answers(self, message: Arrived) -> bool:
        """Whether the bot answers something that the student just did."""
        return any(
            act.chat == message.chat and act.at - MINUTE <= message.at <= self.truth.limit(act.at)
            for act in self.truth.acts
        )

    def _early(self, at: float) -> float:
        """How much too early a message may come by a clock that was ahead."""
        return max(
            (t.end - t.start + 4 * 3600 for t in self.truth.troubles if t.kind == "clock" and t.start <= at <= t.end),
            default=0.0,
        )

    def _why_false(self, student: Student, said: Said, message: Arrived) -> tuple[str, int, str, str]:
        chat = student.chat
        if not said.key:
            return "false", chat, said.about, f"{said.what}, of a list that does not name the student"
        text = self.truth.texts[said.key]
        if said.what == "remind":
            return "false reminder", chat, said.key, f"of {said.about}"
        if text.job and self.truth.declined(chat, text.job, text.at, text.at):
            return "false", chat, said.key, f"{said.what}, of a job the student declined"
        if not self.truth.wants(student, text):
            return "false", chat, said.key, f"{said.what}, which filters keep quiet"
        return "false", chat, said.key, f"{said.what}, at {message.at:.0f}, to somebody who is not to have it"

    def _check_names(self, student: Student, message: Arrived) -> None:
        if student.member:
            return
        words = f"{message.first}\n{message.now}"
        shown = [number for number in _NUMBER.findall(words) if number in self._listed]
        said = self._said[message.number]
        texts = [self.truth.texts[one.key] for one in said if one.key]
        names = {name for text in texts for version in text.versions for name, _ in version.roster}
        if shown or any(name in words for name in names):
            self.verdict.note("names", student.chat, said[0].key if said else "", "a stranger reads them")

    def _check_text(self, student: Student, text: Text, message: Arrived) -> None:
        """What a text said when it came, and what it says now."""
        latest = self.truth.limit(text.withdrawn) if text.withdrawn else 0.0
        if latest and message.at > latest:
            self.verdict.note("after withdrawal", student.chat, text.key)
        self._check_own_line(student, text, message)
        older = [v for v in text.versions if v is not text.versions[-1]]
        for version, after in zip(older, text.versions[1:], strict=True):
            if (
                message.at > self.truth.limit(after.at)
                and _shows(version, student, message.first)
                and not _shows(after, student, message.first)
            ):
                self.verdict.note("old state", student.chat, text.key)

    def _check_own_line(self, student: Student, text: Text, message: Arrived) -> None:
        possible = {
            named(student, v) for v in text.versions if v.at <= message.at and self._may_show(text, v, message.at)
        }
        has = bool(OWN.match(message.first))
        if has and True not in possible:
            self.verdict.note("wrong person", student.chat, text.key, "the own line of somebody who is not listed")
        elif not has and possible == {True}:
            self.verdict.note("own line missing", student.chat, text.key)

    def _may_show(self, text: Text, version: Version, at: float) -> bool:
        """Whether a message that came at a time may show a version."""
        later = [other.at for other in text.versions if other.at > version.at]
        return not later or at <= self.truth.limit(later[0])

    def _check_last_state(self, student: Student, text: Text, message: Arrived) -> None:
        """The last version stands in a message, where its reader was there to get the edit."""
        version = text.versions[-1]
        changed = max(version.at, text.withdrawn)
        due = max(changed, message.at)
        if (
            self.truth.limit(due) > self.until
            or self.truth.active(student.chat, due, self.truth.limit(due)) is not True
        ):
            return
        if text.withdrawn:
            if not message.now.startswith(_WITHDRAWN):
                self.verdict.note("missing edit", student.chat, text.key, "not marked as withdrawn")
        elif not _shows(version, student, message.now):
            self.verdict.note("missing edit", student.chat, text.key, "it does not show the last version")
        elif bool(OWN.match(message.now)) != named(student, version):
            self.verdict.note("missing edit", student.chat, text.key, "the own line is not that of the last version")

    # --- what should have come --------------------------------------------------------------

    def _check_arrival(self, key: Key, expected: Expected) -> None:
        self.verdict.checked += 1
        got = self._got.get(key)
        limit = self.truth.limit(expected.due)
        if got is None:
            if expected.sure and limit <= self.until:
                self.verdict.note("lost", expected.chat, expected.key, expected.what)
            return
        if expected.what == "text":  # of a double the last one is edited
            self._check_last_state(self.truth.students[expected.chat], self.truth.texts[expected.key], got[-1])
        late = max(0.0, got[0].at - expected.due)
        if expected.sure:
            self.verdict.lateness.append(late)
            if got[0].at > limit + MINUTE:
                self.verdict.note("late", expected.chat, expected.key, f"{expected.what}, {late / MINUTE:.0f} min")

    def _check_doubles(self) -> None:
        """Lay each double to something that went wrong between the two, which explains as many as were in flight."""
        troubles = [trouble for trouble in self.truth.troubles if trouble.in_flight]
        self.verdict.allowed_doubles = sum(trouble.in_flight for trouble in troubles)
        left = [trouble.in_flight for trouble in troubles]
        for key, messages in self._got.items():
            for first, again in pairwise(messages):
                self.verdict.doubles += 1
                causes = [
                    n
                    for n, trouble in enumerate(troubles)
                    if left[n] and trouble.start - MINUTE / 2 <= again.at and first.at <= trouble.end + MINUTE / 2
                ]
                if causes:
                    left[causes[0]] -= 1
                else:
                    self.verdict.note("double", key[0], key[1], f"{key[2]}, {again.at - first.at:.0f} s later")

    def _check_order(self, text: Text) -> None:
        """Whom a list names has it before the others do, but for what was in flight."""
        if not text.versions[0].roster:
            return
        mine: list[Arrived] = []
        others: list[Arrived] = []
        for (chat, key, what, _), messages in self._got.items():
            if key == text.key and what == "text":
                expected = self._expected[chat, key, what, ""]
                is_own = expected.own and expected.due == text.at
                (mine if is_own and expected.sure else [] if is_own else others).append(messages[0])
        for last in mine:
            before = sum(other.number < last.number for other in others)
            limit = self.truth.limit(text.at)
            stops = sum(t.start <= limit and t.end >= text.at for t in self.truth.troubles)
            if before > IN_FLIGHT * (1 + stops):
                self.verdict.note("behind bulk", last.chat, text.key, f"{before} others were told before")


def _shows(version: Version, student: Student, words: str) -> bool:
    """Whether a message says what a version says, and names whom it may."""
    if not all(mark in words for mark in version.marks):
        return False
    numbers = set(_NUMBER.findall(words))
    listed = {number for _, number in version.roster}
    return listed <= numbers if student.member else not listed & numbers


def interruptions(truth: Truth, arrived: Iterable[Arrived], until: float, *, suggested: bool) -> tuple[int, int]:
    """Count what rang on the phones of students with the suggested filters, or of the others.

    Beside it, what "everything to everybody" would have been.
    """
    chosen = {student.chat for student in truth.season.students if student.suggested is suggested}
    rang = sum(message.chat in chosen and not message.document for message in arrived)
    versions = [(number, v) for text in truth.season.texts for number, v in enumerate(text.versions)]
    everything = sum(version.at <= until and (number == 0 or bool(version.ping)) for number, version in versions)
    return rang, everything * len(chosen)


def lines(verdict: Verdict, shown: int = 40) -> Iterator[str]:
    """What a verdict says, and the first findings."""
    yield f"{verdict.arrived:,} messages arrived; {verdict.checked:,} expectations checked"
    yield f"doubles: {verdict.doubles}, allowed by what was in flight: {verdict.allowed_doubles}"
    late = ", ".join(f"p{p} {verdict.percentile(p):.0f} s" for p in (50, 95, 99))
    yield f"lateness from when it was due: {late}, at most {max(verdict.lateness, default=0.0):.0f} s"
    if not verdict.findings:
        yield "nothing was lost, late, false, or of an old state"
    for kind, count in verdict.by_kind.most_common():
        yield f"{kind}: {count}"
    yield from (f"  {finding}" for finding in verdict.findings[:shown])
