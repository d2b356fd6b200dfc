"""The bot's side of running the service, for admins: who is there, a message to all, a cycle now, logs, stop."""

import asyncio
import logging
import re
from collections.abc import Coroutine
from functools import wraps
from time import monotonic
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError
from telegram import InlineKeyboardButton as Key
from telegram import MessageEntity

from accounts.pseudonyms import pseudonym
from accounts.telegram.call import Call, Reply, ReplyQueue, Sent
from accounts.telegram.registry import Answer, button, command, in_database
from notifications.telegram_bot.beside import beside

# F401: it registers itself
from supersetbot.account import commands  # noqa: F401
from supersetbot.operations import bot_replies
from supersetbot.operations.alerts import Deputy

log = logging.getLogger(__name__)

PRIVATE_ONLY = "That is not for a group to read. Ask me in a private chat."
BOO_HELP = (
    "/boo broadcast TEXT writes to every subscriber on Telegram and Web Push, and on the site. You see it first, with "
    "how many it goes to, and confirm it. Before the text you may write:\n"
    "--to 2026-27, --to shortlisting or --to CSE: only who follows that season, has not muted that category, or told "
    "me that branch\n"
    "--at 6PM or --at 2026-11-30 6PM: then, not now\n"
    "--not-on-site: not on the site, in its feed or in the API\n\n"
    "/boo CHAT_ID TEXT writes to one chat."
)
KILL_QUESTION = (
    "This stops the scheduler, on every machine: no updates and no messages until it is started there again.\nGo ahead?"
)
KILL_KEYBOARD = [[Key("Stop the scheduler", callback_data="kill:yes")], [Key("Leave it", callback_data="kill:no")]]
LOG_LINES, MOST_LOG_LINES = 20, 200
LOOK_SECONDS = 2.0
WATCH_SECONDS = 60.0
LONGEST_FOLLOW_SECONDS = 1800.0
_LONGEST_TEXT = 3900

_BOO = re.compile(r"\S+\s+(broadcast|-?\d{1,15})\s+(\S.*)", re.DOTALL | re.IGNORECASE)
_at_work: set[asyncio.Task[None]] = set()


def in_private(answer: Answer) -> Answer:
    """The user counts, not the chat; but what is answered would be read by all of a group."""

    @wraps(answer)
    async def guarded(call: Call) -> None:
        if call.chat.type == call.chat.PRIVATE:
            await answer(call)
        else:
            call.refused = True
            await call.toast(PRIVATE_ONLY, alert=True)

    return guarded


@command("userstats", does="Subscribers in figures", admin=True)
async def userstats(call: Call) -> None:
    await call.reply(await in_database(bot_replies.user_figures))


@command("users", does="Subscribers, a page at a time", admin=True)
@in_private
async def users(call: Call) -> None:
    await call.reply(*await in_database(bot_replies.user_page, 1), stored=False)  # /forget would miss it


@button(r"users:(\d{1,6})", admin=True)
@in_private
async def users_page(call: Call) -> None:
    await call.toast()
    await call.show(*await in_database(bot_replies.user_page, int(call.words[0])), stored=False)


@command("boo", does="Write to everybody: /boo broadcast TEXT, or to one: /boo CHAT_ID TEXT", admin=True)
async def boo(call: Call) -> None:
    message = call.update.message
    asked = _BOO.fullmatch(message.text or "") if message else None
    if asked is None:
        await call.refuse(BOO_HELP)
    elif asked[1].lower() == "broadcast":
        await call.reply(*await in_database(bot_replies.offer_broadcast, asked[2]))
    else:
        call.done_to = pseudonym(int(asked[1]))
        reply = Reply(chat_id=int(asked[1]), kind=f"boo {uuid4()}", text=asked[2], asked=False)
        _beside(_tell_whether_sent(call, reply, await call.replies.put(reply)))


@button(r"boo:(yes|no):(\d{1,18})", admin=True)
async def send_or_drop(call: Call) -> None:
    """Send the message that was shown, or drop it."""
    answer, token = call.words
    await call.toast()
    await call.show(await in_database(bot_replies.broadcast if answer == "yes" else bot_replies.drop_broadcast, token))


async def _tell_whether_sent(call: Call, reply: Reply, sending: asyncio.Future[Sent]) -> None:
    sent = await sending
    if sent.error:
        await call.reply(f"It did not reach {reply.chat_id}: {sent.error}", stored=False)
    else:
        log.info("Admin %s has written to %s.", pseudonym(call.user.id), pseudonym(reply.chat_id))
        await call.reply(f"Sent to {reply.chat_id}.", stored=False)


@command("fu", "s", "scrapyyy", does="Run an update cycle now", admin=True)
async def fu(call: Call) -> None:
    text, look = await in_database(bot_replies.start_cycle)
    _beside(_follow(call, await call.reply(text), text, look))


@command("logs", does="The last lines of a log: /logs scheduler 50", admin=True)
@in_private
async def logs(call: Call) -> None:
    unknown = [word for word in call.words if not (word in settings.LOG_FILES or word.isdecimal())]
    if unknown:
        await call.reply(
            f"There is no log “{unknown[0]}”. There are {', '.join(settings.LOG_FILES)}: /logs scheduler 50"
        )
        return
    name = next((word for word in call.words if word in settings.LOG_FILES), "bot")
    count = next((int(word) for word in call.words if word.isdecimal()), LOG_LINES)
    title, body = await in_database(bot_replies.log_lines, name, min(count, MOST_LOG_LINES), _LONGEST_TEXT)
    text = f"{title}\n\n{body}"
    pre = MessageEntity(MessageEntity.PRE, len(title) + 2, len(body))
    entities = MessageEntity.adjust_message_entities_to_utf_16(text, [pre]) if body else ()
    await call.reply(text, entities=entities)


@command("kill", does="Stop the scheduler", admin=True)
async def kill(call: Call) -> None:
    await call.reply(KILL_QUESTION, KILL_KEYBOARD)


@button("kill:(yes|no)", admin=True)
async def kill_or_leave(call: Call) -> None:
    await call.toast()
    if call.words == ("no",):
        await call.show("The scheduler was left running.")
        return
    log.warning("Admin %s stops the scheduler.", pseudonym(call.user.id))
    look = await in_database(bot_replies.stop_scheduler)
    text = "The scheduler is asked to stop …"
    _beside(_follow(call, await call.show(text), text, look))


@beside
async def watch_over(replies: ReplyQueue) -> None:
    """Tell the admins what is wrong while the scheduler, which does so otherwise, is dead."""
    deputy = Deputy()
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            said = await in_database(deputy.look)
        except Exception:  # the bot goes on
            log.exception("The bot could not look what is wrong.")
            continue
        for chat, text in said:
            await replies.put(Reply(chat_id=chat, kind=f"alert {uuid4()}", text=text, asked=False))


def _beside(work: Coroutine[Any, Any, None]) -> None:
    """Run a task beside the bot's other work until it ends."""
    task = asyncio.create_task(work)
    _at_work.add(task)
    task.add_done_callback(_at_work.discard)


async def _follow(call: Call, sending: asyncio.Future[Sent], shown: str, look: bot_replies.Look) -> None:
    """Keep a message up to date with what `look` returns, until that says that it is over."""
    over, give_up_at = False, monotonic() + LONGEST_FOLLOW_SECONDS
    while not over and monotonic() < give_up_at:
        await asyncio.sleep(LOOK_SECONDS)
        sent = await sending
        if sent.error:
            return
        try:
            text, over = await in_database(look)
        except DatabaseError as error:
            log.warning("A message can't be kept up to date: %s", type(error).__name__)
            continue
        if text != shown:
            shown, sending = text, await call.edit(sent.message_id, text[:_LONGEST_TEXT])
