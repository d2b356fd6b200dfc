"""What the tagger makes of a text as a whole: how likely each kind is, by its words and by what was read of it."""

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from scraping.reading.tagger.model import best_label

FIELD = "kind"
_WORD = re.compile(r"[A-Za-z]+|\d+")
_MOST_OF_TITLE = 30
_MOST_OF_TEXT = 120
_LENGTH = 150  # characters a step
_MOST_STEPS = 8


def kind_features(title: str, text: str, facts: Collection[str], *, is_mail: bool) -> list[str]:
    """What the model sees of a text: words and pairs of words, the names of the facts found, what it is."""
    found = {f"fact={fact}" for fact in facts}
    found |= {"mail" if is_mail else "notice", f"length={min(len(text) // _LENGTH, _MOST_STEPS)}"}
    for place, said, most in (("title", title, _MOST_OF_TITLE), ("", title, _MOST_OF_TITLE), ("", text, _MOST_OF_TEXT)):
        found.update(f"{place}={words}" for words in _words(said, most))
    return sorted(found)


def likely_kind(title: str, text: str, facts: Collection[str], *, is_mail: bool) -> tuple[str, float]:
    """The likeliest kind of a text with its probability, 0 to 1."""
    return best_label(FIELD, kind_features(title, text, facts, is_mail=is_mail))


def _words(text: str, most: int) -> Iterator[str]:
    said = ["#" if word.isdigit() else word.lower() for word in _WORD.findall(text[: most * 40])[:most]]
    yield from said
    yield from map("_".join, pairwise(said))
