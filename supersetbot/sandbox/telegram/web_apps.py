"""How Telegram's clients open a Mini App: its address with the data that the bot's token signs, behind a #.

(https://core.telegram.org/bots/webapps, Validating data received via the Mini App)
"""

import hashlib
import hmac
import secrets
import time
from urllib.parse import quote, urlencode

import orjson

from supersetbot.sandbox.telegram.bot_chats import User


def opened(url: str, token: str, user: User) -> str:
    """Return the address that a client opens when `user` presses a web_app button for `url`."""
    described = {key: value for key, value in user.json().items() if key != "is_bot"}
    fields = {
        "query_id": secrets.token_urlsafe(15),
        "user": orjson.dumps({**described, "allows_write_to_pm": True}).decode(),
        "auth_date": str(int(time.time())),
        "signature": secrets.token_urlsafe(64),  # for others than the bot: nobody checks it here
    }
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    fields["hash"] = hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()
    data = urlencode(fields, quote_via=quote)
    behind = urlencode({"tgWebAppData": data, "tgWebAppVersion": "8.0", "tgWebAppPlatform": "android"}, quote_via=quote)
    return f"{url}#{behind}"
