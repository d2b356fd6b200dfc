"""Groups of phrases that rules look for, from signals.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from scraping.reading.layout.expressions import Expression, expression

_SPACES = {" ": r"\s+", " ?": r"\s*"}
_BLANK = re.compile(r"\\.|\[(?:\\.|[^\]])*\]| \??")


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """Phrases that say one thing; not where `not_after` stands right before them."""

    any_of: Expression
    not_after: Expression | None = None

    def find(self, text: str) -> re.Match[str] | None:
        """The first place that says it."""
        if self.not_after is None:
            return self.any_of.search(text)
        found = self.any_of.finditer(text)
        return next((match for match in found if not self._looks_back(text, match.start())), None)

    def _looks_back(self, text: str, start: int) -> bool:
        return self.not_after is not None and self.not_after.search(text[max(start - 80, 0) : start]) is not None


def phrase(text: str) -> str:
    """A phrase of the tables as an expression: a blank stands for any white space, " ?" for some or none."""
    return _BLANK.sub(lambda match: _SPACES.get(match[0], match[0]), text)


def signal(name: str) -> Signal:
    """Raises KeyError for a signal that is not there."""
    return signals()[name]


@cache
def signals() -> dict[str, Signal]:
    """Every signal by its name."""
    return {name: _signal(entry) for name, entry in load("signals.toml").items()}


def load(name: str) -> dict[str, Any]:
    """A table of this folder."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def compiled(phrases: list[str]) -> Expression:
    """One expression for any of several phrases."""
    return expression("|".join(map(phrase, phrases)), re.IGNORECASE)


def _signal(entry: dict[str, Any]) -> Signal:
    not_after = entry.get("not_after")
    return Signal(compiled(entry["any_of"]), compiled(not_after) if not_after else None)
