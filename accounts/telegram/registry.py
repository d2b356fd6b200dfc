"""What the bot answers to. Every app's `bot` module registers its commands and buttons here, as `admin` modules do
with admin.site; `runbot` imports those modules and serves what they registered.

    @command("status", does="What you are subscribed to")
    async def status(call: Call) -> None:
        await call.reply(…)
"""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    Chat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    Update,
    User,
)
from telegram.error import BadRequest, TelegramError
from telegram.ext import BaseHandler, ContextTypes

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
Context = ContextTypes.DEFAULT_TYPE
Keyboard = Sequence[Sequence[InlineKeyboardButton]]

# answerCallbackQuery shows at most this many characters (Bot API)
_LONGEST_TOAST = 200
# A message that can be edited no longer: deleted, too old, or not the bot's, as the Bot API words it
_NOT_EDITABLE = re.compile(r"message to edit not found|message can't be edited|message_id_invalid", re.IGNORECASE)


@dataclass(slots=True)
class Call:
    """A command somebody sent, or a button they pressed.

    `words` are what followed the command, or the groups of the button's pattern; `query` is set for buttons, and
    `answered` once the query has its one answer.
    """

    update: Update
    context: Context
    chat: Chat
    user: User
    words: tuple[str, ...] = ()
    query: CallbackQuery | None = None
    answered: bool = False

    @property
    def bot(self) -> Bot:
        return self.context.bot

    async def reply(self, text: str, keyboard: Keyboard = (), *, entities: Sequence[MessageEntity] = ()) -> Message:
        """Send a message to the chat. What strangers wrote is never read as markup: formatting comes as entities."""
        markup, thread = _markup(keyboard), self._thread()
        if entities:
            with suppress(BadRequest):
                return await self.chat.send_message(
                    text, entities=entities, reply_markup=markup, message_thread_id=thread
                )
        return await self.chat.send_message(text, reply_markup=markup, message_thread_id=thread)

    async def show(self, text: str, keyboard: Keyboard = ()) -> Message:
        """Replace the message whose button was pressed; send a new one where there is none, or it can't be edited.

        Returns the message that shows the text now.
        """
        pressed = self._pressed()
        if pressed is None:
            return await self.reply(text, keyboard)
        try:
            await pressed.edit_text(text, reply_markup=_markup(keyboard))
        except BadRequest as error:
            if _NOT_EDITABLE.search(error.message):
                return await self.reply(text, keyboard)
            if "not modified" not in error.message.lower():
                raise
        return pressed

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the pressed button, once, with a short text over the chat.

        A command has no button, a query takes one answer only, and none when it is too old: the text is then sent as
        a message.
        """
        if not await self._answer_query(text, alert=alert) and text:
            await self.reply(text)

    async def _answer_query(self, text: str, *, alert: bool) -> bool:
        """Returns False where there is no query that can be answered (any more)."""
        if self.query is None or self.answered:
            return False
        self.answered = True
        try:
            # With defaults set, the library writes an empty text as "[]", which Telegram then shows.
            await self.query.answer(text[:_LONGEST_TOAST] or None, show_alert=alert)
        except BadRequest:  # pressed too long ago
            return False
        except TelegramError as error:
            log.warning("A pressed button was not answered: %s", type(error).__name__)
        return True

    def _pressed(self) -> Message | None:
        """The message whose button was pressed. None for a command, and where it is too old to be seen: `date` is 0."""
        message = self.query.message if self.query else None
        return message if isinstance(message, Message) and message.is_accessible else None

    def _thread(self) -> int | None:
        """The topic of a forum that the call came from; None elsewhere."""
        message = self._pressed() if self.query else self.update.message
        return message.message_thread_id if message and message.is_topic_message else None


Answer = Callable[[Call], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command under its names, the first of which stands in the menu."""

    names: tuple[str, ...]
    does: str
    answer: Answer
    admin: bool


@dataclass(frozen=True, slots=True)
class Button:
    """Buttons whose callback data match a pattern. With an `offer` it stands below the answer to /start."""

    pattern: re.Pattern[str]
    answer: Answer
    admin: bool
    offer: str


COMMANDS: dict[str, Command] = {}
BUTTONS: list[Button] = []
HANDLERS: list[BaseHandler[Update, Context, Any]] = []


def command(*names: str, does: str, admin: bool = False) -> Callable[[Answer], Answer]:
    """Answer /name. `does` is what the menu says of it; for admins only where `admin` is set."""

    def register(answer: Answer) -> Answer:
        COMMANDS.update(dict.fromkeys(names, Command(names, does, answer, admin)))
        return answer

    return register


def button(pattern: str, *, admin: bool = False, offer: str = "") -> Callable[[Answer], Answer]:
    """Answer buttons whose whole callback data match: strangers can send any, so let it say all that is allowed.

    A button with an `offer` has its own text as callback data, and /start shows it under that label.
    """

    def register(answer: Answer) -> Answer:
        BUTTONS.append(Button(re.compile(pattern), answer, admin, offer))
        return answer

    return register


def find_command(text: str, bot_name: str) -> tuple[Command, tuple[str, ...]] | None:
    """The command a text calls, and the words after it. None for other texts, and commands for other bots.

    Clients mark commands with an entity; what counts here is the text alone.
    """
    first, *words = text.split() or [""]
    name, _, addressee = first.removeprefix("/").lower().partition("@")
    if not first.startswith("/") or addressee not in ("", bot_name.lower()) or name not in COMMANDS:
        return None
    return COMMANDS[name], tuple(words)


def find_button(data: str) -> tuple[Button, tuple[str, ...]] | None:
    """The button that callback data belong to, and the groups of its pattern."""
    for candidate in BUTTONS:
        if match := candidate.pattern.fullmatch(data):
            return candidate, match.groups()
    return None


def offers() -> list[list[InlineKeyboardButton]]:
    """The buttons /start shows, one a row."""
    return [[InlineKeyboardButton(b.offer, callback_data=b.pattern.pattern)] for b in BUTTONS if b.offer]


def menu(*, admin: bool) -> list[BotCommand]:
    """The command menu; admins see theirs after everybody's."""
    commands = sorted(dict.fromkeys(COMMANDS.values()), key=lambda command: command.admin)
    return [BotCommand(command.names[0], command.does) for command in commands if admin or not command.admin]


async def in_database(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that uses the ORM off the event loop, on a connection that is still alive."""

    def call() -> R:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(call)()


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup(keyboard) if keyboard else None
