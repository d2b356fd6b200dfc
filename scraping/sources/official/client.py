"""Reading the institute's page over the network."""

from scraping.sources.base import SourceError
from scraping.sources.http import MIB, HttpClient, HttpLimits
from scraping.sources.official.page import OfficialPage
from scraping.sources.official.parse import parse_page

LIMITS = HttpLimits(concurrency=1, max_bytes=16 * MIB)


async def read_page(url: str, limits: HttpLimits = LIMITS) -> OfficialPage:
    """Fetch the page, following redirects, and read it.

    Raises:
        SourceError: the request failed (an HttpError with its code), or the page states no batch (`no_batch`,
            with what was missing as text): what was read before stays.
    """
    async with HttpClient(limits, headers={"Accept": "text/html"}, redirects=True) as client:
        answer = await client.request("GET", url)
    try:
        return parse_page(answer.body, url)
    except ValueError as error:
        raise SourceError("no_batch", str(error)) from None
