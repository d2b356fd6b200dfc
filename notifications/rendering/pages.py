"""Addresses of our own pages, as messages and buttons hold them."""

from urllib.parse import urlsplit

from django.conf import settings


def web_url(path: str) -> str:
    """Return the address of a page of ours; "" where the site has none."""
    return settings.WEBSITE_URL.rstrip("/") + path if settings.WEBSITE_URL else ""


def is_button_url(url: str) -> bool:
    """Whether Telegram takes the address for a button: http(s) with a host that has a dot."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and len(url) <= 2000
    except ValueError:
        return False
