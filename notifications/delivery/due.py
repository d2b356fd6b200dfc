"""When what waits is due (spec: delivery, The ledger)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Mod
from django.utils import timezone

from notifications.delivery.ledger import WAITING
from notifications.models import Delivery


def _waiting(channel: str, seasons: Collection[int]) -> QuerySet[Delivery]:
    waiting = Delivery.objects.filter(channel=channel, state__in=WAITING)
    return waiting.filter(notice__season__in=seasons) if seasons else waiting


def first(channel: str, shard: int = 0, shards: int = 1, seasons: Collection[int] = ()) -> datetime | None:
    """Return when the first waiting delivery is due, or was; None where none waits."""
    waiting = _waiting(channel, seasons)
    if shards > 1:
        waiting = waiting.alias(share=Mod("subscription_id", shards)).filter(share=shard)
    return waiting.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()


def seconds_to_next(channel: str, shard: int = 0, shards: int = 1, seasons: Collection[int] = ()) -> float | None:
    """Seconds until the next waiting delivery is due, 0.0 where one is; None where none waits."""
    due = first(channel, shard, shards, seasons)
    return None if due is None else seconds_to(due)


def seconds_to(due: datetime) -> float:
    """Seconds until a delivery is due, 0.0 where it is."""
    return max(0.0, (due - timezone.now()).total_seconds())


def count(channel: str, seasons: Collection[int] = ()) -> int:
    """How many deliveries of a channel could go out now."""
    return _waiting(channel, seasons).filter(next_attempt_at__lte=timezone.now()).count()
