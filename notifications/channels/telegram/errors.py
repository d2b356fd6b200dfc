"""What the ledger is told of Telegram's refusals and of what happens on the way there (spec: delivery).

BadRequest and TimedOut are NetworkErrors too, so the order counts. The words are those of the Bot API's own
server (tdlib/telegram-bot-api); python-telegram-bot changes their case.
"""

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from accounts.subscribing import topics
from notifications.channels.base import (
    ChannelError,
    ChannelStoppedError,
    PermanentError,
    RetryLaterError,
    TransientError,
)
from notifications.channels.telegram.aiohttp_request import (
    ConnectionLostError,
    ConnectTimeoutError,
    ForeignAnswerError,
    NotSentError,
)

TOPIC_WAIT = 15 * 60.0  # seconds until a closed topic is tried again
PAUSE_UNSTATED = 30.0  # seconds, for a 429 that doesn't say how long

# words → our code; the first match counts
_DEAD = (
    ("blocked by the user", "blocked"),
    ("user is deactivated", "deactivated"),
    ("kicked", "kicked"),
    ("not a member", "not_member"),
    ("channel_private", "not_member"),
    ("chat was deleted", "chat_deleted"),
    ("initiate conversation", "not_started"),
    ("messages to bots", "is_bot"),
    ("rights", "no_rights"),
    ("write_forbidden", "no_rights"),
    ("chat_restricted", "no_rights"),
    ("chat not found", "chat_not_found"),
    ("user not found", "chat_not_found"),
    ("chat_id_invalid", "chat_not_found"),
    ("chat_id is empty", "chat_not_found"),
    ("peer_id_invalid", "chat_not_found"),
    ("upgraded to a supergroup", "moved"),  # where it does not say whereto
)
_REFUSED = (
    ("group migrated", "moved"),  # python-telegram-bot's words; for an edit: its messages stayed behind
    ("message to edit not found", "message_gone"),
    ("message_id_invalid", "message_gone"),
    ("message can't be edited", "not_editable"),
    ("too long", "too_long"),
    ("too_long", "too_long"),
    ("text is empty", "empty"),
)
_TOPICS = (
    ("topic_closed", topics.CLOSED),
    ("topic_deleted", topics.DELETED),
    ("thread not found", topics.NOT_FOUND),
    ("topic_id_invalid", topics.NOT_FOUND),
)
# error → our code, and whether the message may have arrived all the same
_TRANSIENT: tuple[tuple[type[TelegramError], str, bool], ...] = (
    (ConnectTimeoutError, "connect_timeout", False),
    (TimedOut, "timeout", True),
    (NotSentError, "no_connection", False),
    (ForeignAnswerError, "unreachable", False),
    (ConnectionLostError, "connection_lost", True),
    (Conflict, "conflict", False),
    (NetworkError, "server_error", False),
    (TelegramError, "bad_answer", True),
)
# Nobody was there, or a proxy or Telegram's own front says so
_UNREACHABLE = (ConnectTimeoutError, NotSentError, ForeignAnswerError)
_GATEWAY = ("bad gateway", "service unavailable", "gateway time")
_LOGGED_OUT = "logged out"  # a token that moves between API servers (Bot API, logOut), for up to an hour
_RETRY_AFTER = re.compile(r"retry after (\d{1,9})")


def channel_error(error: TelegramError) -> ChannelError:
    """The channel's error for one of python-telegram-bot's."""
    text = " ".join(error.message.split())[:200]
    words = text.lower()
    if isinstance(error, RetryAfter) or words.startswith("too many requests"):
        return RetryLaterError("flood", _pause(error), text)
    if words == _LOGGED_OUT:
        return ChannelStoppedError("logged_out", "Telegram has logged this bot out for up to an hour", passing=True)
    if isinstance(error, InvalidToken):
        return ChannelStoppedError("bad_token", f"Telegram refuses TELEGRAM_BOT_TOKEN: {text}")
    if isinstance(error, Forbidden | BadRequest | ChatMigrated):
        return _refusal(error, text)
    return _transient(error, text)


def _refusal(error: TelegramError, text: str) -> ChannelError:
    words = text.lower()
    if topic := topic_refusal(error):
        closed = topic == topics.CLOSED
        return RetryLaterError(topic, TOPIC_WAIT, text, channel_wide=False) if closed else PermanentError(topic, text)
    dead = _code(_DEAD, words)
    if isinstance(error, Forbidden):
        return PermanentError(dead or "forbidden", text, switch_off=True)
    return PermanentError(dead or _code(_REFUSED, words) or "bad_request", text, switch_off=dead is not None)


def topic_refusal(error: TelegramError) -> str:
    """Our code where the topic of a forum takes no messages, else "". The rest of the chat may take them."""
    refused = isinstance(error, BadRequest | Forbidden)
    return (refused and _code(_TOPICS, error.message.lower())) or ""


def _transient(error: TelegramError, text: str) -> TransientError:
    code, unknown = next((code, unknown) for kind, code, unknown in _TRANSIENT if isinstance(error, kind))
    unreachable = isinstance(error, _UNREACHABLE) or text.lower().startswith(_GATEWAY)
    return TransientError(code, text, unknown=unknown, unreachable=unreachable)


def _code(table: tuple[tuple[str, str], ...], words: str) -> str | None:
    return next((code for known, code in table if known in words), None)


def _pause(error: TelegramError) -> float:
    """Seconds to wait. A 429 without parameters is not a RetryAfter, its text may still say how long."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    stated = _RETRY_AFTER.search(error.message.lower())
    return float(stated[1]) if stated else PAUSE_UNSTATED


def message_id_of(message: object) -> int:
    """Raises TelegramError for an answer that is no message: one may have been sent."""
    number = message.get("message_id") if isinstance(message, dict) else None
    if not isinstance(number, int):
        raise TelegramError("Invalid server response")
    return number
