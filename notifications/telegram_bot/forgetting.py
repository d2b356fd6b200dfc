"""What waits to be told to a subscriber goes with the subscriber. Apart, for every process listens: no library."""

from typing import Any

from django.db.models.signals import post_delete

from accounts.models import Subscriber
from notifications.models import WaitingReply


def listen() -> None:
    post_delete.connect(_drop_replies, sender=Subscriber, dispatch_uid="notifications.telegram_bot.forgetting")


def waiting_replies(telegram_id: int) -> list[dict[str, Any]]:
    """The replies that wait for a chat, for /mydata."""
    found = WaitingReply.objects.filter(chat_id=telegram_id)
    return [{"kind": row.kind, "created_at": row.created_at, "text": row.content.get("text")} for row in found]


def _drop_replies(instance: Subscriber, **_: Any) -> None:
    if instance.telegram_id:
        WaitingReply.objects.filter(chat_id=instance.telegram_id).delete()
