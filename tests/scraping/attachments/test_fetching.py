"""Files behind links, from a server that does as it likes."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest
from aiohttp import web

from scraping.attachments.text import State
from scraping.sources.files import FileLink, fetch_files
from tests.scraping.attachments.layouts import LAYOUTS

HERE = frozenset({"127.0.0.1"})
LIST = LAYOUTS["plain_sheet"](Random(1), 5).data


LOGIN = '<html><form><input type="password"></form></html>'
PLAIN = {
    "list.xlsx": (200, LIST, {}),
    "away": (302, b"", {"Location": "/list.xlsx"}),
    "round": (302, b"", {"Location": "/round"}),
    "inside": (302, b"", {"Location": "http://169.254.169.254/latest/meta-data"}),
    "localhost": (302, b"", {"Location": "http://localhost:9/list.xlsx"}),
    "file-scheme": (302, b"", {"Location": "file:///etc/passwd"}),
    "login.pdf": (200, LOGIN.encode(), {"Content-Type": "text/html"}),
    "refused": (403, b"", {}),
    "gone": (404, b"", {}),
    "ill": (500, b"", {}),
}


async def answer(request: web.Request) -> web.StreamResponse:
    what = request.match_info["what"]
    if what in PLAIN:
        status, body, headers = PLAIN[what]
        return web.Response(status=status, body=body, headers=headers)
    response = web.StreamResponse(headers={"Content-Length": str(2 * 1024**3)} if what == "huge" else {})
    await response.prepare(request)
    while True:
        try:
            await response.write(b"." if what == "drip" else bytes(1_000_000))
        except ConnectionError:
            return response
        await asyncio.sleep(0.01 if what == "drip" else 0)


@pytest.fixture
async def server() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{what}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("path", ["list.xlsx", "away"])
async def test_a_file_is_fetched_also_behind_a_redirect(server: str, path: str) -> None:
    (file,) = await fetch_files([FileLink("1", "list.xlsx", f"{server}/{path}")], HERE)
    assert (file.data, file.state, file.name) == (LIST, "", "list.xlsx")


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("round", State.UNREACHABLE),
        ("inside", State.PRIVATE_ADDRESS),
        ("localhost", State.PRIVATE_ADDRESS),
        ("file-scheme", State.UNREACHABLE),
        ("login.pdf", State.NEEDS_LOGIN),
        ("refused", State.NEEDS_LOGIN),
        ("gone", State.GONE),
        ("ill", State.UNREACHABLE),
        ("huge", State.TOO_LARGE),
        ("endless", State.TOO_LARGE),
        ("drip", State.TOO_SLOW),
    ],
)
async def test_what_cant_be_had_has_its_word(server: str, path: str, state: State) -> None:
    files = await fetch_files([FileLink(path, path, f"{server}/{path}")], HERE, seconds=2.0)
    assert [(file.state, file.data) for file in files] == [(state, b"")]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x.pdf", "http://10.0.0.1/x.pdf", "http://[::1]/x.pdf", "http://localhost:9/x.pdf"]
)
async def test_a_private_address_is_not_asked(url: str) -> None:
    (file,) = await fetch_files([FileLink("1", "x.pdf", url)], frozenset())
    assert file.state == State.PRIVATE_ADDRESS


@pytest.mark.parametrize("url", ["x.pdf", "http://", "javascript:1", "http://[", "ftp://127.0.0.1/x.pdf"])
async def test_what_is_no_address_is_out_of_reach(url: str) -> None:
    (file,) = await fetch_files([FileLink("1", "x.pdf", url)], HERE)
    assert file.state == State.UNREACHABLE


async def test_one_bad_link_hides_no_good_one(server: str) -> None:
    links = [FileLink(path, path, f"{server}/{path}") for path in ("gone", "list.xlsx", "inside")]
    assert [file.state for file in await fetch_files(links, HERE)] == [State.GONE, "", State.PRIVATE_ADDRESS]
