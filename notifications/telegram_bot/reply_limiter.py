"""Every message of the bot takes a slot on the token's time line, which deliveries share (notifications.delivery).

A dispatcher reserves a quarter of a second ahead, so a reply waits no longer than that behind it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import count, repeat
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from accounts.models import Subscription
from accounts.telegram.registry import in_database
from notifications.channels.telegram.errors import channel_error
from notifications.delivery.pacing import rate_limits
from notifications.delivery.pacing.rate_limits import Block

LONGEST_WAIT_SECONDS = 20.0
# A message that would go so much later than its slot takes another one: it must not run into those after it.
LATEST_SECONDS = 0.1
MOST_SLOTS = 5  # a machine that is always late answers all the same
_MESSAGES = ("send", "edit", "copy", "forward")
_CHANNEL = Subscription.Channel.TELEGRAM

Answer = bool | dict[str, Any] | list[dict[str, Any]]


class ReplyLimiter(BaseRateLimiter[None]):
    """Paces the calls that make or change messages; others go at once. For the bot's Application."""

    def __init__(self) -> None:
        self._asking: list[asyncio.Future[float]] = []
        self._reserving: asyncio.Task[None] | None = None

    async def initialize(self) -> None:
        """Do nothing: there is nothing to prepare."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to end."""

    async def process_request(  # noqa: PLR0917 (the signature is BaseRateLimiter's)
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Answer:
        """Raises RetryAfter where the channel rests longer than anybody waits, or Telegram asks for a rest.

        The rest Telegram asks for is everybody's, and noted for all processes.
        """
        if not endpoint.startswith(_MESSAGES):
            return await callback(*args, **kwargs)
        await self._slot()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            await _flooded(error)
            raise

    async def _slot(self) -> None:
        """Wait for a slot. Raises RetryAfter."""
        loop = asyncio.get_running_loop()
        for _ in range(MOST_SLOTS):
            asking: asyncio.Future[float] = loop.create_future()
            self._asking.append(asking)
            if self._reserving is None or self._reserving.done():
                self._reserving = asyncio.create_task(self._reserve())
            due = await asking
            await asyncio.sleep(due - loop.time())
            if loop.time() <= due + LATEST_SECONDS:
                return

    async def _reserve(self) -> None:
        """Give slots to all who ask, in one go; those who ask meanwhile come next."""
        while self._asking:
            asking, self._asking = self._asking, []
            try:
                block = await _block(len(asking))
            except Exception as error:  # a defect; whoever asks must not wait for ever
                _tell(asking, repeat(error))
                continue
            due = asyncio.get_running_loop().time() + block.delay
            if block.count:
                _tell(asking, (due + number * block.interval for number in count()))
            else:
                _tell(asking, repeat(RetryAfter(timedelta(seconds=block.delay))))


def _tell(asking: Sequence[asyncio.Future[float]], answers: Iterable[float | Exception]) -> None:
    """Give each of those who ask, and were not cancelled, the next of the answers."""
    for future, answer in zip(asking, answers, strict=False):
        if future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)


async def _block(slots: int) -> Block:
    """Slots on the shared time line; without a database evenly spaced ones, for no reply waits for that."""
    rate = settings.TELEGRAM_RATE
    try:
        return await in_database(
            rate_limits.reserve_for_replies,
            _CHANNEL,
            rate,
            slots,
            patience=LONGEST_WAIT_SECONDS,
            shards=settings.TELEGRAM_SHARDS,
        )
    except (DatabaseError, InterfaceError):
        return Block(0.0, 1 / rate, slots)


async def _flooded(error: RetryAfter) -> None:
    wait: float = getattr(channel_error(error), "after", 0.0)
    until = timezone.now() + timedelta(seconds=wait)
    with suppress(DatabaseError, InterfaceError):
        await in_database(rate_limits.flooded, _CHANNEL, until, settings.TELEGRAM_RATE)
