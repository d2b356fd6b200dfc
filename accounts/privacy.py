"""The notice of what is stored of whom. Its text stands in accounts/privacy.txt, for the bot and the page /privacy."""

from pathlib import Path

from django.conf import settings

# Changes with the text: who agreed to an older one is asked again before more of a profile is stored.
VERSION = "2026-11-29"
_FILE = Path(__file__).with_name("privacy.txt")
_ASK_CELL = "your placement cell"


def notice_text() -> str:
    """Return the notice as plain text, a line a paragraph, with this installation's contact and times."""
    paragraphs = _FILE.read_text(encoding="utf-8").strip().split("\n\n")
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    kept = settings.KEEP_DELIVERIES_DAYS
    return text.format(
        contact=settings.PRIVACY_CONTACT or _ASK_CELL,
        backup_time=days(settings.KEEP_BACKUPS_DAYS),
        delivery_time=f"for {days(kept)}" if kept else "for as long as the service runs",
    )


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
