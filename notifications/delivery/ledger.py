"""The ledger of deliveries: claim, settle, retry, give up (spec: delivery, The ledger).

Beside it only delivery/blame.py writes deliveries, and delivery/deferring.py those that wait for a digest.

    pending ─┐                     ┌→ sent ──(edited)──→ pending
             ├─claim→ sending ─────┼→ retry
    retry ───┘       (leased)      ├→ failed (dead letter) ──(admin)──→ retry
      ↑                            ├→ skipped
      └──(resumed)── held ←────────┘ (its broadcast is paused)

At least once: a lease that ran out goes back to `retry`, and only what was in flight may be sent again.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import orjson
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Case, F, Min, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, Least, Mod
from django.utils import timezone

from accounts.models import Subscriber, Subscription
from accounts.subscribing.members import who_sees_names
from notifications.delivery import deferring
from notifications.delivery.sql import join_rows, skip_locked
from notifications.models import Delivery, Notice
from notifications.rendering.messages import Told
from notifications.rendering.public import NAMING

log = logging.getLogger(__name__)

State, Work = Delivery.State, Delivery.Work
WAITING = (State.PENDING, State.RETRY)
# Who had a notice and is told of its changes; what is on its way may be in the chat already.
HAD = Q(sent_at__isnull=False) | Q(parts_sent__gt=0) | Q(state=State.SENDING)
# Not tried: its push service fails for all or is slow; or it refuses most addresses, which is our own fault.
HOST_RESTS, HOST_HELD = "host_rests", "host_held"
TOGETHER = "together"  # told in the message of another delivery, once that goes out
EDITS_FOLLOW = timedelta(days=7)
_AT_ONCE = 500
# When a change of membership is looked at again: sweeps come each minute.
_SEEN_EARLIEST, _SEEN_LATEST = timedelta(minutes=5), timedelta(minutes=7)
_TABLE = Delivery._meta.db_table
_NOTICES, _SUBSCRIPTIONS = Notice._meta.db_table, Subscription._meta.db_table


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery leased to this process, with all it takes to send it."""

    id: int
    notice_id: int
    subscription_id: int
    work: str
    attempts: int
    parts_sent: int
    version_sent: int | None
    message_ids: tuple[int, ...]
    error_code: str
    broadcast: str
    address: str
    active: bool
    keys: dict[str, str]
    topic: int | None = None
    topic_refused: str = ""
    subscriber_id: int = 0
    named: str = ""  # how a list names the subscriber, see Delivery.Named
    names: bool = False  # whether its subscriber may read the names of students
    language: str = ""
    reply_to: int | None = None  # the chat's message of the notice that this one follows

    @property
    def personal(self) -> bool:
        """Whether it goes to a private chat of Telegram: ids of groups and channels are negative (Bot API, Chat)."""
        return self.address.isdigit()


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a claimed delivery ended; in state `sending`: how far it came, the lease is kept and renewed.

    What is None stays as it is in the ledger.
    """

    id: int
    state: str
    attempts: int
    parts_sent: int
    message_ids: Sequence[int] = ()
    next_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    version_sent: int | None = None
    error_code: str = ""
    error_text: str = ""
    told: tuple[Told, ...] = ()  # what the message just sent told, where it is one of a digest


def queue(notice_id: int, subscriptions: Iterable[Subscription], named: Mapping[int, str] | None = None) -> int:
    """Queue a delivery to each of these, before those to many. Returns how many.

    `named` says which subscriptions a list names, and how: theirs go first of all.
    """
    now, named = timezone.now(), named or {}
    made = Delivery.objects.bulk_create(
        Delivery(
            notice_id=notice_id,
            subscription=subscription,
            channel=subscription.channel,
            priority=Delivery.Priority.OWN if subscription.pk in named else Delivery.Priority.URGENT,
            named=named.get(subscription.pk, ""),
            next_attempt_at=now,
        )
        for subscription in subscriptions
    )
    return len(made)


def queue_each(wanted: Iterable[tuple[int, Subscription]]) -> int:
    """Queue deliveries of several notices, before those to many; what is there stays. Returns how many it was given."""
    now = timezone.now()
    rows = [
        Delivery(
            notice_id=notice_id,
            subscription=subscription,
            channel=subscription.channel,
            priority=Delivery.Priority.URGENT,
            next_attempt_at=now,
        )
        for notice_id, subscription in wanted
    ]
    return len(Delivery.objects.bulk_create(rows, ignore_conflicts=True))


def mark_named(notice_id: int, named: Mapping[int, str]) -> None:
    """Note which subscriptions the list of a notice names, and how; theirs go first of all."""
    for how in set(named.values()):
        mine = [subscription for subscription, way in named.items() if way == how]
        for start in range(0, len(mine), _AT_ONCE):
            _mark(Delivery.objects.filter(notice=notice_id, subscription__in=mine[start : start + _AT_ONCE]), how)


def mark_named_late(deliveries: Sequence[int]) -> None:
    """Note that lists name the readers of these by number, which was not known when they were queued.

    What waits for a digest goes out at once; what was sent stays as it is.
    """
    for start in range(0, len(deliveries), _AT_ONCE):
        _mark(Delivery.objects.filter(pk__in=deliveries[start : start + _AT_ONCE]), Delivery.Named.BY_NUMBER)


def _mark(found: QuerySet[Delivery], how: str) -> None:
    deferring.let_through(found)
    found.update(named=how, priority=Delivery.Priority.OWN)


def unmark_named(notice_id: int, subscriptions: Collection[int]) -> None:
    """Note that the list names these no longer."""
    Delivery.objects.filter(notice=notice_id, subscription__in=subscriptions).exclude(named="").update(named="")


def had(notice_id: int, subscriptions: Collection[int]) -> QuerySet[Subscription]:
    """Return those of the subscriptions that got the notice, or are just getting it, and still want messages."""
    got = Delivery.objects.filter(HAD, notice=notice_id, subscription__in=subscriptions)
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE)
    return active.filter(pk__in=got.values("subscription")).order_by("pk")


def first_messages(notices: Collection[int], subscriptions: Collection[int]) -> dict[tuple[int, int], int]:
    """Return which message of a chat begins a notice, by notice and subscription; one query, none without notices."""
    if not notices:
        return {}
    sent = Delivery.objects.filter(notice__in=notices, subscription__in=subscriptions, sent_at__isnull=False)
    rows = sent.values_list("notice", "subscription", "message_ids")
    return {(notice, subscription): ids[0] for notice, subscription, ids in rows if ids}


def claim(
    channel: str,
    owner: str,
    *,
    limit: int,
    lease: timedelta,
    shard: int = 0,
    shards: int = 1,
    seasons: Collection[int] = (),
    since: datetime | None = None,
) -> list[Claimed]:
    """Lease up to `limit` due deliveries: urgent ones first, then those that have been due for longest.

    A shard is the deliveries of its share of the subscriptions, so that one dispatcher sees all of a chat. With
    `seasons` only what was published for them. `since` is when the first that waits is due (`first_waiting`): where
    PostgreSQL can't clean its index, as a transaction is held open, each claim would pass all that was sent before.
    """
    now = timezone.now()
    narrowed, values = _narrowed(since, shard, shards, seasons)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH due AS (
                SELECT id FROM {_TABLE}
                WHERE channel = %s AND state IN ('pending', 'retry') AND next_attempt_at <= %s {narrowed}
                ORDER BY priority, next_attempt_at, id LIMIT %s {skip_locked()}
            )
            UPDATE {_TABLE} SET state = 'sending', lease_owner = %s, lease_until = %s
            WHERE id IN (SELECT id FROM due)
            RETURNING priority, id, notice_id, subscription_id, work, attempts, parts_sent, version_sent, message_ids,
                error_code, (SELECT broadcast FROM {_NOTICES} AS n WHERE n.id = notice_id),
                (SELECT address FROM {_SUBSCRIPTIONS} AS s WHERE s.id = subscription_id),
                (SELECT state FROM {_SUBSCRIPTIONS} AS s WHERE s.id = subscription_id),
                (SELECT keys FROM {_SUBSCRIPTIONS} AS s WHERE s.id = subscription_id),
                (SELECT topic FROM {_SUBSCRIPTIONS} AS s WHERE s.id = subscription_id),
                (SELECT topic_refused FROM {_SUBSCRIPTIONS} AS s WHERE s.id = subscription_id),
                (SELECT subscriber_id FROM {_SUBSCRIPTIONS} AS s WHERE s.id = subscription_id), named
            """,  # noqa: S608 (names of our own)
            [channel, _moment(now), *values, limit, owner, _moment(now + lease)],
        )
        rows = sorted(cursor.fetchall(), key=itemgetter(0, 1))
    readers = _readers({row[_SUBSCRIBER] for row in rows})
    return [_claimed(row[1:], *readers.get(row[_SUBSCRIBER], (False, ""))) for row in rows]


def _narrowed(since: datetime | None, shard: int, shards: int, seasons: Collection[int]) -> tuple[str, list[Any]]:
    """The conditions that narrow a claim, and their values."""
    marks = ", ".join(["%s"] * len(seasons))
    # S608: names of our own
    of_seasons = f"AND notice_id IN (SELECT id FROM {_NOTICES} WHERE season IN ({marks}))"  # noqa: S608
    chosen: list[tuple[str, list[Any]]] = [
        ("AND next_attempt_at >= %s", [_moment(since)] if since else []),
        ("AND subscription_id %% %s = %s", [shards, shard] if shards > 1 else []),
        (of_seasons, list(seasons)),
    ]
    said = [(condition, values) for condition, values in chosen if values]
    return " ".join(condition for condition, _ in said), [value for _, values in said for value in values]


def _readers(subscribers: Collection[int]) -> dict[int, tuple[bool, str]]:
    """Whether each may read the names of students, and in which language they are told: one query a claim."""
    if not subscribers:
        return {}
    asked = Subscriber.objects.filter(pk__in=subscribers).annotate(sees_names=Q(who_sees_names()))
    return {
        pk: (sees_names, language) for pk, sees_names, language in asked.values_list("pk", "sees_names", "language")
    }


_SUBSCRIBER = -2  # its place in a row
_Row = tuple[int, int, int, str, int, int, int | None, str, str, str, str, str, str, int | None, str, int, str]


def _claimed(row: _Row, names: bool, language: str) -> Claimed:
    message_ids, error_code, broadcast, address, state, keys, topic, refused, subscriber, named = row[7:]
    return Claimed(
        *row[:7],
        tuple(orjson.loads(message_ids)),
        error_code,
        broadcast,
        address,
        state == Subscription.State.ACTIVE,
        orjson.loads(keys),
        topic,
        refused,
        subscriber,
        named,
        names,
        language,
    )


_SETTLED = {
    "id": "integer",
    "state": "text",
    "attempts": "integer",
    "parts_sent": "integer",
    "message_ids": "json",
    "next_attempt_at": "datetime",
    "sent_at": "datetime",
    "version_sent": "integer",
    "error_code": "text",
    "error_text": "text",
}


def settle(owner: str, settlements: Sequence[Settlement], *, lease: timedelta) -> int:
    """Write outcomes in one statement. Counts those still leased to `owner`; a lost lease is a normal loss.

    Of several for one delivery (a part, and the next one) the last counts. One that the database refuses is logged and
    left out, so that it does not take the others along.
    """
    if not settlements:
        return 0
    last = list({settlement.id: settlement for settlement in settlements}.values())
    told = [(settlement.id, each) for settlement in settlements for each in settlement.told]
    try:
        with transaction.atomic():
            deferring.note_told(told, timezone.now())
            return _settle(owner, last, lease)
    except (DataError, IntegrityError):
        if len(settlements) == 1:
            log.exception("Delivery %d can't be settled", settlements[0].id)
            return 0
    return sum(settle(owner, [settlement], lease=lease) for settlement in settlements)


def _settle(owner: str, settlements: Sequence[Settlement], lease: timedelta) -> int:
    rows = orjson.dumps(settlements, option=orjson.OPT_UTC_Z).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {_TABLE} AS d SET
                state = o.state, attempts = o.attempts, parts_sent = o.parts_sent, message_ids = o.message_ids,
                next_attempt_at = COALESCE(o.next_attempt_at, d.next_attempt_at),
                sent_at = COALESCE(o.sent_at, d.sent_at), version_sent = COALESCE(o.version_sent, d.version_sent),
                error_code = o.error_code, error_text = o.error_text,
                priority = CASE WHEN o.state = 'retry' AND o.parts_sent > 0 AND d.priority = 0 THEN 1
                    ELSE d.priority END,
                lease_owner = CASE WHEN o.state = 'sending' THEN d.lease_owner ELSE '' END,
                lease_until = CASE WHEN o.state = 'sending' THEN %s ELSE NULL END
            FROM {join_rows(_SETTLED, "o", "d")} AND d.lease_owner = %s
            """,  # noqa: S608 (names of our own)
            [_moment(timezone.now() + lease), rows, owner],
        )
        return int(cursor.rowcount)


def _moment(when: datetime) -> Any:
    """A time as a statement's parameter, in the form the database keeps."""
    return connection.ops.adapt_datetimefield_value(when)


def renew(owner: str, lease: timedelta) -> set[int]:
    """Keep what is leased to `owner` for another `lease`; the ids of what it still has."""
    held = Delivery.objects.filter(state=State.SENDING, lease_owner=owner)
    held.update(lease_until=timezone.now() + lease)
    return set(held.values_list("pk", flat=True))


def release(owner: str) -> int:
    """Give back unsettled what is leased to `owner`: nothing counts against it."""
    held = Delivery.objects.filter(state=State.SENDING, lease_owner=owner)
    return held.update(state=State.RETRY, lease_owner="", lease_until=None)


def expire_leases() -> int:
    """Take back what a process that died had leased. Their outcome is unknown: they are sent again, and now."""
    now = timezone.now()
    lost = Delivery.objects.filter(state=State.SENDING, lease_until__lt=now)
    return lost.update(
        state=State.RETRY,
        next_attempt_at=Least(F("next_attempt_at"), Value(now)),
        lease_owner="",
        lease_until=None,
        error_code="lease_expired",
    )


def retry_failed(dead: QuerySet[Delivery]) -> int:
    """Give dead letters another life."""
    failed = dead.filter(state=State.FAILED)
    return failed.update(state=State.RETRY, attempts=0, next_attempt_at=timezone.now(), error_code="", error_text="")


def skip(deliveries: QuerySet[Delivery], reason: str) -> int:
    """Skip waiting deliveries. A pending edit returns to SENT."""
    left = Case(When(work=Work.EDIT, then=Value(State.SENT)), default=Value(State.SKIPPED))
    return deliveries.update(state=left, error_code=reason)


def skip_unsent(notice_id: int, reason: str) -> int:
    """A notice goes to nobody who has not had any of it yet."""
    return skip(_unsent(notice_id, *WAITING, State.HELD, State.DEFERRED), reason)


def unskip(notice_id: int, reason: str) -> int:
    """Send after all what was skipped for this reason; at the times that people have chosen since."""
    skipped = _unsent(notice_id, State.SKIPPED).filter(error_code=reason)
    back = skipped.update(state=State.RETRY, next_attempt_at=timezone.now(), error_code="", told_in=None)
    deferring.put_off(_unsent(notice_id, State.RETRY))
    return back


def send_skipped(deliveries: Collection[int]) -> int:
    """Send after all what was skipped, as messages of their own."""
    skipped = Delivery.objects.filter(pk__in=deliveries, state=State.SKIPPED, work=Work.SEND, parts_sent=0)
    return skipped.update(state=State.PENDING, error_code="", told_in=None, next_attempt_at=timezone.now())


def put_together(rows: QuerySet[Delivery]) -> int:
    """Have each subscription told in one message what these rows tell. Returns how many joined another one.

    One look at the rows: a database that has not counted them yet would compare each with each.
    """
    ranked = rows.order_by().annotate(first=Window(Min("pk"), partition_by=[F("subscription")]))
    joining = [{"id": pk, "first_id": first} for pk, first in ranked.values_list("pk", "first") if pk != first]
    if not joining:
        return 0
    joined = join_rows({"id": "integer", "first_id": "integer"}, "o", "d")
    with connection.cursor() as cursor:
        joins = "state = 'skipped', error_code = %s, told_in_id = o.first_id"
        cursor.execute(
            f"UPDATE {_TABLE} AS d SET {joins} FROM {joined}",  # noqa: S608 (names of our own)
            [TOGETHER, orjson.dumps(joining).decode()],
        )
        return max(int(cursor.rowcount), 0)


def hold(notice_id: int) -> int:
    """A paused broadcast: what waits is held back, also from a digest that goes out."""
    _unsent(notice_id, State.DEFERRED).update(told_in=None)
    return _unsent(notice_id, *WAITING).update(state=State.HELD)


def unhold() -> int:
    """Release deliveries that were held for broadcasts which go out again."""
    resumed = Delivery.objects.filter(state=State.HELD, notice__broadcast=Notice.Broadcast.RUNNING)
    back = Delivery.objects.filter(pk__in=resumed.values("pk"))
    return back.update(state=State.RETRY, next_attempt_at=timezone.now())


def _unsent(notice_id: int, *states: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(notice=notice_id, state__in=states, work=Work.SEND, parts_sent=0)


def queue_edits(notice_id: int | None = None) -> int:
    """Queue the edit of messages that show an older version; of one notice, or of all lately edited."""
    outdated = Delivery.objects.filter(state=State.SENT, version_sent__lt=F("notice__version"))
    if notice_id is None:
        return _edit(outdated.filter(notice__edited_at__gte=timezone.now() - EDITS_FOLLOW))
    return _edit(outdated.filter(notice=notice_id))


def queue_edits_of_lists(subscribers: Collection[int]) -> int:
    """Queue the edit of what these subscribers got lately and that may name students: they may read more or less."""
    return _edit_lists(Delivery.objects.filter(_begun_lately(), subscription__subscriber__in=subscribers))


def forget_number(subscriber: int) -> int:
    """Note that no list names this subscriber by number, and queue the edit of what told them so lately."""
    named = Delivery.objects.filter(named=Delivery.Named.BY_NUMBER, subscription__subscriber=subscriber)
    told = list(named.filter(_begun_lately()).values_list("pk", flat=True))
    named.update(named="")
    return _edit(Delivery.objects.filter(pk__in=told))


def _begun_lately() -> Q:
    return Q(state=State.SENT, sent_at__gte=timezone.now() - EDITS_FOLLOW) | Q(state__in=WAITING, parts_sent__gt=0)


def queue_late_edits_of_lists() -> int:
    """Queue the edit of what was on its way while its reader became a member or ceased to be one.

    A lease lasts some minutes: each such change is looked at once more when it is that old.
    """
    now = timezone.now()
    changed = Subscriber.objects.filter(membership_since__range=(now - _SEEN_LATEST, now - _SEEN_EARLIEST))
    late = Delivery.objects.filter(state=State.SENT, sent_at__gte=F("subscription__subscriber__membership_since"))
    return _edit_lists(late.filter(subscription__subscriber__in=changed))


def _edit_lists(deliveries: QuerySet[Delivery]) -> int:
    """Queue the edit of those that may name students."""
    naming = ~Q(notice__roster=[]) | ~Q(notice__files=[]) | Q(notice__roster_unread__gt=0)
    return _edit(deliveries.filter(naming | Q(notice__category__in=NAMING)))


def _edit(deliveries: QuerySet[Delivery]) -> int:
    """Queue the edit of the messages that show these, in chats that still want messages: their own, or a digest's."""
    found = deliveries.filter(subscription__state=Subscription.State.ACTIVE)
    shown_in = found.annotate(shown_in=Coalesce("told_in", "pk")).values("shown_in")
    return Delivery.objects.filter(pk__in=shown_in, state__in=(State.SENT, *WAITING)).update(
        state=State.PENDING, work=Work.EDIT, attempts=0, next_attempt_at=timezone.now()
    )


def tidy() -> None:
    """Put right what a sweep finds: expired leases, messages of an old version, resumed broadcasts."""
    expire_leases()
    queue_edits()
    queue_late_edits_of_lists()
    unhold()


def _waiting(channel: str, seasons: Collection[int]) -> QuerySet[Delivery]:
    waiting = Delivery.objects.filter(channel=channel, state__in=WAITING)
    return waiting.filter(notice__season__in=seasons) if seasons else waiting


def first_waiting(channel: str, shard: int = 0, shards: int = 1, seasons: Collection[int] = ()) -> datetime | None:
    """Return when the first waiting delivery is due, or was; None where none waits."""
    waiting = _waiting(channel, seasons)
    if shards > 1:
        waiting = waiting.alias(share=Mod("subscription_id", shards)).filter(share=shard)
    return waiting.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()


def seconds_to_next(channel: str, shard: int = 0, shards: int = 1, seasons: Collection[int] = ()) -> float | None:
    """Seconds until the next waiting delivery is due, 0.0 where one is; None where none waits."""
    first = first_waiting(channel, shard, shards, seasons)
    return None if first is None else seconds_to(first)


def seconds_to(due: datetime) -> float:
    """Seconds until a delivery is due, 0.0 where it is."""
    return max(0.0, (due - timezone.now()).total_seconds())


def due_count(channel: str, seasons: Collection[int] = ()) -> int:
    """How many deliveries of a channel could go out now."""
    return _waiting(channel, seasons).filter(next_attempt_at__lte=timezone.now()).count()
