"""The chat of TELEGRAM_CHAT_ID under its own name: a channel never writes to the bot, which would tell it."""

import logging

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from telegram import Bot, Chat
from telegram.error import TelegramError

from accounts.subscribing import subscriptions
from accounts.telegram.registry import in_database

log = logging.getLogger(__name__)


async def learn_name(bot: Bot) -> None:
    """Note how Telegram calls the group or channel. A person's name is noted when they write, and nowhere else."""
    if not settings.TELEGRAM_CHAT_ID:
        return
    try:
        chat = await bot.get_chat(settings.TELEGRAM_CHAT_ID)
        if chat.type != Chat.PRIVATE:
            await in_database(subscriptions.rename, chat.id, chat.title or "", chat.username or "")
    except (TelegramError, DatabaseError, InterfaceError) as error:
        log.warning("The name of TELEGRAM_CHAT_ID is not known: %s", type(error).__name__)
