"""The sender: starts a message whenever its channel's pace allows, and notes what became of it. Knows no database."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from accounts import tracing
from accounts.subscribing import topics
from notifications.channels.base import (
    Channel,
    ChannelError,
    ChannelStoppedError,
    PermanentError,
    Receipt,
    RetryLaterError,
    TransientError,
)
from notifications.delivery import outcomes
from notifications.delivery.ledger import HOST_RESTS, Claimed, Settlement
from notifications.delivery.outbox import Outbox
from notifications.delivery.pacing.breaker import Breaker
from notifications.delivery.pacing.chat_queues import ChatQueues
from notifications.delivery.pacing.hosts import LATE_SECONDS, Host, Hosts, host_of
from notifications.delivery.pacing.pace import Pace
from notifications.delivery.pacing.pacer import Mark, Pacer, PausedError
from notifications.delivery.preparing import ReadyDelivery
from notifications.delivery.storms import TELEGRAM, Refused, Storms
from notifications.delivery.tally import Tally
from notifications.models import Delivery
from notifications.rendering.messages import Part, Recipient

log = logging.getLogger(__name__)
State = Delivery.State

PATIENCE_SECONDS = 20.0  # a retry or a pause this near is waited for; the minute's sweep comes back for later ones
STOP_SECONDS = 7.0  # how long messages in flight may still be answered once the work is over


class Sender:
    """Sends what is in `queues`, never more than the channel's concurrency at once.

    A message is in flight from before it is sent until `settled` says that its outcome is written down. Where the
    channel has many hosts, one that is late gives its place to another (delivery/hosts.py).
    """

    def __init__(self, channel: Channel, pace: Pace, pacer: Pacer, tally: Tally) -> None:
        self.queues: ChatQueues[ReadyDelivery] = ChatQueues(pace.spacing)
        self.breaker = Breaker(pace.concurrency)
        self._channel, self._pace, self._pacer, self._tally = channel, pace, pacer, tally
        self._hosts = Hosts()
        self._outbox = Outbox()
        self._in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    @property
    def idle(self) -> bool:
        """Return whether nothing waits, is being sent or is left to be written."""
        return not (self.queues.waiting or self._in_flight or self._hosts.late or self._outbox)

    async def run(self) -> None:
        """Send until the channel stops, or rests longer than is worth waiting for."""
        while not self._tally.stopped:
            await self.until(lambda: self._in_flight < self.breaker.at_once)
            taken = self.queues.take()
            if taken is None:
                await self.change(self.queues.delay())
                continue
            if self._pace.late and self._stands_aside(*taken):
                continue
            self._in_flight += 1
            try:
                mark = await self._pacer.slot()
            except PausedError as paused:
                self._tally.paused_seconds = paused.seconds
                return
            if not self._tally.stopped:
                self._start(*taken, mark)

    async def finish(self) -> None:
        """Wait for what is on its way; what is not answered in time may have arrived."""
        self._pacer.close()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late)

    def take_outbox(self) -> Outbox:
        outbox, self._outbox = self._outbox, Outbox()
        return outbox

    def note(self, settlement: Settlement) -> None:
        """Have something written down that needed no message."""
        self._outbox.settlements.append(settlement)

    def settled(self, messages: int) -> None:
        """The outcomes of so many messages are written down: as many others may go."""
        self._in_flight -= messages
        self._changed.set()

    async def change(self, seconds: float | None) -> None:
        """Wait until something changed here, so many seconds at most."""
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    async def until(self, condition: Callable[[], bool], seconds: float | None = None) -> None:
        """Wait until the condition holds, so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not condition():
                    await self.change(None)

    def add(self, ready: ReadyDelivery) -> None:
        self.queues.add(ready.item.address, ready)
        self._changed.set()

    def heed(self, storms: Storms) -> None:
        """Send to a service in a storm one message at a time, and after a refusal none for a while."""
        self.breaker.held = TELEGRAM in storms.held
        self._hosts.hold(storms.held, storms.resting)
        if TELEGRAM in storms.resting:
            self._tally.stopped = storms.held[TELEGRAM]
            self._changed.set()

    def _stands_aside(self, address: str, ready: ReadyDelivery) -> bool:
        """Whether the message's host takes none now: it waits in memory, or is given back to the ledger."""
        host = self._hosts.of(address)
        if ready.item.error_code == HOST_RESTS:
            host.suspect()
        wait = host.wait()
        if not wait:
            return False
        if host.takes_aside(address):
            self.queues.put_back(address, ready)
            self.queues.done(address, wait)
        else:
            self.note(outcomes.put_off(ready.item, wait, timezone.now(), in_storm=host.in_storm))
            self.queues.done(address)
        return True

    def _start(self, address: str, ready: ReadyDelivery, mark: Mark) -> None:
        host = self._hosts.of(address)
        host.goes(address)
        task = asyncio.create_task(self._deliver(address, ready, mark))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, address: str, ready: ReadyDelivery, mark: Mark) -> None:
        """Send one part and note its outcome. What goes on soon stays the first of its chat, so that order is kept."""
        item = ready.item
        noted: dict[str, str | int] = {"channel": self._channel.name, "delivery.id": item.id, "attempt": item.attempts}
        with self._place(self._hosts.of(address)), tracing.span("deliver", item.notice_id, **noted) as span:
            settlement = await self._outcome(ready, mark)
            if span:
                span.set_attributes({"outcome": settlement.state, "error.code": settlement.error_code})
        wait = self._goes_on(settlement, timezone.now())
        if wait is not None:
            settlement = replace(settlement, state=State.SENDING)
            misses = ready.misses + 1 if settlement.error_code else 0
            self.queues.put_back(address, replace(ready, item=outcomes.advanced(ready.item, settlement), misses=misses))
        self.queues.done(address, wait or 0.0)
        self._outbox.settlements.append(settlement)
        self._outbox.messages += 1
        self._changed.set()

    @contextmanager
    def _place(self, host: Host) -> Iterator[None]:
        """Keep a place until the answer is there. With many hosts, a late message gives it up until then."""
        late = False

        def give_up() -> None:
            nonlocal late
            if self._hosts.late < self._pace.late:
                late = True
                host.late += 1
                self._in_flight -= 1
                self._changed.set()

        timer = asyncio.get_running_loop().call_later(LATE_SECONDS, give_up)
        try:
            yield
        finally:
            timer.cancel()
            host.in_flight -= 1
            host.late -= late
            self._in_flight += late

    def _goes_on(self, settlement: Settlement, now: datetime) -> float | None:
        """Seconds until the delivery goes on here; None where it is done, or waits longer than it is worth holding it.

        What waits for one host of many waits in the ledger: in memory it would crowd out the others.
        """
        if settlement.state not in (State.SENDING, State.RETRY) or outcomes.lets_others_ahead(settlement):
            return None
        wait = (settlement.next_attempt_at - now).total_seconds() if settlement.next_attempt_at else 0.0
        patience = 0.0 if self._pace.late else PATIENCE_SECONDS
        return wait if wait <= patience else None

    async def _outcome(self, ready: ReadyDelivery, mark: Mark) -> Settlement:
        item, rendered = ready.item, ready.rendered
        try:
            receipt = await self._send(item, rendered.parts[item.parts_sent])
        except ChannelError as error:
            return self._failed(ready, error)
        except asyncio.CancelledError:
            return self._failed(ready, TransientError("interrupted", "The process stopped", unknown=True))
        except Exception as error:
            log.exception("%s: delivery %d fails by a defect", self._channel.name, item.id)
            return self._failed(ready, TransientError("defect", type(error).__name__, unknown=True))
        self._pacer.answered(mark)
        self._answered(item.address)
        self._outbox.file_ids.update(receipt.file_ids)
        self._outbox.accepted.setdefault(host_of(item.address), set()).add(item.subscription_id)
        if item.work == Delivery.Work.SEND and receipt.topic_refused != item.topic_refused:
            self._outbox.topics[item.address] = receipt.topic_refused
        if receipt.moved_to:
            self._outbox.moved[item.address] = receipt.moved_to
        return outcomes.sent_part(
            item,
            receipt,
            parts=len(rendered.parts),
            version=rendered.version,
            now=timezone.now(),
            told=rendered.told_by(item.parts_sent),
        )

    async def _send(self, item: Claimed, part: Part) -> Receipt:
        recipient = Recipient(item.address, item.keys, item.topic)
        if item.work == Delivery.Work.EDIT and item.parts_sent < len(item.message_ids):
            await self._channel.edit(recipient, item.message_ids[item.parts_sent], part)
            return Receipt()
        return await self._channel.send(recipient, part)

    def _failed(self, ready: ReadyDelivery, error: ChannelError) -> Settlement:
        """Return what an error means for the delivery, and beyond it."""
        self._tally.errors[error.code] += 1
        counts = True
        match error:
            case ChannelStoppedError():
                self.stop(error)
            case RetryLaterError(channel_wide=True):
                self._answered(ready.item.address)
                self._flooded(error)
            case TransientError() | RetryLaterError() if self._pace.late:
                counts = self._host_troubled(ready.item.address, error)
            case TransientError():
                counts = self._troubled(error)
            case _:
                self._refused(ready.item, error)
        return outcomes.not_sent(
            ready.item,
            error,
            version=ready.rendered.version,
            lease=self._pace.lease,
            now=timezone.now(),
            misses=ready.misses,
            counts=counts,
            edits=self._pace.edits,
            told=ready.rendered.told_by_all,
        )

    def _refused(self, item: Claimed, error: ChannelError) -> None:
        self._answered(item.address)
        if error.code == topics.CLOSED:
            self._outbox.topics[item.address] = topics.ALL_CLOSED
        if outcomes.dead_address(error):
            self._outbox.switched_off[item.subscription_id] = error.code
        if isinstance(error, PermanentError) and error.doubtful:
            refused = self._outbox.refused.setdefault(host_of(item.address), [])
            refused.append(Refused(item.id, item.subscription_id, error.code))

    def stop(self, error: ChannelStoppedError) -> None:
        """Stop sending until somebody fixes the channel."""
        self._tally.stopped = error.text or error.code
        self._outbox.stopped = self._tally.stopped

    def _answered(self, address: str) -> None:
        self._outbox.works_again |= self.breaker.is_open
        self.breaker.answered()
        self._hosts.of(address).answered()

    def _host_troubled(self, address: str, error: ChannelError) -> bool:
        """Whether it is this message that failed; else its host fails for all, and rests."""
        rest, counts = self._hosts.of(address).failed()
        if rest:
            log.warning("%s: %s at %s; it rests for %.0f s", self._channel.name, error.code, host_of(address), rest)
        return counts

    def _flooded(self, error: RetryLaterError) -> None:
        log.warning("%s: asked to wait %.0f s", self._channel.name, error.after)
        self._pacer.pause(error.after)
        self._outbox.flood(error.after)

    def _troubled(self, error: TransientError) -> bool:
        """Whether it is this message that failed; else nobody answers, and the channel rests."""
        self.breaker.failed()
        if error.unreachable:
            self.breaker.trip()
            self._outbox.unreachable = error.text or error.code
        rest = self.breaker.rest()
        if rest:
            log.warning("%s: %s; waiting %.0f s", self._channel.name, error.code, rest)
            self._pacer.pause(rest)
            self._outbox.pause(rest)
        return not self.breaker.is_open
