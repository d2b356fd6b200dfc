"""/language: in which language the bot speaks to a chat (spec: messages, Languages)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import InlineKeyboardButton

from accounts.language import LANGUAGES, speaking, spoken
from accounts.subscribing.subscriptions import choose_language
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.group_admins import for_who_may_change
from accounts.telegram.own_menu import renew_menu
from accounts.telegram.registry import Topic, button, command, in_database
from accounts.telegram.replies import NOT_SUBSCRIBED

_CODES = {word: code for code, name in LANGUAGES.items() for word in (code, name.casefold())} | {"hindi": "hi"}


@command("language", does=_lazy("English or हिन्दी"), about=Topic.YOU)
async def language(call: Call) -> None:
    code = _CODES.get(call.words[0].casefold()) if call.words else None
    if code is None:
        await call.reply(_("Which language shall I use here?"), _keys())
    else:
        call.words = (code,)
        await chosen(call)


@button(f"language:({'|'.join(LANGUAGES)})")
@for_who_may_change
async def chosen(call: Call) -> None:
    code = call.words[0]
    subscribed = await in_database(choose_language, call.chat.id, code)
    with speaking(code if subscribed else ""):
        await call.show(_("I speak English here now.") if subscribed else NOT_SUBSCRIBED, _keys() if subscribed else ())
        await renew_menu(call, code)


def _keys() -> Keyboard:
    """A button a language; the one that is spoken is marked."""
    marks = {code: "✅ " if code == spoken() else "" for code in LANGUAGES}
    return [
        [InlineKeyboardButton(marks[code] + name, callback_data=f"language:{code}") for code, name in LANGUAGES.items()]
    ]
