"""The secret address of somebody's calendar (spec: personal, My time).

The token is made from a random text of its row and FIELD_KEYS. So it can be shown again, as a person with a second
device needs, while a copy of the database alone opens no calendar. It is found by a digest, which outlives the keys: a
calendar that was subscribed to goes on when a key is gone, and only a new link can be shown then.
"""

import secrets
from hashlib import sha256
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import encryption
from accounts.models import Subscriber
from notifications.models import CalendarLink
from notifications.rendering.pages import web_url

# Paths of the two pages: a process that serves no pages loads no addresses.
FEED_PATH, ADD_PATH = "/calendar/{token}.ics", "/calendar/{token}/add"
_GOOGLE = "https://calendar.google.com/calendar/r?cid="
_PURPOSE = "calendar"
_LENGTH = 40  # hexadecimal digits: 160 bits


def link_token(subscriber: Subscriber) -> str:
    """Return somebody's token, a new one where there is none; "" where it can't be shown, for want of its key."""
    made = secrets.token_hex(16)
    fresh = {"made_from_key": made, "digest": token_digest(_token(made))}
    link, _created = CalendarLink.objects.get_or_create(subscriber=subscriber, defaults=fresh)
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
    deleted, _each = CalendarLink.objects.filter(subscriber=subscriber).delete()
    return bool(deleted)


def add_to_calendar(token: str) -> dict[str, str]:
    """Return where a press subscribes to a calendar: label → address."""
    feed = web_url(FEED_PATH.format(token=token)).removeprefix("https").removeprefix("http")
    return {
        _("iPhone, Mac, Outlook"): web_url(ADD_PATH.format(token=token)),
        _("Google Calendar"): _GOOGLE + quote(f"webcal{feed}", safe=""),
    }


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
