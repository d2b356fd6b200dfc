"""Compares what arrived with what should have: lists every loss, double, late or false message of a season."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from benchmarks.played.inputs import IN_FLIGHT, MINUTE, PUSHES_IN_FLIGHT, Student, Text, Version
from benchmarks.played.known import named
from benchmarks.played.phones import OWN, TOGETHER, Arrived, Reader, Said, line_shows
from benchmarks.played.truth import Expected, Truth
from benchmarks.played.verdict import Verdict

_NUMBER = re.compile(r"\d{8,10}")
_WITHDRAWN = "✏️ Withdrawn"
Key = tuple[int, str, str, str]


class Checker:
    """Checks the messages of a season that was played until `until`."""

    def __init__(self, truth: Truth, arrived: Sequence[Arrived], until: float = 0.0) -> None:
        self.truth, self.arrived = truth, sorted(arrived, key=lambda message: message.number)
        self.until = until or truth.season.end
        self.verdict = Verdict(arrived=len(arrived))
        reader = Reader(truth.season)
        self._pieces = [(message, piece, reader.read(piece)) for message in self.arrived for piece in message.pieces()]
        versions = [version for text in truth.season.texts for version in text.versions]
        self._listed = {number for version in versions for _, number in version.roster}
        self._expected = self._all_expected()
        self._waiting: dict[int, list[Key]] = defaultdict(list)  # for digests
        for key, expected in self._expected.items():
            if expected.waits:
                self._waiting[expected.chat].append(key)
        self._got: dict[Key, list[Arrived]] = defaultdict(list)
        self._cut: list[Arrived] = []  # reminders in browsers that name some of them only

    def check(self) -> Verdict:
        """Return everything that is wrong."""
        for message, piece, said in self._pieces:
            self._check_message(message, piece, said)
        for key, expected in self._expected.items():
            if expected.due <= self.until:
                self._check_arrival(key, expected)
        self._check_doubles()
        for text in self.truth.season.texts:
            self._check_order(text)
        return self.verdict

    def _all_expected(self) -> dict[Key, Expected]:
        """By chat, text and what. Of two alike (a list of the same head was left twice) the unsure one stays."""
        found: dict[Key, Expected] = {}
        for one in self.truth.expected():
            key = (one.chat, one.key, one.what, one.about)
            found[key] = one if key not in found or not one.sure else found[key]
        return found

    # --- a message ---------------------------------------------------------------------

    def _check_message(self, message: Arrived, piece: Arrived, found: list[Said]) -> None:
        student = self.truth.students.get(message.chat)
        if student is None:
            return
        self._check_names(student, message, found)
        if message.is_edit:
            return
        if message.waited:
            self._check_waited(student, message)
            return
        if message.is_cut:
            self._cut.append(message)
        if not found and not self._answers(message):
            self.verdict.note("false", message.chat, "", f"not of the season: {piece.first[:60]!r}")
        for said in found:
            if said.what != "clash":
                self._check_said(student, self._one_of(said, piece), piece)

    def _check_waited(self, student: Student, message: Arrived) -> None:
        """A digest in a browser says how many notices waited: all that must be told by now, at most all that may."""
        left = [key for key in self._waiting[student.chat] if key not in self._got]
        limit = message.at + MINUTE + self._early(message.at)
        may = sorted((self._expected[key].due, key) for key in left if self._expected[key].since <= limit)
        must = [key for due, key in may if due <= message.at + MINUTE and self._expected[key].sure]
        later = [key for due, key in may if key not in must and self._expected[key].sure]
        for key in [*must, *later][: max(message.waited, len(must))]:
            self._got[key].append(message)
        if not len(must) <= message.waited <= len(may):
            why = f"{message.waited} in a browser's digest, where {len(must)} to {len(may)} waited"
            self.verdict.note("lost" if message.waited < len(must) else "false", student.chat, "", why)

    def _one_of(self, said: Said, message: Arrived) -> Said:
        """Of texts that a digest calls alike: one that was not told yet, sooner one that must be told now."""
        if said.what == "remind" and (early := self._early(message.at)):
            said = self._later_one(said, message.chat, message.at + early)
        if not said.others:
            return said
        keys = [(message.chat, key, said.what, said.about) for key in (said.key, *said.others)]
        by = message.at + MINUTE + self._early(message.at)

        def rank(key: Key) -> tuple[bool, bool, bool, float]:
            one = self._expected.get(key)
            if one is None:
                return True, True, True, 0.0
            is_late = self.truth.limit(one.due) + MINUTE < message.at
            return key in self._got, one.since > by or is_late, not one.sure, one.due

        return replace(said, key=min(keys, key=rank)[1], others=())

    def _later_one(self, said: Said, chat: int, by: float) -> Said:
        """The next reminder of the same date, where this one was told: a clock that is ahead tells it early."""
        date = said.about.rpartition(", ")[0]
        if (chat, said.key, "remind", said.about) not in self._got:
            return said
        mine = [key for key in self._expected if key[:3] == (chat, said.key, "remind") and key not in self._got]
        left = [key[3] for key in mine if self._expected[key].since <= by and key[3].rpartition(", ")[0] == date]
        return replace(said, about=left[0]) if left else said

    def _check_said(self, student: Student, said: Said, message: Arrived) -> None:
        key = (message.chat, said.key or said.about, said.what, said.about if said.key else "")
        expected = self._expected.get(key)
        if expected is None:
            self.verdict.note(*self._why_false(student, said, message))
            return
        self._got[key].append(message)
        before = MINUTE + self._early(message.at) + (TOGETHER if said.what == "remind" else 0.0)
        if message.at < expected.since - before:
            too_early = (expected.since - message.at) / MINUTE
            self.verdict.note("early", message.chat, said.key, f"{said.what}, {too_early:.0f} min")
        if said.what == "text":
            self._check_text(student, self.truth.texts[said.key], message)

    def _answers(self, message: Arrived) -> bool:
        """Whether the bot answers something that the student just did, or did before it was killed."""
        acts = [act.at for act in self.truth.acts if act.chat == message.chat and act.at - MINUTE <= message.at]
        back = any(t.kind == "kill bot" and t.start <= message.at <= t.end for t in self.truth.troubles)
        return any(back or message.at <= self.truth.limit(at) for at in acts)

    def _early(self, at: float) -> float:
        """How much too early a message may come by a clock that was ahead."""
        return max(
            (t.end - t.start + 4 * 3600 for t in self.truth.troubles if t.kind == "clock" and t.start <= at <= t.end),
            default=0.0,
        )

    def _why_false(self, student: Student, said: Said, message: Arrived) -> tuple[str, int, str, str]:
        chat = student.chat
        if not said.key:
            return "false", chat, said.about, f"{said.what}, of a list that does not name the student"
        text = self.truth.texts[said.key]
        if said.what == "remind":
            return "false reminder", chat, said.key, f"of {said.about}"
        if text.job and self.truth.declined(chat, text.job, text.at, text.at):
            return "false", chat, said.key, f"{said.what}, of a job the student declined"
        if not self.truth.wants(student, text):
            return "false", chat, said.key, f"{said.what}, which filters keep quiet"
        return "false", chat, said.key, f"{said.what}, at {message.at:.0f}, to somebody who is not to have it"

    def _check_names(self, student: Student, message: Arrived, said: list[Said]) -> None:
        if student.member:
            return
        words = f"{message.first}\n{message.now}"
        shown = [number for number in _NUMBER.findall(words) if number in self._listed]
        texts = [self.truth.texts[one.key] for one in said if one.key]
        names = {name for text in texts for version in text.versions for name, _ in version.roster}
        if shown or any(name in words for name in names):
            self.verdict.note("names", student.chat, said[0].key if said else "", "a stranger reads them")

    def _check_text(self, student: Student, text: Text, message: Arrived) -> None:
        """What a text said when it came, and what it says now."""
        latest = self.truth.limit(text.withdrawn) if text.withdrawn else 0.0
        if latest and message.at > latest:
            self.verdict.note("after withdrawal", student.chat, text.key)
        self._check_own_line(student, text, message)
        older = [v for v in text.versions if v is not text.versions[-1]]
        for version, after in zip(older, text.versions[1:], strict=True):
            if (
                message.at > self.truth.limit(after.at)
                and _shows(version, student, message, message.first)
                and not _shows(after, student, message, message.first)
            ):
                self.verdict.note("old state", student.chat, text.key)

    def _check_own_line(self, student: Student, text: Text, message: Arrived) -> None:
        possible = {
            named(student, v) for v in text.versions if v.at <= message.at and self._may_show(text, v, message.at)
        }
        has = bool(OWN.match(message.first))
        if has and True not in possible:
            self.verdict.note("wrong person", student.chat, text.key, "the own line of somebody who is not listed")
        elif not has and possible == {True} and not self.truth.file_was_held_up(text, message.at):
            self.verdict.note("own line missing", student.chat, text.key)

    def _may_show(self, text: Text, version: Version, at: float) -> bool:
        """Whether a message that came at a time may show a version."""
        later = [other.at for other in text.versions if other.at > version.at]
        return not later or at <= self.truth.limit(later[0])

    def _check_last_state(self, student: Student, text: Text, message: Arrived) -> None:
        """The last version stands in a message, where its reader was there to get the edit."""
        version = text.versions[-1]
        changed = max(version.at, text.withdrawn)
        due = max(changed, message.at)
        if (
            self.truth.limit(due) > self.until
            or self.truth.active(student.chat, due, self.truth.limit(due)) is not True
        ):
            return
        if text.withdrawn:
            if not _is_withdrawn(message) and not self._was_in_flight(message):
                self.verdict.note("missing edit", student.chat, text.key, "not marked as withdrawn")
        elif not _shows(version, student, message, message.now):
            self.verdict.note("missing edit", student.chat, text.key, "it does not show the last version")
        elif not message.is_pushed and bool(OWN.match(message.now)) != named(student, version):
            self.verdict.note("missing edit", student.chat, text.key, "the own line is not that of the last version")

    def _was_in_flight(self, message: Arrived) -> bool:
        """Whether nobody may know of a message: whoever sent it was killed before its answer was noted."""
        near = [t for t in self.truth.troubles if t.start - MINUTE / 2 <= message.at <= t.end + MINUTE / 2]
        return any(trouble.in_flight for trouble in near)

    # --- what should have come --------------------------------------------------------------

    def _check_arrival(self, key: Key, expected: Expected) -> None:
        self.verdict.checked += 1
        got = self._got.get(key)
        limit = self.truth.limit(expected.due)
        if got is None:
            if expected.sure and limit <= self.until and not self._is_told_elsewhere(expected):
                self.verdict.note("lost", expected.chat, expected.key, expected.what)
            return
        last = max(got, key=lambda message: message.edited) if got[0].is_pushed else got[-1]  # of a double it is edited
        if expected.what == "text" and not last.waited:
            self._check_last_state(self.truth.students[expected.chat], self.truth.texts[expected.key], last)
        late = max(0.0, got[0].at - expected.due)
        if expected.sure:
            self.verdict.lateness.append(late)
            if got[0].at > limit + MINUTE:
                self.verdict.note("late", expected.chat, expected.key, f"{expected.what}, {late / MINUTE:.0f} min")

    def _is_told_elsewhere(self, one: Expected) -> bool:
        """Whether a reminder is that of another text of its job too, or was cut off in a browser."""
        if one.what != "remind":
            return False
        near = [m for m in self._cut if m.chat == one.chat and abs(m.at - one.due) < TOGETHER + MINUTE]
        job = self.truth.texts[one.key].job
        same = [text.key for text in self.truth.season.texts if job and text.job == job]
        return bool(near) or any((one.chat, key, "remind", one.about) in self._got for key in same)

    def _check_doubles(self) -> None:
        """Lay each double to something that went wrong between the two, which explains as many as were in flight."""
        troubles = [trouble for trouble in self.truth.troubles if trouble.in_flight]
        self.verdict.allowed_doubles = sum(trouble.in_flight for trouble in troubles)
        in_browsers = [PUSHES_IN_FLIGHT if trouble.in_flight else 0 for trouble in troubles]
        known: set[tuple[int, int]] = set()
        in_chats = [trouble.in_flight for trouble in troubles]
        for key, messages in self._got.items():
            is_browser = bool(self.truth.students[key[0]].owner)
            left = in_browsers if is_browser else in_chats
            for first, again in pairwise(messages):
                if first.number == again.number or (
                    is_browser and self.truth.active(key[0], first.at, again.at) is not True
                ):
                    continue  # a browser that returned is a new one
                if (first.number, again.number) in known:
                    continue  # another line of a digest that came twice
                known.add((first.number, again.number))
                self.verdict.doubles += not is_browser
                causes = [
                    n
                    for n, trouble in enumerate(troubles)
                    if left[n] and trouble.start - MINUTE / 2 <= again.at and first.at <= trouble.end + MINUTE / 2
                ]
                if causes:
                    left[causes[0]] -= 1
                else:
                    self.verdict.note("double", key[0], key[1], f"{key[2]}, {again.at - first.at:.0f} s later")

    def _check_order(self, text: Text) -> None:
        """Whom a list names has it before the others do, but for what was in flight."""
        if not text.versions[0].roster:
            return
        mine: list[Arrived] = []
        others: list[Arrived] = []
        for (chat, key, what, _), messages in self._got.items():
            if key == text.key and what == "text" and not self.truth.students[chat].owner:
                expected = self._expected[chat, key, what, ""]
                is_own = expected.own and expected.due == text.at
                (mine if is_own and expected.sure else [] if is_own else others).append(messages[0])
        for last in mine:
            before = sum(other.number < last.number for other in others)
            limit = self.truth.limit(text.at)
            stops = sum(t.start <= limit and t.end >= text.at for t in self.truth.troubles)
            if before > IN_FLIGHT * (1 + stops):
                self.verdict.note("behind bulk", last.chat, text.key, f"{before} others were told before")


def _is_withdrawn(message: Arrived) -> bool:
    """Whether a message says now that its text was withdrawn."""
    if message.is_pushed:
        return _WITHDRAWN in message.now
    return message.now.startswith("Withdrawn: " if message.is_line else _WITHDRAWN)


def _shows(version: Version, student: Student, message: Arrived, words: str) -> bool:
    """Whether a message says, in these of its words, what a version says, and names whom it may."""
    if message.is_line:
        return line_shows(version, words)
    if message.is_pushed and (version.roster or version.deadline):
        return True  # its first lines do not say that
    if not all(mark in words for mark in version.marks):
        return False
    numbers = set(_NUMBER.findall(words))
    listed = {number for _, number in version.roster}
    return listed <= numbers if student.member else not listed & numbers
