"""A reminder: a short notice that follows its posting. What it says to a reader, or why it does not go out.

Both are worked out when a delivery is taken up to send, from what holds then (spec: personal, My time).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Timing
from accounts.personal.may_apply import Answer, may_apply
from notifications.models import Delivery, Interest, Notice
from notifications.rendering.formats import moment, until
from notifications.rendering.messages import Entity, RichText
from notifications.rendering.public import without_names

RULE = "reminder "  # how Notice.rule of a reminder begins; its kind follows
LATE = "late"  # its date is over; by a clock that was wrong, perhaps
UNSURE = 0.6  # the confidence of a reading up to which its date is told as written


@dataclass(frozen=True, slots=True)
class Kind:
    """One time before a date. It is for whoever has any of these columns of Timing switched on."""

    columns: tuple[str, ...]
    of_event: bool = False


KINDS = {
    "24h": Kind(("remind_24h",)),
    "3h": Kind(("remind_3h",)),
    "1h": Kind(("remind_1h",)),
    "eve": Kind(("remind_24h",)),  # of a deadline without a time of day
    "morning": Kind(("remind_3h", "remind_1h")),  # of its day
    "evening": Kind(("remind_events",), of_event=True),
    "hour": Kind(("remind_events",), of_event=True),
}


class Addressed(Protocol):
    """A delivery, as far as a reminder looks at it."""

    @property
    def id(self) -> int: ...
    @property
    def notice_id(self) -> int: ...
    @property
    def subscription_id(self) -> int: ...
    @property
    def subscriber_id(self) -> int: ...


def is_reminder(notice: Notice) -> bool:
    return notice.rule.startswith(RULE)


def kind_of(reminder: Notice) -> Kind:
    return KINDS[reminder.rule.removeprefix(RULE)]


@dataclass(frozen=True, slots=True)
class Told:
    """What one message reminds of, and the reader's message of the posting where it is there."""

    reminders: tuple[Notice, ...]
    reply_to: int = 0


class Reminders:
    """The reminders of a batch: what each delivery tells, and which must not go out. Five queries at most."""

    def __init__(self, addressed: Collection[Addressed], notices: Mapping[int, Notice]) -> None:
        mine = [item for item in addressed if item.notice_id in notices and is_reminder(notices[item.notice_id])]
        self._of = {item.id: [notices[item.notice_id]] for item in mine}
        self._subscriber = {item.id: item.subscriber_id for item in mine}
        self._messages: dict[int, int] = {}
        if mine:
            self._load(mine)

    def _load(self, mine: Collection[Addressed]) -> None:
        held = Delivery.objects.filter(within__in=self._of).select_related("notice__follows").order_by("pk")
        for delivery in held:
            if delivery.within_id:
                self._of[delivery.within_id].append(delivery.notice)
        postings = [_posting(reminder) for reminders in self._of.values() for reminder in reminders]
        people = set(self._subscriber.values())
        said = Interest.objects.filter(subscriber__in=people, key__in={posting.posting_key for posting in postings})
        self._said = {(one.subscriber_id, one.key): one for one in said}
        self._timings = {timing.subscriber_id: timing for timing in Timing.objects.filter(subscriber__in=people)}
        self._facts = _facts(people) if any(posting.eligibility for posting in postings) else {}
        self._messages = _messages(mine, self._of)

    def told(self, delivery_id: int, *, edited: bool) -> Told:
        """Return what a delivery tells: what still holds, or in an edit all that it told."""
        reminders = self._of[delivery_id]
        if not edited:
            reminders = [each for each in reminders if not self._against(each, delivery_id)] or reminders
        alone = len(reminders) == 1 and not edited
        return Told(tuple(reminders), self._messages.get(delivery_id, 0) if alone else 0)

    def refusal(self, delivery_id: int) -> str:
        """Return why nothing of a delivery goes out any more; "" where something does."""
        reasons = [self._against(reminder, delivery_id) for reminder in self._of[delivery_id]]
        return "" if "" in reasons else reasons[0]

    def _against(self, reminder: Notice, delivery_id: int) -> str:
        """Return why a reminder does not go to this reader any more; "" where it does."""
        posting, kind, subscriber = _posting(reminder), kind_of(reminder), self._subscriber[delivery_id]
        if reason := no_longer_so(reminder):
            return reason
        said = self._said.get((subscriber, posting.posting_key))
        if said and said.not_interested_at:
            return "not_interested"
        if said and said.applied_at and not kind.of_event:
            return "applied"
        timing = self._timings.get(subscriber) or Timing()
        if not any(getattr(timing, column) for column in kind.columns):
            return "switched_off"
        asked = said and said.remind_at
        return "not_open" if not asked and not kind.of_event and self._is_closed_to(subscriber, posting) else ""

    def _is_closed_to(self, subscriber: int, posting: Notice) -> bool:
        facts = self._facts.get(subscriber)
        verdict = may_apply(posting.eligibility, facts) if facts else None
        return verdict is not None and verdict.answer is Answer.NO


def no_longer_so(reminder: Notice) -> str:
    """Return why a reminder holds for nobody any more; "" where it does. `deadline` is the date it is of."""
    posting = _posting(reminder)
    if posting.withdrawn_at:
        return "withdrawn"
    if reminder.deadline != (posting.event_at if kind_of(reminder).of_event else posting.deadline):
        return "moved"
    return LATE if not reminder.deadline or reminder.deadline <= timezone.now() else ""


def _posting(reminder: Notice) -> Notice:
    assert reminder.follows  # noqa: S101 (for the types: each reminder follows its posting)
    return reminder.follows


def _facts(people: Collection[int]) -> dict[int, dict[str, str]]:
    from accounts.personal import profiles  # decrypting is not for every process

    return profiles.of_subscribers(people)


def _messages(mine: Iterable[Addressed], reminders: Mapping[int, list[Notice]]) -> dict[int, int]:
    """The id of the first message of the posting in each chat, by delivery, where it is the only one told."""
    alone = {item.id: (reminders[item.id][0].follows_id, item.subscription_id) for item in mine}
    rows = Delivery.objects.filter(
        notice__in={posting for posting, _ in alone.values()},
        subscription__in={subscription for _, subscription in alone.values()},
        sent_at__isnull=False,
    ).values_list("notice", "subscription", "message_ids")
    first = {(posting, subscription): ids[0] for posting, subscription, ids in rows if ids}
    return {delivery: first[place] for delivery, place in alone.items() if place in first}


def words(told: Told, *, names: bool) -> RichText:
    """Return the text of a reminder, or of several in one message; without students' names unless `names`."""
    lines = [_lines(reminder, names=names) for reminder in told.reminders]
    if len(lines) == 1:
        name, when = lines[0]
        emoji = "📅" if kind_of(told.reminders[0]).of_event else "⏰"
        return _rich([(f"{emoji} ", False), (name, True), (f"\n{when}", False)])
    head = ngettext("%(count)d reminder", "%(count)d reminders", len(lines)) % {"count": len(lines)}
    pieces = [(f"⏰ {head}", True)]
    for number, (name, when) in enumerate(lines, start=1):
        pieces += [(f"\n\n{number}. ", False), (name, True), (f"\n{when}", False)]
    return _rich(pieces)


def _lines(reminder: Notice, *, names: bool) -> tuple[str, str]:
    """What a reminder is about, and when that is."""
    kind = kind_of(reminder)
    posting = _posting(reminder) if names else without_names(_posting(reminder))
    what = posting.stage if kind.of_event else posting.role
    name = " · ".join(filter(None, (posting.company, what))) if posting.company else posting.title
    return " ".join(name.split()), _when(reminder, posting, kind)


def _when(reminder: Notice, posting: Notice, kind: Kind) -> str:
    at = reminder.deadline
    assert at  # noqa: S101 (for the types: each reminder has its date there)
    all_day = posting.event_all_day if kind.of_event else posting.deadline_all_day
    near = _day(at) if all_day else until(at, timezone.now())
    date = moment(at, all_day=all_day) + (f" ({near})" if near else "")
    if posting.confidence <= UNSURE:
        said = (
            _("Date as written: %(date)s. Check it.")
            if kind.of_event
            else _("Deadline as written: %(date)s. Check it.")
        )
        return said % {"date": date}
    if not kind.of_event:
        return _("Deadline: %(date)s") % {"date": date}
    return f"{date}, {posting.venue}" if posting.venue else date


def _day(at: datetime) -> str:
    days = (timezone.localdate(at) - timezone.localdate()).days
    return {0: _("today"), 1: _("tomorrow")}.get(days, "")


def _rich(pieces: Iterable[tuple[str, bool]]) -> RichText:
    """The pieces as one text, some of them bold. Offsets count UTF-16 units (Bot API, MessageEntity)."""
    text, entities, here = "", [], 0
    for piece, bold in pieces:
        units = len(piece.encode("utf-16-le")) // 2
        if bold and units:
            entities.append(Entity("bold", here, units))
        text, here = text + piece, here + units
    return RichText(text, tuple(entities))
