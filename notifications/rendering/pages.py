"""Our own pages, as messages and buttons lead to them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.models import Notice
from notifications.rendering.messages import Button


def web_url(path: str) -> str:
    """Return the address of a page of ours; "" where the site has none."""
    return settings.WEBSITE_URL.rstrip("/") + path if settings.WEBSITE_URL else ""


def page_path(notice: Notice) -> str:
    """Return the path of the page that shows a notice, or the one it follows; "" where no page does."""
    shown = notice.follows or notice
    return f"/notices/{shown.pk}" if shown.pk and not shown.private and not shown.withdrawn_at else ""


def opened_by_push(notice: Notice) -> str:
    """Return what a push of a notice opens: its page, else where it was published, else the site."""
    path = page_path(notice)
    return (web_url(path) or path) if path else notice.url or settings.WEBSITE_URL


def page_buttons(notice: Notice) -> tuple[Button, ...]:
    """Return the buttons to a notice's dates as a calendar file, where one is to come, and to its page.

    They are the same for everybody; a phone hands the file to its calendar. None where no page shows the notice.
    """
    path = "" if notice.follows_id else page_path(notice)
    page = web_url(path)
    if not path or not is_button_url(page):
        return ()
    now = timezone.now()
    read = Button(_("Read on the web"), page, beside=True)
    if not any(at and at > now for at in (notice.event_at, notice.deadline)):
        return (read,)
    return Button(_("Add to calendar"), f"{page}.ics", beside=True), read


def is_button_url(url: str) -> bool:
    """Whether Telegram takes the address for a button: http(s) with a host that has a dot."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and len(url) <= 2000
    except ValueError:
        return False
