"""What a push message holds, and its encryption for one browser (RFC 8291)."""

import json
import unicodedata
from functools import lru_cache

from http_ece import ECEException
from pywebpush import WebPusher, WebPushException

from notifications.channels.base import PermanentError
from notifications.rendering.messages import PushPart

# Bytes of JSON, at first and after a 413. Push services take 4,096 bytes once encrypted, which are 103 more
# (RFC 8030, 7.2; RFC 8291, 4); some take less.
PAYLOAD_LIMIT = 3000
SHORTER_LIMIT = 1000
TITLE_LIMIT = 300


def encrypt(keys: dict[str, str], data: bytes) -> bytes:
    """The body of the request (RFC 8291), by the browser's keys `p256dh` and `auth`. Raises PermanentError."""
    try:
        return bytes(WebPusher({"endpoint": "", "keys": keys}).encode(data)["body"])
    except (ValueError, TypeError, IndexError, AttributeError, WebPushException, ECEException):
        raise PermanentError(
            "bad_keys", "The subscription's keys are unusable", switch_off=True, doubtful=False
        ) from None


@lru_cache(maxsize=256)
def payload(part: PushPart, limit: int) -> bytes:
    """Return what the service worker gets: JSON of title, body, url, tag and icon, at most `limit` bytes.

    The body gives way. Raises PermanentError where the rest alone is too long.
    """
    fields = {"title": shorten(part.title, TITLE_LIMIT), "body": "", "url": part.url, "tag": part.tag}
    if part.icon:
        fields["icon"] = part.icon
    room = limit - len(_json(fields))
    if room < 0:
        raise PermanentError("too_long", "A push message's url, tag and icon leave no room for its text")
    return _json({**fields, "body": shorten(part.body, room)})


def shorten(text: str, room: int) -> str:
    """`text`, or as much of it as takes `room` bytes inside JSON with an ellipsis, cut between characters.

    A character is what a reader sees as one: marks, joiners and skin tones stay with the letter or sign before.
    """
    if _size(text) <= room:
        return text
    used, cut = _size("…"), 0
    for end, char in enumerate(text):
        if used > room:
            break
        if not _continues(text, end):
            cut = end
        used += _size(char)
    return text[:cut].rstrip() + "…" if cut else ""


def _continues(text: str, index: int) -> bool:
    """Whether the character at `index` belongs to the one before it."""
    joined = index > 0 and text[index - 1] == "\u200d"
    return joined or text[index] == "\u200d" or unicodedata.category(text[index]) in {"Mn", "Mc", "Me", "Sk"}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _size(text: str) -> int:
    """Return the number of bytes a text takes inside a JSON string."""
    return len(_json(text)) - 2
