"""The site in a headless Chromium, against the real server in this process."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import chromium

PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=800)
# Milliseconds; the pages of others load a megabyte of scripts, which takes seconds where two cores run three tests.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Watched:
    """A page, what it complained of, and what it loaded: host → bytes."""

    page: Page
    problems: list[str] = field(default_factory=list)
    loaded: dict[str, int] = field(default_factory=dict)

    def note(self, response: Response) -> None:
        if 300 <= response.status < 400:
            return
        host = urlsplit(response.url).netloc
        with suppress(Error):  # a page that was left meanwhile has no body any more
            self.loaded[host] = self.loaded.get(host, 0) + len(response.body())


def picture(page: Page, name: str) -> None:
    """Keeps what is seen, where SCREENSHOTS names a folder: `SCREENSHOTS=docs/screenshots pytest -m browser`."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module, without asynchronous tests in it: Playwright runs an event loop in this thread meanwhile.

    Because of that loop, Django would forbid the tests their database.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        path = chromium.executable(driver.chromium.executable_path)
        opened = driver.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=live_server.url, viewport=PHONE)
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


@pytest.fixture
def watched(context: BrowserContext) -> Watched:
    page = context.new_page()
    seen = Watched(page)
    page.on("pageerror", lambda error: seen.problems.append(str(error)))
    page.on("console", lambda message: seen.problems.append(message.text))
    page.on("response", seen.note)
    return seen


@pytest.fixture
def page(watched: Watched) -> Iterator[Page]:
    """A page that must not complain: no script error, nothing the content security policy refused."""
    yield watched.page
    assert watched.problems == []
