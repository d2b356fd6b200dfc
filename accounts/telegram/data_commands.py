"""What the bot says of the data it keeps: /privacy and /mydata (spec: personal, My data)."""

import json
import logging
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
    await call.reply("\n".join(["What is stored about you; the file holds these rows:", *map(_line, found.items())]))
    data = json.dumps(found, indent=2, ensure_ascii=False, default=str).encode(errors="replace")
    try:
        await call.context.bot.send_document(call.chat.id, InputFile(BytesIO(data), filename=FILE_NAME))
    except TelegramError as error:
        log.warning("/mydata of %s was not sent: %s", pseudonym(call.user.id), type(error).__name__)
        await call.toast(NOT_SENT)


def _line(found: tuple[str, list[dict[str, object]]]) -> str:
    name, rows = found
    return f"{name}: the newest {MOST_ROWS}" if len(rows) == MOST_ROWS else f"{name}: {len(rows)}"
