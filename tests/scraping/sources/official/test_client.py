"""Reading the page over a socket."""

from dataclasses import replace

import pytest

from scraping.sources.base import SourceError
from scraping.sources.official.client import LIMITS, read_page
from supersetbot.sandbox.official_page import PATH, Fault, OfficialPageServer

QUICK = replace(LIMITS, attempts=2, backoff=0.01, timeout=0.2)


async def failure(fault: Fault) -> str:
    async with OfficialPageServer(fault=fault) as server:
        with pytest.raises(SourceError) as error:
            await read_page(server.url, QUICK)
    return error.value.code


async def test_the_page_is_fetched_and_read() -> None:
    async with OfficialPageServer() as server:
        page = await read_page(server.url)
    assert page.active_batch.graduating_year == 2027
    assert page.recruiters[0].src == server.url.replace(PATH, "/uploads/kestrel-systems.svg")


async def test_a_page_that_moved_is_followed() -> None:
    async with OfficialPageServer() as server:
        page = await read_page(server.url.replace(PATH, "/"), QUICK)
    assert page.active_batch.graduating_year == 2027


async def test_a_page_without_batches_says_what_was_missing() -> None:
    async with OfficialPageServer(fault="no_batches") as server:
        with pytest.raises(SourceError, match=r"no_batch: .*no heading that names a batch"):
            await read_page(server.url, QUICK)


async def test_a_site_that_is_down_is_an_error() -> None:
    assert await failure("down") == "http_503"


async def test_a_site_that_never_answers_is_an_error() -> None:
    assert await failure("slow") == "timeout"


async def test_a_page_beyond_the_limit_is_refused() -> None:
    async with OfficialPageServer() as server:
        with pytest.raises(SourceError, match="too_large"):
            await read_page(server.url, replace(QUICK, max_bytes=500))
