"""Long expressions that are asked of every sentence: one is not tried where none of its words stands there.

Nearly all sentences hold nothing of what an expression looks for. What must stand in a text for it to fit, "cancel" or
"called" or "scrapped", is worked out of the expression itself, so that nobody has to state it twice.
"""

import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_parser: Any = importlib.import_module("re._parser")
_LEAST = 2  # letters, or one sign: what is shorter stands in every text
_LONG_ENOUGH = 6
_MOST = 80  # words
_MOST_RUNS = 40
_Words = frozenset[str]
_START: _Words = frozenset(("",))


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """An expression with the words, small letters, of which one stands wherever it fits; none where any text may."""

    pattern: re.Pattern[str]
    needs: tuple[str, ...]

    def search(self, text: str) -> re.Match[str] | None:
        """As that of the expression."""
        return self.pattern.search(text) if self.may_fit(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As that of the expression."""
        return self.pattern.finditer(text) if self.may_fit(text) else iter(())

    def sub(self, said: str, text: str) -> str:
        """As that of the expression."""
        return self.pattern.sub(said, text) if self.may_fit(text) else text

    def may_fit(self, text: str) -> bool:
        """Whether one of its words is there."""
        if not self.needs:
            return True
        plain = text.casefold()
        for word in self.needs:  # noqa: SIM110 - a generator takes as long as the looking
            if word in plain:
                return True
        return False


def expression(pattern: str, flags: int = 0) -> Expression:
    """Compiles an expression. Raises re.error."""
    found = _Search()
    found.read(_parser.parse(pattern, flags), _START)
    return Expression(re.compile(pattern, flags), tuple(sorted(_least(found.best), key=len)))


def _least(words: Iterable[str]) -> _Words:
    """Without those that another is a part of."""
    known = frozenset(words)
    return frozenset(word for word in known if not any(other in word for other in known if other != word))


class _Search:
    """The walk over a parsed expression: the best words that one part of it, and so all of it, cannot do without."""

    def __init__(self) -> None:
        self.best: _Words = frozenset()

    def read(self, parts: Iterable[tuple[Any, Any]], before: _Words) -> None:
        """A sequence of parts, behind one of the runs of letters in `before`."""
        runs = before
        for operation, value in parts:
            name = str(operation)
            if name in {"AT", "ASSERT", "ASSERT_NOT"}:
                continue  # takes no letters
            more = _spelt(name, value)
            if more and len(runs) * len(more) <= _MOST_RUNS:
                runs = frozenset(run + end for run in runs for end in more)
                continue
            self._offer(runs)
            self._inside(name, value, runs)
            runs = _START
        self._offer(runs)

    def _inside(self, name: str, value: Any, before: _Words) -> None:
        if name == "SUBPATTERN":
            self.read(value[3], before)
        elif name == "ATOMIC_GROUP":
            self.read(value, before)
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and value[0] > 0:
            self.read(value[2], before)
        elif name == "BRANCH":
            self._offer(_of_all(value[1], before))

    def _offer(self, words: _Words) -> None:
        if _worth(words) > _worth(self.best):
            self.best = words


def _of_all(branches: Sequence[Any], before: _Words) -> _Words:
    """The words of every branch; none where one of them has none."""
    found: set[str] = set()
    for branch in branches:
        inside = _Search()
        inside.read(branch, before)
        if not inside.best:
            return frozenset()
        found |= inside.best
    return _least(found)


def _worth(words: _Words) -> tuple[int, int]:
    """Long words are seldom met, few are soon looked for."""
    shortest = min((len(word) + (not word.isalnum()) for word in words), default=0)
    if shortest < _LEAST or len(words) > _MOST:
        return 0, -_MOST
    return min(shortest, _LONG_ENOUGH), -len(words)


def _spelt(name: str, value: Any) -> _Words:
    """All that a part can be, where it is letters and nothing else."""
    if name == "LITERAL":
        return frozenset((chr(value).casefold(),))
    if name == "IN" and len(value) <= 4 and all(str(operation) == "LITERAL" for operation, _ in value):
        return frozenset(chr(code).casefold() for _, code in value)
    if name == "SUBPATTERN":
        return _spelt_in_turn(value[3])
    if name in {"MAX_REPEAT", "MIN_REPEAT"} and tuple(value[:2]) == (0, 1):
        inside = _spelt_in_turn(value[2])
        return inside | _START if inside else inside
    if name == "BRANCH":
        branches = [_spelt_in_turn(branch) for branch in value[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    return frozenset()


def _spelt_in_turn(parts: Iterable[tuple[Any, Any]]) -> _Words:
    runs = _START
    for operation, value in parts:
        name = str(operation)
        more = _START if name in {"AT", "ASSERT", "ASSERT_NOT"} else _spelt(name, value)
        if not more or len(runs) * len(more) > _MOST_RUNS:
            return frozenset()
        runs = frozenset(run + end for run in runs for end in more)
    return runs
