"""What is read: the portal, the mailbox, and the watcher between the slots."""

from collections.abc import Mapping
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils import timezone

from notifications.delivery.leases import is_gone
from scraping.sources.names import in_words, label
from supersetbot.operations import health
from supersetbot.operations.doctor.results import CheckFailedError, Skipped
from supersetbot.operations.problems import SIGN_IN_ANEW

WATCHER_SILENT_SECONDS = 120


def check_portal() -> str:
    from scraping.sources.base import SourceError
    from scraping.sources.portal.client import LoginRefusedError, PortalClient
    from scraping.sources.portal.sessions import DatabaseSessions
    from scraping.sources.registry import portal_config

    config = portal_config()
    if config is None:
        raise CheckFailedError("no account", "Set SUPERSET_CREDENTIALS; .env.example shows how.")
    sessions = DatabaseSessions(config.accounts)

    async def log_in() -> None:
        async with config.open() as http:
            for account in config.accounts:
                await sessions.load(account.email)  # raises where this password was refused before
                await PortalClient(http, config, account, sessions).log_in()

    try:
        async_to_sync(log_in)()
    except LoginRefusedError as error:
        raise CheckFailedError(
            str(error),
            f"Log in with it in a browser; set the right password in SUPERSET_CREDENTIALS. {SIGN_IN_ANEW}",
        ) from None
    except SourceError as error:
        raise CheckFailedError(
            str(error), "Is the portal up in a browser? SUPERSET_BASE_URL says where it is."
        ) from None
    return f"{len(config.accounts)} accounts can log in"


def check_mailbox() -> str:
    from scraping.sources.mailbox.client import MailboxClient
    from scraping.sources.mailbox.errors import MailboxError, MailboxLoginRefusedError
    from scraping.sources.registry import mailbox_config

    config = mailbox_config()
    if config is None:
        raise Skipped("PLACEMENT_EMAIL and its app password are not both set")
    try:
        with MailboxClient(config) as mailbox:
            unread = len(mailbox.unread())
    except MailboxLoginRefusedError as error:
        raise CheckFailedError(
            str(error), "Make an app password (Google account → Security → App passwords)."
        ) from None
    except MailboxError as error:
        raise CheckFailedError(
            str(error), "IMAP_HOST, IMAP_PORT, IMAP_SECURITY and IMAP_FOLDER say where it is."
        ) from None
    return f"{config.folder} has {unread} unread mails"


def check_watch() -> str:
    from scraping.watch.state import current

    row = current()
    if not settings.PEEK and not settings.WATCH_MAILBOX:
        raise Skipped("PEEK and WATCH_MAILBOX are off: the sources are read in their slots")
    if row is None or row.beat_at is None:
        raise Skipped("nothing was watched yet: the scheduler watches")
    if not health.CHECKS["cluster"]().ok:
        raise Skipped("the scheduler does not run, which watches", "./manage daemon start scheduler")
    if row.owner and is_gone(row.owner):
        raise CheckFailedError("its process has died", "Wait half a minute: the scheduler starts another.")
    silent = (timezone.now() - row.beat_at).total_seconds()
    if silent > WATCHER_SILENT_SECONDS:
        raise CheckFailedError(
            f"the watcher has been silent for {silent / 60:.0f} min", "./manage daemon restart scheduler"
        )
    for source, standing in row.sources.items():
        if standing["state"] not in ("ok", "idle", "poll"):
            raise CheckFailedError(
                f"{label(source)}: {standing['state']}: {standing['text']}", _watch_again(source, standing)
            )
    spent = max(row.requests.values(), default=0)
    watched = " and ".join(map(in_words, row.sources))
    return f"{watched or 'nothing'} watched, {spent} of {settings.PEEK_DAILY_REQUESTS} requests today"


def _watch_again(source: str, standing: Mapping[str, Any]) -> str:
    """Return what to do where a source is not watched between the slots."""
    if source != "superset":
        return "See mailbox above."
    if "login_refused" in standing["text"]:
        return "See portal login below: it is watched again once a slot has read it well."
    return "It is watched again once a slot has read it well. PEEK=off leaves it to the slots."
