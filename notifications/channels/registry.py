"""The channels there are, by name. A new channel is a folder here, a line in CHANNELS and in configured()."""

from collections.abc import Callable

from django.conf import settings

from accounts.models import Subscription
from accounts.subscribing.webhooks import webhooks
from notifications.channels.base import Channel

PUSH_CONCURRENCY = 50  # encrypting a push message takes longer than this allows; webhooks have as many
PUSH_LATE = 150  # as many more may be in flight that are late (delivery/hosts.py)


def _telegram() -> Channel:
    from notifications.channels.telegram.channel import TelegramChannel

    return TelegramChannel(
        settings.TELEGRAM_BOT_TOKEN,
        settings.TELEGRAM_API_URL,
        settings.TELEGRAM_CONCURRENCY,
        paid_broadcast=settings.PAID_BROADCAST,
    )


def _web_push() -> Channel:
    from notifications.channels.webpush.channel import WebPushChannel

    return WebPushChannel(
        settings.VAPID_PRIVATE_KEY,
        settings.VAPID_PUBLIC_KEY,
        settings.VAPID_EMAIL,
        most_at_once=PUSH_CONCURRENCY + PUSH_LATE,
        allow_hosts=settings.PUSH_ALLOW_HOSTS,
    )


def _webhook() -> Channel:
    from notifications.channels.webhook.channel import WebhookChannel

    return WebhookChannel(most_at_once=PUSH_CONCURRENCY + PUSH_LATE, allow_hosts=settings.PUSH_ALLOW_HOSTS)


# Channels are made only where they are used: their libraries take time to import.
CHANNELS: dict[str, Callable[[], Channel]] = {
    Subscription.Channel.TELEGRAM: _telegram,
    Subscription.Channel.WEB_PUSH: _web_push,
    Subscription.Channel.WEBHOOK: _webhook,
}


def configured() -> list[str]:
    """Returns the names of the channels that this installation can send on: one query. Raises DatabaseError."""
    asked = {
        Subscription.Channel.TELEGRAM: settings.TELEGRAM_BOT_TOKEN,
        Subscription.Channel.WEB_PUSH: settings.VAPID_PRIVATE_KEY,
        Subscription.Channel.WEBHOOK: webhooks().exists(),
    }
    return [str(name) for name, there in asked.items() if there]
