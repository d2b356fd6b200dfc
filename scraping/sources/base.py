"""The contract of a source: it reads the world and hands over what is new or changed, in batches.

A source knows no database: what is already known is given to it, and what it found is stored by the caller,
batch by batch, while it goes on reading.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

import orjson

from scraping.items import RejectedItem, SourceItem

Known = Mapping[str, Mapping[str, str]]
"""What is stored already: kind → key → fingerprint. A kind without rows may be left out."""

ItemKey = tuple[str, str]
"""An item of a source: its kind and key."""


class SourceError(Exception):
    """Reading failed. `code` is short and stable (stored and counted), `text` is for people. No secrets."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """A part that could not be read while the rest could: an account, or one thing (`key`) in it."""

    source: str
    code: str
    text: str
    account: str = ""
    key: str = ""


@dataclass(slots=True)
class Batch:
    """A part of what one reading found. `unchanged` counts what was seen again with the fingerprint known.

    `awaits` names items, of this batch or stored before, whose result must be stored before the source goes on: the
    caller reads them at once and puts into `settled` those whose result is stored.
    """

    items: list[SourceItem] = field(default_factory=list)
    rejected: list[RejectedItem] = field(default_factory=list)
    failures: list[SourceFailure] = field(default_factory=list)
    unchanged: int = 0
    awaits: frozenset[ItemKey] = frozenset()
    settled: set[ItemKey] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.items or self.rejected or self.failures or self.unchanged)


class Source(Protocol):
    """A place to read from. Kept between cycles, so it holds nothing of one reading."""

    name: str

    def collect(self, known: Known) -> AsyncGenerator[Batch, None]:
        """Read once; yield batches of what is new or changed against `known`. Use it under contextlib.aclosing.

        Something that could not be read whole is left out and reported, so the next reading tries it again.
        What is no longer listed is not mentioned: absence never means deletion.

        Raises:
            SourceError: nothing at all could be read. Failures of parts come in the batches instead.
        """
        ...


def fingerprint(*parts: object) -> str:
    """A short hash over JSON values, the same for equal values whatever the order of their keys."""
    return blake2b(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
