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


async def renew_menu(call: Call) -> None:
    """Have a private chat's menu be today's: after a choice of language, and after an upgrade changed the commands.

    A chat that would be shown the same one anyway has none of its own. What fails is tried again at the next answer.
    """
    if call.chat.type != call.chat.PRIVATE:
        return
    try:
        wanted = await in_database(_claimed, call.chat.id, call.user.language_code)
        if wanted is not None:
            await _set_menu(call, wanted)
    except (DatabaseError, InterfaceError) as error:
        log.warning("A chat's command menu was not looked up: %s", type(error).__name__)


async def drop_menu(call: Call) -> None:
    """Have a chat that is forgotten shown the menu of everybody."""
    try:
        await call.context.bot.delete_my_commands(BotCommandScopeChat(call.chat.id))
    except TelegramError as error:
        log.warning("A chat's command menu was not deleted: %s", type(error).__name__)


async def _set_menu(call: Call, wanted: list[BotCommand]) -> None:
    scope = BotCommandScopeChat(call.chat.id)
    try:
        if wanted:
            await call.context.bot.set_my_commands(wanted, scope=scope)
        else:
            await call.context.bot.delete_my_commands(scope)
    except TelegramError as error:
        log.warning("A chat's command menu was not changed: %s", type(error).__name__)
        await in_database(_note, call.chat.id, "-")


def _claimed(telegram_id: int, code: str | None) -> list[BotCommand] | None:
    """Return the menu to set, noted as set; empty where the chat needs none of its own, None where nothing changes."""
    row = Subscriber.objects.filter(telegram_id=telegram_id).values_list("language", "menu").first()
    if row is None:
        return None
    language, shown = row
    admin = is_admin(telegram_id)
    with speaking(language):
        wanted = menu(admin=admin) if admin or known(language) != known(code) else []
    digest = _digest(wanted)
    return wanted if digest != shown and _note(telegram_id, digest, shown) else None


def _digest(commands: list[BotCommand]) -> str:
    said = "\n".join(f"{each.command} {each.description}" for each in commands)
    return sha256(said.encode()).hexdigest()[:12] if commands else ""


def _note(telegram_id: int, digest: str, shown: str | None = None) -> bool:
    """Note which menu is set. False where it changed since it was `shown`."""
    rows = Subscriber.objects.filter(telegram_id=telegram_id)
    return bool((rows if shown is None else rows.filter(menu=shown)).update(menu=digest))
