"""The institute's placement page as a source: one item, handed over each time it is read."""

from collections.abc import AsyncGenerator, Collection
from datetime import UTC, datetime
from typing import Any, cast

from django.conf import settings

from scraping.items import SourceItem
from scraping.sources.base import Batch, Known, SourceError
from scraping.sources.http import HttpLimits
from scraping.sources.official.client import LIMITS, read_page
from scraping.sources.official.document import as_document
from scraping.sources.official.page import OfficialPage

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
        yield Batch(items=[as_item(*await self.read())])

    async def read(self) -> tuple[OfficialPage, datetime]:
        """The page, and when it was read. Raises as `collect` does."""
        page = await read_page(self._url, self._limits)
        season = page.active_batch.season
        if self._seasons and season not in self._seasons:
            raise SourceError("other_season", f"the page's active batch is {page.active_batch.name}")
        return page, datetime.now(UTC)


def as_item(page: OfficialPage, read_at: datetime) -> SourceItem:
    """The page as the item that is stored."""
    document = as_document(page, read_at)
    season = page.active_batch.season or settings.ACTIVE_PLACEMENT_YEAR
    return SourceItem(NAME, KIND, KEY, season, cast("dict[str, Any]", document), document["content_hash"])
