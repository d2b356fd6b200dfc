"""The notice of what is stored of whom. Its text stands in accounts/privacy.txt, for the bot and the page /privacy."""

from pathlib import Path

from django.conf import settings

# Changes with the text: who agreed to an older one is asked again before more of a profile is stored.
VERSION = "2026-11-29"
_FILE = Path(__file__).with_name("privacy.txt")
_ASK_CELL = "your placement cell"


def notice_text() -> str:
    """Return the notice as plain text, with this installation's contact and times."""
    text = _FILE.read_text(encoding="utf-8").strip()
    contact = settings.PRIVACY_CONTACT or _ASK_CELL
    return text.format(
        contact=contact, backup_days=settings.KEEP_BACKUPS_DAYS, delivery_days=settings.KEEP_DELIVERIES_DAYS
    )
