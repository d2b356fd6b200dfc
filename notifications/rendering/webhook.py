"""A notice as a webhook's message: what happened, and the notice as the API shows it (Standard Webhooks, payload)."""

import orjson
from ninja import Field, Schema

from notifications.models import Notice
from notifications.rendering.messages import WebhookPart
from notifications.rendering.richtext import plain_text
from notifications.rendering.schemas import NoticeDetail

PUBLISHED, CHANGED, WITHDRAWN = "notice.published", "notice.changed", "notice.withdrawn"


class NoticeNamed(NoticeDetail):
    """A notice with the students it names, for programs that an admin lets have them."""

    roster: list[dict[str, str]] = Field(description="{name, enrollment}, with slot, room, panel, time where stated.")

    @staticmethod
    def resolve_text(notice: Notice) -> str:
        return plain_text(notice.body)


class NoticeGone(Schema):
    """What is left of a notice that was withdrawn."""

    id: int = Field(description="Identifier here.")
    key: str = Field(alias="external_key", description="Identifier by its source.")


def webhook_parts(notice: Notice, *, edited: bool, names: bool) -> tuple[WebhookPart, ...]:
    """One message. Its id stays the same however often it is tried, and is another one for each version."""
    shown: type[Schema] = NoticeNamed if names else NoticeDetail
    event, moment = (CHANGED, notice.edited_at) if edited else (PUBLISHED, notice.first_seen_at)
    if notice.withdrawn_at:
        shown, event, moment = NoticeGone, WITHDRAWN, notice.withdrawn_at
    data = shown.from_orm(notice).model_dump(mode="json")
    told = {"type": event, "timestamp": moment or notice.updated_at, "data": data}
    message_id = f"notice-{notice.pk}-v{notice.version}{'-names' if names else ''}"
    return (WebhookPart(message_id, orjson.dumps(told, option=orjson.OPT_UTC_Z)),)
