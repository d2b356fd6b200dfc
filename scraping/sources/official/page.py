"""What the institute's placement page states, whichever markup it came in (spec: official-page)."""

import re
from dataclasses import dataclass

_YEARS = re.compile(r"\b(20\d\d)(?:\s*[-–—/]\s*(?:20)?(\d\d))?\b")


@dataclass(frozen=True, slots=True)
class Card:
    """A figure and what it counts: "81" and "Quality Companies Visited So Far"."""

    title: str
    description: str

    @property
    def text(self) -> str:
        """The card as one line, as the markup before the redesign wrote it."""
        return f"{self.title} {self.description}".strip()


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A row of the earlier markup's distribution table, in the page's own words."""

    category: str
    average: str
    median: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A graduating batch with its figures; `name` is the page's heading for it."""

    name: str
    cards: tuple[Card, ...] = ()
    package_distribution: tuple[PackageRow, ...] = ()
    is_active: bool = False

    @property
    def graduating_year(self) -> int | None:
        """2027 of "Graduating Batch 2027", "Batch 2023-27" or "2027"; None where the name holds no year."""
        years = _YEARS.search(self.name)
        if years is None:
            return None
        return int(f"20{years[2]}") if years[2] else int(years[1])

    @property
    def season(self) -> int | None:
        """The placement season a batch is placed in: 202627 for those who graduate in 2027."""
        year = self.graduating_year
        return (year - 1) * 100 + year % 100 if year else None

    @property
    def label(self) -> str:
        """A short name for a line of text: "Batch 2027"."""
        return f"Batch {self.graduating_year}" if self.graduating_year else self.name

    @property
    def placement_pointers(self) -> tuple[str, ...]:
        """The cards as lines: "81 Quality Companies Visited So Far"."""
        return tuple(card.text for card in self.cards)


@dataclass(frozen=True, slots=True)
class Recruiter:
    """A recruiter's logo; `src` is absolute, `name` is "" where the page does not tell it."""

    src: str
    name: str


@dataclass(frozen=True, slots=True)
class OfficialPage:
    """The whole page: at least one batch, exactly one of them active."""

    batches: tuple[Batch, ...]
    recruiters: tuple[Recruiter, ...] = ()
    main_heading: str = ""
    intro_text: str = ""

    @property
    def active_batch(self) -> Batch:
        """The batch whose placements run now."""
        return next(batch for batch in self.batches if batch.is_active)
