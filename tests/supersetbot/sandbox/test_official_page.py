"""The sandbox's institute: a page in today's markup that moves and fails when told to."""

from dataclasses import replace

import httpx
import pytest

from scraping.sources.base import SourceError
from scraping.sources.official.client import LIMITS, read_page
from scraping.sources.official.figures import differences, figures
from scraping.sources.official.parse import parse_page
from supersetbot.sandbox.official_page import PATH, OfficialPageServer


def test_the_page_shows_batches_with_figures_and_recruiters() -> None:
    page = parse_page(OfficialPageServer().html(), "https://institute.example/")
    assert [(batch.graduating_year, batch.is_active) for batch in page.batches] == [(2027, True), (2026, False)]
    assert all(figure.value is not None for batch in page.batches for figure in figures(batch).values())
    assert page.intro_text
    assert "Lumen & Foundry" in [recruiter.name for recruiter in page.recruiters]


def test_fragments_state_what_the_markup_states() -> None:
    server = OfficialPageServer()
    whole = parse_page(server.html(), "https://institute.example/")
    server.fault = "fragments_only"
    fragments = parse_page(server.html(), "https://institute.example/")
    assert "highlights inner-page" not in server.html()
    assert (fragments.batches, fragments.recruiters) == (whole.batches, whole.recruiters)


def test_moving_a_figure_moves_one_figure() -> None:
    server = OfficialPageServer()
    before = parse_page(server.html(), "")
    assert server.move_figure() == "40"
    moved = differences(before, parse_page(server.html(), ""))
    assert [(line.text, line.figure_moved) for line in moved] == [("Companies visited 37 → 40", True)]


def test_a_figure_can_be_told_what_to_say() -> None:
    server = OfficialPageServer()
    server.move_figure("Average Package", "Rs. 10.99 Lacs")
    assert str(figures(parse_page(server.html(), "").active_batch)["Average package"].value) == "10.99"


async def test_a_fault_lasts_until_it_is_cleared() -> None:
    limits = replace(LIMITS, attempts=1, timeout=0.2)
    async with OfficialPageServer(delay=5) as server:
        for server.fault, code in (("down", "http_503"), ("slow", "timeout"), ("no_batches", "no_batch")):
            with pytest.raises(SourceError) as error:
                await read_page(server.url, limits)
            assert error.value.code == code
        server.fault = None
        assert (await read_page(server.url, limits)).batches
        assert server.requests == 4


def test_it_runs_in_a_thread_and_ends_with_it() -> None:
    with OfficialPageServer().in_thread() as server:
        root = httpx.get(server.url.removesuffix(PATH), follow_redirects=True)
        logo = httpx.get(httpx.URL(server.url).join("/uploads/kestrel-systems.svg"))
    assert "Graduating Batch 2027" in root.text
    assert "image/svg+xml" in logo.headers["content-type"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)
