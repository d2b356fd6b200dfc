"""The words the rules know, once, in data files: groups of words (spec: reading, Vocabulary)."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


@cache
def words(*groups: str) -> frozenset[str]:
    """The words of one or several groups, small letters. Raises KeyError for a group that is not there."""
    return frozenset(word for group in groups for word in _groups()[group])


@cache
def alternatives(*groups: str) -> str:
    """The words of groups as a part of an expression, the longest first: "january|february|…"."""
    known = sorted(words(*groups), key=lambda word: (-len(word), word))
    return "|".join(r"\s+".join(map(re.escape, word.split())) for word in known)


def extend(group: str, more: Iterable[str]) -> None:
    """Add an institute's own words to a group."""
    _groups()[group] |= {word.casefold() for word in more}
    words.cache_clear()
    alternatives.cache_clear()


@cache
def _groups() -> dict[str, set[str]]:
    data: dict[str, dict[str, str]] = {}
    for file in files(__package__).iterdir():
        if file.name.endswith(".toml"):
            data |= tomllib.loads(file.read_text(encoding="utf-8"))
    return {name: {word.replace("_", " ") for word in group["words"].split()} for name, group in data.items()}
