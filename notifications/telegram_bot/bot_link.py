"""Where the bot is found, for pages: its address, and a QR code of it that is drawn here."""

import segno
from django.conf import settings
from django.core.cache import cache
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_KEY = "notifications.telegram_bot.username"


def introduce(username: str) -> None:
    """Note the name under which Telegram knows the bot. Raises DatabaseError where the cache can't be written."""
    cache.set(_KEY, username, timeout=None)


def bot_link() -> str:
    """Return the bot's address, such as https://t.me/placements_bot; "" where no bot has run yet."""
    username = cache.get(_KEY)
    return f"{settings.TELEGRAM_LINK_URL}/{username}" if username else ""


def qr_code(link: str) -> SafeString:
    """Return an address as an SVG to be scanned."""
    drawn = segno.make(link, error="m", micro=False).svg_inline(scale=4, light="#fff", title=_("QR code of the bot"))
    return SafeString(drawn)  # paths and numbers alone
