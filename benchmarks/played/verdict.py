"""What the checker found in a season, and how it is said."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.played.inputs import Student
from benchmarks.played.phones import Arrived
from benchmarks.played.truth import Truth


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


def interruptions(truth: Truth, arrived: Sequence[Arrived], until: float) -> Iterator[str]:
    """How often phones rang, by what their owners chose, beside what "everything to everybody" would have been."""
    versions = [(number, v) for text in truth.season.texts for number, v in enumerate(text.versions)]
    everything = sum(version.at <= until and (number == 0 or bool(version.ping)) for number, version in versions)
    rang = Counter(message.chat for message in arrived if not message.document)
    for choice, chosen in _GROUPS.items():
        chats = [student.chat for student in truth.season.students if not student.owner and chosen(student)]
        if chats:
            count, all_of_it = sum(rang[chat] for chat in chats), everything * len(chats)
            fewer = 1 - count / max(1, all_of_it)
            rings = f"{len(chats)} rang {count:,} times"
            yield f"{choice}: {rings}; everything to everybody is {all_of_it:,} ({fewer:.0%} fewer)"


def _at_once(student: Student) -> bool:
    return student.times.digest is None and student.times.quiet is None


_GROUPS: dict[str, Callable[[Student], bool]] = {
    "suggested filters, all at once": lambda one: one.suggested and _at_once(one),
    "suggested filters, quiet hours": lambda one: (
        one.suggested and one.times.digest is None and one.times.quiet is not None
    ),
    "suggested filters, a daily digest": lambda one: one.suggested and one.times.digest is not None,
    "suggested filters": lambda one: one.suggested,
    "others": lambda one: not one.suggested,
}


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
