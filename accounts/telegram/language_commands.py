"""/language: in which language the bot speaks to a chat (spec: messages, Languages)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import InlineKeyboardButton

from accounts.language import LANGUAGES, speaking
from accounts.subscribing.subscriptions import choose_language
from accounts.telegram.call import Call
from accounts.telegram.group_admins import for_who_may_change
from accounts.telegram.own_menu import renew_menu
from accounts.telegram.registry import Topic, button, command, in_database
from accounts.telegram.replies import NOT_SUBSCRIBED

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
        await renew_menu(call, code)
