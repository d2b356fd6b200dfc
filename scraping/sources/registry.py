"""The sources there are, by their names on the command line. A new one is a folder here and a line in SOURCES."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from django.conf import settings

from scraping.sources.base import Source

if TYPE_CHECKING:
    from scraping.sources.mailbox.client import MailboxConfig
    from scraping.sources.official.source import OfficialSource
    from scraping.sources.portal.client import PortalConfig


def any_set_up() -> bool:
    """Whether the settings name an account of the portal or a mailbox: without one a cycle has nothing to read."""
    accounts = settings.SUPERSET_CREDENTIALS or settings.SUPERSET_CREDENTIALS_BY_YEAR
    return bool(accounts or (settings.PLACEMENT_EMAIL and settings.PLACEMENT_APP_PASSWORD))


def portal_config(seasons: Collection[int] = ()) -> "PortalConfig | None":
    """The portal and the accounts that read it for these seasons, or for all; None without an account."""
    from scraping.sources.http import HttpLimits
    from scraping.sources.portal.client import Account, PortalConfig

    by_season = {season: list(rows) for season, rows in settings.SUPERSET_CREDENTIALS_BY_YEAR.items()}
    by_season.setdefault(settings.ACTIVE_PLACEMENT_YEAR, []).extend(settings.SUPERSET_CREDENTIALS)
    accounts = tuple(
        Account(row["email"], row["password"], season)
        for season, rows in by_season.items()
        for row in rows
        if not seasons or season in seasons
    )
    if not accounts:
        return None
    return PortalConfig(
        accounts=accounts,
        base_url=settings.SUPERSET_BASE_URL,
        tenant_id=settings.SUPERSET_TENANT_ID,
        tenant_type=settings.SUPERSET_TENANT_TYPE,
        public_key=settings.SUPERSET_PUBLIC_KEY,
        notices_size=settings.PORTAL_NOTICES_SIZE,
        limits=HttpLimits(concurrency=settings.PORTAL_CONCURRENCY, timeout=settings.SOURCE_TIMEOUT_SECONDS),
    )


def mailbox_config() -> "MailboxConfig | None":
    """The mailbox, None where the settings name none."""
    from scraping.sources.mailbox.client import MailboxConfig, Security

    if not settings.PLACEMENT_EMAIL or not settings.PLACEMENT_APP_PASSWORD:
        return None
    return MailboxConfig(
        host=settings.IMAP_HOST,
        port=settings.IMAP_PORT,
        security=cast("Security", settings.IMAP_SECURITY),
        user=settings.PLACEMENT_EMAIL,
        password=settings.PLACEMENT_APP_PASSWORD,
        folder=settings.IMAP_FOLDER,
        timeout=settings.SOURCE_TIMEOUT_SECONDS,
    )


def _superset(seasons: frozenset[int]) -> Source | None:
    from scraping.sources.portal.sessions import DatabaseSessions
    from scraping.sources.portal.source import PortalSource

    config = portal_config(seasons)
    return PortalSource(config, DatabaseSessions(config.accounts)) if config else None


def _email(seasons: frozenset[int]) -> Source | None:
    from scraping.sources.mailbox.source import MailboxSource

    config = mailbox_config()
    return MailboxSource(config, settings.ACTIVE_PLACEMENT_YEAR, seasons) if config else None


def official_source(seasons: Collection[int]) -> "OfficialSource":
    """The institute's page, for these seasons or whichever it shows."""
    from scraping.sources.official.client import LIMITS
    from scraping.sources.official.source import OfficialSource

    limits = replace(LIMITS, timeout=settings.SOURCE_TIMEOUT_SECONDS)
    return OfficialSource(settings.OFFICIAL_PLACEMENT_URL, limits, seasons)


# Each makes its source for some seasons (none named: all), or None where the settings name no account for it.
SOURCES: dict[str, Callable[[frozenset[int]], Source | None]] = {
    "superset": _superset,
    "email": _email,
    "official": official_source,
}
# What has slots of its own is left out of the cycles, unless it is asked for by name.
ON_OWN_SCHEDULE = frozenset({"official"})
EVERY_CYCLE = tuple(name for name in SOURCES if name not in ON_OWN_SCHEDULE)
