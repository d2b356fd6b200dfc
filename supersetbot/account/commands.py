"""/account: the page on which a person sees and changes everything (spec: personal, The account page)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import InlineKeyboardButton as Key
from telegram import WebAppInfo

from accounts.pseudonyms import pseudonym
from accounts.signin import links, tokens, visits
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Topic, command, in_database
from accounts.telegram.replies import NOT_SUBSCRIBED
from accounts.times import too_often
from accounts.web.throttling import count
from notifications.rendering.pages import is_button_url, web_url

DOOR_PATH = "/me/in"  # a process that serves no pages loads no addresses
_LINKS_AN_HOUR = 10


@command("account", does=_lazy("Your page: see and change all of it"), about=Topic.YOU)
async def account(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(_("Please send me that in a private chat."))
    elif call.words and call.words[0].lower() == "off":
        ended = await in_database(visits.end_all, call.user.id) + await in_database(tokens.revoke_all, call.user.id)
        closed = _("Your page is closed everywhere, and keys for programs no longer work.")
        await call.reply(closed if ended else _("Your page was open nowhere."))
    else:
        text, keyboard = await in_database(_link, call.user.id)
        await call.reply(text, keyboard, stored=False)


def _link(telegram_id: int) -> tuple[str, Keyboard]:
    address = web_url(DOOR_PATH)
    if not is_button_url(address):
        return _("There is no web page here. /me, /filter, /applied and /mydata do the same."), ()
    if wait := count(f"account:link:{pseudonym(telegram_id)}", limit=_LINKS_AN_HOUR, seconds=3600):
        return too_often(wait), ()
    secret = links.make(telegram_id)
    if not secret:
        return str(NOT_SUBSCRIBED), ()
    inside = [Key(_("Open it here"), web_app=WebAppInfo(address))] if address.startswith("https://") else []
    browser = [Key(_("Open it in my browser"), url=f"{address}#{secret}")]
    text = _(
        "Your page shows what I know of you, and changes it.\n"
        "The link opens it once, within ten minutes, and is for you alone. /account off closes it everywhere."
    )
    return text, [row for row in (inside, browser) if row]
