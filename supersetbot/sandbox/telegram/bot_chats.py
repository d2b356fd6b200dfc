"""Who and what the sandbox's Telegram knows: people, chats, the messages in them, and the updates for the bot."""

import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import Literal

from supersetbot.sandbox.telegram.bot_rules import BotApiError, Json, bad_request
from supersetbot.sandbox.wakeup import Wakeup

ChatType = Literal["private", "group", "supergroup", "channel", "mailbox"]  # the last is for the chat page alone
ChatState = Literal["open", "not_started", "blocked", "deactivated", "restricted", "kicked", "left", "migrated"]

_REFUSALS: dict[ChatState, tuple[int, str]] = {
    "not_started": (403, "Forbidden: bot can't initiate conversation with a user"),
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "deactivated": (403, "Forbidden: user is deactivated"),
    "restricted": (400, "Bad Request: not enough rights to send text messages to the chat"),
    "kicked": (403, "Forbidden: bot was kicked from the {type} chat"),
    "left": (403, "Forbidden: bot is not a member of the {type} chat"),
    "migrated": (400, "Bad Request: group chat was upgraded to a supergroup chat"),
}
_NOT_ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_EVENTS_KEPT = 2000


@dataclass(frozen=True, slots=True)
class User:
    """A person or the bot. `about` is what the chat page says of them; Telegram knows nothing of it."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    about: str = ""
    is_bot: bool = False

    def json(self) -> Json:
        answer: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            answer["last_name"] = self.last_name
        if self.username:
            answer["username"] = self.username
        if not self.is_bot:
            answer["language_code"] = self.language_code
        return answer


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said before an edit."""

    text: str
    entities: list[Json]
    reply_markup: Json | None


@dataclass(slots=True)
class Message:
    """A message in a chat. `received` is monotonic seconds; `edits` holds earlier versions, the oldest first."""

    chat_id: int
    message_id: int
    sender: User
    text: str
    entities: list[Json]
    reply_markup: Json | None = None
    document: Json | None = None
    date: int = field(default_factory=lambda: int(time.time()))
    received: float = field(default_factory=time.monotonic)
    edits: list[Version] = field(default_factory=list)
    edit_date: int | None = None
    deleted: bool = False
    editable: bool = True
    thread: int = 0  # the topic of a forum; 0 for General
    reply_to: int = 0  # the message it answers; 0 for none


@dataclass(slots=True)
class Chat:
    """A chat of the bot. Users have positive ids, groups negative ones, supergroups and channels -100…"""

    id: int
    type: ChatType
    name: str
    username: str = ""
    user: User | None = None  # the other side of a private chat
    owner: int = 0  # the id of the user a group belongs to
    state: ChatState = "open"
    migrated_to: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, str] | None = None  # of a forum: thread → open, closed or deleted; 0 is General
    numbers: Iterator[int] | None = None  # supergroups and channels number their messages themselves

    def json(self) -> Json:
        answer: Json = {"id": self.id, "type": self.type}
        if self.user and self.user.last_name:
            answer["last_name"] = self.user.last_name
        answer["first_name" if self.type == "private" else "title"] = self.name
        if self.username:
            answer["username"] = self.username
        if self.topics:
            answer["is_forum"] = True
        return answer

    def check_open(self) -> None:
        """Raises BotApiError where the bot may not write here."""
        if self.state == "open":
            return
        code, text = _REFUSALS[self.state]
        parameters = {"migrate_to_chat_id": self.migrated_to} if self.state == "migrated" else None
        raise BotApiError(code, text.format(type=self.type), parameters)


class Chats:
    """The state of the sandbox's Telegram, and what was counted.

    With `record` false nothing but counts, times and counts a chat is kept: for benchmarks with hundreds of
    thousands of messages. With `any_chat` every user id stands for a private chat that is open.
    """

    def __init__(self, bot: User, *, record: bool = True, any_chat: bool = False) -> None:
        self.bot = bot
        self.record = record
        self.any_chat = any_chat
        self.changed = Wakeup()
        self.closing = False
        self.chats: dict[int, Chat] = {}
        self.updates: deque[Json] = deque()  # not confirmed yet, the oldest first
        self.allowed_updates: frozenset[str] | None = None
        self.events: deque[tuple[int, Json]] = deque(maxlen=_EVENTS_KEPT)  # for the chat page, numbered
        self.calls: Counter[str] = Counter()
        self.requests: deque[tuple[str, Mapping[str, object]]] = deque(maxlen=_EVENTS_KEPT)  # method and parameters
        self.refusals: Counter[int] = Counter()
        self.pauses: list[tuple[float, int]] = []  # when a 429 was answered (monotonic), and the seconds it asked for
        self.sent_by_chat: Counter[int] = Counter()
        self._sent = array("d")
        self._numbers = count(1)
        self._update_numbers = count(710_000_001)
        self._event_numbers = count(1)

    # People and chats

    def add_user(
        self, user_id: int, first_name: str = "User", *, last_name: str = "", username: str = "", about: str = ""
    ) -> User:
        """A person who has started the bot."""
        user = User(user_id, first_name, last_name, username, about=about)
        self._add(Chat(user_id, "private", first_name, username, user))
        return user

    def add_group(self, chat_id: int, title: str = "Group", *, owner: int = 0) -> Chat:
        """A group with the bot in it; a supergroup where the id begins with -100. `owner` is a user's id."""
        return self._add(Chat(chat_id, "supergroup" if is_supergroup(chat_id) else "group", title, owner=owner))

    def add_channel(self, chat_id: int, title: str = "Channel", *, username: str = "") -> Chat:
        """A channel that the bot may post in."""
        return self._add(Chat(chat_id, "channel", title, username))

    def add_mailbox(self, chat_id: int, title: str) -> Chat:
        """A place of the chat page where mails are shown; Telegram has no such chat."""
        return self._add(Chat(chat_id, "mailbox", title))

    def _add(self, chat: Chat) -> Chat:
        if is_supergroup(chat.id):
            chat.numbers = count(1)
        self.chats[chat.id] = chat
        self.tell("chat", chat_id=chat.id)
        return chat

    def chat(self, chat_id: object) -> Chat:
        """The chat of an id or an @username. Raises BotApiError."""
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            return self._chat_by_name(chat_id[1:])
        try:
            number = int(str(chat_id))
        except ValueError:
            raise bad_request("chat not found") from None
        known = self.chats.get(number)
        if known is not None:
            return known
        if not self.any_chat or number <= 0:
            raise bad_request("chat not found")
        stranger = Chat(number, "private", "User", user=User(number, "User"))
        return self._add(stranger) if self.record else stranger

    def _chat_by_name(self, username: str) -> Chat:
        for chat in self.chats.values():
            if chat.username.lower() == username.lower() and chat.type != "private":
                return chat
        raise bad_request("chat not found")

    # Messages

    def messages(self, chat_id: int | None = None) -> list[Message]:
        """Return what the bot sent, to one chat or to all, in the order it came; deleted ones too."""
        one = self.chats.get(chat_id) if chat_id is not None else None
        chats = list(self.chats.values()) if chat_id is None else [one] if one else []
        found = [message for chat in chats for message in list(chat.messages.values()) if message.sender.is_bot]
        return sorted(found, key=lambda message: message.received)

    def post(
        self,
        chat: Chat,
        sender: User,
        text: str,
        entities: list[Json],
        *,
        reply_markup: Json | None = None,
        document: Json | None = None,
        thread: int = 0,
        reply_to: int = 0,
    ) -> Message:
        """Put a message into a chat, or a topic of it."""
        number = next(chat.numbers or self._numbers)
        message = Message(
            chat.id, number, sender, text, entities, reply_markup, document, thread=thread, reply_to=reply_to
        )
        if sender.is_bot:
            self._sent.append(message.received)
            self.sent_by_chat[chat.id] += 1
        if self.record:
            chat.messages[number] = message
        self.tell("message", chat_id=chat.id, message_id=number)
        return message

    def message_json(self, chat: Chat, message: Message) -> Json:
        """A message in the shape of the Bot API."""
        answer: Json = {"message_id": message.message_id, "date": message.date, "chat": chat.json()}
        if chat.type == "channel":
            answer["sender_chat"] = answer["chat"]
        else:
            answer["from"] = message.sender.json()
        if message.thread:
            answer |= {"message_thread_id": message.thread, "is_topic_message": True}
        if answered := chat.messages.get(message.reply_to):
            answer["reply_to_message"] = self.message_json(chat, replace(answered, reply_to=0))
        if message.edit_date:
            answer["edit_date"] = message.edit_date
        if message.document:
            answer["document"] = message.document
        if message.text:
            answer["caption" if message.document else "text"] = message.text
        if message.entities:
            answer["caption_entities" if message.document else "entities"] = message.entities
        if message.reply_markup:
            answer["reply_markup"] = message.reply_markup
        return answer

    # Updates for the bot

    def add_update(self, kind: str, body: Json) -> None:
        """Queue an update, if the bot asked for its kind; by default it gets all but three (getUpdates)."""
        asked = kind in self.allowed_updates if self.allowed_updates else kind not in _NOT_ASKED_FOR
        if asked:
            self.updates.append({"update_id": next(self._update_numbers), kind: body})
            self.changed.fire()

    def confirm_updates(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one keeps that many of the newest."""
        if offset < 0:
            while len(self.updates) > -offset:
                self.updates.popleft()
        while offset > 0 and self.updates and int(str(self.updates[0]["update_id"])) < offset:
            self.updates.popleft()

    def pending_updates(self, limit: int) -> list[Json]:
        return list(islice(self.updates, limit))

    # What the chat page and the tests look at

    def tell(self, kind: str, **about: object) -> None:
        """Note an event for the chat page, and wake whoever waits for a change."""
        if self.record:
            self.events.append((next(self._event_numbers), {"kind": kind, **about}))
        self.changed.fire()

    def sent_times(self) -> list[float]:
        """When each message of the bot came in, monotonic seconds."""
        return list(self._sent)

    def busiest_second(self) -> int:
        """The most messages in any sliding second."""
        times, most, first = self.sent_times(), 0, 0
        for last, moment in enumerate(times):
            while times[first] <= moment - 1.0:
                first += 1
            most = max(most, last - first + 1)
        return most

    def forget_figures(self) -> None:
        """Begin counting anew; chats and messages stay."""
        self.calls.clear()
        self.refusals.clear()
        self.pauses.clear()
        self.sent_by_chat.clear()
        self._sent = array("d")

    async def until(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """Wait in an event loop until `condition` holds. Raises TimeoutError after `seconds`."""
        if not await self.changed.until(condition, seconds):
            raise TimeoutError(self._where_it_stands())

    def wait_until(self, condition: Callable[[], bool], seconds: float = 10.0) -> None:
        """The same for a thread without a loop."""
        if not self.changed.wait(condition, seconds):
            raise TimeoutError(self._where_it_stands())

    def _where_it_stands(self) -> str:
        return f"calls {dict(self.calls)}, refusals {dict(self.refusals)}, {len(self._sent)} messages"


def is_supergroup(chat_id: int) -> bool:
    return chat_id < -1_000_000_000_000


def allowed(kinds: Collection[object]) -> frozenset[str] | None:
    """The `allowed_updates` parameter: an empty list means the default."""
    return frozenset(str(kind) for kind in kinds) or None
