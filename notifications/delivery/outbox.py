"""What became of messages, until it is written down: the sender fills an outbox, the settler empties it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.utils import timezone

from accounts.subscribing import subscriptions, topics
from notifications.channels.base import NAME_UNKNOWN, NAME_UNRESOLVED, ChannelError
from notifications.delivery import blame, ledger, outcomes
from notifications.delivery.ledger import Settlement
from notifications.delivery.pacing import rate_limits
from notifications.delivery.pushes.dead_names import switch_off_dead_names
from notifications.delivery.storms import Refused, Storms
from notifications.models import StoredFile


@dataclass(slots=True)
class Outbox:
    """Settlements, and what the answers said about addresses and the channel. `messages` counts what was in flight."""

    settlements: list[Settlement] = field(default_factory=list)
    messages: int = 0
    switched_off: dict[int, str] = field(default_factory=dict)  # by subscription
    refused: dict[str, list[Refused]] = field(default_factory=dict)  # by service: what may not be the address's fault
    accepted: dict[str, set[int]] = field(default_factory=dict)  # by service: subscriptions
    moved: dict[str, str] = field(default_factory=dict)  # from chat to chat
    topics: dict[str, str] = field(default_factory=dict)  # by chat: why its topic refuses, "" where it does not
    file_ids: dict[str, str] = field(default_factory=dict)  # of files uploaded, by digest
    paused_until: datetime | None = None
    floods: int = 0
    stopped: str = ""
    unreachable: str = ""
    works_again: bool = False

    def __bool__(self) -> bool:
        return self != Outbox()

    def pause(self, seconds: float) -> None:
        until = timezone.now() + timedelta(seconds=seconds)
        self.paused_until = max(until, self.paused_until or until)

    def flood(self, seconds: float) -> None:
        self.floods += 1
        self.pause(seconds)

    def stop(self, error: ChannelError) -> None:
        self.stopped = error.text or error.code

    @transaction.atomic
    def write(self, channel: str, owner: str, storms: Storms, *, lease: timedelta, rate: float) -> None:
        """Write everything to the database, or nothing."""
        self._spare(storms.weigh(self.refused, self.accepted))
        ledger.settle(owner, self.settlements, lease=lease)
        if self.switched_off:
            blame.switch_off(self.switched_off)
        if unresolved := [s.id for s in self.settlements if s.error_code in {NAME_UNKNOWN, NAME_UNRESOLVED}]:
            switch_off_dead_names(unresolved)
        for chat, refused in self.topics.items():
            topics.note(int(chat), refused)
        for old, new in self.moved.items():
            subscriptions.move(int(old), int(new))
        for digest, file_id in self.file_ids.items():
            StoredFile.objects.filter(digest=digest).update(telegram_id=file_id)
        if self.works_again:
            rate_limits.works_again(channel)
        if self.paused_until and self.floods:
            rate_limits.flooded(channel, self.paused_until, rate, self.floods)
        elif self.paused_until:
            rate_limits.pause(channel, self.paused_until)
        if self.unreachable:
            rate_limits.unreachable(channel, self.unreachable)
        if self.stopped:
            rate_limits.stop(channel, self.stopped)

    def _spare(self, deliveries: set[int]) -> None:
        """Settle these refusals without blame: their service is in a storm."""
        if not deliveries:
            return
        now = timezone.now()
        self.settlements = [outcomes.spared(s, now) if s.id in deliveries else s for s in self.settlements]
        for refusal in chain.from_iterable(self.refused.values()):
            if refusal.delivery in deliveries:
                self.switched_off.pop(refusal.subscription, None)
