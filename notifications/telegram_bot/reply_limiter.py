"""The bot's answers keep to the rate that broadcasts keep to: both take their slots on the token's one time line.

A broadcast reserves a quarter of a second ahead, so an answer waits no longer than that behind it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from accounts.models import Subscription
from accounts.telegram.registry import in_database
from notifications.channels.telegram.errors import channel_error
from notifications.delivery import rate_limits

LONGEST_WAIT_SECONDS = 20.0
_MESSAGES = ("send", "edit", "copy", "forward")
_CHANNEL = Subscription.Channel.TELEGRAM

Answer = bool | dict[str, Any] | list[dict[str, Any]]


class ReplyLimiter(BaseRateLimiter[None]):
    """Paces the calls that make or change messages; others go at once. For the bot's Application."""

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    async def process_request(  # noqa: PLR0917 (the signature is BaseRateLimiter's)
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Answer:
        """Raises RetryAfter where the channel rests longer than anybody waits for an answer."""
        if not endpoint.startswith(_MESSAGES):
            return await callback(*args, **kwargs)
        await _slot()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            await _flooded(error)
        await _slot()
        return await callback(*args, **kwargs)


async def _slot() -> None:
    try:
        block = await in_database(
            rate_limits.reserve, _CHANNEL, settings.TELEGRAM_RATE, shards=settings.TELEGRAM_SHARDS
        )
    except DatabaseError:
        return  # an answer too many does no harm
    if block.delay > LONGEST_WAIT_SECONDS:
        raise RetryAfter(timedelta(seconds=block.delay))
    await asyncio.sleep(block.delay)


async def _flooded(error: RetryAfter) -> None:
    wait: float = getattr(channel_error(error), "after", 0.0)
    until = timezone.now() + timedelta(seconds=wait)
    try:
        await in_database(rate_limits.flooded, _CHANNEL, until, settings.TELEGRAM_RATE)
    except DatabaseError:
        await asyncio.sleep(min(wait, LONGEST_WAIT_SECONDS))
