"""Words and rules of a page with their places, and the cells that rules close in. In points, y grows upwards."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

Point = tuple[float, float]

_NEAR = 2.0  # rules so close are one
_REACH = 2.0  # how far a word may stick out of its cell


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def of(cls, one: Point, other: Point) -> Self:
        (x1, y1), (x2, y2) = one, other
        return cls(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> Point:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def joined(self, other: "Box") -> "Box":
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """How a page is turned to be read: `degrees` clockwise (PDF, /Rotate); width and height as it lies in the file."""

    degrees: int
    width: float
    height: float

    def box(self, box: Box) -> Box:
        """The place of a box on the page as it is shown."""
        width, height = self.width, self.height
        match self.degrees:
            case 90:
                return Box(box.bottom, width - box.right, box.top, width - box.left)
            case 180:
                return Box(width - box.right, height - box.top, width - box.left, height - box.bottom)
            case 270:
                return Box(height - box.top, box.left, height - box.bottom, box.right)
        return box


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Rules:
    """The straight lines drawn on a page."""

    across: tuple[Box, ...]
    down: tuple[Box, ...]


class Grid:
    """The rules of a page, those of one line put together."""

    def __init__(self, across: list[tuple[float, float, float]], down: list[tuple[float, float, float]]) -> None:
        self.across, self.down = across, down  # place, from, to; by place
        self.lefts = sorted({place for place, _, _ in down})

    @classmethod
    def of(cls, rules: Rules) -> "Grid":
        across = _united([(box.middle[1], box.left, box.right) for box in rules.across])
        down = _united([(box.middle[0], box.bottom, box.top) for box in rules.down])
        return cls(across, down)

    def cell(self, box: Box) -> tuple[float, float, int] | None:
        """Bottom and top of the row a box lies in, and its column; None where rules do not close it in."""
        x, y = box.middle
        below, above = _around(self.across, y, x)
        left, right = _around(self.down, x, y)
        if below is None or above is None or left is None or right is None or self._is_frame(y):
            return None
        return below, above, bisect_right(self.lefts, left) - 1

    def _is_frame(self, y: float) -> bool:
        """Whether only the edges of a table reach over this height: they part no columns."""
        return len({place for place, start, end in self.down if start - _REACH <= y <= end + _REACH}) < 3


def _united(rules: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Rules on one line that touch are one rule; a cell's frame is drawn piece by piece."""
    rules.sort()
    united: list[tuple[float, float, float]] = []
    places: list[float] = []
    for place, _, _ in rules:
        if not places or place - places[-1] > _NEAR:
            places.append(place)
    by_place: dict[float, list[tuple[float, float]]] = {}
    for place, start, end in rules:
        by_place.setdefault(places[bisect_right(places, place) - 1], []).append((start, end))
    for place, spans in by_place.items():
        spans.sort()
        start, end = spans[0]
        for other_start, other_end in spans[1:]:
            if other_start > end + _NEAR:
                united.append((place, start, end))
                start = other_start
            end = max(end, other_end)
        united.append((place, start, end))
    return sorted(united)


def _around(rules: Sequence[tuple[float, float, float]], at: float, across: float) -> tuple[float | None, float | None]:
    """The nearest rules before and behind a place, among those that reach across."""
    crossing = [place for place, start, end in rules if start - _REACH <= across <= end + _REACH]
    number = bisect_right(crossing, at)
    return (crossing[number - 1] if number else None), (crossing[number] if number < len(crossing) else None)
