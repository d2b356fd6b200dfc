"""The command menu of one private chat: in the language chosen there, with an admin's commands (spec: messages)."""

import logging
from hashlib import sha256

from django.db import DatabaseError, InterfaceError
from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from accounts.language import known, speaking
from accounts.models import Subscriber
from accounts.telegram.admins import is_admin
from accounts.telegram.call import Call
from accounts.telegram.registry import in_database, menu

log = logging.getLogger(__name__)
_LOOKED = "menus looked at"  # chat → language, in `bot_data`


async def renew_menu(call: Call, language: str) -> None:
    """Have a private chat's menu be today's: after a choice of language, and after an upgrade changed the commands.

    A process looks once a chat and language. A chat that would be shown the same menu anyway has none of its own. What
    fails is tried again at the next answer.
    """
    looked: dict[int, str] = call.context.bot_data.setdefault(_LOOKED, {})
    if call.chat.type != call.chat.PRIVATE or looked.get(call.chat.id) == language:
        return
    try:
        known_chat, wanted = await in_database(_claimed, call.chat.id, call.user.language_code)
        if known_chat and (wanted is None or await _is_set(call, wanted)):
            looked[call.chat.id] = language
    except (DatabaseError, InterfaceError) as error:
        log.warning("A chat's command menu was not looked up: %s", type(error).__name__)


async def drop_menu(call: Call) -> None:
    """Have a chat that is forgotten shown the menu of everybody."""
    call.context.bot_data.get(_LOOKED, {}).pop(call.chat.id, None)
    try:
        await call.context.bot.delete_my_commands(BotCommandScopeChat(call.chat.id))
    except TelegramError as error:
        log.warning("A chat's command menu was not deleted: %s", type(error).__name__)


async def _is_set(call: Call, wanted: list[BotCommand]) -> bool:
    scope = BotCommandScopeChat(call.chat.id)
    try:
        if wanted:
            await call.context.bot.set_my_commands(wanted, scope=scope)
        else:
            await call.context.bot.delete_my_commands(scope)
    except TelegramError as error:
        log.warning("A chat's command menu was not changed: %s", type(error).__name__)
        await in_database(_note, call.chat.id, "-")
        return False
    return True


def _claimed(telegram_id: int, code: str | None) -> tuple[bool, list[BotCommand] | None]:
    """Return whether the chat is known, and the menu to set, noted as set: an empty one where it needs none of its own,
    None where nothing changes.
    """
    row = Subscriber.objects.filter(telegram_id=telegram_id).values_list("language", "menu").first()
    if row is None:
        return False, None
    language, shown = row
    admin = is_admin(telegram_id)
    with speaking(language):
        wanted = menu(admin=admin) if admin or known(language) != known(code) else []
    digest = _digest(wanted)
    return True, wanted if digest != shown and _note(telegram_id, digest, shown) else None


def _digest(commands: list[BotCommand]) -> str:
    said = "\n".join(f"{each.command} {each.description}" for each in commands)
    return sha256(said.encode()).hexdigest()[:12] if commands else ""


def _note(telegram_id: int, digest: str, shown: str | None = None) -> bool:
    """Note which menu is set. False where it changed since it was `shown`."""
    rows = Subscriber.objects.filter(telegram_id=telegram_id)
    return bool((rows if shown is None else rows.filter(menu=shown)).update(menu=digest))
