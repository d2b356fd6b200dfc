"""Plans reminders of deadlines and events: each minute, those that are due (spec: personal, My time).

A date and a kind of reminder make one short notice that follows the posting. It is written with a delivery for each
person it is for, once, in one statement: so nothing is told twice, a date that moved has reminders of its own, and what
was not written because nothing ran is written later. Whether a reminder still holds for its reader is asked when it is
taken up to send (rendering/reminding.py).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.categories import Category
from accounts.models import Subscriber, Subscription, Timing
from accounts.personal import quiet
from accounts.personal.listed import listed
from notifications.delivery import deferring, unsent
from notifications.models import Delivery, Interest, Notice
from notifications.my_time.reminder_times import FARTHEST, reminder_times
from notifications.publishing.named import named_by
from notifications.rendering.public import visible_notices
from notifications.rendering.reminding import AHEAD, KINDS, LATE, RULE

TOGETHER = timedelta(minutes=15)  # what is due so soon after another one is told with it
State = Delivery.State
_CHANNELS = (Subscription.Channel.TELEGRAM, Subscription.Channel.WEB_PUSH)
_NOT_AWAITED = ("not_selected", "absent", "withdrawn")  # what lists say of those whom their event does not concern
_UNREAD = ("body", "roster", "details", "links", "files", "eligibility")
_COLUMNS = ("notice_id", "subscription_id", "channel", "priority", "named", "next_attempt_at", "created_at", "state")


@dataclass(frozen=True, slots=True)
class Occasion:
    """A date of a posting, and the notices that state it, the posting first. `written` are its reminders by kind."""

    key: str
    date: datetime
    of_event: bool
    notices: tuple[Notice, ...]
    written: dict[str, Notice] = field(default_factory=dict)

    @property
    def times(self) -> dict[str, datetime]:
        first = self.notices[0]
        all_day = first.event_all_day if self.of_event else first.deadline_all_day
        return reminder_times(self.date, all_day=all_day, of_event=self.of_event)

    def is_written(self, kind: str) -> bool:
        """Whether a reminder is written for all; one that only went along with others is not."""
        return kind in self.written and self.written[kind].announced

    def was_known(self, at: datetime, now: datetime) -> bool:
        """Whether the date was known when its reminder was due; a wrong clock's time, ahead of now, does not count."""
        since = min(
            (notice.event_moved_at if self.of_event else notice.deadline_moved_at) or notice.first_seen_at
            for notice in self.notices
        )
        return since < at or since > now


@dataclass(frozen=True, slots=True)
class Reminder:
    """One kind of reminder of an occasion, due at its time."""

    occasion: Occasion
    kind: str
    at: datetime

    @property
    def had(self) -> list[Notice]:
        """Return the reminders of the occasion at this time or a later one: whoever has one of them needs no other."""
        times, written = self.occasion.times, self.occasion.written
        return [notice for kind, notice in written.items() if kind in times and times[kind] >= self.at]


def remind() -> int:
    """Write the reminders that are due. Returns how many deliveries.

    What was missed while nothing ran is told while it is of use: the last one before the date, none after it.
    """
    now = timezone.now()
    _take_back(now)
    occasions = coming(now)
    count = _send_after_all([notice.pk for one in occasions for notice in one.written.values()], now)
    count += _end_rests(now)
    if due(occasions, now):
        count += _write(now, [notice.pk for one in occasions for notice in one.notices])
    return count


def coming(now: datetime, *, ahead: timedelta = AHEAD + TOGETHER) -> list[Occasion]:
    """Return the dates that may be reminded of within `ahead`, with what is written: two statements."""
    near = (now, now + FARTHEST + ahead)
    stated = visible_notices().filter(announced=True).defer(*_UNREAD).order_by("pk")
    notices = list(stated.filter(Q(deadline__range=near) | Q(event_at__range=near)))
    if not notices:
        return []
    written: dict[tuple[str, datetime], dict[str, Notice]] = {}
    reminders = Notice.objects.filter(rule__startswith=RULE, deadline__range=near).select_related("follows")
    for reminder in reminders.defer(*_UNREAD, *(f"follows__{name}" for name in _UNREAD)):
        if reminder.follows and reminder.deadline:
            place = (reminder.follows.posting_key, reminder.deadline)
            written.setdefault(place, {})[reminder.rule.removeprefix(RULE)] = reminder
    return [*_occasions(notices, near, written, of_event=False), *_occasions(notices, near, written, of_event=True)]


def _occasions(
    notices: Iterable[Notice],
    near: tuple[datetime, datetime],
    written: Mapping[tuple[str, datetime], dict[str, Notice]],
    *,
    of_event: bool,
) -> Iterable[Occasion]:
    def place(notice: Notice) -> tuple[str, datetime]:
        date = notice.event_at if of_event else notice.deadline
        return notice.posting_key, date or near[0]

    stating = [notice for notice in notices if near[0] < place(notice)[1] <= near[1]]
    for (key, date), same in groupby(sorted(stating, key=lambda each: (*place(each), *_rank(each))), place):
        yield Occasion(key, date, of_event, tuple(same), written.get((key, date), {}))


def _rank(notice: Notice) -> tuple[bool, int]:
    return notice.category != Category.JOB_POSTING, notice.pk


def due(occasions: Iterable[Occasion], now: datetime, *, within: timedelta = AHEAD) -> list[Reminder]:
    """Return what is due by now, or within a while, and not written; of each date the nearest to it first."""
    return [
        Reminder(occasion, kind, at)
        for occasion in occasions
        for kind, at in occasion.times.items()
        if at <= now + within and not occasion.is_written(kind) and occasion.was_known(at, now)
    ]


@transaction.atomic
def _write(now: datetime, postings: Collection[int]) -> int:
    """Write what is due. The postings are locked, so that no other process plans them, and none of them moves."""
    list(Notice.objects.select_for_update().filter(pk__in=postings).order_by("pk").values_list("pk"))
    occasions = coming(now)
    first: list[int] = []
    count = 0
    for reminder in due(occasions, now):
        notice = _notice(reminder, now)
        notice.announced = True
        notice.save(update_fields=["announced", "updated_at"])
        count += _insert(notice, reminder, now)
        first.append(notice.pk)
    if not count:
        return 0
    at_once = Delivery.objects.filter(created_at=now, state=State.PENDING)
    begun = at_once.filter(notice__in=first).values("subscription")
    soon = []
    for reminder in due(occasions, now, within=AHEAD + TOGETHER):
        notice = _notice(reminder, now)
        _insert(notice, reminder, now, among=begun)
        soon.append(notice.pk)
    if len(first) + len(soon) > 1:
        unsent.put_together(at_once.filter(notice__in=[*first, *soon]))
    return count


def _take_back(now: datetime) -> None:
    """Have written again at its time what a clock that was ahead wrote too early: some may have asked for it since."""
    early = Notice.objects.filter(rule__startswith=RULE, announced=True, published_at__gt=now + AHEAD)
    early.update(announced=False)


def _send_after_all(reminders: Collection[int], now: datetime) -> int:
    """Send what a clock that was ahead took for over, and what stood in a message that fell away. Returns how many."""
    if not reminders:
        return 0
    skipped = Delivery.objects.filter(notice__in=reminders, state=State.SKIPPED, error_code__in=(LATE, unsent.TOGETHER))
    rows = skipped.values_list("pk", "error_code", "told_in", "told_in__state", "notice__published_at")
    found = list(rows.order_by("pk"))
    late = {pk for pk, reason, *_ in found if reason == LATE}
    alone = [
        pk for pk, _, within, state, at in found if within not in late and state == State.SKIPPED and at <= now + AHEAD
    ]
    if not late and not alone:
        return 0
    with transaction.atomic():
        unsent.send_skipped([*late, *alone])
        unsent.put_together(Delivery.objects.filter(pk__in=alone))
    return len(late) + len(alone)


def _end_rests(now: datetime) -> int:
    """Send what waited for the end of quiet hours or of a mute, in one message to each. Returns how many."""
    waited = deferring.waiting().filter(notice__rule__startswith=RULE, next_attempt_at__lte=now)
    over = waited.annotate(rest=quiet.rests_until("subscription__subscriber__timing__", quiet.clock_at(now)))
    found = list(over.filter(rest=None).values_list("pk", flat=True))
    if not found:
        return 0
    with transaction.atomic():
        rows = Delivery.objects.filter(pk__in=found, state=State.DEFERRED)
        unsent.put_together(rows)
        return deferring.let_through(rows)


def _notice(reminder: Reminder, now: datetime) -> Notice:
    """Return the notice of a reminder; a new one is not announced, which says that it is not written for all."""
    posting = reminder.occasion.notices[0]
    date = reminder.occasion.date
    notice, _ = Notice.objects.get_or_create(
        external_key=f"reminder:{reminder.kind}:{date:%Y%m%d%H%M%S}:{posting.pk}",
        defaults={
            "content_hash": posting.content_hash,
            "season": posting.season,
            "category": posting.category,
            "title": posting.title,
            "company": posting.company,
            "role": posting.role,
            "url": posting.url,
            "url_label": posting.url_label,
            "rule": f"{RULE}{reminder.kind}",
            "deadline": date,
            "published_at": reminder.at,
            "follows": posting,
        },
    )
    reminder.occasion.written[reminder.kind] = notice
    return notice


def _insert(notice: Notice, reminder: Reminder, now: datetime, *, among: QuerySet[Any, Any] | None = None) -> int:
    """Write the deliveries of a reminder, a statement for each way in which lists name people. Returns how many.

    With `among` it goes along with another one, to whoever need not wait: a rest may end before its own time.
    """
    count = 0
    for how, wanted in _wanted(reminder, now):
        rows = wanted.alias(rest=quiet.rests_until("subscriber__timing__", quiet.clock_at(now)))
        if among is not None:
            rows = rows.filter(Q(rest=None) | Q(rest__gte=_pressing(notice, now)), pk__in=among)
        count += _insert_named(notice, rows, how, now)
    return count


def _insert_named(notice: Notice, wanted: QuerySet[Subscription], how: str, now: datetime) -> int:
    """Write a delivery for each that is wanted; whoever rests until `rest` is told then, where that is early enough."""
    early = Q(rest__lt=_pressing(notice, now))
    at = Case(When(early, then=F("rest")), default=Value(now, DateTimeField()))
    state = Case(When(early, then=Value(State.DEFERRED.value)), default=Value(State.PENDING.value))
    urgent = Value(int(Delivery.Priority.URGENT))
    rows = wanted.order_by("pk").values_list(
        Value(notice.pk), "pk", "channel", urgent, Value(how), at, Value(now, DateTimeField()), state
    )
    select, parameters = rows.query.sql_with_params()
    table = connection.ops.quote_name(Delivery._meta.db_table)
    with connection.cursor() as cursor:
        # Without ON CONFLICT, which takes a fifth longer: `wanted` leaves out who has it, and the postings are locked.
        cursor.execute(f"INSERT INTO {table} ({', '.join(_COLUMNS)}) {select}", parameters)
        return max(int(cursor.rowcount), 0)


def _pressing(notice: Notice, now: datetime) -> datetime:
    """From when on a reminder of its date does not wait for the end of a rest."""
    return (notice.deadline or now) - quiet.BEFOREHAND


def _wanted(reminder: Reminder, now: datetime) -> Iterable[tuple[str, QuerySet[Subscription]]]:
    """Whose reminder it is, by how a list names them; whoever has it, or a later one, is left out."""
    mine = Subscription.objects.filter(
        _switched_on(KINDS[reminder.kind].columns),
        state=Subscription.State.ACTIVE,
        subscriber__kind=Subscriber.Kind.PERSON,
        channel__in=_CHANNELS,
    ).exclude(pk__in=Delivery.objects.filter(notice__in=reminder.had).values("subscription"))
    if not reminder.occasion.of_event:
        yield "", mine.filter(_told(reminder, now) | _asked(reminder, now)).exclude(_asked_later(reminder, now))
        return
    notices = reminder.occasion.notices
    by_list = named_by([row for notice in notices for row in notice.roster if _is_awaited(notice, row)])
    for how in set(by_list.values()):
        yield how, mine.filter(pk__in=listed([pk for pk, way in by_list.items() if way == how]))
    if any(not notice.roster or notice.roster_unread for notice in notices):
        asked = mine.filter(_asked(reminder, now)).exclude(_asked_later(reminder, now))
        yield "", asked.exclude(pk__in=listed(sorted(by_list))) if by_list else asked


def _switched_on(columns: Collection[str]) -> Q:
    """Who wants a kind of reminder: one of these columns of Timing holds, or does for whoever has no row."""
    wants = Q()
    for column in columns:
        wants |= Q(**{column: True})
    if any(getattr(Timing(), column) for column in columns):
        return ~Q(subscriber__in=Timing.objects.exclude(wants).values("subscriber"))
    return Q(subscriber__in=Timing.objects.filter(wants).values("subscriber"))


def _told(reminder: Reminder, now: datetime) -> Q:
    """Who had a message of the posting by then."""
    notices = [notice.pk for notice in reminder.occasion.notices]
    sent = Delivery.objects.filter(_by("sent_at", reminder.at, now), notice__in=notices)
    return Q(subscriber__in=sent.values("subscription__subscriber"))


def _asked(reminder: Reminder, now: datetime) -> Q:
    asked = Interest.objects.filter(_by("remind_at", reminder.at, now), key=reminder.occasion.key)
    return Q(subscriber__in=asked.values("subscriber"))


def _asked_later(reminder: Reminder, now: datetime) -> Q:
    """Who asked after it was due, and wants the next ones."""
    later = Interest.objects.filter(key=reminder.occasion.key, remind_at__gt=reminder.at, remind_at__lte=now)
    return Q(subscriber__in=later.values("subscriber"))


def _by(column: str, at: datetime, now: datetime) -> Q:
    """It happened by that time, or at a time ahead of now, which a wrong clock wrote."""
    return Q(**{f"{column}__lte": at}) | Q(**{f"{column}__gt": now})


def _is_awaited(notice: Notice, row: Mapping[str, str]) -> bool:
    return (row.get("meaning") or notice.roster_meaning) not in _NOT_AWAITED
