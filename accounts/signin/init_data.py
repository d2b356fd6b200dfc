"""Who opened the Mini App, as Telegram signed it (https://core.telegram.org/bots/webapps, Validating data)."""

import hmac
import json
import time
from hashlib import sha256
from urllib.parse import parse_qsl

from accounts.web.throttling import count

FRESH_SECONDS = 300
_MOST_FIELDS, _LONGEST = 30, 4096
_PURPOSE = b"WebAppData"


class InitDataError(ValueError):
    """What was sent is not believed; the text says why, for tests and never to whoever sent it."""


def telegram_id_of(text: str, bot_token: str) -> int:
    """Return the id of the person for whom Telegram signed `text`, the query string of `tgWebAppData`.

    It is believed for five minutes. Raises InitDataError for anything that Telegram did not sign for this bot.
    """
    fields = _fields(text)
    signature = fields.pop("hash", "")
    checked = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    if not bot_token or not hmac.compare_digest(sign(checked, bot_token).encode(), signature.encode(errors="replace")):
        raise InitDataError("not signed for this bot")
    signed_at = fields.get("auth_date", "")
    if not signed_at.isascii() or not signed_at.isdecimal() or len(signed_at) > 12:
        raise InitDataError("no time")
    if abs(time.time() - int(signed_at)) > FRESH_SECONDS:
        raise InitDataError("stale")
    return _person(fields.get("user", ""))


def is_replayed(text: str) -> bool:
    """Whether this text has been taken once, by any worker, while it is fresh."""
    signature = _fields(text).get("hash", "")
    digest = sha256(signature.encode(errors="replace")).hexdigest()
    return bool(count(f"account:telegram:{digest}", limit=1, seconds=2 * FRESH_SECONDS))


def sign(checked: str, bot_token: str) -> str:
    """Return the signature of the fields, one a line and sorted, in hexadecimal digits."""
    key = hmac.digest(_PURPOSE, bot_token.encode(), "sha256")
    return hmac.digest(key, checked.encode(errors="replace"), "sha256").hex()


def _fields(text: str) -> dict[str, str]:
    if len(text) > _LONGEST:
        raise InitDataError("too long")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise InitDataError("no query string") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise InitDataError("a field stands there twice")
    return fields


def _person(user: str) -> int:
    try:
        found = json.loads(user)["id"]
    except (ValueError, KeyError, TypeError):
        raise InitDataError("no user") from None
    if type(found) is not int or not 0 < found < 2**63:
        raise InitDataError("no user")
    return found
