"""What the bot says of the data it keeps: /privacy and /mydata (spec: personal, My data)."""

import json
import logging
from collections.abc import Mapping
from io import BytesIO

from django.conf import settings
from telegram import InputFile
from telegram.error import TelegramError

from accounts.privacy import notice_text
from accounts.pseudonyms import pseudonym
from accounts.subscribing.my_data import MOST_ROWS, stored_about
from accounts.telegram.call import Call
from accounts.telegram.registry import Topic, command, in_database
from accounts.web.throttling import count

log = logging.getLogger(__name__)

IN_PRIVATE = "Please send me /mydata in a private chat."
NOTHING = "Nothing is stored about you."
NOT_SENT = "The file could not be sent. Please try again in a few minutes."
TOO_OFTEN = "You have just had it. Please try again in {minutes} minutes."
_AN_HOUR = 5  # files an hour for one person
FILE_NAME = "mydata.json"
Rows = list[dict[str, object]]
_FILE_ONLY = ("profiles", "counters")  # what the profile says is told open, and counters end with their day
_KINDS = {
    "subscribers": "you: name, id, membership",
    "subscriptions": "places where notices go: your chat, your browsers",
    "deliveries": "notices sent to you",
    "refusals": "notices that could not be sent",
    "followed seasons": "seasons you follow",
    "muted categories": "categories you switched off",
    "calendar links": "your secret calendar",
    "interests": "postings you said something of",
    "email codes": "codes mailed to you",
    "consents": "times you agreed to the notice",
    "filters": "your filters",
    "account links": "links to your page that wait",
    "account tokens": "keys of your programs",
    "account sessions": "browsers in which your page is open",
    "timings": "when you want to be told",
    "what you told of yourself": "your profile (/me)",
    "waiting replies": "answers on their way to you",
    "audit log": "acts of admins by you or with you",
    "changes by staff": "changes that staff made",
    "documents in MongoDB": "copies in MongoDB",
}


@command("privacy", does="What is stored about you, why, and how long", about=Topic.YOU)
async def privacy(call: Call) -> None:
    page = f"\n\nOn the web: {settings.WEBSITE_URL.rstrip('/')}/privacy" if settings.WEBSITE_URL else ""
    await call.reply(notice_text() + page)


@command("mydata", does="Everything that is stored about you, as a file", about=Topic.YOU)
async def mydata(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(IN_PRIVATE)
        return
    found = await in_database(stored_about, call.user.id)
    if not found:
        await call.reply(NOTHING)
        return
    if wait := await in_database(count, f"mydata:{pseudonym(call.user.id)}", limit=_AN_HOUR, seconds=3600):
        await call.reply(TOO_OFTEN.format(minutes=-(-int(wait) // 60)))
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
    told = ((_KINDS.get(table, table), rows) for table, rows in found.items() if table not in _FILE_ONLY)
    return "\n".join(["The file holds all that is stored about you:", *(f"• {kind}: {_many(r)}" for kind, r in told)])


def _many(rows: Rows) -> str:
    return f"the newest {MOST_ROWS}" if len(rows) == MOST_ROWS else str(len(rows))
