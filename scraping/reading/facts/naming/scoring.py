"""How a fact is chosen among what could be it: each candidate is scored by what speaks for it and against it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its points, and what gave them: "title +2", "person -5"."""

    value: str
    score: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a candidate or, with points below 0, against it."""

    what: str
    points: float

    def __str__(self) -> str:
        return f"{self.what} {self.points:+.3g}"


def best(candidates: Iterable[Scored], least: float) -> Scored | None:
    """The candidate with most points, of equals the first; None where none has as many as `least`."""
    chosen = max(candidates, key=lambda candidate: candidate.score, default=None)
    return chosen if chosen and chosen.score >= least else None


_SUREST = 0.98


def of_tagger(probability: float, weight: float) -> Evidence:
    """What the tagger's word counts: 0 points where it is as likely as not."""
    likely = min(max(probability, 1 - _SUREST), _SUREST)
    return Evidence(f"tagger {probability:.2f}", weight * math.log(likely / (1 - likely)))


def spoke_for(what: str, chosen: Scored | None) -> tuple[str, ...]:
    """What gave a choice its points: "company: title +2, tagger 0.97 +6.95"."""
    return (f"{what}: {', '.join(chosen.why)}",) if chosen and chosen.why else ()
