"""What waits for a digest, from being put off to being told (spec: personal, My time).

    fan-out ─→ deferred ──(due)──→ deferred, `told_in` a digest ──(the digest's message is out)──→ sent
                   └──(presses, or names the reader)──→ pending

A digest is a delivery of its own, to one subscription, of a notice that stands for all digests of a sweep. It is
written in the transaction that puts into it what it tells, and rendered when it goes out (rendering/digest.py).
Writes deliveries beside delivery/ledger.py.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import uuid4

import orjson
from django.db import connection, transaction
from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.clock import CLOCKS_DIFFER
from accounts.models import Subscription
from accounts.personal import quiet
from accounts.personal.listed import listed
from notifications.delivery.sql import Word, join_rows, try_alone
from notifications.models import DIGESTS, Delivery, Notice
from notifications.rendering.messages import Told
from notifications.rendering.reminding import RULE

State, Priority = Delivery.State, Delivery.Priority
OFF = "subscription_off"
ALL_DAY_FROM = timedelta(hours=10)  # an event without a time of day is taken to begin so long after midnight
_UNSENT = (State.PENDING, State.RETRY)
_OVERDUE = timedelta(minutes=2)  # since it was queued: then something holds it up
_TIMING = "subscription__subscriber__timing__"
_AT_ONCE = 5000  # digests of one transaction
_TABLE = Delivery._meta.db_table


def waiting() -> QuerySet[Delivery]:
    """Deliveries that wait for a digest and are in none yet."""
    return _deferred().filter(told_in=None)


def changes_of(notice_id: int) -> QuerySet[Delivery]:
    """Messages about changes of a notice that wait for a digest."""
    return _deferred().filter(notice__follows=notice_id)


def _deferred() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=Word(State.DEFERRED.value))


def tell_due(subscribers: Collection[int] = ()) -> int:
    """Put what is due into digests, one for each subscription. Returns how many digests were written.

    Who is in quiet hours or has muted all goes on waiting; what can't wait comes at once. With `subscribers` only what
    is theirs.
    """
    now, written = timezone.now(), 0
    mine = waiting().filter(subscription__subscriber__in=subscribers) if subscribers else waiting()
    with transaction.atomic():
        if not try_alone("digests"):
            return 0
        _set_free()
        if not mine.exists():
            return 0
        _bring_back(mine, now)
        _put_off_again(mine, now)
        _tell_pressing(mine, now)
    while some := _write_digests(_due(mine, now), now):
        written += some
    return written


def let_through(rows: QuerySet[Delivery]) -> int:
    """Send at once, as messages of their own, what of these waits for a digest."""
    now = timezone.now()
    found = Delivery.objects.filter(pk__in=rows.values("pk"), state=State.DEFERRED)
    return found.update(state=State.PENDING, told_in=None, next_attempt_at=now, created_at=now)


def put_off(rows: QuerySet[Delivery], latest: datetime | None = None) -> int:
    """Have these, which wait to be sent, wait for a digest where their readers chose so, and it is over by `latest`."""
    clock = quiet.clock_at(timezone.now())
    until = quiet.tell_at(
        _TIMING,
        clock,
        latest=Value(latest, DateTimeField()) if latest else None,
        kept_back=Q(priority=Priority.QUIET),
    )
    found = _not_begun(rows).annotate(until=until).filter(until__isnull=False)
    return _defer(found, "until")


def overdue(now: datetime) -> QuerySet[Delivery]:
    """What should be out, and whose reader is in quiet hours or has muted all by now; not what is written to few."""
    late = _not_begun(
        Delivery.objects.filter(created_at__lt=now - _OVERDUE, notice__private=False, notice__follows=None)
    )
    rest = quiet.rests_until(_TIMING, quiet.clock_at(now))
    return late.annotate(rest=rest).filter(rest__isnull=False)


def _not_begun(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """What waits to be sent, of which no part is out, and whose list does not name the reader."""
    return rows.filter(state__in=_UNSENT, work=Delivery.Work.SEND, parts_sent=0, named="")


def judge_again(subscriber: int) -> int:
    """Somebody chose other times: what waits is judged by them. Returns how many deliveries are due now."""
    now = timezone.now()
    mine = waiting().filter(subscription__subscriber=subscriber)
    until = quiet.tell_at(_TIMING, quiet.clock_at(now), kept_back=Q(priority=Priority.QUIET))
    _defer(mine.annotate(until=Coalesce(until, Value(now, DateTimeField()))), "until")
    return mine.filter(next_attempt_at__lte=now).count()


def note_told(told: Iterable[tuple[int, Told]], now: datetime) -> None:
    """Note what a message of a digest told: pairs of the digest's delivery and what it showed."""
    rows = [{"id": each.delivery, "version": each.version, "digest": digest} for digest, each in told]
    if not rows:
        return
    joined = join_rows({"id": "integer", "version": "integer", "digest": "integer"}, "o", "d")
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {_TABLE} AS d SET state = 'sent', sent_at = COALESCE(d.sent_at, %s), version_sent = o.version,
                told_in_id = o.digest, error_code = ''
            FROM {joined}
                AND (d.state = 'deferred' OR (d.state IN ('sent', 'skipped') AND d.told_in_id = o.digest))
            """,  # noqa: S608 (names of our own)
            [at, orjson.dumps(rows).decode()],
        )


def _set_free() -> None:
    """What a digest that is done has not told (its broadcast was paused, its address was off) waits for another one."""
    left = _deferred().filter(told_in__state__in=(State.SENT, State.SKIPPED))
    Delivery.objects.filter(pk__in=left.values("pk")).update(told_in=None)


def _bring_back(rows: QuerySet[Delivery], now: datetime) -> None:
    """Judge anew what waits for longer than anybody chose: a wrong clock wrote it."""
    far = rows.filter(next_attempt_at__gt=now + quiet.LONGEST_WAIT + CLOCKS_DIFFER)
    muted = Q(subscription__subscriber__timing__muted_until__gte=F("next_attempt_at"))
    Delivery.objects.filter(pk__in=far.exclude(muted).values("pk")).update(next_attempt_at=now)


def _put_off_again(rows: QuerySet[Delivery], now: datetime) -> None:
    """What is due waits for the end of a rest that has begun meanwhile; where the address is off, it is skipped."""
    due = rows.filter(next_attempt_at__lte=now)
    off = due.exclude(subscription__state=Subscription.State.ACTIVE)
    Delivery.objects.filter(pk__in=off.values("pk")).update(state=State.SKIPPED, error_code=OFF)
    rest = quiet.rests_until(_TIMING, quiet.clock_at(now))
    _defer(due.annotate(until=rest).filter(until__isnull=False), "until")


def _tell_pressing(rows: QuerySet[Delivery], now: datetime) -> None:
    """Send at once what can't wait. Of several changes of one notice each says what was; a digest says what is."""
    changes = waiting().filter(notice__follows__isnull=False).exclude(notice__rule__startswith=RULE)
    same = changes.filter(subscription=OuterRef("subscription"), notice__follows=OuterRef("notice__follows"))
    is_change = Q(pk__in=changes.values("pk"))
    pressing = _pressing(rows, now).exclude(is_change & Exists(same.filter(pk__gt=OuterRef("pk"))))
    several = pressing.filter(is_change & Exists(same.filter(pk__lt=OuterRef("pk"))))
    if last := list(several.values_list("pk", flat=True)):
        due = rows.filter(is_change & Exists(same.filter(pk__in=listed(last))))
        Delivery.objects.filter(pk__in=due.values("pk")).update(next_attempt_at=now)
        pressing = pressing.exclude(pk__in=listed(last))
    let_through(pressing)


def _pressing(rows: QuerySet[Delivery], now: datetime) -> QuerySet[Delivery]:
    """What must be known before its wait would be over; not what filters keep back."""
    latest = F("next_attempt_at") + quiet.BEFOREHAND
    event = F("notice__event_at")
    begins = Case(
        When(notice__event_all_day=True, then=event + ALL_DAY_FROM),
        default=event,
        output_field=DateTimeField(),
    )
    soon = rows.exclude(priority=Priority.QUIET).alias(begins=begins)
    return soon.filter(
        Q(notice__deadline__gt=now, notice__deadline__lte=latest) | Q(begins__gt=now, begins__lte=latest)
    )


def _due(rows: QuerySet[Delivery], now: datetime) -> QuerySet[Delivery]:
    running = Notice.Broadcast.RUNNING
    rows = rows.exclude(notice__rule__startswith=RULE)  # a reminder comes as one (my_time/reminders.py)
    return rows.filter(next_attempt_at__lte=now, notice__broadcast=running)


@transaction.atomic
def _write_digests(due: QuerySet[Delivery], now: datetime) -> int:
    """Write a digest for each of so many subscriptions that nobody waits long, and put what is due into it."""
    if not try_alone("digests"):
        return 0
    chats = due.order_by("subscription").values_list("subscription", flat=True).distinct()
    if not (some := list(chats[:_AT_ONCE])):
        return 0
    due = due.filter(subscription__in=listed(some))
    digest = Notice.objects.create(
        external_key=f"{DIGESTS}{now:%Y%m%d%H%M}:{uuid4()}",
        content_hash=DIGESTS,
        title="Digest",
        published_at=now,
        private=True,
    )
    written = _insert_digests(digest, due, now)
    own = Delivery.objects.filter(notice=digest, subscription=OuterRef("subscription"))
    Delivery.objects.filter(pk__in=due.values("pk")).update(told_in=Subquery(own.values("pk")))
    return written


def _insert_digests(digest: Notice, due: QuerySet[Delivery], now: datetime) -> int:
    at = Value(now, DateTimeField())
    chats = due.order_by().values_list(Value(digest.pk), "subscription", "channel", at, at).distinct()
    select, parameters = chats.query.sql_with_params()
    columns = "notice_id, subscription_id, channel, next_attempt_at, created_at"
    with connection.cursor() as cursor:
        # S608: names of our own
        cursor.execute(f"INSERT INTO {_TABLE} ({columns}) {select}", parameters)
        return max(int(cursor.rowcount), 0)


def _defer(rows: QuerySet[Delivery], until: str) -> int:
    """Have deliveries wait until the time that each is annotated with, but for what was claimed meanwhile."""
    same = rows.filter(pk=OuterRef("pk"))
    return Delivery.objects.filter(pk__in=rows.values("pk"), state__in=(*_UNSENT, State.DEFERRED)).update(
        state=State.DEFERRED, next_attempt_at=Subquery(same.values(until))
    )
