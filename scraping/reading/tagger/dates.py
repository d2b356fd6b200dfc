"""What the tagger makes of a date in its text: something is due then, something takes place, or neither."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from scraping.reading.tagger.model import best_label

FIELD = "date"
DUE, EVENT, NEITHER = "due", "event", "neither"
_WORD = re.compile(r"[^\W\d_]+|\d+|[:@|\t(–-]")
_BEFORE, _CLOSE_BEFORE, _JUST_BEFORE = 14, 8, 4  # words
_AFTER, _CLOSE_AFTER, _JUST_AFTER = 8, 6, 3
_SINCE = 6
_MOST_OF_TITLE = 20
_MOST_OF_LINE = 40


@dataclass(frozen=True, slots=True)
class SeenDate:
    """A date's surroundings: its line, the sentence before it, what stands since the date before it, what follows.

    `signs` are what else holds for it, a word each: "time", "title", "tomorrow".
    """

    title: str
    line: str
    before: str
    since: str
    after: str
    signs: Collection[str]


def date_features(date: SeenDate) -> list[str]:
    """What the model sees of a date."""
    before, after = _words(date.before), _words(date.after)
    found = set(date.signs)
    found.update(f"-{place}={word}" for place, word in enumerate(reversed(before[-_JUST_BEFORE:])))
    found.update(f"+{place}={word}" for place, word in enumerate(after[:_JUST_AFTER]))
    found.update(_named("before", [*before[-_BEFORE:], *_pairs(before[-_CLOSE_BEFORE:])]))
    found.update(_named("after", [*after[:_AFTER], *_pairs(after[:_CLOSE_AFTER])]))
    found.update(_named("since", _words(date.since)[-_SINCE:]))
    found.update(_named("title", _words(date.title)[:_MOST_OF_TITLE]))
    found.update(_named("line", _words(date.line)[:_MOST_OF_LINE]))
    return sorted(found)


def likely_date(date: SeenDate) -> tuple[str, float]:
    """The likeliest of DUE, EVENT and NEITHER, with its probability, 0 to 1."""
    return best_label(FIELD, date_features(date))


def _words(text: str) -> list[str]:
    return ["#" if word.isdigit() else word.lower() for word in _WORD.findall(text)]


def _pairs(words: list[str]) -> Iterator[str]:
    return map("_".join, pairwise(words))


def _named(place: str, words: Collection[str]) -> Iterator[str]:
    return (f"{place}={word}" for word in words)
