"""What the bot says of the data it keeps: /privacy and /mydata (spec: personal, My data)."""

import json
import logging
from collections.abc import Mapping
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import InputFile
from telegram.error import TelegramError

from accounts.privacy import notice_text
from accounts.pseudonyms import pseudonym
from accounts.subscribing.my_data import MOST_ROWS, stored_about
from accounts.telegram.call import Call
from accounts.telegram.registry import Topic, command, in_database
from accounts.web.throttling import count

log = logging.getLogger(__name__)

IN_PRIVATE = _lazy("Please send me /mydata in a private chat.")
NOTHING = _lazy("Nothing is stored about you.")
COUNTERS_ALONE = _lazy("Nothing is stored about you but counters that end with their day. They are in the file.")
NOT_SENT = _lazy("The file could not be sent. Please try again in a few minutes.")
TOO_OFTEN = _lazy("You have just had it. Please try again in %(minutes)d minutes.")
_AN_HOUR = 5  # files an hour for one person
FILE_NAME = "mydata.json"
Rows = list[dict[str, object]]
_FILE_ONLY = ("profiles", "counters")  # what the profile says is told open, and counters end with their day
_KINDS = {
    "subscribers": _lazy("you: name, id, membership"),
    "subscriptions": _lazy("places where notices go: your chat, your browsers"),
    "deliveries": _lazy("notices sent to you"),
    "refusals": _lazy("notices that could not be sent"),
    "followed seasons": _lazy("seasons you follow"),
    "muted categories": _lazy("categories you switched off"),
    "calendar links": _lazy("your secret calendar"),
    "interests": _lazy("postings you said something of"),
    "email codes": _lazy("codes mailed to you"),
    "consents": _lazy("times you agreed to the notice"),
    "filters": _lazy("your filters"),
    "account links": _lazy("links to your page that wait"),
    "account tokens": _lazy("keys of your programs"),
    "account sessions": _lazy("browsers in which your page is open"),
    "timings": _lazy("when you want to be told"),
    "what you told of yourself": _lazy("your profile (/me)"),
    "waiting replies": _lazy("answers on their way to you"),
    "audit log": _lazy("acts of admins by you or with you"),
    "changes by staff": _lazy("changes that staff made"),
    "documents in MongoDB": _lazy("copies in MongoDB"),
}


@command("privacy", does=_lazy("What is stored about you, why, and how long"), about=Topic.YOU)
async def privacy(call: Call) -> None:
    text = notice_text()
    if settings.WEBSITE_URL:
        text += "\n\n" + _("On the web: %(url)s") % {"url": f"{settings.WEBSITE_URL.rstrip('/')}/privacy"}
    await call.reply(text)


@command("mydata", does=_lazy("Everything that is stored about you, as a file"), about=Topic.YOU)
async def mydata(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(IN_PRIVATE)
        return
    found = await in_database(stored_about, call.user.id)
    if not found:
        await call.reply(NOTHING)
        return
    if wait := await in_database(count, f"mydata:{pseudonym(call.user.id)}", limit=_AN_HOUR, seconds=3600):
        await call.reply(TOO_OFTEN % {"minutes": -(-int(wait) // 60)})
        return
    data = json.dumps(found, indent=2, ensure_ascii=False, default=str).encode(errors="replace")
    try:
        await call.context.bot.send_document(
            call.chat.id, InputFile(BytesIO(data), filename=FILE_NAME), caption=summary(found)
        )
    except TelegramError as error:
        log.warning("/mydata of %s was not sent: %s", pseudonym(call.user.id), type(error).__name__)
        await call.toast(NOT_SENT)


def summary(found: Mapping[str, Rows]) -> str:
    """Return what the file holds, in words: how much of each kind. Tables of the machinery are in the file alone."""
    told = [(_KINDS.get(table, table), rows) for table, rows in found.items() if table not in _FILE_ONLY]
    if not told:
        return str(COUNTERS_ALONE)
    return "\n".join([_("The file holds all that is stored about you:"), *(f"• {kind}{_many(r)}" for kind, r in told)])


def _many(rows: Rows) -> str:
    """` (12)`; nothing for a single one."""
    if len(rows) == MOST_ROWS:
        newest = _("the newest %(count)d") % {"count": MOST_ROWS}
        return f" ({newest})"
    return f" ({len(rows)})" if len(rows) > 1 else ""
