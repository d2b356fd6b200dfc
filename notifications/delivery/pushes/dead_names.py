"""Push services whose names have not resolved for days: their subscriptions are switched off."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import Subscription
from notifications.channels.base import NAME_UNKNOWN, NAME_UNRESOLVED
from notifications.delivery import blame
from notifications.models import Delivery

DEAD_AFTER = timedelta(days=3)
_CODES = (NAME_UNKNOWN, NAME_UNRESOLVED)
_A_HANDFUL = 8


def switch_off_dead_names(delivery_ids: Collection[int]) -> int:
    """Switch off the subscriptions of these deliveries, whose names did not resolve, where that has lasted for days.

    The days count from the first delivery that failed so since the last one that was sent. Nobody is switched off
    while our own resolver may be at fault: something must have been sent since then, to anybody. A handful of browsers
    whose names do not exist, as the DNS says itself, needs no such proof.
    """
    failed = Delivery.objects.filter(pk__in=delivery_ids, error_code__in=_CODES)
    dead = _dead_since(failed)
    if not dead:
        return 0
    sent = Delivery.objects.filter(pk__gt=min(dead.values()), sent_at__isnull=False)
    if not (sent.exists() or _is_a_handful(failed)):
        return 0
    return blame.switch_off(dict.fromkeys(dead, NAME_UNRESOLVED))


def _dead_since(failed: QuerySet[Delivery]) -> dict[int, int]:
    """Subscriptions whose names have not resolved for days, each with the first delivery that failed so."""
    same = Delivery.objects.filter(subscription=OuterRef("subscription"))
    last_sent = same.order_by().values("subscription").annotate(at=Max("sent_at")).values("at")
    rows = (
        Delivery.objects.filter(subscription__in=failed.values("subscription"), error_code__in=_CODES)
        .alias(last_sent=Subquery(last_sent))
        .filter(Q(last_sent=None) | Q(created_at__gt=F("last_sent")))
        .values("subscription")
        .annotate(since=Min("created_at"), first=Min("pk"))
        .filter(since__lt=timezone.now() - DEAD_AFTER)
    )
    return {row["subscription"]: row["first"] for row in rows}


def _is_a_handful(failed: QuerySet[Delivery]) -> bool:
    browsers = Subscription.objects.filter(
        channel=Subscription.Channel.WEB_PUSH, state=Subscription.State.ACTIVE
    ).count()
    return browsers < _A_HANDFUL and not failed.exclude(error_code=NAME_UNKNOWN).exists()
