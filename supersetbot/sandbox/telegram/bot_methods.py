"""The methods of the Bot API that answer at once (getUpdates waits, so it is the server's)."""

import re
import time
from collections.abc import Callable

from supersetbot.sandbox.telegram.bot_chats import Chat, Message, Version, allowed
from supersetbot.sandbox.telegram.bot_faults import Limits
from supersetbot.sandbox.telegram.bot_markup import parse
from supersetbot.sandbox.telegram.bot_params import Params, integer, parse_json, string
from supersetbot.sandbox.telegram.bot_players import Players, answer_callback
from supersetbot.sandbox.telegram.bot_rules import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    Json,
    accept_keyboard,
    accept_text,
    bad_request,
    read_entities,
)
from supersetbot.sandbox.telegram.bot_topics import check_topic

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES_OF_A_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})
_SCOPES = _SCOPES_OF_A_CHAT | {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class Methods:
    """What the bot can call. Each takes the parameters of a request and returns `result`, or raises BotApiError."""

    def __init__(self, telegram: Players, limits: Limits) -> None:
        self.telegram = telegram
        self.limits = limits
        self.webhook = ""
        self.files: dict[str, Json] = {}  # uploaded, by file_id
        self._menus: dict[tuple[str, int, int, str], list[Json]] = {}  # scope, chat, user, language
        methods: dict[str, Callable[[Params], object]] = {
            "getMe": self.get_me,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
            "sendMessage": self.send_message,
            "sendDocument": self.send_document,
            "sendChatAction": self.send_chat_action,
            "editMessageText": self.edit_message_text,
            "editMessageCaption": self.edit_message_caption,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "deleteMessage": self.delete_message,
            "answerCallbackQuery": self.answer_callback_query,
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "deleteMyCommands": self.delete_my_commands,
            "getChat": self.get_chat,
            "getChatMember": self.get_chat_member,
            "leaveChat": self.leave_chat,
        }
        self.table = {name.lower(): (name, method) for name, method in methods.items()}  # names in any case

    # The bot itself

    def get_me(self, params: Params) -> Json:
        rights = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return {**self.telegram.bot.json(), **rights}

    def set_webhook(self, params: Params) -> bool:
        url = string(params, "url")
        if url and not url.startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = url
        self.telegram.changed.fire()
        return self._drop_pending(params)

    def delete_webhook(self, params: Params) -> bool:
        self.webhook = ""
        return self._drop_pending(params)

    def _drop_pending(self, params: Params) -> bool:
        if string(params, "drop_pending_updates").lower() in ("true", "1", "yes"):
            self.telegram.updates.clear()
        return True

    def get_webhook_info(self, params: Params) -> Json:
        return {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self.telegram.updates),
        }

    # Messages

    def send_message(self, params: Params) -> Json:
        text, entities = _text(params, "text", "entities", TEXT_LIMIT)
        if not text:
            raise bad_request("message text is empty")
        return self._send(params, text, entities)

    def send_document(self, params: Params) -> Json:
        text, entities = _text(params, "caption", "caption_entities", CAPTION_LIMIT)
        return self._send(params, text, entities, self._document(params.get("document")))

    def _document(self, given: object) -> Json:
        """A file that was uploaded, now or before: then its file_id is given."""
        if isinstance(given, dict):
            self.files[str(given["file_id"])] = given
            return given
        if not given:
            raise bad_request("there is no document in the request")
        if str(given) not in self.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self.files[str(given)]

    def _send(self, params: Params, text: str, entities: list[Json], document: Json | None = None) -> Json:
        telegram = self.telegram
        markup = _markup(params)
        chat = telegram.chat(params.get("chat_id"))
        chat.check_open()
        thread = integer(params, "message_thread_id")
        check_topic(chat, thread)
        answers = _answered(chat, params)
        self.limits.admit(chat.id, time.monotonic())
        message = telegram.post(
            chat, telegram.bot, text, entities, reply_markup=markup, document=document, thread=thread, reply_to=answers
        )
        return telegram.message_json(chat, message)

    def send_chat_action(self, params: Params) -> bool:
        chat = self._open_chat(params)
        if not string(params, "action"):
            raise bad_request("wrong parameter action in request")
        self.telegram.tell("typing", chat_id=chat.id)
        return True

    def edit_message_text(self, params: Params) -> Json:
        text, entities = _text(params, "text", "entities", TEXT_LIMIT)
        if not text:
            raise bad_request("message text is empty")
        chat, message = self._own_message(params, "edit")
        if message.document:
            raise bad_request("there is no text in the message to edit")
        return self._edit(chat, message, Version(text, entities, _markup(params)))

    def edit_message_caption(self, params: Params) -> Json:
        text, entities = _text(params, "caption", "caption_entities", CAPTION_LIMIT)
        chat, message = self._own_message(params, "edit")
        if not message.document:
            raise bad_request("there is no caption in the message to edit")
        return self._edit(chat, message, Version(text, entities, _markup(params)))

    def edit_message_reply_markup(self, params: Params) -> Json:
        chat, message = self._own_message(params, "edit")
        return self._edit(chat, message, Version(message.text, message.entities, _markup(params)))

    def _edit(self, chat: Chat, message: Message, new: Version) -> Json:
        old = Version(message.text, message.entities, message.reply_markup)
        if new == old:
            raise bad_request(_NOT_MODIFIED)
        self.limits.admit(chat.id, time.monotonic())
        message.edits.append(old)
        message.text, message.entities, message.reply_markup = new.text, new.entities, new.reply_markup
        message.edit_date = int(time.time())
        self.telegram.tell("message", chat_id=chat.id, message_id=message.message_id)
        return self.telegram.message_json(chat, message)

    def delete_message(self, params: Params) -> bool:
        chat, message = self._own_message(params, "delete")
        message.deleted = True
        self.telegram.tell("message", chat_id=chat.id, message_id=message.message_id)
        return True

    def _open_chat(self, params: Params) -> Chat:
        chat = self.telegram.chat(params.get("chat_id"))
        chat.check_open()
        return chat

    def _own_message(self, params: Params, purpose: str) -> tuple[Chat, Message]:
        """The message to edit or delete, which must be the bot's own."""
        chat = self._open_chat(params)
        message = chat.messages.get(integer(params, "message_id"))
        if message is None or message.deleted:
            raise bad_request(f"message to {purpose} not found")
        if not message.sender.is_bot or (purpose == "edit" and not message.editable):
            raise bad_request(f"message can't be {purpose.removesuffix('e')}ed")
        if purpose == "edit":
            check_topic(chat, message.thread)
        return chat, message

    def answer_callback_query(self, params: Params) -> bool:
        alert = string(params, "show_alert").lower() in ("true", "1")
        answer: Json = {"text": string(params, "text"), "show_alert": alert, "url": string(params, "url")}
        answer_callback(self.telegram, string(params, "callback_query_id"), answer)
        return True

    # The command menu

    def set_my_commands(self, params: Params) -> bool:
        commands = parse_json(params.get("commands"), "commands")
        if not isinstance(commands, list):
            raise bad_request("expected an Array of BotCommand")
        self._menus[self._scope(params)] = [_command(command) for command in commands]
        self.telegram.tell("menu")
        return True

    def get_my_commands(self, params: Params) -> list[Json]:
        return self._menus.get(self._scope(params), [])

    def delete_my_commands(self, params: Params) -> bool:
        self._menus.pop(self._scope(params), None)
        self.telegram.tell("menu")
        return True

    def menu(self, chat: Chat) -> list[Json]:
        """The commands Telegram offers in a chat: the narrowest scope that has any (BotCommandScope)."""
        kind = "all_private_chats" if chat.type == "private" else "all_group_chats"
        for scope in (("chat", chat.id, 0, ""), (kind, 0, 0, ""), ("default", 0, 0, "")):
            if scope in self._menus:
                return self._menus[scope]
        return []

    def _scope(self, params: Params) -> tuple[str, int, int, str]:
        scope = parse_json(params.get("scope"), "scope") or {"type": "default"}
        if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
            raise bad_request("can't parse BotCommandScope: Unsupported type specified")
        chat_id = self.telegram.chat(scope.get("chat_id")).id if scope["type"] in _SCOPES_OF_A_CHAT else 0
        return str(scope["type"]), chat_id, integer(scope, "user_id"), string(params, "language_code")

    # Chats

    def get_chat(self, params: Params) -> Json:
        chat = self.telegram.chat(params.get("chat_id"))
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        return {
            **chat.json(),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }

    def get_chat_member(self, params: Params) -> Json:
        chat = self.telegram.chat(params.get("chat_id"))
        user_id = integer(params, "user_id")
        if user_id == self.telegram.bot.id:
            return self.telegram.membership(chat)
        other = self.telegram.chats.get(user_id)
        if other is None or other.user is None:
            raise bad_request("member not found")
        if user_id == chat.owner:
            return {"user": other.user.json(), "status": "creator", "is_anonymous": False}
        return {"user": other.user.json(), "status": "member"}

    def leave_chat(self, params: Params) -> bool:
        chat = self._open_chat(params)
        if chat.type == "private":
            raise bad_request("chat member status can't be changed in private chats")
        self.telegram.my_chat_member(chat.id, "left")
        return True

    def allow_updates(self, params: Params) -> None:
        """Note which kinds of updates getUpdates asks for, from now on."""
        kinds = parse_json(params.get("allowed_updates"), "allowed updates")
        if isinstance(kinds, list):
            self.telegram.allowed_updates = allowed(kinds)


def _text(params: Params, text_name: str, entities_name: str, limit: int) -> tuple[str, list[Json]]:
    text = string(params, text_name)
    mode = string(params, "parse_mode")
    if mode:
        text, spans = parse(text, mode)
    else:
        spans = read_entities(parse_json(params.get(entities_name), "entities"))
    return accept_text(text, spans, limit)


def _answered(chat: Chat, params: Params) -> int:
    """The id of the message that one answers, 0 for none (Bot API, ReplyParameters)."""
    given = parse_json(params.get("reply_parameters"), "reply parameters")
    if not isinstance(given, dict):
        return 0
    found = chat.messages.get(integer(given, "message_id"))
    if found and not found.deleted:
        return found.message_id
    if not given.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return 0


def _markup(params: Params) -> Json | None:
    return accept_keyboard(parse_json(params.get("reply_markup"), "reply keyboard markup"))


def _command(command: object) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(command.get("command", "")).removeprefix("/"), str(command.get("description", ""))
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
