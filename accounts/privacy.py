"""The notice of what is stored of whom, for the bot and the page /privacy: accounts/privacy.txt, and privacy.hi.txt."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext as _n

from accounts.language import DEFAULT, spoken

# Changes with the text: who agreed to an older one is asked again before more of a profile is stored.
VERSION = "2026-11-29"
_FILES = {DEFAULT: Path(__file__).with_name("privacy.txt"), "hi": Path(__file__).with_name("privacy.hi.txt")}
_ASK_CELL = _lazy("your placement cell")


def notice_text() -> str:
    """Return the notice as plain text, a line a paragraph, with this installation's contact and times."""
    paragraphs = _FILES[spoken()].read_text(encoding="utf-8").strip().split("\n\n")
    text = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    kept = settings.KEEP_DELIVERIES_DAYS
    return text.format(
        contact=settings.PRIVACY_CONTACT or _ASK_CELL,
        backup_time=days(settings.KEEP_BACKUPS_DAYS),
        delivery_time=_("for %(days)s") % {"days": days(kept)} if kept else _("for as long as the service runs"),
    )


def days(count: int) -> str:
    return _n("%(count)d day", "%(count)d days", count) % {"count": count}
