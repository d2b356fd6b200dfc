"""What does not go out by itself: skipped, held back or told in another message; and how it goes out after all."""

from collections.abc import Collection

import orjson
from django.db import connection
from django.db.models import Case, F, Min, QuerySet, Value, When, Window
from django.utils import timezone

from notifications.delivery import deferring
from notifications.delivery.ledger import WAITING, State, Work
from notifications.delivery.sql import join_rows
from notifications.models import Delivery, Notice

TOGETHER = "together"  # told in the message of another delivery, once that goes out
_TABLE = Delivery._meta.db_table


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
