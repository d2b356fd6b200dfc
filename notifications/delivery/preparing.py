"""From a claimed delivery to one that is ready to be sent, or to its settlement where it must not go out."""

import logging
from dataclasses import dataclass, replace

from django.db import DatabaseError
from django.utils import timezone

from accounts.language import speaking
from accounts.models import Subscription
from notifications.delivery import outcomes
from notifications.delivery.ledger import Claimed, Settlement
from notifications.models import Delivery, Notice
from notifications.rendering.reminding import is_reminder
from notifications.rendering.render import Rendered, Renderer

log = logging.getLogger(__name__)
State, Work = Delivery.State, Delivery.Work


@dataclass(frozen=True, slots=True)
class ReadyDelivery:
    """A claimed delivery in memory, with its message. `misses` counts how often it just went out in vain."""

    item: Claimed
    rendered: Rendered
    misses: int = 0


def prepare(channel: str, renderer: Renderer, item: Claimed) -> ReadyDelivery | Settlement:
    """Render a delivery, or settle it where there is nothing to send. Raises DatabaseError."""
    notice = renderer.notice(item.notice_id)
    if notice is None:
        return outcomes.left(item, State.SKIPPED, "deleted")
    begins = item.work == Work.SEND and not item.parts_sent
    reason = outcomes.refusal(item, withdrawn=notice.withdrawn_at is not None)
    if reason := reason or (renderer.refusal(notice, item) if begins else ""):
        return outcomes.left(item, State.SKIPPED, reason)
    if begins and item.broadcast != Notice.Broadcast.RUNNING:
        paused = item.broadcast == Notice.Broadcast.PAUSED
        return outcomes.left(item, State.HELD if paused else State.SKIPPED, item.broadcast)
    try:
        with speaking(item.language):
            rendered = _rendered(renderer, notice, item)
    except DatabaseError:
        raise
    except Exception:
        log.exception("%s: notice %d can't be rendered", channel, item.notice_id)
        return outcomes.left(item, State.FAILED, "not_rendered")
    if item.work == Work.EDIT:
        item = outcomes.from_the_start(item)
    if item.parts_sent >= len(rendered.parts) or (notice.is_digest and _stays(channel, item)):
        return replace(outcomes.nothing_left(item, rendered.version, timezone.now()), told=rendered.told_by_all)
    return ReadyDelivery(item, rendered)


def _stays(channel: str, item: Claimed) -> bool:
    """Whether a digest is left as it is: in a browser an edit would show the same titles once more."""
    return item.work == Work.EDIT and channel == Subscription.Channel.WEB_PUSH


def _rendered(renderer: Renderer, notice: Notice, item: Claimed) -> Rendered:
    edited, parts_out = item.work == Work.EDIT, len(item.message_ids)
    if notice.is_digest:
        return renderer.digest(item, edited=edited, parts_out=parts_out)
    if is_reminder(notice):
        return renderer.reminder(notice, item, edited=edited, parts_out=parts_out)
    rendered = renderer.rendered(
        notice,
        edited=edited,
        names=item.names,
        personal=item.personal,
        parts_out=parts_out,
        own=renderer.own(notice, item),
    )
    return rendered.answering(item.reply_to) if item.reply_to and not edited else rendered
