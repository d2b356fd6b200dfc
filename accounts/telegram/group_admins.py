"""Who may change what comes into a group: its admins, and the bot's (spec: system)."""

from functools import wraps

import telegram
from telegram import ChatMember
from telegram.error import BadRequest, Forbidden

from accounts.telegram import replies
from accounts.telegram.admins import is_admin
from accounts.telegram.call import Call
from accounts.telegram.registry import Answer, in_database

GROUP_ADMINS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


def for_who_may_change(answer: Answer) -> Answer:
    """Guard a handler: in a group only its admins, and the bot's, may change what comes there."""

    @wraps(answer)
    async def guarded(call: Call) -> None:
        if await may_change(call.chat, call.user, call.update.message):
            await answer(call)
        else:
            await call.toast(replies.GROUP_ADMINS_ONLY, alert=True)

    return guarded


async def may_change(chat: telegram.Chat, user: telegram.User, message: telegram.Message | None = None) -> bool:
    """Return whether this user may change what comes into a chat; `message` is the command they sent there."""
    if chat.type == chat.PRIVATE:
        return True
    if message and message.sender_chat and message.sender_chat.id == chat.id:
        return True  # an admin who hides behind the group's name
    if await in_database(is_admin, user.id):
        return True
    try:
        member = await chat.get_member(user.id)
    except (BadRequest, Forbidden):
        return False
    return member.status in GROUP_ADMINS
