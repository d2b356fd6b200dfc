"""Sends what is due as the dispatcher does, without a channel behind it: claim, prepare, settle."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count

from django.utils import timezone

from notifications.delivery import ledger
from notifications.delivery.ledger import Settlement
from notifications.delivery.preparing import ReadyDelivery, prepare
from notifications.models import Delivery, Notice
from notifications.rendering.messages import Part, TelegramPart
from notifications.rendering.reminding import is_reminder
from notifications.rendering.render import Renderer

LEASE = timedelta(minutes=5)
_ids = count(1)


@dataclass(frozen=True, slots=True)
class Message:
    """What one delivery sent."""

    notice: int
    subscription: int
    parts: tuple[Part, ...]
    reminded: tuple[Notice, ...]  # the reminders that it tells

    @property
    def text(self) -> str:
        return "\n".join(part.body.text for part in self.parts if isinstance(part, TelegramPart))


def claim(channel: str = "telegram", limit: int = 5000) -> tuple[Renderer, list[ledger.Claimed]]:
    """Lease what is due, and load what it says."""
    claimed = ledger.claim(channel, "test", limit=limit, lease=LEASE)
    renderer = Renderer(channel)
    renderer.load(claimed)
    return renderer, claimed


def send_due(channel: str = "telegram") -> list[Message]:
    """Send what is due; what was sent, in its order."""
    renderer, claimed = claim(channel)
    ready = {item.id: prepare(channel, renderer, item) for item in claimed}
    now = timezone.now()
    settled = [_sent(held, now) if isinstance(held, ReadyDelivery) else held for held in ready.values()]
    ledger.settle("test", settled, lease=LEASE)
    sent = []
    for item in claimed:
        held = ready[item.id]
        notice = renderer.notice(item.notice_id)
        if isinstance(held, ReadyDelivery) and notice:
            told = renderer.reminders.told(item.id, edited=False).reminders if is_reminder(notice) else ()
            sent.append(Message(item.notice_id, item.subscription_id, held.rendered.parts, told))
    return sent


def _sent(held: ReadyDelivery, now: datetime) -> Settlement:
    parts = len(held.rendered.parts)
    return Settlement(
        id=held.item.id,
        state="sent",
        attempts=0,
        parts_sent=parts,
        message_ids=held.item.message_ids or tuple(next(_ids) for _ in range(parts)),
        sent_at=None if held.item.work == Delivery.Work.EDIT else now,
        version_sent=held.rendered.version,
        told=tuple(chain.from_iterable(held.rendered.told)),
    )
