"""The bot's replies that are not sent yet, as rows: a bot that dies or stops sends them when it is back."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from telegram import InlineKeyboardButton, MessageEntity

from accounts.telegram.call import Reply
from notifications.models import WaitingReply

# Telegram keeps what was written to a bot for 24 hours (Bot API, getUpdates); an answer is not owed for longer.
OWED = timedelta(hours=24)


def keep(reply: Reply) -> UUID:
    """Store a reply in the place of an older one of its kind to the chat; a token by which to `drop` it."""
    token = uuid4()
    WaitingReply.objects.update_or_create(
        chat_id=reply.chat_id,
        kind=reply.kind,
        defaults={"token": token, "content": _content(reply), "created_at": timezone.now()},
    )
    return token


def drop(tokens: Collection[UUID]) -> None:
    """Forget replies that were sent, or can't be. Those that took their places in the meantime stay."""
    WaitingReply.objects.filter(token__in=tokens).delete()


def owed() -> list[tuple[Reply, UUID]]:
    """Return what waits, the oldest first; what is owed no longer is deleted."""
    WaitingReply.objects.filter(created_at__lt=timezone.now() - OWED).delete()
    return [(_reply(row), row.token) for row in WaitingReply.objects.order_by("created_at", "pk")]


def _content(reply: Reply) -> dict[str, Any]:
    return {
        "text": reply.text,
        "keyboard": [[key.to_dict() for key in row] for row in reply.keyboard],
        "entities": [entity.to_dict() for entity in reply.entities],
        "topic": reply.topic,
        "edits": reply.edits,
        "asked": reply.asked,
    }


def _reply(row: WaitingReply) -> Reply:
    content: Mapping[str, Any] = row.content
    return Reply(
        chat_id=row.chat_id,
        kind=row.kind,
        text=content["text"],
        keyboard=[[InlineKeyboardButton.de_json(key, None) for key in keys] for keys in content["keyboard"]],
        entities=[MessageEntity.de_json(entity, None) for entity in content["entities"]],
        topic=content["topic"],
        edits=content["edits"],
        asked=content["asked"],
    )
