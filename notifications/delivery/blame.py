"""What the refusal of an address costs: its subscription is switched off, its deliveries end. And how it is undone.

Beside delivery/ledger.py the only writer of deliveries.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import Subscription
from notifications.delivery.ledger import WAITING
from notifications.delivery.unsent import skip
from notifications.models import Delivery, Refusal

OFF = "subscription_off"
UNDONE_WITHIN = timedelta(days=1)
State = Delivery.State


def switch_off(reasons: Mapping[int, str]) -> int:
    """Switch subscriptions off whose address is dead: subscription id → reason. What waits for them is skipped."""
    count = 0
    for reason in sorted(set(reasons.values())):
        ids = [pk for pk, why in reasons.items() if why == reason]
        count += Subscription.objects.filter(pk__in=ids).switch_off(reason)
    skip(Delivery.objects.filter(subscription__in=reasons, state__in=WAITING), OFF)
    return count


def take_back(refusals: QuerySet[Refusal]) -> int:
    """Undo what these refusals cost. Returns how many subscriptions are on again.

    Who was switched off for another reason since then (by /stop, by an admin) stays off. Nobody counts as new: they
    get what was published before, too.
    """
    now = timezone.now()
    back: list[int] = []
    for code in set(refusals.values_list("code", flat=True)):
        refused = refusals.filter(code=code).values("delivery__subscription")
        off = Subscription.objects.filter(pk__in=refused, state=Subscription.State.OFF, off_reason=code)
        back += off.values_list("pk", flat=True)
    Subscription.objects.filter(pk__in=back).update(
        state=Subscription.State.ACTIVE, off_reason="", state_changed_at=now
    )
    failed = Delivery.objects.filter(pk__in=refusals.values("delivery"), state=State.FAILED)
    failed.update(state=State.RETRY, attempts=Greatest(F("attempts") - 1, 0), next_attempt_at=now)
    skipped = Delivery.objects.filter(subscription__in=back, state=State.SKIPPED, error_code=OFF)
    skipped.filter(created_at__gt=now - UNDONE_WITHIN).update(state=State.RETRY, error_code="", next_attempt_at=now)
    return len(back)


def try_now(refusals: QuerySet[Refusal]) -> int:
    """Try refused deliveries that wait again at once."""
    waiting = Delivery.objects.filter(pk__in=refusals.values("delivery"), state__in=WAITING)
    return waiting.update(next_attempt_at=timezone.now())
