"""A command somebody sent or a button they pressed, and the replies to it.

Nothing is sent here: a reply is put into the queue of the process that runs the bot, which sends it when the rate of
the token allows (`docs/spec/delivery.md`, Telegram's rules). So no handler waits for another one's messages.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from django_stubs_ext import StrOrPromise
from telegram import CallbackQuery, Chat, InlineKeyboardButton, Message, MessageEntity, Update, User
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes

log = logging.getLogger(__name__)
Context = ContextTypes.DEFAULT_TYPE
Keyboard = Sequence[Sequence[InlineKeyboardButton]]

REPLIES = "replies"  # where the application keeps its queue, in `bot_data`
# answerCallbackQuery shows at most this many characters (Bot API)
_LONGEST_TOAST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the bot says to a chat: in a message of its own, or in the place of the message `edits`.

    While it waits to be sent, a newer reply of the same `kind` to the same chat takes its place: a thousand times
    /status are one answer. `topic` is the thread of a forum. What strangers wrote is never read as markup: formatting
    comes as entities. With `asked` the chat is told where Telegram refuses the reply. One that is not `stored` is lost
    if the bot stops before it is sent.
    """

    chat_id: int
    kind: str
    text: str
    keyboard: Keyboard = ()
    entities: Sequence[MessageEntity] = ()
    topic: int | None = None
    edits: int | None = None
    asked: bool = True
    stored: bool = True

    def __post_init__(self) -> None:
        """Raises ValueError for an empty text, which the library would write as "[]" (see Call.toast)."""
        if not self.text.strip():
            raise ValueError("A reply needs a text.")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a reply: the id of the message that shows it, or why there is none."""

    message_id: int = 0
    error: str = ""


class ReplyQueue(Protocol):
    """Sends replies one after the other, at the rate of the token."""

    async def put(self, reply: Reply) -> asyncio.Future[Sent]:
        """Have a reply sent. What the future holds is known once it was sent, or given up."""
        ...


@dataclass(slots=True)
class Call:
    """`words` are what followed the command, or the groups of the button's pattern; `query` is set for buttons.

    `kind` names what is asked for (see Reply), `answered` says that the query has had its one answer. For the audit log
    `done_to` says to whom or what an admin's call was done, in pseudonyms, keys and figures; `refused` that it was not.
    """

    update: Update
    context: Context
    chat: Chat
    user: User
    kind: str
    words: tuple[str, ...] = ()
    query: CallbackQuery | None = None
    answered: bool = False
    done_to: str = ""
    refused: bool = False

    @property
    def replies(self) -> ReplyQueue:
        return cast("ReplyQueue", self.context.bot_data[REPLIES])

    async def reply(
        self,
        text: StrOrPromise,
        keyboard: Keyboard = (),
        *,
        entities: Sequence[MessageEntity] = (),
        stored: bool = True,
    ) -> asyncio.Future[Sent]:
        """Have a message sent to the chat."""
        return await self.replies.put(
            Reply(
                chat_id=self.chat.id,
                kind=self.kind,
                text=str(text),
                keyboard=keyboard,
                entities=entities,
                topic=self.topic,
                stored=stored,
            )
        )

    async def refuse(self, text: StrOrPromise) -> None:
        """Say why nothing was done."""
        self.refused = True
        await self.reply(text)

    async def show(self, text: StrOrPromise, keyboard: Keyboard = (), *, stored: bool = True) -> asyncio.Future[Sent]:
        """Replace the message whose button was pressed; send a new one where there is none, or it can't be edited."""
        pressed = self._pressed()
        if pressed is None:
            return await self.reply(text, keyboard, stored=stored)
        return await self.edit(pressed.message_id, text, keyboard, stored=stored)

    async def edit(
        self, message_id: int, text: StrOrPromise, keyboard: Keyboard = (), *, stored: bool = True
    ) -> asyncio.Future[Sent]:
        """Replace a message of the bot in this chat."""
        return await self.replies.put(
            Reply(
                chat_id=self.chat.id,
                kind=f"edit {message_id}",
                text=str(text),
                keyboard=keyboard,
                topic=self.topic,
                edits=message_id,
                stored=stored,
            )
        )

    async def toast(self, text: StrOrPromise = "", *, alert: bool = False, seen: bool = False) -> None:
        """Answer the pressed button, once, with a short text over the chat.

        A command has no button, a query takes one answer only, and none when it is too old: the text is then sent as
        a message, unless what it says is `seen` in the message below the buttons.
        """
        if not await self._answer_query(str(text), alert=alert) and text and not seen:
            await self.replies.put(
                Reply(chat_id=self.chat.id, kind=f"{self.kind} toast", text=str(text), topic=self.topic)
            )

    async def _answer_query(self, text: str, *, alert: bool) -> bool:
        """Returns False where there is no query that can be answered (any more)."""
        if self.query is None or self.answered:
            return False
        self.answered = True
        try:
            # With defaults set, the library writes an empty text as "[]", which Telegram then shows
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

    @property
    def topic(self) -> int | None:
        """The topic of a forum that the call came from; None elsewhere."""
        message = self._pressed() if self.query else self.update.message
        return message.message_thread_id if message and message.is_topic_message else None
