"""Push messages that could not be handed over for days, and endpoints that never took one.

Without it, what strangers' endpoints are sent would pile up for ever: waiting for a push service counts no attempt.
"""

from datetime import timedelta

from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from accounts.models import Subscription
from notifications.channels.base import PUSH_BUSY
from notifications.delivery import blame, ledger, unsent
from notifications.models import Delivery

PUSH_LIFETIME = timedelta(days=3)  # a push service keeps a message no longer, either (rendering/render.py, TTL)
EXPIRED, NEVER_REACHED = "expired", "never_reached"


def expire_pushes() -> int:
    """Skip push messages, and those to programs, that were not accepted within the time they are worth sending.

    A push endpoint that has never taken a message is switched off with it, unless nobody was sent anything since: then
    it may be our own network. What is held in a storm of refusals stays.
    """
    waiting = Delivery.objects.filter(
        channel__in=(Subscription.Channel.WEB_PUSH, Subscription.Channel.WEBHOOK),
        state=Delivery.State.RETRY,
        error_code__in=(PUSH_BUSY, ledger.HOST_RESTS),
        created_at__lt=timezone.now() - PUSH_LIFETIME,
    )
    reached = Delivery.objects.filter(subscription=OuterRef("subscription"), sent_at__isnull=False)
    pushes = waiting.filter(channel=Subscription.Channel.WEB_PUSH)
    never = dict(pushes.exclude(Exists(reached)).values_list("subscription").annotate(first=Min("pk")))
    expired = unsent.skip(waiting, EXPIRED)
    if never and Delivery.objects.filter(pk__gt=min(never.values()), sent_at__isnull=False).exists():
        blame.switch_off(dict.fromkeys(never, NEVER_REACHED))
    return expired
