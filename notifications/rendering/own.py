"""What concerns the one reader of a message, above what everybody reads (spec: personal).

Where the reader stands on the notice's list, and whether the reader may apply. Worked out for each delivery, and put in
front of the messages that are rendered once for all.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext as _n

from accounts.categories import Category
from accounts.models import Subscriber
from accounts.personal import may_apply
from accounts.personal.numbers import normal_number
from accounts.times import moment
from notifications.models import Delivery, Notice
from notifications.rendering.headline import headline_of
from notifications.rendering.messages import Entity, Part, PushPart, RichText, TelegramPart
from notifications.rendering.retold import ADDED

Rows = Sequence[Mapping[str, str]]  # of a list
_CLOCK = re.compile(r"\d[:.]\d\d|\d\s*[ap]\.?\s?m\b", re.IGNORECASE)
_DAY = re.compile(
    r"(?<![:\d])\d{1,2}/\d{1,2}(?![:\d])|\d{4}-\d\d-\d\d|\d([.-])\d{1,2}\1(?:20)?\d\d\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_LONGEST, _MOST_ENTITIES = 4096, 100  # of a message (Bot API)
_OFFERED = _lazy("🎉 Congratulations, you are on the list of offers")
_SAID = {
    **dict.fromkeys(("", "shortlisted"), _lazy("🎯 You are on the list")),
    "selected": _lazy("🎯 You are selected"),
    "waitlisted": _lazy("⏳ You are on the waiting list"),
    "not_selected": _lazy("You are listed as not selected"),
    "absent": _lazy("⚠️ You are listed as absent"),
    "action_required": _lazy("⚠️ You are asked to do something"),
    "withdrawn": _lazy("⚠️ Your offer is listed as withdrawn"),
    "unknown": _lazy("📋 You are listed"),
}
_THEN = {
    "absent": _lazy("If that is wrong, tell the placement cell."),
    "action_required": _lazy("Read below what it is."),
    "withdrawn": _lazy("Ask the placement cell."),
    "unknown": _lazy("Read below what the list says."),
}
_LOOK = _lazy("📋 You may be on this list. Look for your number.")
_WITHOUT_NUMBER = _lazy("📋 %(name)s is listed, without a number. Check whether it is you.")


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of somebody that a message goes to."""

    name: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    unreadable: bool = False  # there is a profile, and no key for it


@dataclass(frozen=True, slots=True)
class Own:
    """What stands above a message: its first words in bold, and the rest. `urgent`: it is about the reader's name.

    `says` names what need not stand below any more: title, stage, event, venue, count.
    """

    bold: str
    rest: str = ""
    urgent: bool = False
    says: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return f"{self.bold}{self.rest}"


def readers(subscribers: Collection[int]) -> dict[int, Reader]:
    """Return what is known of these subscribers: two queries, none where there is nobody."""
    from accounts.personal import profiles  # decrypting is not for every process

    if not subscribers:
        return {}
    facts = profiles.of_subscribers(subscribers)
    known = Subscriber.objects.filter(pk__in=subscribers).values_list("pk", "name", "profile")
    return {
        pk: Reader(name, facts.get(pk, {}), unreadable=profile is not None and pk not in facts)
        for pk, name, profile in known
    }


def own_words(notice: Notice, reader: Reader, how: str, *, beside: str = "") -> Own | None:
    """Return what concerns this reader, `how` being the way the list names them; None where nothing does.

    Company and role are not said again where they stand `beside` it.
    """
    listed = notice.follows or notice
    if how == Delivery.Named.BY_NAME:
        return Own(_WITHOUT_NUMBER % {"name": reader.name}, urgent=True)
    if how == Delivery.Named.BY_NUMBER:
        number = reader.facts.get("number")
        rows = [row for row in listed.roster if number and normal_number(row.get("enrollment") or "") == number]
        if rows:
            return _on_list(listed, rows, change=notice if notice.follows else None, beside=beside)
        if reader.unreadable:
            return Own(str(_LOOK), urgent=True)
    verdict = may_apply.may_apply(notice.eligibility, reader.facts) if reader.facts else None
    return Own("", may_apply.said(verdict)) if verdict else None


def own_of(notice: Notice, subscriber: int, *, names: bool) -> Own | None:
    """Return what concerns a subscriber who looks a notice up; of a list only where they read names."""
    reader = readers([subscriber]).get(subscriber, Reader())  # who forgets all meanwhile is a stranger
    number = reader.facts.get("number") if names else None
    listed = any(normal_number(row.get("enrollment") or "") == number for row in notice.roster) if number else False
    return own_words(notice, reader, Delivery.Named.BY_NUMBER if listed else "")


def _on_list(notice: Notice, rows: Rows, *, change: Notice | None, beside: str) -> Own:
    """The line of a list. Above a change, which names the list, only what the change does not say itself."""
    meaning = rows[0].get("meaning") or notice.roster_meaning
    same = sum((row.get("meaning") or notice.roster_meaning) == meaning for row in notice.roster)
    offered = notice.category == Category.PLACEMENT_OFFER and meaning in ("", "selected")
    named = [] if change else [fact for fact in _named(notice) if fact.casefold() not in beside.casefold()]
    facts = [*named, _stage(notice), *_event(notice, rows)]
    count = _n("%(count)d student.", "%(count)d students.", same) % {"count": same}
    if change and change.edit_note != ADDED:
        facts, count = [_places(rows)], ""
    sentences = [_said(", ".join(filter(None, facts))), count, str(_THEN.get(meaning, ""))]
    bold = _OFFERED if offered else _SAID.get(meaning, _SAID["unknown"])
    says = _says(notice, rows) if change is None else frozenset()
    return Own(str(bold), " ".join(filter(None, sentences)), urgent=True, says=says)


def _said(facts: str) -> str:
    return _(": %(facts)s.") % {"facts": facts} if facts else "."


def _named(notice: Notice) -> list[str]:
    """What the list is of: "Zenith Labs, Software Engineer"."""
    return [notice.company or notice.title, notice.role]


def _stage(notice: Notice) -> str:
    return "" if notice.category == Category.PLACEMENT_OFFER else notice.stage


def _says(notice: Notice, rows: Rows) -> frozenset[str]:
    """What the line says, so that it need not stand below: not a title that has words of its own."""
    title_of_its_own = bool(notice.company) and str(headline_of(notice)) == notice.title
    whole_event, whole_venue = _when(notice, rows) == _when(notice, ()), _rooms(rows) <= {notice.venue}
    said = {"stage": True, "count": True, "title": not title_of_its_own, "event": whole_event, "venue": whole_venue}
    return frozenset(name for name, is_said in said.items() if is_said)


def _event(notice: Notice, rows: Rows) -> list[str]:
    """When and where for this student: a time and a room of their own stand in the place of the notice's."""
    return [_when(notice, rows), _places(rows), "" if _rooms(rows) else notice.venue]


def _when(notice: Notice, rows: Rows) -> str:
    """The notice's day and time; the day alone beside a time of one's own, nothing beside a day of one's own."""
    slots = [text for row in rows if (text := row.get("slot"))]
    times = [*(text for row in rows if (text := row.get("time"))), *filter(_CLOCK.search, slots)]
    if notice.event_at is None or any(map(_DAY.search, [*times, *slots])):
        return ""
    return moment(notice.event_at, all_day=notice.event_all_day or bool(times))


def _places(rows: Rows) -> str:
    """What the list says of this student alone: "Panel 2, 10:40 AM, CL1"."""
    return "; ".join(filter(None, map(_place, rows)))


def _place(row: Mapping[str, str]) -> str:
    return ", ".join(text for name in ("slot", "panel", "time", "room") if (text := row.get(name)))


def _rooms(rows: Rows) -> set[str]:
    return {room for row in rows if (room := row.get("room"))}


def with_own(parts: Sequence[Part], own: Own | None) -> tuple[Part, ...]:
    """Put the reader's own words above the first message; into one of their own where they do not fit."""
    if own is None or not parts:
        return tuple(parts)
    first = parts[0]
    if isinstance(first, PushPart):
        return (_pushed(first, own), *parts[1:])
    head = _rich(own)
    if not isinstance(first, TelegramPart):
        return (TelegramPart(head), *parts)
    joined = _joined(head, first.body)
    if _units(joined.text) <= _LONGEST and len(joined.entities) <= _MOST_ENTITIES:
        return (replace(first, body=joined), *parts[1:])
    return (TelegramPart(head), *parts)


def _pushed(part: PushPart, own: Own) -> PushPart:
    if not own.urgent:
        return replace(part, body="\n".join(filter(None, (own.text, part.body))))
    rest = own.rest.removeprefix(": ").removeprefix(".")
    title = "" if "title" in own.says else part.title
    below = "" if own.says else part.body  # a change or a reminder: what it says stands there alone
    return replace(part, title=own.bold, body="\n".join(filter(None, (rest, title, below))), urgency="high")


def _rich(own: Own) -> RichText:
    return RichText(own.text, (Entity("bold", 0, _units(own.bold)),) if own.bold else ())


def _joined(head: RichText, body: RichText) -> RichText:
    between = "\n\n"
    shift = _units(head.text + between)
    moved = (replace(entity, offset=entity.offset + shift) for entity in body.entities)
    return RichText(head.text + between + body.text, (*head.entities, *moved))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
