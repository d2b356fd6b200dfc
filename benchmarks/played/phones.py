"""What arrived on the phones, as the checker reads it: plain text and times, nothing of the service."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from benchmarks.played.inputs import MINUTE, Season, Text, Version, shown, shown_day

_KEY = re.compile(r"\b(?:Office|T&P Cell) \d{4}\b")
_HEAD = re.compile(r"^✏️ (?!Edited|Withdrawn)(.+)\n(.+)", re.DOTALL)
OWN = re.compile(r"^(?:🎯 You are|🎉 Congratulations|⏳ You are|⚠️ You are|You are listed)")
ADDED, TAKEN_OFF, WITHDRAWN = "added to this list", "no longer on this list", "list was withdrawn"
CLASH, DIGEST = ("⚠️ Two at once", "⚠️ One right after the other"), "🗞 "
_LINE = re.compile(r"^(\d+)\. \S+ (.+)", re.DOTALL)
_CHANGED = "Changed: "
_WAITED = re.compile(r"(\d+) notices? waited for you\n")
_COUNT = re.compile(r"\b(\d+) students?\b")
_REMINDS = re.compile(r"^[⏰📅] .*", re.DOTALL | re.MULTILINE)  # at the head, or below the reader's own line
_REMINDERS = re.compile(r"⏰ (\d+) reminders\n")
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
    is_line: bool = False  # of a digest
    is_pushed: bool = False  # to a browser: the first lines alone

    @property
    def is_edit(self) -> bool:
        """Whether it stands in a browser in the place of an earlier one."""
        return self.is_pushed and is_edit(self.first)

    @property
    def waited(self) -> int:
        """How many notices a digest in a browser tells of; 0 where it is none."""
        found = _WAITED.match(self.first) if self.is_pushed else None
        return int(found[1]) if found else 0

    @property
    def is_cut(self) -> bool:
        """Whether it tells in a browser of more reminders than it shows."""
        found = _REMINDERS.match(self.first) if self.is_pushed else None
        return bool(found) and len(_ONE_OF_SEVERAL.findall(self.first)) < int(found[1] if found else 0)

    def pieces(self) -> list["Arrived"]:
        """Return the lines of a digest, each as a message of its own; else the message."""
        if not self.first.startswith(DIGEST):
            return [self]
        now = _numbered(self.now)
        return [
            replace(self, first=words, now=now.get(number, ""), is_line=True)
            for number, words in _numbered(self.first).items()
        ]


def is_edit(pushed: str) -> bool:
    """Whether a message in a browser says of itself that it was edited, at its head or below its reader's own line."""
    return any(line.startswith(("✏️ Edited", "✏️ Withdrawn")) for line in pushed.split("\n"))


def _numbered(digest: str) -> dict[str, str]:
    """What a digest tells, by number: the title, and the facts below it."""
    return {found[1]: found[2] for block in digest.split("\n\n") if (found := _LINE.match(block))}


@dataclass(frozen=True, slots=True)
class Said:
    """What a message is: of which text, and what of it: text, file, ping, on, off, withdrawn, remind.

    A line of a digest may be about one of `others` as well: lists of one job are called alike.
    """

    key: str
    what: str
    about: str = ""
    others: tuple[str, ...] = ()


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
        if message.is_line:
            return self._line(message)
        if message.document:
            found = self._by_file.get(message.document)
            return [Said(found.key, "file")] if found else []
        if message.first.startswith(CLASH):
            return [Said("", "clash")]
        if reminds := _REMINDS.search(message.first):
            alone = [(reminds[0].partition(" ")[2], message.first)]  # a browser shows the date in the own line alone
            lines = _ONE_OF_SEVERAL.findall(reminds[0]) or _SINGLE.findall(reminds[0]) or alone
            return [said for name, when in lines if (said := self._reminder(name, when, message.at))]
        said = self._change(message.first) or self._text(message.first)
        if said is None and message.is_pushed:
            keys = [
                text.key for text in self.season.texts if text.at <= message.at and _is_pushed_of(text, message.first)
            ]
            said = Said(keys[0], "text", others=tuple(keys[1:])) if keys else None
        return [said] if said else []

    def _line(self, message: Arrived) -> list[Said]:
        title, _, facts = message.first.removeprefix(_CHANGED).partition("\n")
        found = [text for text in self.season.texts if text.at <= message.at and _is_line_of(text, title, facts)]
        keys = [text.key for text in found]
        if not message.first.startswith(_CHANGED):
            return [Said(keys[0], "text", others=tuple(keys[1:]))] if keys else []
        pings = [version.ping for text in found for version in text.versions if version.at <= message.at]
        return [Said(keys[0], "ping", pings[-1])] if keys else []

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
        found: list[Said] = []
        for text in self.season.texts if date else ():
            if not _is_reminder_of(text, name):
                continue
            for version in text.versions:
                of_kind = [
                    one for one in version.reminders() if when.startswith("Deadline") == (one[1] != version.event)
                ]
                mine = [one for one in of_kind if date and date[0] in (shown(one[1]), shown_day(one[1]))]
                if mine:
                    come = [one for one in mine if one[2] - TOGETHER <= at] or mine[:1]
                    found.append(Said(text.key, "remind", reminder(come[-1][0], come[-1][1])))
                    break
        alike = tuple(one.key for one in found[1:] if one.about == found[0].about)
        return replace(found[0], others=alike) if found else None


def _is_line_of(text: Text, title: str, facts: str) -> bool:
    """Whether a line of a digest is about a text, as any of its versions says it."""
    named = {"venue": True, "list": title.endswith(f" · {called_as(text)}")}.get(text.kind, title == text.title)
    return named and any(line_shows(version, facts) for version in text.versions)


def _is_reminder_of(text: Text, name: str) -> bool:
    """Whether a reminder is called as a text is: a contest by the first word of its title."""
    if text.kind == "contest" and name == text.title.split()[0]:
        return True
    return name == text.title or bool(text.company and name.startswith(f"{text.company} · "))


def called_as(text: Text) -> str:
    """What a list is called; one that is in a file belongs to no job, and its notice names the company alone."""
    return text.title if text.job else text.company


def _is_pushed_of(text: Text, words: str) -> bool:
    """Whether the first lines of a text stand in a browser."""
    lines = words.split("\n")
    if text.kind == "venue":
        return any(line_shows(version, words) for version in text.versions)
    if text.kind == "list":
        own = f"{called_as(text).replace(' · ', ', ')}, "
        called = any(line.endswith(f" · {called_as(text)}") or line.startswith(own) for line in lines)
        count = _COUNT.search(words)
        versions = text.versions
        fits = (int(count[1]) == len(each.roster) if count else line_shows(each, words) for each in versions)
        return called and any(fits)
    return f"💼 {text.title}" in lines if text.posting else any(line.endswith(text.title) for line in lines)


def line_shows(version: Version, facts: str) -> bool:
    """Whether the facts of a line say what a version says; `Hall 1` is not said by `Hall 12`."""
    return all(re.search(rf"{re.escape(mark)}(?![\w,])", facts) for mark in version.line)


def reminder(kind: str, date: float) -> str:
    """The name of one reminder of one date."""
    return f"{shown(date)}, {kind}"


def _starts(words: str) -> Iterable[str]:
    """The message, and what is below its reader's own words."""
    yield words
    if "\n\n" in words:
        yield words.partition("\n\n")[2]
