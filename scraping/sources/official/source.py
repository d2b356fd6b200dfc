"""The institute's placement page as a source: one item, handed over each time it is read."""

from collections.abc import AsyncGenerator, Collection
from datetime import UTC, datetime
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.cache import cache

from scraping.items import SourceItem
from scraping.models import OfficialSnapshot
from scraping.sources.base import Batch, Known, SourceError
from scraping.sources.http import HttpLimits
from scraping.sources.official.client import LIMITS, fetch_page, read_page
from scraping.sources.official.document import as_document
from scraping.sources.official.page import OfficialPage

_VALIDATORS = "official.validators"
NAME, KIND, KEY = "official", "page", "students-placement"


class OfficialSource:
    """Reads the page. Its payload is the document with the time of reading; unchanged, it says when it was seen.

    With `seasons`, a page whose active batch is of none of them is an error.
    """

    name = NAME

    def __init__(self, url: str, limits: HttpLimits = LIMITS, seasons: Collection[int] = ()) -> None:
        self._url = url
        self._limits = limits
        self._seasons = seasons

    async def collect(self, known: Known) -> AsyncGenerator[Batch, None]:
        """Read the page once (see Source).

        Raises:
            SourceError: the page can't be read, names no batch, or is of another season.
        """
        fetched = await fetch_page(self._url, self._limits, await sync_to_async(known_validators)(self._url))
        if fetched.page is None:
            await sync_to_async(seen_again)()
            yield Batch(unchanged=1)
            return
        yield Batch(items=[as_item(self._of_these_seasons(fetched.page), datetime.now(UTC))])
        await sync_to_async(keep_validators)(self._url, fetched.validators)

    async def read(self) -> tuple[OfficialPage, datetime]:
        """The page, and when it was read. Raises as `collect` does."""
        return self._of_these_seasons(await read_page(self._url, self._limits)), datetime.now(UTC)

    def _of_these_seasons(self, page: OfficialPage) -> OfficialPage:
        if self._seasons and page.active_batch.season not in self._seasons:
            raise SourceError("other_season", f"the page's active batch is {page.active_batch.name}")
        return page


def known_validators(url: str) -> dict[str, str]:
    """Return what names the version of the page that the newest snapshot was read from."""
    known: dict[str, str] = cache.get(_VALIDATORS, {})
    return known if known.get("url") == url and OfficialSnapshot.objects.exists() else {}


def keep_validators(url: str, validators: dict[str, str]) -> None:
    """Called once the page is stored: what was not is to be read again."""
    cache.set(_VALIDATORS, validators | {"url": url}, timeout=None)


def seen_again() -> None:
    """The page is as the newest snapshot has it."""
    latest = OfficialSnapshot.objects.first()
    now = datetime.now(UTC)
    if latest:
        OfficialSnapshot.objects.filter(pk=latest.pk, last_seen_at__lt=now).update(last_seen_at=now)


def as_item(page: OfficialPage, read_at: datetime) -> SourceItem:
    """The page as the item that is stored."""
    document = as_document(page, read_at)
    season = page.active_batch.season or settings.ACTIVE_PLACEMENT_YEAR
    return SourceItem(NAME, KIND, KEY, season, cast("dict[str, Any]", document), document["content_hash"])
