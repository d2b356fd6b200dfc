"""What people do to the bot: write to it, press its buttons, block it, put it into chats. Each makes a real update."""

import re
import time
from collections.abc import Collection
from itertools import count

from supersetbot.sandbox.telegram.bot_chats import Chat, Chats, ChatState, Message, User, is_supergroup
from supersetbot.sandbox.telegram.bot_rules import BotApiError, Json, units
from supersetbot.sandbox.telegram.bot_topics import GENERAL, TopicState

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\w)")
_LINK = re.compile(r"(?<!\S)https?://\S+")
_GRANTED = ("can_manage_chat", "can_post_messages", "can_edit_messages", "can_delete_messages")
_DENIED = (
    *("can_be_edited", "can_change_info", "can_invite_users", "can_restrict_members", "can_promote_members"),
    *("can_manage_video_chats", "can_post_stories", "can_edit_stories", "can_delete_stories", "is_anonymous"),
    "can_manage_voice_chats",  # the old name of video chats, still sent
)
_CHANNEL_RIGHTS: Json = {**dict.fromkeys(_GRANTED, True), **dict.fromkeys(_DENIED, False)}


class Players(Chats):
    """The people of the sandbox. Every method may be called from any thread."""

    def __init__(self, bot: User, *, record: bool = True, any_chat: bool = False) -> None:
        super().__init__(bot, record=record, any_chat=any_chat)
        self.callback_answers: dict[str, Json | None] = {}  # by query id; None until the bot answers
        self._query_numbers = count(4_382_000_001)

    def add_forum(self, chat_id: int, title: str = "Forum", *, owner: int = 0, topics: Collection[int] = ()) -> Chat:
        """A supergroup with General and these topics, all open."""
        chat = self.add_group(chat_id, title, owner=owner)
        chat.topics = dict.fromkeys((GENERAL, *topics), "open")
        return chat

    def set_topic(self, chat_id: int, topic: int, state: TopicState) -> None:
        """A topic is opened, closed or deleted. Raises KeyError for a chat there is none of."""
        chat = self.chats[chat_id]
        chat.topics = {GENERAL: "open", **(chat.topics or {}), topic: state}
        self.tell("chat", chat_id=chat.id)

    def user_says(self, user_id: int, text: str, *, chat_id: int | None = None, topic: int = GENERAL) -> Message:
        """`user_id` writes to the bot, or in the group `chat_id`. Who had blocked the bot unblocks it by that.

        Raises KeyError for a user or chat there is none of.
        """
        user = self._user(user_id)
        chat = self.chats[user_id if chat_id is None else chat_id]
        if chat.state == "blocked":
            self.unblock(chat.id)
        elif chat.state == "not_started":
            chat.state = "open"
        message = self.post(chat, user, text, _entities_in(text), thread=topic)
        self.add_update("message", self.message_json(chat, message))
        return message

    def press(
        self, user_id: int, message_id: int, button: str, *, chat_id: int | None = None, old: bool = False
    ) -> str:
        """`user_id` presses a callback button, named by its callback data or its label. Returns the query's id.

        With `old` the message is one sent long ago: the bot sees its id alone (InaccessibleMessage, whose date is 0),
        and can't edit it. The bot's answer is then found in `callback_answers`. Raises KeyError for a message there is
        none of, ValueError for a button there is none of.
        """
        chat = self.chats[user_id if chat_id is None else chat_id]
        message = chat.messages[message_id]
        message.editable &= not old
        data = _callback_data(message, button)
        query_id = str(next(self._query_numbers))
        self.callback_answers[query_id] = None
        query: Json = {
            "id": query_id,
            "from": self._user(user_id).json(),
            "message": _inaccessible(chat, message) if old else self.message_json(chat, message),
            "chat_instance": str(-chat.id),
            "data": data,
        }
        self.add_update("callback_query", query)
        return query_id

    def block(self, chat_id: int, *, silent: bool = False) -> None:
        """A person blocks the bot. `silent` sends no update: the bot finds out by a 403."""
        self.my_chat_member(chat_id, "blocked", silent=silent)

    def unblock(self, chat_id: int, *, silent: bool = False) -> None:
        self.my_chat_member(chat_id, "open", silent=silent)

    def kick(self, chat_id: int, *, by: int | None = None, silent: bool = False) -> None:
        """The bot is thrown out of a group or channel by the user `by`."""
        self.my_chat_member(chat_id, "kicked", by=by, silent=silent)

    def add_bot(self, chat_id: int, *, by: int | None = None) -> None:
        """The bot is put into a group, or made an administrator of a channel."""
        self.my_chat_member(chat_id, "open", by=by)

    def deactivate(self, chat_id: int) -> None:
        """A person's account is gone. Telegram sends no update for that."""
        self.my_chat_member(chat_id, "deactivated", silent=True)

    def my_chat_member(self, chat_id: int, state: ChatState, *, by: int | None = None, silent: bool = False) -> None:
        """Change what the bot may do in a chat, and tell the bot unless `silent`. Unknown users are made known."""
        if chat_id not in self.chats and chat_id > 0:
            self.add_user(chat_id)
        chat = self.chats[chat_id]
        before = self.membership(chat)
        chat.state = state
        self.tell("chat", chat_id=chat.id)
        if silent:
            return
        change: Json = {
            "chat": chat.json(),
            "from": self._actor(chat, by).json(),
            "date": int(time.time()),
            "old_chat_member": before,
            "new_chat_member": self.membership(chat),
        }
        self.add_update("my_chat_member", change)

    def migrate(self, old_id: int, new_id: int) -> Chat:
        """A group becomes the supergroup `new_id`. Raises ValueError for ids that are not those of such chats."""
        old = self.chats[old_id]
        if old.type != "group" or not is_supergroup(new_id):
            raise ValueError(f"{old_id} is no group, or {new_id} no supergroup")
        old.state, old.migrated_to = "migrated", new_id
        new = self.add_group(new_id, old.name, owner=old.owner)
        self.add_update("message", self._service_message(old, "migrate_to_chat_id", new_id))
        self.add_update("message", self._service_message(new, "migrate_from_chat_id", old_id))
        return new

    def membership(self, chat: Chat) -> Json:
        """The bot's ChatMember in a chat."""
        member: Json = {"user": self.bot.json(), "status": _status(chat)}
        if member["status"] == "kicked":
            member["until_date"] = 0
        elif member["status"] == "administrator":
            member |= _CHANNEL_RIGHTS
        return member

    def _user(self, user_id: int) -> User:
        if user_id not in self.chats and self.any_chat:
            self.add_user(user_id)
        user = self.chats[user_id].user
        if user is None:
            raise KeyError(user_id)
        return user

    def _actor(self, chat: Chat, user_id: int | None) -> User:
        """Who changed the bot's membership: the person of a private chat, else the one named, else the first known."""
        if chat.user:
            return chat.user
        if user_id is not None:
            return self._user(user_id)
        return next((other.user for other in self.chats.values() if other.user), User(1, "Somebody"))

    def _service_message(self, chat: Chat, field: str, value: int) -> Json:
        number = next(chat.numbers or self._numbers)
        sender = self._actor(chat, None).json()
        return {"message_id": number, "date": int(time.time()), "chat": chat.json(), "from": sender, field: value}


def _status(chat: Chat) -> str:
    if chat.state in ("blocked", "kicked"):
        return "kicked"
    if chat.state in ("left", "not_started"):
        return "left"
    return "administrator" if chat.type == "channel" else "member"


def _entities_in(text: str) -> list[Json]:
    """Commands and links, which Telegram marks by itself."""
    return [
        {"type": kind, "offset": units(text[: found.start()]), "length": units(found[0])}
        for kind, pattern in (("bot_command", _COMMAND), ("url", _LINK))
        for found in pattern.finditer(text)
    ]


def _inaccessible(chat: Chat, message: Message) -> Json:
    return {"chat": chat.json(), "message_id": message.message_id, "date": 0}


def _callback_data(message: Message, wanted: str) -> str:
    for button in buttons(message):
        if wanted in (button.get("callback_data"), button.get("text")) and "callback_data" in button:
            return str(button["callback_data"])
    raise ValueError(f"message {message.message_id} has no callback button {wanted!r}")


def buttons(message: Message) -> list[Json]:
    """The inline buttons of a message, row after row."""
    rows = (message.reply_markup or {}).get("inline_keyboard")
    return [button for row in rows for button in row] if isinstance(rows, list) else []


def answer_callback(players: Players, query_id: str, answer: Json) -> None:
    """The bot's answer to a press. Raises BotApiError for a query there is none of."""
    if query_id not in players.callback_answers:
        raise BotApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    players.callback_answers[query_id] = answer
    players.tell("answer", query_id=query_id, **answer)
