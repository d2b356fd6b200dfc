"""One reply over the Bot API: a message, or an edit; plainer, or a new message, where Telegram does not take it so."""

import re
from contextlib import suppress
from dataclasses import replace

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import BadRequest

from accounts.telegram.call import Keyboard, Reply
from notifications.channels.telegram.errors import topic_refusal

# Refusals that are no error yet, as the Bot API words them
_NOT_MODIFIED = re.compile(r"message is not modified", re.IGNORECASE)
_NOT_EDITABLE = re.compile(r"message to edit not found|message can't be edited|message_id_invalid", re.IGNORECASE)
_UNREADABLE = re.compile(r"entit(y|ies)|button|reply markup|http url", re.IGNORECASE)


async def send_reply(bot: Bot, reply: Reply) -> int:
    """Send a reply, or put it in the place of a message. Returns the message's id. Raises TelegramError."""
    if reply.edits:
        with suppress(_NotEditableError):
            return await _edit(bot, reply, reply.edits)
    while True:
        try:
            return await _send(bot, reply)
        except BadRequest as error:
            other = _without_what_is_refused(reply, error)
            if other == reply:
                raise
        reply = other


class _NotEditableError(Exception):
    """The message is too old to be edited, or deleted."""


async def _edit(bot: Bot, reply: Reply, message_id: int) -> int:
    """Raises _NotEditableError, TelegramError."""
    try:
        await bot.edit_message_text(
            reply.text, chat_id=reply.chat_id, message_id=message_id, reply_markup=_markup(reply.keyboard)
        )
    except BadRequest as error:
        if _NOT_EDITABLE.search(error.message):
            raise _NotEditableError from None
        if not _NOT_MODIFIED.search(error.message):
            raise
    return message_id


async def _send(bot: Bot, reply: Reply) -> int:
    message = await bot.send_message(
        reply.chat_id,
        reply.text,
        entities=reply.entities or None,
        reply_markup=_markup(reply.keyboard),
        message_thread_id=reply.topic,
    )
    return message.message_id


def _without_what_is_refused(reply: Reply, error: BadRequest) -> Reply:
    """Return the reply as Telegram accepts it: to General where the topic is closed, plainer where it can't be read."""
    if topic_refusal(error):
        return replace(reply, topic=None)
    return _plainer(reply) if _UNREADABLE.search(error.message) else reply


def _plainer(reply: Reply) -> Reply:
    """The reply without formatting, and with links in the text instead of on buttons."""
    links = [f"{key.text}: {key.url}" for row in reply.keyboard for key in row if key.url]
    keyboard = [kept for row in reply.keyboard if (kept := [key for key in row if not key.url])]
    return replace(reply, text="\n".join([reply.text, *links]), keyboard=keyboard, entities=())


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup(keyboard) if keyboard else None
