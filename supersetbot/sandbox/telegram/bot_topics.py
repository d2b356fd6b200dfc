"""Topics of the sandbox's forum groups, and how Telegram refuses messages to them (Bot API, ForumTopic)."""

from typing import Literal

from supersetbot.sandbox.telegram.bot_chats import Chat
from supersetbot.sandbox.telegram.bot_rules import bad_request

TopicState = Literal["open", "closed", "deleted"]
GENERAL = 0  # messages to General name no thread; the id 1, which it has for clients, is not found
_REFUSALS = {"closed": "TOPIC_CLOSED", "deleted": "TOPIC_DELETED"}


def check_topic(chat: Chat, thread: int) -> None:
    """Raises BotApiError where the bot may not write to this thread of a chat."""
    state = chat.topics.get(thread, "") if chat.topics else ("" if thread else "open")
    if not state:
        raise bad_request("message thread not found")
    if state in _REFUSALS:
        raise bad_request(_REFUSALS[state])
