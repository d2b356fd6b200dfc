"""The public pages in a browser: found, read, drawn, usable by keyboard and by those who see little."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from notifications.models import Notice
from tests.end_to_end.browser import DESKTOP, PHONE, Watched, picture
from tests.season import fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "notices": "/",
    "notice": "/notices/{notice}",
    "jobs": "/jobs",
    "job": "/jobs/job-3",
    "company": "/companies/Nimbus Cloud",
    "no-company": "/companies/marbel bank",
    "statistics": "/statistics",
    "policy": "/policy",
    "subscribe": "/subscribe",
    "missing": "/nothing",
}
HEAVIEST = 150_000
SERIOUS = ("serious", "critical")


@pytest.fixture(autouse=True)
def _season() -> None:
    fill()


def path(name: str) -> str:
    shortlist = Notice.objects.filter(category="shortlisting").latest("published_at")
    return PAGES[name].format(notice=shortlist.pk)


def test_notices_are_searched_and_filtered(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("33 so far")).to_be_visible()
    page.get_by_label("Search", exact=True).fill("identity card")
    page.get_by_label("Category").select_option(label="Update")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Search").press("Enter")
    expect(page.get_by_text("3 found")).to_be_visible()
    expect(page.get_by_label("Category")).to_have_value("update")
    page.get_by_label("Search", exact=True).fill("")
    page.get_by_label("Company").fill("nimbus")
    page.get_by_label("Company").press("Enter")
    page.get_by_role("link", name="Update: Nimbus Cloud").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Update: Nimbus Cloud")
    page.go_back()
    page.get_by_role("link", name="Show all").click()
    expect(page.get_by_text("33 so far")).to_be_visible()


def test_the_whole_card_opens_its_notice(page: Page) -> None:
    page.goto("/")
    page.locator(".entry").first.click(position={"x": 300, "y": 70})
    expect(page.get_by_role("heading", level=1)).to_contain_text(" · ")
    page.get_by_role("link", name="The job").click()
    expect(page.get_by_role("link", name="JD.pdf")).to_be_visible()


def test_charts_are_drawn(page: Page) -> None:
    page.goto("/statistics")
    heights = page.locator(".chart .bar").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().height)")
    assert len(heights) == 9 + 4 + 6
    assert max(heights[:9]) == pytest.approx(160, abs=1)
    widths = page.locator("[aria-labelledby=by-company] .bar").evaluate_all(
        "bars => bars.map(bar => bar.getBoundingClientRect().width)"
    )
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] > 0
    page.get_by_text("All 6 companies").click()
    expect(page.get_by_role("rowheader", name="Zenith Labs")).to_be_visible()


def test_the_keyboard_skips_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()


def test_pages_are_light_and_load_nothing_from_elsewhere(watched: Watched) -> None:
    for name in PAGES:
        watched.loaded.clear()
        watched.page.goto(path(name), wait_until="networkidle")
        for _ in range(100):  # what was loaded is told a little later
            if watched.loaded:
                break
            watched.page.wait_for_timeout(50)
        assert len(watched.loaded) == 1, (name, watched.loaded)
        assert sum(watched.loaded.values()) < HEAVIEST, name
    assert [problem for problem in watched.problems if "404" not in problem] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_serious_fault_of_accessibility(context: BrowserContext, scheme: str) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name in PAGES:
        page.goto(path(name))
        faults = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in SERIOUS]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == [], name


def test_pages_fit_their_screens(context: BrowserContext) -> None:
    page = context.new_page()
    for screen, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(size)
        for name in PAGES:
            page.goto(path(name))
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, screen)
            picture(page, f"{name}-{screen}")


@pytest.mark.parametrize(("address", "words"), [("/api/docs", "Tell all subscribers"), ("/admin/login/", "Username:")])
def test_pages_of_others_work_under_our_policy(page: Page, address: str, words: str) -> None:
    page.goto(address)
    expect(page.get_by_text(words, exact=True)).to_be_visible()
