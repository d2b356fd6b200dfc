"""Reading the institute's page over the network."""

from collections.abc import Mapping
from typing import NamedTuple

from scraping.sources.base import SourceError
from scraping.sources.http import MIB, HttpClient, HttpLimits, Response
from scraping.sources.official.page import OfficialPage
from scraping.sources.official.parse import parse_page

LIMITS = HttpLimits(concurrency=1, max_bytes=16 * MIB)
NOT_MODIFIED = 304
# What a server says of a version of the page, and how it is asked whether that is still the one (RFC 9110, 13.1).
_CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


class Fetched(NamedTuple):
    """The page, None where it is as it was; and the headers that name this version of it."""

    page: OfficialPage | None
    validators: dict[str, str]


async def read_page(url: str, limits: HttpLimits = LIMITS) -> OfficialPage:
    """Fetch the page, following redirects, and read it. Raises SourceError as `fetch_page` does."""
    return _parsed(await _ask(url, limits, {}), url)


async def fetch_page(url: str, limits: HttpLimits, known: Mapping[str, str]) -> Fetched:
    """Fetch the page, unless it is still the version that the `known` validators name.

    Raises:
        SourceError: the request failed (an HttpError with its code), or the page states no batch (`no_batch`,
            with what was missing as text): what was read before stays.
    """
    answer = await _ask(url, limits, {_CONDITIONS[name]: value for name, value in known.items() if name in _CONDITIONS})
    if answer.status == NOT_MODIFIED:
        return Fetched(None, dict(known))
    return Fetched(_parsed(answer, url), {name: answer.headers[name] for name in _CONDITIONS if name in answer.headers})


async def _ask(url: str, limits: HttpLimits, headers: Mapping[str, str]) -> Response:
    async with HttpClient(limits, headers={"Accept": "text/html"}, redirects=True) as client:
        return await client.request("GET", url, headers=headers)


def _parsed(answer: Response, url: str) -> OfficialPage:
    try:
        return parse_page(answer.body, url)
    except ValueError as error:
        raise SourceError("no_batch", str(error)) from None
