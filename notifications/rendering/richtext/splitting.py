"""A text with entities → messages within Telegram's limits, in time linear in its length.

Works on UTF-16 code units throughout, as Telegram counts: a string whose every character is one of them.
"""

import re
import sys
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from notifications.rendering.messages import Entity, RichText

_UTF16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"
_CLUSTER = 64  # units; longer runs of joined characters are cut where need be
_SPACE = re.compile(r"\s*")
_BREAK = re.compile(r"[^\S\xa0\u2007\u202f]+")  # no-break spaces hold words together
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")
# Spaces by another name: Telegram refuses a message that holds nothing else.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufe0e\ufe0f")


def split(rich: RichText, limit: int = 4096, max_entities: int = 100) -> tuple[RichText, ...]:
    """Parts of at most `limit` UTF-16 units (2 or more) and `max_entities` entities, none of them blank.

    Prefers the end of a paragraph, then of a line, then of a word; cuts no link or word that fits into a message.
    Formatting goes on in the next part; what one word holds over `max_entities` is dropped. Of the text only white
    space at the borders is lost, and parts with nothing to see (spec: delivery, Telegram's rules).
    """
    if limit < 2:
        raise ValueError(f"a message needs room for 2 UTF-16 units, not {limit}")
    units = _code_units(rich.text).rstrip()
    queue = sorted(rich.entities, key=lambda entity: (entity.offset, -entity.length))
    cutter = _Cutter(units, queue, limit)
    parts: list[RichText] = []
    active: list[Entity] = []  # those that reach into the part
    taken = 0
    start = cutter.after_space(0)
    while start < len(units):
        crowded = taken + max_entities - len(active)
        cut = cutter.cut(start, queue[crowded].offset if 0 <= crowded < len(queue) else len(units))
        while taken < len(queue) and queue[taken].offset < cut:
            active.append(queue[taken])
            taken += 1
        part = _part(units[start:cut].rstrip(), start, active)
        if not is_blank(part.text):
            parts.append(replace(part, entities=part.entities[:max_entities]))
        active = [entity for entity in active if entity.offset + entity.length > cut]
        start = cutter.after_space(cut)
    return tuple(parts)


def is_blank(text: str) -> bool:
    """Whether Telegram refuses `text` as empty: only spaces, control and zero-width characters."""
    return all(
        character in _FILLERS or unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Zs"} for character in text
    )


class _Cutter:
    """Where a text may be cut."""

    def __init__(self, units: str, entities: list[Entity], limit: int) -> None:
        self._units = units
        self._limit = limit
        self._links = [
            (entity.offset, entity.offset + entity.length)
            for entity in entities
            if entity.type == "text_link" and entity.length <= limit
        ]
        self._paragraphs: list[int] = []
        self._lines: list[int] = []
        self._words: list[int] = []
        for border, newlines in self._borders():
            self._words.append(border)
            if newlines:
                self._lines.append(border)
            if newlines > 1:
                self._paragraphs.append(border)

    def after_space(self, position: int) -> int:
        space = _SPACE.match(self._units, position)
        return space.end() if space else position

    def cut(self, start: int, crowded: int) -> int:
        """The end of the part that begins at `start`; if possible before `crowded`, where entities get too many."""
        full = start + self._limit
        for stop in (min(crowded, full), full):
            if stop >= len(self._units):
                return len(self._units)
            if border := self._border(start, stop):
                return border
        return self._hard_cut(start, full)

    def _borders(self) -> Iterator[tuple[int, int]]:
        """Return where white space begins, outside of links, and how many line ends it holds."""
        links = iter(self._links)
        first, last = next(links, (0, 0))
        for space in _BREAK.finditer(self._units):
            border = space.start()
            while last and last <= border:
                first, last = next(links, (0, 0))
            if not first < border < last:
                yield border, space[0].count("\n")

    def _border(self, start: int, stop: int) -> int | None:
        """The best end of a part at or before `stop`; no paragraph or line is so short that it looks lost."""
        shortest = start + self._limit // 16
        for borders, least in ((self._paragraphs, shortest), (self._lines, shortest), (self._words, start)):
            index = bisect_right(borders, stop)
            if index and borders[index - 1] > least:
                return borders[index - 1]
        return None

    def _hard_cut(self, start: int, stop: int) -> int:
        """Return where to cut a word that is too long: before a link, else between two characters."""
        index = bisect_right(self._links, (stop,)) - 1
        if index >= 0 and start < self._links[index][0] and stop < self._links[index][1]:
            return self._links[index][0]
        for cut in range(stop, max(start, stop - _CLUSTER), -1):
            if not _is_joined(self._units, start, cut):
                return cut
        return stop - 1 if _is_low(self._units[stop]) else stop


def _part(text: str, start: int, entities: list[Entity]) -> RichText:
    """`text`, which begins at unit `start`, with what reaches into it of `entities`."""
    clipped = []
    for entity in entities:
        first = max(entity.offset - start, 0)
        last = min(entity.offset + entity.length - start, len(text))
        if text[first:last].strip():
            clipped.append(replace(entity, offset=first, length=last - first))
    return RichText(_characters(text), tuple(clipped))


def _is_joined(units: str, start: int, cut: int) -> bool:
    """Whether people see one character where `cut` would make two: pairs, marks, emoji sequences, flags."""
    if _is_low(units[cut]):
        return True
    before, after = _characters(units[max(start, cut - 2) : cut])[-1], _characters(units[cut : cut + 2])[0]
    if before == "\u200d" or after in _JOINERS or _is_modifier(after) or unicodedata.category(after)[0] == "M":
        return True
    return _is_regional(before) and _is_regional(after) and _flag_letters(units, start, cut) % 2 == 1


def _is_low(unit: str) -> bool:
    return "\udc00" <= unit <= "\udfff"


def _is_modifier(character: str) -> bool:
    """A skin tone, or a tag of a flag such as Scotland's."""
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_letters(units: str, start: int, cut: int) -> int:
    """How many regional indicators stand before `cut` in a row: two make a flag."""
    letters = _characters(units[start:cut])
    return len(letters) - len(letters.rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))


def _code_units(text: str) -> str:
    return "".join(map(chr, array("H", text.encode(_UTF16, "surrogatepass"))))


def _characters(units: str) -> str:
    return array("H", map(ord, units)).tobytes().decode(_UTF16, "replace")
