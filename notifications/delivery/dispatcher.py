"""The dispatcher: claims a second's work ahead, has it sent, writes down what became of it, keeps its leases alive.

A process that dies at any line repeats at most what was in flight (spec: delivery, The ledger). Sending waits for the
database only where as many messages as may be in flight are not written down yet.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from accounts.clock import CLOCKS_DIFFER
from notifications.channels.base import Channel, ChannelStoppedError
from notifications.delivery import due, leases, ledger
from notifications.delivery.database import PatientDatabase
from notifications.delivery.ledger import Settlement
from notifications.delivery.outbox import Outbox
from notifications.delivery.pacing import rate_limits
from notifications.delivery.pacing.pace import pace_of
from notifications.delivery.pacing.pacer import Pacer
from notifications.delivery.pacing.rate_limits import Block
from notifications.delivery.preparing import ReadyDelivery, prepare
from notifications.delivery.sender import PATIENCE_SECONDS, STOP_SECONDS, Sender
from notifications.delivery.storms import Storms
from notifications.delivery.tally import Tally
from notifications.delivery.tidy import tidy
from notifications.models import Delivery
from notifications.rendering.render import Renderer

log = logging.getLogger(__name__)
State, Work = Delivery.State, Delivery.Work

SETTLE_EVERY_SECONDS = 0.02
BUFFER_SECONDS = 1.0  # claimed ahead: short, so that what is urgent overtakes soon
IDLE_SECONDS = 0.5
LOOK_SECONDS = 1.0  # what is published meanwhile does not wait for what is retried soon
MOST_CHATS, MOST_CLAIMED = 1000, 5000
LAST_WRITES_SECONDS = 2.0  # for a database that is away when the work is over


class LeaseLostError(Exception):
    """Another dispatcher has the shard: this process stood still for longer than its lease."""


class Dispatcher:
    """Delivers what is due on one shard of a channel after the other, as far as they are free."""

    def __init__(
        self,
        channel: Channel,
        *,
        seasons: Collection[int] = (),
        on_settled: Callable[[], object] | None = None,
    ) -> None:
        self.tally = Tally()
        self._seasons = seasons
        self._channel, self._pace = channel, pace_of(channel.name)
        pace = self._pace
        self._on_settled = on_settled
        self._owner = leases.new_owner()
        self._shard = 0
        self._since: datetime | None = None
        self._leased_until = 0.0
        self._database = PatientDatabase()
        self._renderer = Renderer(channel.name)
        self._storms = Storms(channel.name)
        self._buffer = min(MOST_CHATS, int(pace.rate * BUFFER_SECONDS) + pace.concurrency)
        pacer = Pacer(self._reserve, pace.rate / pace.shards, patience=PATIENCE_SECONDS)
        self._sender = Sender(channel, pace, pacer, self.tally)
        self._work_over = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told_to_stop = asyncio.Event()

    async def run(self, *, seconds: float | None = None) -> Tally:
        """Deliver until nothing is due soon, `seconds` are over, `stop` is called, or the channel stops or pauses."""
        self._loop = asyncio.get_running_loop()
        try:
            await self._channel.open()
            if await self._database(self._find_work) is not None:
                await self._work(seconds)
        except ChannelStoppedError as error:
            self._sender.stop(error)
            await self._settle()
        except LeaseLostError:
            self.tally.busy_elsewhere = True
        finally:
            await self._channel.close()
        log.info("%s: %s", self._channel.name, self.tally.line())
        return self.tally

    def stop(self) -> None:
        """Finish what is in flight, give the rest back, and end `run`. From any thread."""
        if self._loop is None:
            self._stop()
        else:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        self._told_to_stop.set()
        self._database.shorten_patience(STOP_SECONDS + LAST_WRITES_SECONDS)

    async def _work(self, seconds: float | None) -> None:
        """Run the loops until the first of them ends."""
        feeding = [asyncio.create_task(loop) for loop in (self._claim_all(), self._sender.run())]
        keeping = [asyncio.create_task(loop) for loop in (self._settle_all(), self._keep_leases())]
        stopped = asyncio.create_task(self._told_to_stop.wait())
        tasks: list[asyncio.Task[Any]] = [*feeding, *keeping, stopped]
        try:
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancel([*feeding, stopped])
            await self._sender.finish()
            self._work_over = True
            self._database.shorten_patience(LAST_WRITES_SECONDS)
            await asyncio.wait(keeping[:1])
            await _cancel(keeping[1:])
            await self._let_go()
        for task in tasks:
            if not task.cancelled():
                task.result()

    async def _let_go(self) -> None:
        """Give back what was claimed and did not go out. Where that fails, the leases end by themselves."""
        try:
            await self._database(ledger.release, self._owner)
            await self._database(leases.give_up, self._owner)
        except DatabaseError as error:
            log.error("%s: leases were left to end by themselves (%s)", self._channel.name, type(error).__name__)

    # --- claiming ----------------------------------------------------------------

    async def _claim_all(self) -> None:
        """Keep about a second's work claimed. Ends when nothing is due soon."""
        sender = self._sender
        while True:
            await sender.until(lambda: self._room() * 2 >= self._buffer)
            room = self._room()
            claimed = await self._database(self._claim, room)
            for held in claimed:
                if isinstance(held, Settlement):
                    sender.note(held)
                else:
                    sender.add(held)
            if len(claimed) < room:
                await sender.until(lambda: sender.idle, IDLE_SECONDS)
                if sender.idle and not await self._more_soon():
                    return

    def _room(self) -> int:
        """Return how many more deliveries the buffer takes; those that wait for their own chat hardly count."""
        queues = self._sender.queues
        return min(self._buffer - len(queues), MOST_CLAIMED - queues.waiting)

    async def _more_soon(self) -> bool:
        """Wait for what is due soon, on this shard or on another that is free."""
        wait = await self._database(self._find_work)
        if wait is None:
            return False
        await asyncio.sleep(min(wait, LOOK_SECONDS))
        return True

    def _find_work(self) -> float | None:
        """Take the first free shard where something is due soon; seconds until then, None where there is none.

        What is published later finds either that nobody has the lease, or is seen here: it is given up before looking.
        """
        ledger.release(self._owner)  # claimed in a call whose answer never came
        leases.give_up(self._owner)
        leases.release_dead_owners(self._channel.name)
        tidy()
        if rate_limits.in_trouble(self._channel.name):
            self._sender.breaker.trip()  # one message tries whether it was mended
        self._storms.look()
        self._sender.heed(self._storms)
        self.tally.busy_elsewhere = False
        for shard in range(self._pace.shards):
            first = due.first(self._channel.name, shard, self._pace.shards, self._seasons)
            if first is None or due.seconds_to(first) > PATIENCE_SECONDS:
                continue
            if self._acquire(shard):
                # what another machine writes meanwhile may be due a little earlier by its clock
                self._since = min(first, timezone.now()) - CLOCKS_DIFFER
                return due.seconds_to(first)
            self.tally.busy_elsewhere = True
        return None

    def _claim(self, limit: int) -> list[ReadyDelivery | Settlement]:
        """Return what is due, rendered; or settled at once, where it must not go out any more."""
        pace = self._pace
        claimed = ledger.claim(
            self._channel.name,
            self._owner,
            limit=limit,
            lease=pace.lease,
            shard=self._shard,
            shards=pace.shards,
            seasons=self._seasons,
            since=self._since,
        )
        self._renderer.load(claimed)
        return [prepare(self._channel.name, self._renderer, item) for item in self._replying(claimed)]

    def _replying(self, claimed: Collection[ledger.Claimed]) -> Iterator[ledger.Claimed]:
        """Have what tells of a change answer the message that it is about."""
        follows = {item.notice_id: self._renderer.follows(item.notice_id) for item in claimed}
        begun = ledger.first_messages(
            {notice for notice in follows.values() if notice}, [item.subscription_id for item in claimed]
        )
        for item in claimed:
            first = begun.get((follows[item.notice_id] or 0, item.subscription_id))
            yield replace(item, reply_to=first) if first else item

    # --- settling ----------------------------------------------------------------

    async def _settle_all(self) -> None:
        while not self._work_over:
            await self._settle()
            await asyncio.sleep(SETTLE_EVERY_SECONDS)
        await self._settle()

    async def _settle(self) -> None:
        """Write what is known, and only then let as many more messages out."""
        outbox = self._sender.take_outbox()
        if not outbox:
            return
        try:
            await self._database(self._write, outbox)
        except DatabaseError:
            log.error("%s: %d outcomes are lost, their messages go again", self._channel.name, outbox.messages)
            raise
        self.tally.counts.update(s.state for s in outbox.settlements if _is_outcome(s))
        self._sender.heed(self._storms)
        self._sender.settled(outbox.messages)
        if self._on_settled is not None:
            self._on_settled()

    def _write(self, outbox: Outbox) -> None:
        pace = self._pace
        outbox.write(self._channel.name, self._owner, self._storms, lease=pace.lease, rate=pace.rate)

    # --- leases and slots ----------------------------------------------------------

    async def _reserve(self, slots: int, after: float) -> Block:
        """Reserve slots for the sender. A process that stood still renews its leases first. Raises LeaseLostError."""
        if monotonic() >= self._leased_until:
            await self._renew()
        pace = self._pace
        return await self._database(
            rate_limits.reserve,
            self._channel.name,
            pace.rate,
            slots,
            after=after,
            shard=self._shard,
            shards=pace.shards,
        )

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(self._pace.lease.total_seconds() / 3)
            await self._renew()

    async def _renew(self) -> None:
        """Raises LeaseLostError. Where it comes too late, what others took in the meantime is let go of."""
        asked_at = monotonic()
        mine = await self._database(self._renew_all)
        if mine is None:
            raise LeaseLostError
        if asked_at >= self._leased_until:
            self._sender.queues.keep(lambda held: held.item.id in mine)
        self._leased_until = asked_at + self._pace.lease.total_seconds()

    def _renew_all(self) -> set[int] | None:
        """Return what is still leased to us, for another lease; None where the shard is not."""
        if not leases.acquire(self._channel.name, self._shard, self._owner, self._pace.lease):
            return None
        return ledger.renew(self._owner, self._pace.lease)

    def _acquire(self, shard: int) -> bool:
        asked_at = monotonic()
        if not leases.acquire(self._channel.name, shard, self._owner, self._pace.lease):
            return False
        self._shard, self._leased_until = shard, asked_at + self._pace.lease.total_seconds()
        return True


def _is_outcome(settlement: Settlement) -> bool:
    return settlement.state != State.SENDING and settlement.error_code not in {ledger.HOST_RESTS, ledger.HOST_HELD}


async def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
