"""All public pages: small, of one host, without a script of their own, installable."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.season import fill_jobs, fill_notices, fill_placements

PAGES = ("/", "/notices/{notice}", "/jobs", "/jobs/job-1", "/statistics", "/policy", "/subscribe", "/nothing")
BROWSER = {"Accept": "text/html"}


class Parts(HTMLParser):
    """What a page loads, and what a policy without inline scripts and styles would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: set[str] = set()
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("script", "img", "iframe", "source"):
            self.loaded.add(values.get("src") or "inline")
        if tag == "link" and values.get("rel") in ("stylesheet", "icon", "apple-touch-icon"):
            self.loaded.add(values["href"] or "")
        self.inline += [f"{tag} {name}" for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in values):
            self.inline.append(tag)


@pytest.fixture
def _season(db: None, request: pytest.FixtureRequest) -> None:
    fill_notices()
    fill_jobs()
    if request.node.callspec.params["path"] in ("/statistics", "/policy"):
        fill_placements()


@pytest.mark.usefixtures("_season")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_weighs_little_and_needs_no_other_host(client: Client, path: str) -> None:
    from notifications.models import Notice

    html = client.get(path.format(notice=Notice.objects.latest("pk").pk), headers=BROWSER).text
    parts = Parts(html)
    assert parts.inline == []
    assert all(address.startswith("/static/") for address in parts.loaded), parts.loaded
    files = [finders.find(address.removeprefix("/static/")) for address in parts.loaded]
    assert len(html.encode()) + sum(Path(str(file)).stat().st_size for file in files) < 150_000


@pytest.mark.usefixtures("_season")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_and_a_title(client: Client, path: str) -> None:
    from notifications.models import Notice

    html = client.get(path.format(notice=Notice.objects.latest("pk").pk), headers=BROWSER).text
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert re.search(r"<title>\S.* · SuperSet Bot</title>", html)
    assert '<html lang="en">' in html


def test_styles_load_nothing_from_elsewhere() -> None:
    css = Path(str(finders.find("site/site.css"))).read_text()
    assert "url(" not in css
    assert "@import" not in css


@pytest.mark.django_db
def test_the_root_is_a_page_to_a_browser_and_json_to_a_program(client: Client) -> None:
    page, answer = client.get("/", headers=BROWSER), client.get("/", headers={"Accept": "*/*"})
    assert "<h1>Notices</h1>" in page.text
    assert answer.json()["status"] == "ok"
    assert "Accept" in page.headers["Vary"]
    assert "Accept" in answer.headers["Vary"]


def test_the_site_can_be_installed(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    icons = response.json()["icons"]
    assert {icon["sizes"] for icon in icons} == {"192x192", "512x512", "any"}
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in icons)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.django_db
def test_pages_are_only_read(client: Client, path: str) -> None:
    assert client.post(path.format(notice=1), headers=BROWSER).status_code in (404, 405)
