"""Reminders, short notices that follow their posting: what a delivery reminds of, or why it does not go out.

Both are worked out when it is taken up to send, from what holds then (spec: personal, My time).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.utils import timezone

from accounts.models import Timing
from accounts.personal.may_apply import Answer, may_apply
from notifications.models import Delivery, Interest, Notice
from notifications.rendering.messages import Told

RULE = "reminder "  # how Notice.rule of a reminder begins; its kind follows
# Written so long before its time: the minute's task comes up to 92 s after the one before it, as the cluster looks at
# its schedule each half minute.
AHEAD = timedelta(seconds=45)
LATE = "late"  # its date is over; by a clock that was wrong, perhaps


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


def about_another(notice: Notice) -> str:
    """Return `Reminder: ` or `Change: `, before the name of a notice that tells of another one, called the same."""
    if is_reminder(notice):
        return "Reminder: "
    return "Change: " if notice.follows_id else ""


def kind_of(reminder: Notice) -> Kind:
    return KINDS[reminder.rule.removeprefix(RULE)]


@dataclass(frozen=True, slots=True)
class Reminded:
    """What one message reminds of, the reader's message of the posting, and the other deliveries that it tells."""

    reminders: tuple[Notice, ...]
    reply_to: int = 0
    others: tuple[Told, ...] = ()


class Reminders:
    """The reminders of a batch: what each delivery tells, and which must not go out. Five queries at most."""

    def __init__(self, addressed: Collection[Addressed], notices: Mapping[int, Notice]) -> None:
        mine = [item for item in addressed if item.notice_id in notices and is_reminder(notices[item.notice_id])]
        self._of = {item.id: {item.id: notices[item.notice_id]} for item in mine}
        self._subscriber = {item.id: item.subscriber_id for item in mine}
        if mine:
            self._load(mine)

    def _load(self, mine: Collection[Addressed]) -> None:
        for other in Delivery.objects.filter(told_in__in=self._of).select_related("notice__follows").order_by("pk"):
            self._of[other.told_in_id or 0][other.pk] = other.notice
        postings = [posting_of(reminder) for reminders in self._of.values() for reminder in reminders.values()]
        people = set(self._subscriber.values())
        said = Interest.objects.filter(subscriber__in=people, key__in={posting.posting_key for posting in postings})
        self._said = {(one.subscriber_id, one.key): one for one in said}
        self._timings = {timing.subscriber_id: timing for timing in Timing.objects.filter(subscriber__in=people)}
        self._facts = _facts(people) if any(posting.eligibility for posting in postings) else {}
        self._messages = _messages(mine, self._of)

    def told(self, delivery: int, *, edited: bool) -> Reminded:
        """Return what a delivery tells: what still holds, or in an edit all that it told."""
        found = self._of[delivery]
        if not edited:
            found = {pk: each for pk, each in found.items() if not self._against(each, delivery)}
        others = tuple(Told(pk, each.version) for pk, each in found.items() if pk != delivery)
        reply_to = self._messages.get(delivery, 0) if not edited and [*found] == [delivery] else 0
        return Reminded(tuple(found.values()), reply_to, others)

    def refusal(self, delivery: int) -> str:
        """Return why nothing of a delivery goes out any more; "" where something does.

        What was to be told with it before its time waits for that. `published_at` of a reminder is its time.
        """
        found = self._of[delivery]
        reasons = {pk: self._against(reminder, delivery) for pk, reminder in found.items()}
        soon = timezone.now() + AHEAD
        if not reasons[delivery] or any(not reasons[pk] and each.published_at <= soon for pk, each in found.items()):
            return ""
        return LATE if LATE in reasons.values() else reasons[delivery]  # that may be a wrong clock's

    def _against(self, reminder: Notice, delivery: int) -> str:
        """Return why a reminder does not go to this reader any more; "" where it does."""
        posting, kind, subscriber = posting_of(reminder), kind_of(reminder), self._subscriber[delivery]
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
    posting = posting_of(reminder)
    if posting.withdrawn_at:
        return "withdrawn"
    if reminder.deadline != (posting.event_at if kind_of(reminder).of_event else posting.deadline):
        return "moved"
    return LATE if not reminder.deadline or reminder.deadline <= timezone.now() else ""


def posting_of(reminder: Notice) -> Notice:
    """Return the notice that a reminder follows."""
    assert reminder.follows  # noqa: S101 (for the types: each reminder follows its posting)
    return reminder.follows


def _facts(people: Collection[int]) -> dict[int, dict[str, str]]:
    from accounts.personal import profiles  # decrypting is not for every process

    return profiles.of_subscribers(people)


def _messages(mine: Iterable[Addressed], reminders: Mapping[int, Mapping[int, Notice]]) -> dict[int, int]:
    """The id of the first message of the posting in each chat, by delivery."""
    places = {item.id: (reminders[item.id][item.id].follows_id, item.subscription_id) for item in mine}
    rows = Delivery.objects.filter(
        notice__in={posting for posting, _ in places.values()},
        subscription__in={subscription for _, subscription in places.values()},
        sent_at__isnull=False,
    ).values_list("notice", "subscription", "message_ids")
    first = {(posting, subscription): ids[0] for posting, subscription, ids in rows if ids}
    return {delivery: first[place] for delivery, place in places.items() if place in first}
