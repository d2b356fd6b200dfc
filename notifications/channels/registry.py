"""The channels there are, by name. A new channel is a module here and a line in CHANNELS and in configured()."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from accounts.models import Subscription
from notifications.channels.base import Channel
from notifications.delivery.chat_queues import telegram_spacing
from notifications.delivery.sender import Pace

# Push services name no rate. Encrypting a message takes longer than this allows.
PUSH_RATE = 500.0
PUSH_CONCURRENCY = 50


def _telegram() -> tuple[Channel, Pace]:
    from notifications.channels.telegram.channel import TelegramChannel

    channel = TelegramChannel(
        settings.TELEGRAM_BOT_TOKEN,
        settings.TELEGRAM_API_URL,
        settings.TELEGRAM_CONCURRENCY,
        paid_broadcast=settings.PAID_BROADCAST,
    )
    pace = Pace(
        rate=settings.TELEGRAM_RATE,
        concurrency=settings.TELEGRAM_CONCURRENCY,
        lease=timedelta(seconds=settings.DELIVERY_LEASE_SECONDS),
        spacing=telegram_spacing,
        shards=settings.TELEGRAM_SHARDS,
    )
    return channel, pace


def _web_push() -> tuple[Channel, Pace]:
    from notifications.channels.webpush.channel import WebPushChannel

    channel = WebPushChannel(
        settings.VAPID_PRIVATE_KEY,
        settings.VAPID_PUBLIC_KEY,
        settings.VAPID_EMAIL,
        concurrency=PUSH_CONCURRENCY,
        allow_hosts=settings.PUSH_ALLOW_HOSTS,
    )
    pace = Pace(
        rate=PUSH_RATE,
        concurrency=PUSH_CONCURRENCY,
        lease=timedelta(seconds=settings.DELIVERY_LEASE_SECONDS),
        spacing=lambda _: 0.0,
    )
    return channel, pace


# Channels are made only where they are used: their libraries take time to import.
CHANNELS: dict[str, Callable[[], tuple[Channel, Pace]]] = {
    Subscription.Channel.TELEGRAM: _telegram,
    Subscription.Channel.WEB_PUSH: _web_push,
}


def configured() -> list[str]:
    """Names of the channels this installation can send on."""
    asked = {
        Subscription.Channel.TELEGRAM: settings.TELEGRAM_BOT_TOKEN,
        Subscription.Channel.WEB_PUSH: settings.VAPID_PRIVATE_KEY,
    }
    return [str(name) for name, secret in asked.items() if secret]
