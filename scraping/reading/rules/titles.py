"""The portal's own title templates, a record each in titles.toml."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from scraping.reading.rules.signals import load, phrase

_PARTS = {
    "stage": r"(?P<stage>Stage\s+\d+(?:\s*\(.*?\))?|.{2,80}?)",
    "numbered_stage": r"(?P<stage>Stage\s+\d+\s*\(.*?\))",
    "profile": r"(?P<company>.+?)'s\s+job\s+profile\s*[-–—:]\s*(?P<role>.+)",
    "changed": r"(?:published|updated|released|announced|changed|revised|extended)",
    "dash": r"\s*[-–—:]\s*",
    "company": r"(?P<company>.+?)",
    "role": r"(?P<role>.+?)",
    "whose": r"(?P<whose>.+)",
    "event": r"(?P<event>.+)",
}


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """A template as titles.toml describes it."""

    id: str
    says: str
    confidence: float
    pattern: re.Pattern[str]
    in_text: bool = False
    needs: frozenset[str] = frozenset()
    signals: tuple[str, ...] = ()
    invites: bool = False
    whole_venue: bool = False
    examples: tuple[dict[str, str], ...] = ()

    @property
    def is_special(self) -> bool:
        """Whether it is one of several of its pattern, for a text of which more is known."""
        return bool(self.needs or self.signals)


@cache
def title_records() -> tuple[TitleRecord, ...]:
    """The templates, in order."""
    return tuple(_record(dict(entry)) for entry in load("titles.toml")["title"])


def title_record(template: str | None) -> TitleRecord | None:
    """The record of an id."""
    return next((record for record in title_records() if record.id == template), None)


def _record(entry: dict[str, Any]) -> TitleRecord:
    """Raises TypeError for a field that is no part of a record, KeyError for a part of a title that is not known."""
    pattern = re.compile(
        re.sub(r"\{(\w*[a-z]\w*)\}", lambda match: _PARTS[match[1]], phrase(entry.pop("pattern"))), re.IGNORECASE
    )
    return TitleRecord(
        pattern=pattern,
        in_text=entry.pop("in", "title") == "text",
        needs=frozenset(entry.pop("needs", [])),
        signals=tuple(name.removeprefix("@") for name in entry.pop("any_of", [])),
        examples=tuple(entry.pop("examples", [])),
        **entry,
    )
