"""What an answer of a channel means for the ledger. Pure: a claimed delivery and what happened in, a settlement out."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from notifications.channels.base import (
    ChannelError,
    ChannelStoppedError,
    PermanentError,
    Receipt,
    RetryLaterError,
    TransientError,
)
from notifications.delivery.ledger import HOST_HELD, HOST_RESTS, Claimed, Settlement
from notifications.models import Delivery
from notifications.rendering.messages import Told

MAX_ATTEMPTS = 10
SPARED_WAIT = timedelta(minutes=1)
_LONG_REST = 30.0
_FIRST_BACKOFF = timedelta(seconds=5)
_LONGEST_BACKOFF = timedelta(minutes=15)
State, Work = Delivery.State, Delivery.Work


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 5 s doubled each time, to 15 minutes, half of it by chance."""
    full = min(_LONGEST_BACKOFF.total_seconds(), _FIRST_BACKOFF.total_seconds() * 2.0 ** (attempts - 1))
    return timedelta(seconds=full * random.uniform(0.5, 1.0))


def refusal(item: Claimed, *, withdrawn: bool) -> str:
    """Returns why a claimed delivery must not go out (any more), "" where it may."""
    if not item.active:
        return "subscription_off"
    if withdrawn and item.work == Work.SEND and not item.parts_sent:
        return "withdrawn"
    return ""


def sent_part(
    item: Claimed, receipt: Receipt, *, parts: int, version: int, now: datetime, told: tuple[Told, ...] = ()
) -> Settlement:
    """A part went out: the delivery is sent, or goes on with its next part under the same lease.

    Whom a list names has read the first part, with the own words: the rest of a long list lets others go ahead.
    """
    done = item.parts_sent + 1
    edited = item.work == Work.EDIT
    ids = item.message_ids if edited and done <= len(item.message_ids) else item.message_ids + receipt.message_ids
    whole = done >= parts
    ahead = bool(item.named) and done == 1 and not edited and not whole
    return Settlement(
        id=item.id,
        state=State.SENT if whole else State.RETRY if ahead else State.SENDING,
        attempts=item.attempts,
        parts_sent=done,
        message_ids=ids,
        next_attempt_at=now if ahead else None,
        sent_at=now if whole and not edited else None,
        version_sent=_oldest(item, version) if whole or not edited else None,
        told=told,
    )


def lets_others_ahead(settlement: Settlement) -> bool:
    """Whether a delivery was given back to the ledger with a part sent, though nothing went wrong."""
    return settlement.state == State.RETRY and not settlement.error_code


def not_sent(
    item: Claimed,
    error: ChannelError,
    *,
    version: int,
    lease: timedelta,
    now: datetime,
    misses: int = 0,
    counts: bool = True,
    edits: bool = True,
    told: tuple[Told, ...] = (),
) -> Settlement:
    """A part did not go out: tried again later, or given up with the reason.

    With `counts` false the channel as a whole is at fault: it waits, and nothing is held against the delivery. It waits
    longer with each of its `misses`, the times it failed just before: where only this message fails, others pass by.
    An edit that is given up leaves the message as it was sent; without `edits` it is a message of its own, and fails.
    Of a digest it counts as if it had `told` all: it is not tried again.
    """
    state, attempts, wait = State.RETRY, item.attempts, timedelta(0)
    match error:
        case RetryLaterError(channel_wide=False):
            wait = timedelta(seconds=error.after)
        case RetryLaterError() | ChannelStoppedError():
            pass
        case TransientError():
            attempts += counts
            wait = backoff(attempts if counts else misses + 1)
            wait = max(lease, wait) if error.unknown else wait
        case _:
            attempts += 1
            state = State.FAILED
    if attempts >= MAX_ATTEMPTS:
        state = State.FAILED
    if state == State.FAILED and item.work == Work.EDIT and edits:
        state = State.SENT  # the message is there, only its edit is refused
    return Settlement(
        id=item.id,
        state=state,
        attempts=attempts,
        parts_sent=item.parts_sent,
        message_ids=item.message_ids,
        next_attempt_at=now + wait if wait else None,
        version_sent=version if state == State.SENT and not dead_address(error) else None,
        error_code=_storable(error.code)[:60],
        error_text=_storable(error.text)[:300],
        told=told if state == State.SENT else (),
    )


def put_off(item: Claimed, seconds: float, now: datetime, *, in_storm: bool = False) -> Settlement:
    """Settle a delivery whose push service takes none now: it was not tried, and nothing is held against it.

    Those that wait long come back spread over minutes, so that they are not all looked at again at once.
    """
    spread = 1.5 if seconds < _LONG_REST else 4.0
    return Settlement(
        id=item.id,
        state=State.RETRY,
        attempts=item.attempts,
        parts_sent=item.parts_sent,
        message_ids=item.message_ids,
        next_attempt_at=now + timedelta(seconds=seconds * random.uniform(1.0, spread)),
        error_code=HOST_HELD if in_storm else HOST_RESTS,
    )


def left(item: Claimed, state: str, reason: str) -> Settlement:
    """Settle without sending: skipped, held or failed, with the reason. Parts sent before stay."""
    return Settlement(
        id=item.id,
        state=State.SENT if item.work == Work.EDIT and state == State.SKIPPED else state,
        attempts=item.attempts,
        parts_sent=item.parts_sent,
        message_ids=item.message_ids,
        error_code=reason,
    )


def nothing_left(item: Claimed, version: int, now: datetime) -> Settlement:
    """Settle a delivery that has no part left to send: an edit shortened it, or its text is blank."""
    return Settlement(
        id=item.id,
        state=State.SENT,
        attempts=item.attempts,
        parts_sent=item.parts_sent,
        message_ids=item.message_ids,
        sent_at=now if item.work == Work.SEND else None,
        version_sent=_oldest(item, version),
    )


def from_the_start(item: Claimed) -> Claimed:
    """An edit that was interrupted begins again: what it edited before may show a version in between."""
    return replace(item, parts_sent=0)


def spared(settlement: Settlement, now: datetime) -> Settlement:
    """Settle a refusal that is not the address's fault: the delivery waits, and nothing is held against it.

    How long is left to chance, so that it is not always the same address that is tried.
    """
    return replace(
        settlement,
        state=State.RETRY,
        attempts=max(0, settlement.attempts - 1),
        next_attempt_at=now + SPARED_WAIT * random.uniform(1.0, 5.0),
        version_sent=None,
    )


def dead_address(error: ChannelError) -> bool:
    """Whether the subscription is to be switched off."""
    return isinstance(error, PermanentError) and error.switch_off


def _oldest(item: Claimed, version: int) -> int:
    """The version its messages show when this part is out: an edit in the middle leaves the first ones behind."""
    begun = item.version_sent if item.work == Work.SEND and item.parts_sent else None
    return version if begun is None else min(begun, version)


def _storable(text: str) -> str:
    """Return the text without characters no database accepts: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def advanced(item: Claimed, settlement: Settlement) -> Claimed:
    """The delivery as the ledger has it after this settlement."""
    return replace(
        item,
        attempts=settlement.attempts,
        parts_sent=settlement.parts_sent,
        message_ids=tuple(settlement.message_ids),
        version_sent=settlement.version_sent or item.version_sent,
    )
