"""A channel's pace, in the database and shared by every process that sends on it (spec: delivery, Telegram's rules).

Each shard has one time line of slots. Whoever sends reserves slots ahead on it: a dispatcher a short block, the bot as
many as it has replies to send, evenly spaced. So no second holds more than the rate, and there is no burst at the start
or after a pause. After a 429 the rate falls, and comes back within minutes.

A dispatcher sees to it by itself that none of its messages runs into the next (pacer.py), but not
that a reply of the bot's process runs into its messages: while there are replies, the slots lie further apart.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.clock import seconds_until
from notifications.models import ChannelState, Shard

log = logging.getLogger(__name__)

# Of the permitted rate: the rest absorbs the jitter of the network, which may push two messages together.
SHARE_USED = 0.985
# How much earlier or later than its slot a message may arrive, where two processes send.
JITTER_SECONDS = 0.3
SHARE_WITH_REPLIES = 1 / (1 + JITTER_SECONDS)
_JITTER, _SECOND = timedelta(seconds=JITTER_SECONDS), timedelta(seconds=1)
_LONGEST_QUEUE = timedelta(minutes=1)
_RECOVERY_SECONDS = 120.0
_SLOWER = 0.8
_SLOWEST = 0.1


@dataclass(frozen=True, slots=True)
class Block:
    """Reserved slots: the first one `delay` seconds from now, then one each `interval` seconds."""

    delay: float
    interval: float
    count: int


def effective_rate(state: ChannelState, cap: float, now: datetime) -> float:
    """Messages a second now: the cap, or less for two minutes after a 429, rising evenly."""
    if state.rate is None or state.slowed_at is None:
        return cap
    passed = max(0.0, (now - state.slowed_at).total_seconds()) / _RECOVERY_SECONDS
    return min(cap, state.rate + (cap - state.rate) * passed)


@transaction.atomic
def reserve(channel: str, cap: float, slots: int = 1, *, after: float = 0.0, shard: int = 0, shards: int = 1) -> Block:
    """Reserve `slots` slots on a shard's time line, the first at least `after` seconds from now.

    `cap` is the whole channel's, of which a shard has its share.
    """
    line, state, now = _locked_line(channel, shard)
    start = _first_free(line, now + timedelta(seconds=max(after, state.pause_seconds(now))))
    share = SHARE_WITH_REPLIES if _has_replies(line, start) else SHARE_USED
    interval = shards / (effective_rate(state, cap, now) * share)
    return _take(line, now, start, interval, slots)


@transaction.atomic
def reserve_for_replies(channel: str, cap: float, slots: int, *, patience: float, shards: int = 1) -> Block:
    """Reserve slots for replies of the bot, on the first shard's time line.

    Where the channel rests for longer than `patience` seconds, nothing is reserved: a block of no slot says how long.
    """
    line, state, now = _locked_line(channel, 0)
    rest = state.pause_seconds(now)
    if rest > patience:
        return Block(rest, 0.0, 0)
    start = _first_free(line, now + timedelta(seconds=rest))
    if line.next_slot_at and start < line.next_slot_at + _SECOND and not _has_replies(line, start):
        start += _JITTER  # what was reserved before lies closer together
    interval = shards / (effective_rate(state, cap, now) * SHARE_WITH_REPLIES)
    line.replies_until = start + timedelta(seconds=interval * slots) + _JITTER + _SECOND
    return _take(line, now, start, interval, slots)


def _locked_line(channel: str, shard: int) -> tuple[Shard, ChannelState, datetime]:
    line, _ = Shard.objects.select_for_update().get_or_create(channel=channel, number=shard)
    state = ChannelState.objects.filter(channel=channel).first() or ChannelState(channel=channel)
    return line, state, timezone.now()


def _first_free(line: Shard, start: datetime) -> datetime:
    """The first free slot from `start` on. A time line far ahead is the trace of a clock that was wrong."""
    return start + timedelta(seconds=seconds_until(line.next_slot_at, start, at_most=_LONGEST_QUEUE))


def _has_replies(line: Shard, start: datetime) -> bool:
    """Whether replies may be among the messages of the second before `start`."""
    return seconds_until(line.replies_until, start, at_most=_LONGEST_QUEUE) > 0


def _take(line: Shard, now: datetime, start: datetime, interval: float, slots: int) -> Block:
    line.next_slot_at = start + timedelta(seconds=interval * slots)
    line.save(update_fields=["next_slot_at", "replies_until"])
    return Block((start - now).total_seconds(), interval, slots)


@transaction.atomic
def pause(channel: str, until: datetime) -> None:
    """Pause the channel until a time; an earlier end does not shorten a pause."""
    state = _locked(channel)
    state.paused_until = max(until, state.paused_until or until)
    state.save(update_fields=["paused_until"])


@transaction.atomic
def flooded(channel: str, until: datetime, cap: float, floods: int = 1) -> None:
    """The other side said 429, so many times, and wants a rest until then: everybody has one, and is slower after it.

    What comes in while the channel rests was sent before it, and does not slow it down further.
    """
    state = _locked(channel)
    now = timezone.now()
    if not state.pause_seconds(now):
        state.rate = max(cap * _SLOWEST, effective_rate(state, cap, now) * _SLOWER)
    state.paused_until = state.slowed_at = max(until, state.paused_until or until)
    state.floods += floods
    state.save(update_fields=["paused_until", "rate", "slowed_at", "floods"])


def stop(channel: str, reason: str) -> None:
    """Stop the channel until someone fixes it. The reason is logged once, however many processes find out."""
    with transaction.atomic():
        state = _locked(channel)
        news = state.stopped_reason != reason[:300]
        state.stopped_reason, state.stopped_at = reason[:300], timezone.now()
        state.save(update_fields=["stopped_reason", "stopped_at"])
    if news:
        log.error("%s is stopped: %s", channel, reason)


def unreachable(channel: str, reason: str) -> None:
    """Record that the channel can't be reached. It is logged once, until the channel works again."""
    with transaction.atomic():
        state = _locked(channel)
        if state.unreachable_since:
            return
        state.unreachable_reason, state.unreachable_since = reason[:300], timezone.now()
        state.save(update_fields=["unreachable_reason", "unreachable_since"])
    log.warning("%s can't be reached: %s", channel, reason)


def in_trouble(channel: str) -> bool:
    """Whether nothing could be sent when somebody last tried."""
    return _troubled(channel).exists()


def works_again(channel: str) -> None:
    """Record that the channel works again."""
    fine = {"stopped_reason": "", "stopped_at": None, "unreachable_reason": "", "unreachable_since": None}
    if _troubled(channel).update(**fine):
        log.warning("%s sends again", channel)


def _troubled(channel: str) -> QuerySet[ChannelState]:
    return ChannelState.objects.filter(channel=channel).exclude(stopped_reason="", unreachable_since=None)


def _locked(channel: str) -> ChannelState:
    state, _ = ChannelState.objects.select_for_update().get_or_create(channel=channel)
    return state
