"""The bot at work against the sandbox's Bot API, in the test's own event loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.db import connections
from pytest_django import Settings

from notifications.telegram_bot.application import serve
from notifications.telegram_bot.reply_queue import ReplyQueue
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_chats import Message
from supersetbot.sandbox.telegram.bot_rules import Json

STUDENT, OTHER, ADMIN, GROUP, CHANNEL = 1001, 1002, 1900, -4001, -1_001_000_000_001


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with the bot, as its users see it."""

    api: BotApi
    replies: ReplyQueue

    async def say(self, text: str, *, by: int = STUDENT, chat: int | None = None, topic: int = 0) -> Message:
        """Write to the bot; what it answers."""
        place = chat if chat is not None else by
        before = len(self.api.messages(place))
        self.api.user_says(by, text, chat_id=chat, topic=topic)
        await self.api.until(lambda: len(self.api.messages(place)) > before)
        return self.api.messages(place)[-1]

    async def press(self, message: Message, button: str, *, by: int = STUDENT, old: bool = False) -> Json:
        """Press a button by its label or data; what is shown over the chat, once the message has settled."""
        query = self.api.press(by, message.message_id, button, chat_id=message.chat_id, old=old)
        await self.api.until(lambda: self.api.callback_answers[query] is not None)
        await self.idle()
        return self.api.callback_answers[query] or {}

    async def read(self) -> None:
        """Until the bot has read everything sent so far; replies may still wait."""
        await self.api.until(lambda: not self.api.updates and self.api._poller is not None, 60)

    async def idle(self) -> None:
        """Until everything sent so far is answered, and the bot waits for more."""
        await self.read()
        await asyncio.wait_for(self.replies.drained(), 60)


@asynccontextmanager
async def bot_at_work(
    api: BotApi, settings: Settings, *, rate: float = 1000.0, replies: ReplyQueue | None = None
) -> AsyncIterator[Talk]:
    """The bot polls `api` until the block ends, and then stops as on SIGTERM. A chat needs no rest between messages.

    It waits for updates already, unless there were some before it started.
    """
    settings.TELEGRAM_API_URL = api.url
    settings.TELEGRAM_RATE = rate
    stop, replies = asyncio.Event(), replies or ReplyQueue(spacing=lambda _: 0.0)
    serving = asyncio.create_task(serve(api.token, stop, replies))
    try:
        talk = Talk(api, replies)
        if not api.updates:
            await talk.read()
        yield talk
    finally:
        stop.set()
        await serving
        await sync_to_async(connections.close_all)()


@asynccontextmanager
async def cast() -> AsyncIterator[BotApi]:
    """A Bot API with a student, another one, an admin, a group and a channel."""
    async with BotApi() as api:
        api.add_user(STUDENT, "Asha")
        api.add_user(OTHER, "Tom <3 code", username="tom")
        api.add_user(ADMIN, "Meera")
        api.add_group(GROUP, "Batch of 2027")
        api.add_channel(CHANNEL, "Placements")
        yield api


def labels(message: Message) -> list[str]:
    """What stands on a message's buttons."""
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    assert isinstance(rows, list)
    return [button["text"] for row in rows for button in row]
