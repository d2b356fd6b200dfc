"""What arrived on the phones, as the checker reads it: plain text and times, nothing of the service."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.played.inputs import HOUR, REMINDED, Season, Text, shown

_KEY = re.compile(r"\b(?:Office|T&P Cell) \d{4}\b")
_HEAD = re.compile(r"^✏️ (?!Edited|Withdrawn)(.+)\n(.+)", re.DOTALL)
OWN = re.compile(r"^(?:🎯 You are|📋 You are|🎉 Congratulations|⏳ You are|⚠️ You are|You are listed)")
ADDED, TAKEN_OFF, WITHDRAWN = "added to this list", "no longer on this list", "list was withdrawn"
REMINDS = re.compile(r"[Rr]eminder: deadline (.+?)(?: \(|$)")


@dataclass(slots=True)
class Arrived:
    """A message on a phone: what it said first, and what it says now. `number` is its place among all arrivals."""

    number: int
    at: float
    chat: int
    first: str
    now: str
    edited: float = 0.0
    document: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a message is: of which text, and what of it: text, file, ping, on, off, withdrawn, remind."""

    key: str
    what: str
    about: str = ""


@dataclass(slots=True)
class Reader:
    """Tells what a message is, by the words the sources wrote."""

    season: Season
    _by_key: dict[str, Text] = field(default_factory=dict)
    _by_title: dict[str, list[Text]] = field(default_factory=dict)
    _by_file: dict[str, Text] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for text in self.season.texts:
            self._by_key[text.key] = text
            self._by_title.setdefault(text.title, []).append(text)
            if text.document:
                self._by_file[text.document] = text

    def read(self, message: Arrived) -> Said | None:
        """Return what a message is as it arrived; None where it is nothing of the season."""
        if message.document:
            found = self._by_file.get(message.document)
            return Said(found.key, "file") if found else None
        change = self._change(message.first, message.at)
        if change:
            return change
        if key := next((key for key in _KEY.findall(message.first) if key in self._by_key), ""):
            return Said(key, "text")
        posting = next((line for line in message.first.split("\n") if line.startswith("💼 ")), "")
        jobs = [text for text in self._by_title.get(posting[2:], ()) if text.posting]
        return Said(jobs[0].key, "text") if jobs else None

    def _change(self, words: str, at: float) -> Said | None:
        """A short message about a text. Where several texts share its head, what it says decides."""
        found = next((match for line in _starts(words) if (match := _HEAD.match(line))), None)
        if found is None:
            return None
        texts, note = self._by_title.get(found[1], []), found[2]
        if reminds := REMINDS.search(note):
            return self._reminder(texts, reminds[1], at)
        for words_of, what in ((ADDED, "on"), (TAKEN_OFF, "off"), (WITHDRAWN, "withdrawn")):
            if words_of in note:
                return Said("", what, found[1])
        said = ((text, version.ping) for text in texts for version in text.versions if version.ping)
        return next((Said(text.key, "ping", ping) for text, ping in said if note.startswith(ping)), None)

    def _reminder(self, texts: list[Text], deadline: str, at: float) -> Said | None:
        """Which of its reminders a message is: the last whose time has come."""
        postings = ((text, version.deadline) for text in texts if text.posting for version in text.versions)
        found = next(((text, when) for text, when in postings if shown(when) == deadline), None)
        if found is None:
            return None
        text, when = found
        before = min((span for span in REMINDED if when - at <= span), default=REMINDED[0])
        return Said(text.key, "remind", reminder(when, before))


def reminder(deadline: float, before: float) -> str:
    """The name of one reminder of one deadline."""
    return f"{shown(deadline)}, {before / HOUR:.0f} h before"


def _starts(words: str) -> Iterable[str]:
    """The message, and what is below its reader's own words."""
    yield words
    if "\n\n" in words:
        yield words.partition("\n\n")[2]
