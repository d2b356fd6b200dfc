"""What arrived on the phones, as the checker reads it: plain text and times, nothing of the service."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.played.inputs import MINUTE, Season, Text, shown, shown_day

_KEY = re.compile(r"\b(?:Office|T&P Cell) \d{4}\b")
_HEAD = re.compile(r"^✏️ (?!Edited|Withdrawn)(.+)\n(.+)", re.DOTALL)
OWN = re.compile(r"^(?:🎯 You are|📋 You are|🎉 Congratulations|⏳ You are|⚠️ You are|You are listed)")
ADDED, TAKEN_OFF, WITHDRAWN = "added to this list", "no longer on this list", "list was withdrawn"
CLASH = "⚠️ Two at once"
TOGETHER = 16 * MINUTE  # so much before its time a reminder may be told with another one
_SINGLE = re.compile(r"^\S+ (.+)\n(.+)")
_ONE_OF_SEVERAL = re.compile(r"^\d+\. (.+)\n(.+)", re.MULTILINE)
_DATE = re.compile(r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2}(?:, \d{1,2}:\d\d [AP]M)?")


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

    def read(self, message: Arrived) -> list[Said]:
        """Return what a message is as it arrived; nothing where it is nothing of the season."""
        if message.document:
            found = self._by_file.get(message.document)
            return [Said(found.key, "file")] if found else []
        if message.first.startswith(CLASH):
            return [Said("", "clash")]
        if message.first[:2] in ("⏰ ", "📅 "):
            lines = _ONE_OF_SEVERAL.findall(message.first) or _SINGLE.findall(message.first)
            return [said for name, when in lines if (said := self._reminder(name, when, message.at))]
        said = self._change(message.first) or self._text(message.first)
        return [said] if said else []

    def _text(self, words: str) -> Said | None:
        if key := next((key for key in _KEY.findall(words) if key in self._by_key), ""):
            return Said(key, "text")
        posting = next((line for line in words.split("\n") if line.startswith("💼 ")), "")
        jobs = [text for text in self._by_title.get(posting[2:], ()) if text.posting]
        return Said(jobs[0].key, "text") if jobs else None

    def _change(self, words: str) -> Said | None:
        """A short message about a text. Where several texts share its head, what it says decides."""
        found = next((match for line in _starts(words) if (match := _HEAD.match(line))), None)
        if found is None:
            return None
        texts, note = self._by_title.get(found[1], []), found[2]
        for words_of, what in ((ADDED, "on"), (TAKEN_OFF, "off"), (WITHDRAWN, "withdrawn")):
            if words_of in note:
                return Said("", what, found[1])
        said = ((text, version.ping) for text in texts for version in text.versions if version.ping)
        return next((Said(text.key, "ping", ping) for text, ping in said if note.startswith(ping)), None)

    def _reminder(self, name: str, when: str, at: float) -> Said | None:
        """Which reminder a line is: by what it is named, by its date, and by the last whose time has come."""
        date = _DATE.search(when)
        for text in self.season.texts if date else ():
            if name != text.title and not (text.company and name.startswith(f"{text.company} · ")):
                continue
            for version in text.versions:
                of_kind = [
                    one for one in version.reminders() if when.startswith("Deadline") == (one[1] != version.event)
                ]
                mine = [one for one in of_kind if date and date[0] in (shown(one[1]), shown_day(one[1]))]
                if mine:
                    come = [one for one in mine if one[2] - TOGETHER <= at] or mine[:1]
                    return Said(text.key, "remind", reminder(come[-1][0], come[-1][1]))
        return None


def reminder(kind: str, date: float) -> str:
    """The name of one reminder of one date."""
    return f"{shown(date)}, {kind}"


def _starts(words: str) -> Iterable[str]:
    """The message, and what is below its reader's own words."""
    yield words
    if "\n\n" in words:
        yield words.partition("\n\n")[2]
