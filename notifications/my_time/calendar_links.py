"""The secret address of somebody's calendar (spec: personal, My time).

The token is made from a random text of its row and FIELD_KEYS. So it can be shown again, as a person with a second
device needs, while a copy of the database alone opens no calendar. It is found by a digest, which outlives the keys: a
calendar that was subscribed to goes on when a key is gone, and only a new link can be shown then.
"""

import secrets
from hashlib import sha256

from django.utils import timezone

from accounts import encryption
from accounts.models import Subscriber
from notifications.models import CalendarLink

# Paths of the two pages: a process that serves no pages loads no addresses.
FEED_PATH, ADD_PATH = "/calendar/{token}.ics", "/calendar/{token}/add"
_PURPOSE = "calendar"
_LENGTH = 40  # hexadecimal digits: 160 bits


def link_token(subscriber: Subscriber) -> str:
    """Return somebody's token, a new one where there is none; "" where it can't be shown, for want of its key."""
    made = secrets.token_hex(16)
    fresh = {"made_from_key": made, "digest": token_digest(_token(made))}
    link, _ = CalendarLink.objects.get_or_create(subscriber=subscriber, defaults=fresh)
    return next((token for token in _tokens(link.made_from_key) if token_digest(token) == link.digest), "")


def renew(subscriber: Subscriber) -> str:
    """Return a new token in the place of the old one, which opens nothing from now on."""
    made = secrets.token_hex(16)
    token = _token(made)
    fresh = {"made_from_key": made, "digest": token_digest(token), "created_at": timezone.now()}
    CalendarLink.objects.update_or_create(subscriber=subscriber, defaults=fresh)
    return token


def revoke(subscriber: Subscriber) -> bool:
    """End somebody's calendar. False where there was none."""
    deleted, _ = CalendarLink.objects.filter(subscriber=subscriber).delete()
    return bool(deleted)


def opens(token: str) -> bool:
    """Whether a token opens a calendar."""
    return CalendarLink.objects.filter(digest=token_digest(token)).exists()


def token_digest(token: str) -> str:
    """Return the digest that a token is found by."""
    return sha256(token.encode(errors="replace")).hexdigest()


def _token(made: str) -> str:
    return _tokens(made)[0]


def _tokens(made: str) -> list[str]:
    """The tokens that each key makes of a row's text, the current key's first."""
    return [digest[:_LENGTH] for digest in encryption.digests(_PURPOSE, made)]
