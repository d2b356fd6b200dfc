"""/language: in which language the bot speaks to a chat (spec: messages, Languages)."""

import logging

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import BotCommandScopeChat, InlineKeyboardButton
from telegram.error import TelegramError

from accounts.language import LANGUAGES, known, speaking, spoken
from accounts.subscribing.subscriptions import choose_language
from accounts.telegram.admins import is_admin
from accounts.telegram.call import Call
from accounts.telegram.group_admins import for_who_may_change
from accounts.telegram.registry import Topic, button, command, in_database, menu
from accounts.telegram.replies import NOT_SUBSCRIBED

log = logging.getLogger(__name__)
_KEYS = [[InlineKeyboardButton(name, callback_data=f"language:{code}") for code, name in LANGUAGES.items()]]


_CODES = {word: code for code, name in LANGUAGES.items() for word in (code, name.casefold())} | {"hindi": "hi"}


@command("language", does=_lazy("English or हिन्दी"), about=Topic.YOU)
async def language(call: Call) -> None:
    code = _CODES.get(call.words[0].casefold()) if call.words else None
    if code is None:
        await call.reply(_("Which language shall I use here?"), _KEYS)
    else:
        call.words = (code,)
        await chosen(call)


@button(f"language:({'|'.join(LANGUAGES)})")
@for_who_may_change
async def chosen(call: Call) -> None:
    code = call.words[0]
    subscribed = await in_database(choose_language, call.chat.id, code)
    with speaking(code if subscribed else ""):
        await call.show(_("I speak English here now.") if subscribed else NOT_SUBSCRIBED, _KEYS if subscribed else ())
        if subscribed and call.chat.type == call.chat.PRIVATE:
            await _show_menu(call)


async def _show_menu(call: Call) -> None:
    """Have a private chat's command menu in the language spoken now: its own one where Telegram would show another."""
    bot, scope = call.context.bot, BotCommandScopeChat(call.chat.id)
    admin = await in_database(is_admin, call.user.id)
    try:
        if admin or spoken() != known(call.user.language_code):
            await bot.set_my_commands(menu(admin=admin), scope=scope)
        else:
            await bot.delete_my_commands(scope)
    except TelegramError as error:
        log.warning("A chat's command menu was not changed: %s", type(error).__name__)
