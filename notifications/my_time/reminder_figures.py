"""What became of today's reminders: planned, sent, skipped and why, and what is still to come (three statements)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from notifications.models import Delivery, Notice
from notifications.my_time.reminders import coming, due
from notifications.rendering.reminding import LATE, RULE

State = Delivery.State
REASONS = {
    "applied": "applied",
    "not_interested": "not interested",
    "not_open": "the posting is not open to them",
    "switched_off": "switched off",
    "moved": "the date moved",
    "withdrawn": "withdrawn",
    LATE: "the date was over",
    "subscription_off": "no longer subscribed",
    "together": "to be told with another, which fell away",
}


@dataclass(frozen=True, slots=True)
class ReminderFigures:
    """Reminders of one day by what became of them, one a reader; `to_come` counts them whoever they are for."""

    planned: int
    sent: int
    waiting: int
    failed: int
    skipped: Mapping[str, int]  # in words → how many, the most first
    to_come: int


def reminders_today(now: datetime) -> ReminderFigures:
    """Return the figures since midnight, and how many reminders are due until the next one."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    written = Notice.objects.filter(rule__startswith=RULE, published_at__gte=midnight).values("pk")
    rows = Delivery.objects.filter(notice__in=written).order_by().values_list("state", "error_code")
    counts: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for state, reason, count in rows.annotate(count=Count("pk")):
        counts[state] = counts.get(state, 0) + count
        if state == State.SKIPPED:
            words = REASONS.get(reason, reason.replace("_", " "))
            skipped[words] = skipped.get(words, 0) + count
    left = midnight + timedelta(days=1) - now
    return ReminderFigures(
        planned=sum(counts.values()),
        sent=counts.get(State.SENT, 0),
        waiting=sum(counts.get(state, 0) for state in _WAITING),
        failed=counts.get(State.FAILED, 0),
        skipped=dict(sorted(skipped.items(), key=lambda each: -each[1])),
        to_come=len(due(coming(now, ahead=left), now, within=left)),
    )


_WAITING = (State.PENDING, State.RETRY, State.SENDING, State.HELD, State.DEFERRED)
