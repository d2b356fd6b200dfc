"""How fast each channel may be sent on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from accounts.models import Subscription
from notifications.channels.registry import PUSH_CONCURRENCY, PUSH_LATE
from notifications.delivery.pacing.chat_queues import telegram_spacing

PUSH_RATE = 500.0  # push services name no rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast (messages a second) and how much at once, over all shards; `spacing` of one address, in seconds.

    With `late` the addresses are URLs of many servers, each of which may fail by itself: as many more messages may be
    in flight that were not answered at once (delivery/hosts.py). Without `edits` an edit is one more message.
    """

    rate: float
    concurrency: int
    lease: timedelta
    spacing: Callable[[str], float]
    shards: int = 1
    late: int = 0
    edits: bool = True


def pace_of(channel: str) -> Pace:
    """Returns the pace of the channel with this name, as the settings have it."""
    lease = timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    if channel == Subscription.Channel.TELEGRAM:
        return Pace(
            rate=settings.TELEGRAM_RATE,
            concurrency=settings.TELEGRAM_CONCURRENCY,
            lease=lease,
            spacing=telegram_spacing,
            shards=settings.TELEGRAM_SHARDS,
        )
    return Pace(
        rate=PUSH_RATE,
        concurrency=PUSH_CONCURRENCY,
        lease=lease,
        spacing=lambda _: 0.0,
        late=PUSH_LATE,
        edits=channel != Subscription.Channel.WEBHOOK,
    )
