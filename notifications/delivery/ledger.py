"""The ledger of deliveries: claim, settle, retry, give up (spec: delivery, The ledger).

Deliveries are also written by edits.py, unsent.py, deferring.py and blame.py; README.md says which does what.

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
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Least
from django.utils import timezone

from accounts.models import Subscriber, Subscription
from accounts.subscribing.members import who_sees_names
from notifications.delivery import deferring
from notifications.delivery.sql import join_rows, skip_locked
from notifications.models import Delivery, Notice
from notifications.rendering.messages import Told

log = logging.getLogger(__name__)

State, Work = Delivery.State, Delivery.Work
WAITING = (State.PENDING, State.RETRY)
# Who had a notice and is told of its changes; what is on its way may be in the chat already.
HAD = Q(sent_at__isnull=False) | Q(parts_sent__gt=0) | Q(state=State.SENDING)
# Not tried: its push service fails for all or is slow; or it refuses most addresses, which is our own fault.
HOST_RESTS, HOST_HELD = "host_rests", "host_held"
_AT_ONCE = 500
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
