"""What waits for somebody, and what becomes of it when they choose other times (spec: personal, My time)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from accounts.models import Subscription
from accounts.personal import timing
from notifications.delivery import deferring


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many notices wait for a chat, and when the first of them may come."""

    count: int
    first: datetime | None


def listen() -> None:
    timing.changed.connect(_changed, dispatch_uid="notifications.my_time.digest")


def waiting_for(telegram_id: int) -> Waiting:
    """Return what waits for the digest of a chat."""
    mine = Q(subscription__address=str(telegram_id), subscription__channel=Subscription.Channel.TELEGRAM)
    found = deferring.waiting().filter(mine).aggregate(count=Count("pk"), first=Min("next_attempt_at"))
    return Waiting(found["count"], found["first"])


def _changed(subscriber: int, **_: Any) -> None:
    """Somebody chose other times: what waits and now need not comes at once."""
    if deferring.judge_again(subscriber):
        deferring.tell_due([subscriber])
