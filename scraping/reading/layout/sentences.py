"""Sentences of the lines of a text, each with the number of its line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A full stop behind these ends no sentence: "Dr. Reddy's", "Rs. 500", "No. 4", "Sec. 62".
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|no|nos|rs|st|sec|vs|approx|dept|univ|govt|pvt|ltd|inc|co"
    r"|corp|jan|feb|mar|apr|jun|jul|aug"
    r"|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|i\.e|e\.g|p\.a|a\.m|p\.m|b\.tech|m\.tech|etc|max|min|sr|jr|addl)"
    r"|(?<!\bhall )(?<!\bblock )(?<!\broom )(?<!\blab )(?<!\bwing )\b[A-Za-z]|^\W*\d{1,3})\.$",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[^\W_a-z]|[^\w\s])|(?<=[!?;।])\s+")
_LONGEST_LINE = 4000
# Behind it stands who wrote the text.
SIGNED = re.compile(
    r"\W*(?:(?:best|warm|kind|with)?\s?regards|thanks\s?(?:&|and)\s?regards|sincerely|yours"
    r"|thanking\syou|cheers|thanks)\b.{0,20}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence; `line` is the number of the line it stands in, -1 for the title."""

    text: str
    line: int


def read_sentences(lines: Sequence[str], first: int = 0) -> Iterator[Sentence]:
    """The sentences of `lines` in order; a row of a table is one sentence."""
    for number, line in enumerate(lines, start=first):
        for text in sentences_of(line):
            yield Sentence(text, number)


def sentences_of(line: str) -> Iterator[str]:
    """The sentences of one line."""
    line = line[:_LONGEST_LINE]
    start = 0
    for match in () if "\t" in line else _END.finditer(line):
        if not _ABBREVIATION.search(line[max(start, match.start() - 8) : match.start()]):
            yield line[start : match.start()].strip()
            start = match.end()
    yield line[start:].strip()
