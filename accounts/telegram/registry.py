"""What the bot answers to. Every app's `bot` module registers its commands and buttons here, as `admin` modules do
with admin.site; `runbot` imports those modules and serves what they registered.

    @command("status", does="What you are subscribed to")
    async def status(call: Call) -> None:
        await call.reply(…)
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.utils.translation import gettext_noop as _noop
from django_stubs_ext import StrOrPromise
from telegram import BotCommand, InlineKeyboardButton, Update
from telegram.ext import BaseHandler

from accounts.telegram.call import Call, Context

P = ParamSpec("P")
R = TypeVar("R")
Answer = Callable[[Call], Awaitable[None]]


class Topic(StrEnum):
    """What a command is about, in the order of /help."""

    NOTICES = _noop("What comes here")
    PLACEMENTS = _noop("Jobs and companies")
    YOU = _noop("You and your data")
    MORE = _noop("More")
    ADMINS = "For admins"


@dataclass(frozen=True, slots=True)
class Command:
    """A command under its names, the first of which stands in the menu."""

    names: tuple[str, ...]
    does: StrOrPromise
    answer: Answer
    admin: bool
    about: Topic = Topic.MORE

    @property
    def topic(self) -> Topic:
        return Topic.ADMINS if self.admin else self.about


@dataclass(frozen=True, slots=True)
class Button:
    """Buttons whose callback data match a pattern. With an `offer` it stands below the answer to /start."""

    pattern: re.Pattern[str]
    answer: Answer
    admin: bool
    offer: StrOrPromise


COMMANDS: dict[str, Command] = {}
BUTTONS: list[Button] = []
TextAnswer = Callable[[Call, str], Awaitable[bool]]
TEXTS: list[TextAnswer] = []
DOUBTFUL_TEXTS: list[TextAnswer] = []
LAST_TEXTS: list[TextAnswer] = []
BEFORE_COMMANDS: list[Callable[[int], None]] = []
StatusLines = Callable[[int], list[str]]
STATUS_LINES: list[StatusLines] = []
_FIRST = ("start", "help", "status", "find", "join", "placement_year", "stop")
HANDLERS: list[BaseHandler[Update, Context, Any]] = []


def command(
    *names: str, does: StrOrPromise, admin: bool = False, about: Topic = Topic.MORE
) -> Callable[[Answer], Answer]:
    """Answer /name. `does` is what the menu says of it, /help below `about`; for admins only where `admin` is set."""

    def register(answer: Answer) -> Answer:
        COMMANDS.update(dict.fromkeys(names, Command(names, does, answer, admin, about)))
        return answer

    return register


def button(pattern: str, *, admin: bool = False, offer: StrOrPromise = "") -> Callable[[Answer], Answer]:
    """Answer buttons whose whole callback data match: strangers can send any, so let it say all that is allowed.

    A button with an `offer` has its own text as callback data, and /start shows it under that label.
    """

    def register(answer: Answer) -> Answer:
        BUTTONS.append(Button(re.compile(pattern), answer, admin, offer))
        return answer

    return register


def status_line(lines: StatusLines) -> StatusLines:
    """Have /status say more in a private chat: a function of its Telegram id, a line each."""
    STATUS_LINES.append(lines)
    return lines


def status_lines(telegram_id: int) -> list[str]:
    """Return what /status says beside seasons and categories."""
    return [line for lines in STATUS_LINES for line in lines(telegram_id)]


def plain_text(answer: TextAnswer) -> TextAnswer:
    """Offer a text that is no command, in a private chat, to a handler; False says that it is not for it."""
    TEXTS.append(answer)
    return answer


def before_command(change: Callable[[int], None]) -> Callable[[int], None]:
    """Call a function with somebody's Telegram id before a command of theirs in the private chat is answered."""
    BEFORE_COMMANDS.append(change)
    return change


def before_commands(telegram_id: int) -> None:
    for change in BEFORE_COMMANDS:
        change(telegram_id)


def doubtful_text(answer: TextAnswer) -> TextAnswer:
    """Offer a text that no `plain_text` handler took to one that it was perhaps meant for."""
    DOUBTFUL_TEXTS.append(answer)
    return answer


def other_text(answer: TextAnswer) -> TextAnswer:
    """Offer a text to a handler that no other one took."""
    LAST_TEXTS.append(answer)
    return answer


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
    return [[InlineKeyboardButton(str(b.offer), callback_data=b.pattern.pattern)] for b in BUTTONS if b.offer]


def menu(*, admin: bool) -> list[BotCommand]:
    """The command menu: what everybody needs first, admins' commands last."""
    return [BotCommand(command.names[0], str(command.does)) for command in _commands(admin=admin)]


def by_topic(*, admin: bool) -> dict[Topic, list[Command]]:
    """The commands by what they are about, topics and commands in their order."""
    commands = _commands(admin=admin)
    found = {topic: [command for command in commands if command.topic == topic] for topic in Topic}
    return {topic: those for topic, those in found.items() if those}


def _commands(*, admin: bool) -> list[Command]:
    commands = sorted(dict.fromkeys(COMMANDS.values()), key=_place)
    return [command for command in commands if admin or not command.admin]


def _place(command: Command) -> tuple[bool, int]:
    name = command.names[0]
    return command.admin, _FIRST.index(name) if name in _FIRST else len(_FIRST)


async def in_database(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that uses the ORM off the event loop, on a connection that is still alive."""

    def call() -> R:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(call)()
