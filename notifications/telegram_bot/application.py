"""The bot's application: what every app's `bot` module registered, served by python-telegram-bot."""

import asyncio
import logging
import secrets
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _lazy
from telegram import Bot, BotCommandScopeChat, Chat, LinkPreviewOptions, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    Defaults,
    MessageHandler,
    filters,
)

from accounts import audit
from accounts.language import DEFAULT, LANGUAGES, known, speaking
from accounts.pseudonyms import pseudonym
from accounts.subscribing import subscriptions
from accounts.telegram import registry, settings_chat
from accounts.telegram.admins import admin_ids, is_admin
from accounts.telegram.call import REPLIES, Call, Context
from accounts.telegram.own_menu import renew_menu
from accounts.telegram.registry import Button, Command, in_database
from notifications.channels.base import RetryLaterError, TransientError
from notifications.channels.telegram.aiohttp_request import AiohttpRequest
from notifications.channels.telegram.errors import channel_error
from notifications.telegram_bot import bot_link, bot_status
from notifications.telegram_bot.beside import JOBS
from notifications.telegram_bot.bot_status import AT_WORK, State
from notifications.telegram_bot.polling import AT_ONCE, Poller, UpdatesRequest
from notifications.telegram_bot.reply_limiter import ReplyLimiter
from notifications.telegram_bot.reply_queue import FAILED, ReplyQueue

log = logging.getLogger(__name__)

BotApplication = Application[Any, Context, Any, Any, Any, Any]

ADMINS_ONLY = _lazy("Only an admin of this bot can do that.")
UNKNOWN_COMMAND = _lazy("I do not know that command. /help lists what I can do.")
UNKNOWN_BUTTON = _lazy("This button no longer works. Send /status for a new one.")
_PASSING = (TransientError, RetryLaterError, OperationalError, InterfaceError)


def discover() -> None:
    """Import the `bot` module of every app, the lowest first: its commands lead the menu."""
    for app in reversed(list(apps.get_app_configs())):
        if app.module and module_has_submodule(app.module, "bot"):
            import_module(f"{app.name}.bot")


def build(token: str, replies: ReplyQueue) -> BotApplication:
    """The application with all handlers. What they say goes through `replies`, at the pace of the limiter."""
    discover()
    application: BotApplication = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{settings.TELEGRAM_API_URL}/bot")
        .base_file_url(f"{settings.TELEGRAM_API_URL}/file/bot")
        .request(AiohttpRequest(2 * AT_ONCE))
        .get_updates_request(UpdatesRequest(2))
        .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .updater(None)  # notifications.telegram_bot.polling
        .job_queue(None)
        .rate_limiter(ReplyLimiter())
        .build()
    )
    application.bot_data[REPLIES] = replies
    application.add_handlers(registry.HANDLERS)
    application.add_handler(MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, on_text))
    application.add_handler(CallbackQueryHandler(on_button))
    application.add_error_handler(on_error)
    return application


async def on_text(update: Update, context: Context) -> None:
    """Answer a command, and in private chats any other text."""
    message = update.message
    if message is None or message.from_user is None:
        return
    found = registry.find_command(message.text or "", context.bot.username)
    if found is None and message.chat.type == Chat.PRIVATE:
        found = _UNKNOWN, ()
    if found:
        command, words = found
        await _answer(command, Call(update, context, message.chat, message.from_user, _kind(command, words), words))


async def on_button(update: Update, context: Context) -> None:
    """Answer a pressed button. Its data may be forged, and its message gone."""
    query = update.callback_query
    if query is None:
        return
    found = registry.find_button(query.data or "")
    if found and query.message:
        button, words = found
        kind = button.pattern.pattern
        await _answer(button, Call(update, context, query.message.chat, query.from_user, kind, words, query))
    else:
        chat_id = query.message.chat.id if query.message else query.from_user.id
        language = await in_database(subscriptions.language_of, chat_id, query.from_user.language_code)
        with suppress(BadRequest), speaking(language):  # pressed too long ago
            await query.answer(str(UNKNOWN_BUTTON), show_alert=True)


def _kind(command: Command, words: tuple[str, ...]) -> str:
    """Return what a command's reply is about. Admins' commands with different words have different replies."""
    about = " ".join(words) if command.admin else ""
    return f"/{command.names[0]} {sha256(about.encode()).hexdigest()[:8]}" if about else f"/{command.names[0]}"


async def _plain_text(call: Call) -> None:
    """Answer a text that is no command: the first handler that it is for."""
    text = call.update.message.text if call.update.message else None
    for answer in (*registry.TEXTS, *registry.DOUBTFUL_TEXTS, *registry.LAST_TEXTS):
        if text and not text.startswith("/") and await answer(call, text):
            return
    await call.reply(UNKNOWN_COMMAND)


_UNKNOWN = Command(("",), "", _plain_text, admin=False)


async def _answer(entry: Command | Button, call: Call) -> None:
    """Run the handler. A button press that it leaves unanswered gets an empty answer, which ends the waiting."""
    language = known(call.user.language_code)
    try:
        language = await in_database(subscriptions.language_of, call.chat.id, call.user.language_code)
        with speaking(language):
            await _answer_in_words(entry, call)
    except Exception as error:  # whatever the entry stumbles over
        with speaking(language):
            await _failed(call.update, error, call)
    await renew_menu(call, language)


async def _answer_in_words(entry: Command | Button, call: Call) -> None:
    if isinstance(entry, Command) and entry is not _UNKNOWN and call.chat.type == Chat.PRIVATE:
        await in_database(registry.before_commands, call.user.id)
    if entry.admin and not await in_database(is_admin, call.user.id):
        await _refuse(entry, call)
    elif entry.admin:
        with speaking(DEFAULT):  # what only admins read is in English
            await _recorded(entry, call)
    else:
        await entry.answer(call)
    if not call.answered:
        await call.toast()


async def _recorded(entry: Command | Button, call: Call) -> None:
    """Run an admin's handler, and write into the audit log what it was for and how it ended. Raises what it raises."""
    outcome = "failed"
    try:
        await entry.answer(call)
        outcome = "refused" if call.refused else "done"
    finally:
        action = f"bot {_name(entry)}"
        await in_database(audit.record, pseudonym(call.user.id), action, target=_target(call), outcome=outcome)


def _name(entry: Command | Button) -> str:
    return entry.names[0] if isinstance(entry, Command) else entry.pattern.pattern


def _target(call: Call) -> str:
    """Return where it was said and what it was done to; for a button also its words, which hold no name."""
    return " ".join([pseudonym(call.chat.id), *(call.words if call.query else ()), call.done_to]).strip()


async def _refuse(entry: Command | Button, call: Call) -> None:
    name = _name(entry)
    who, where = pseudonym(call.user.id), pseudonym(call.chat.id)
    log.warning("%s is no admin: %r was refused in %s.", who, name, where)
    await call.toast(ADMINS_ONLY, alert=True)


async def on_error(update: object, context: Context) -> None:
    """Log what failed outside commands and buttons."""
    if isinstance(update, Update) and context.error:
        await _failed(update, context.error)
    else:
        log.error("The bot failed.", exc_info=context.error)


async def _failed(update: Update, error: Exception, call: Call | None = None) -> None:
    """Tell the caller that it failed, with the number that stands in the log."""
    number = secrets.token_hex(3)
    failure = channel_error(error) if isinstance(error, TelegramError) else error
    passing = isinstance(failure, _PASSING)  # says all; a traceback would say no more
    text = "Update %s failed, told as %s: %s"
    log.error(
        text, update.update_id, number, failure if passing else repr(failure), exc_info=None if passing else error
    )
    if call:
        await call.toast(FAILED % {"id": number}, alert=True)


async def publish_menus(bot: Bot) -> None:
    """Register the command menu; admins see theirs in their own chat. A failure leaves the old menu."""
    try:
        for language in LANGUAGES:
            with speaking(language):
                code = None if language == DEFAULT else language  # without a code: for all other languages
                await bot.set_my_commands(registry.menu(admin=False), language_code=code)
        for admin in await in_database(admin_ids):
            chosen = await in_database(subscriptions.stored_language, admin)
            with speaking(chosen), suppress(BadRequest, Forbidden):  # has not started the bot yet: /start does it then
                await bot.set_my_commands(registry.menu(admin=True), scope=BotCommandScopeChat(admin))
    except (TelegramError, DatabaseError, InterfaceError) as error:
        log.warning("The command menu could not be registered: %s", error)


async def report(tell_starter: Callable[[str], object], bot: Bot, state: State, text: str = "") -> bool:
    """Record how the bot stands, and its name; while it is at work, whoever started this process is told too.

    Returns whether it could be recorded.
    """
    if state in AT_WORK:
        tell_starter(text)
    try:
        await in_database(bot_status.report, state, text)
        if state == State.POLLING:
            await in_database(bot_link.introduce, bot.username)
    except (DatabaseError, InterfaceError) as error:
        log.warning("The bot's state could not be recorded: %s", error)
        return False
    return True


async def serve(
    token: str,
    stop: asyncio.Event,
    replies: ReplyQueue | None = None,
    *,
    tell_starter: Callable[[str], object] = lambda _: None,
) -> int:
    """Run the bot until `stop` is set. Returns the number of updates answered.

    `tell_starter` is called now and then while the bot is at work, with a line on how it stands.

    Raises ChannelStoppedError where Telegram does not accept the token, DatabaseError where there is no database.
    """
    await in_database(bot_status.report, State.STARTING)
    await in_database(subscriptions.ensure_settings_chat)
    replies = replies or ReplyQueue()
    await replies.load()
    application = build(token, replies)
    tell = partial(report, tell_starter, application.bot)
    poller = Poller(application.bot, application.process_update, tell, stop, replies)
    try:
        if await poller.connect(application.initialize):
            await application.start()
            application.create_task(publish_menus(application.bot))
            application.create_task(settings_chat.learn_name(application.bot))
            await _poll_and_reply(poller, replies, application.bot)
        await tell(State.STOPPED)
    finally:
        if application.running:
            await application.stop()
        await application.shutdown()
        await application.bot.shutdown()  # its connections are open even where it never got through
    return poller.answered


async def _poll_and_reply(poller: Poller, replies: ReplyQueue, bot: Bot) -> None:
    """Until polling ends; then send what can be sent soon. Raises ChannelStoppedError."""
    polling, sending = asyncio.create_task(poller.run()), asyncio.create_task(replies.run(bot))
    jobs = [asyncio.create_task(job(replies)) for job in JOBS]
    try:
        await asyncio.wait((polling, sending), return_when=asyncio.FIRST_COMPLETED)
        await (polling if polling.done() else sending)
        await replies.finish()
    finally:
        tasks = (polling, sending, *jobs)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


async def run(token: str, tell_starter: Callable[[str], object]) -> int:
    """`serve` until SIGTERM or SIGINT; a second signal ends the process at once. Raises KeyboardInterrupt on SIGINT."""
    stop, signals = asyncio.Event(), []
    loop = asyncio.get_running_loop()

    def ask_to_stop(number: signal.Signals) -> None:
        signals.append(number)
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask_to_stop, number)
    answered = await serve(token, stop, tell_starter=tell_starter)
    if signal.SIGINT in signals:
        raise KeyboardInterrupt
    return answered
