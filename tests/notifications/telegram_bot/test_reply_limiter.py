"""The bot's answers on the token's time line."""

import asyncio
from datetime import timedelta
from time import monotonic

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings
from telegram import Bot
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from notifications.delivery.pacing import rate_limits
from notifications.models import ChannelState, Shard
from notifications.telegram_bot.reply_limiter import ReplyLimiter
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.notifications.conftest import TOKEN

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
# misc: a fixture's generator, or a bound default
async def bot(telegram: BotApi, settings: Settings) -> Bot:  # type: ignore[misc]
    settings.TELEGRAM_RATE = 20.0
    async with ExtBot(TOKEN, f"{telegram.url}/bot", rate_limiter=ReplyLimiter()) as bot:
        yield bot


async def test_answers_wait_for_their_turn_behind_a_broadcast(bot: Bot, telegram: BotApi) -> None:
    await sync_to_async(rate_limits.reserve)("telegram", 20.0, 4)
    started = monotonic()
    await bot.send_message(7, "Hello")
    assert monotonic() - started >= 0.15


async def test_answers_are_spaced_like_all_messages(bot: Bot, telegram: BotApi) -> None:
    for chat in range(1, 6):
        await bot.send_message(chat, "Hello")
    times = telegram.sent_times()
    assert times[-1] - times[0] >= 4 / 20 * 0.9


async def test_what_is_no_message_goes_at_once(bot: Bot) -> None:
    await sync_to_async(rate_limits.reserve)("telegram", 20.0, 100)
    started = monotonic()
    await bot.get_me()
    assert monotonic() - started < 2


async def test_a_429_to_an_answer_is_noted_for_everybody(bot: Bot, telegram: BotApi) -> None:
    telegram.faults.plan("flood", retry_after=1, times=1)
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "Hello")
    state = await ChannelState.objects.aget()
    assert state.floods == 1
    assert state.rate == pytest.approx(16.0)
    assert state.paused_until


async def test_those_who_ask_together_get_slots_one_after_the_other(bot: Bot, telegram: BotApi) -> None:
    await asyncio.gather(*(bot.send_message(chat, "Hello") for chat in range(1, 9)))
    times = telegram.sent_times()
    assert times[-1] - times[0] >= 7 / 20 * 0.9


async def test_in_a_long_pause_nobody_waits_for_an_answer(bot: Bot, telegram: BotApi) -> None:
    await sync_to_async(rate_limits.pause)("telegram", timezone.now() + timedelta(hours=1))
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "Hello")
    assert not telegram.messages()
    assert (await Shard.objects.aget()).next_slot_at is None


async def test_without_the_database_answers_are_sent_all_the_same(
    bot: Bot, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **options: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(rate_limits, "reserve_for_replies", away)
    await bot.send_message(7, "Hello")
    assert len(telegram.messages(7)) == 1
