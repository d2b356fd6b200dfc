"""A way a company is written, with all that speaks for it and against it."""

from collections import defaultdict
from dataclasses import dataclass, field

from scraping.reading.facts.naming.scoring import Evidence, of_tagger

TAGGER = 2.0  # what its word weighs
UNSEEN = 0.2  # how likely a name is that it sees none in
_MOST_POINTS = 5.0  # of all that rules say
_LEAST_POINTS = -8.0


@dataclass(slots=True)
class Name:
    """One way a company is written, with all that speaks for it and against it."""

    name: str
    evidence: list[Evidence] = field(default_factory=list)
    times: int = 0
    in_title: bool = False
    labelled: bool = False
    seen: float = 0.0  # how likely the tagger makes it
    likely: float = UNSEEN  # all in all

    @property
    def score(self) -> float:
        """Of things alike the first counts whole, the next ones little."""
        by_kind: dict[str, list[float]] = defaultdict(list)
        for one in self.evidence:
            by_kind[one.what].append(one.points)
        said = sum(found[0] + min(0.6, 0.3 * (len(found) - 1)) * (found[0] > 0) for found in by_kind.values())
        return max(_LEAST_POINTS, min(said, _MOST_POINTS)) + of_tagger(self.likely, TAGGER).points
