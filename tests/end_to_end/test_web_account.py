"""The account page in a browser: opened by a link and by Telegram, used by keyboard, and by those who see little."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import AccountLink, AccountSession, Subscriber
from accounts.personal import filters, profiles
from accounts.signin import links
from accounts.subscribing import subscriptions
from accounts.subscribing.subscriptions import Chat
from supersetbot.account.page import SECTIONS
from tests import chromium
from tests.accounts.signin.test_init_data import TOKEN, signed
from tests.end_to_end.browser import DESKTOP, PHONE, picture
from tests.end_to_end.https import https
from tests.season import fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASHA = 1001
SERIOUS = ("serious", "critical", "moderate")


@pytest.fixture(autouse=True)
def _asha(settings: Settings) -> None:
    settings.HTTPS = False
    settings.TELEGRAM_BOT_TOKEN = TOKEN
    fill()
    subscriptions.start(Chat(ASHA, name="Asha Verma"))
    Subscriber.objects.filter(telegram_id=ASHA).update(membership="member")


def open_page(page: Page) -> None:
    page.goto(f"/me/in#{links.make(ASHA)}")
    page.get_by_role("button", name="Open my page").click()
    expect(page.get_by_text("This is the page of Asha Verma.")).to_be_visible()


def tell_everything() -> None:
    profiles.agree(ASHA)
    for name, text in {"number": "22103001", "branch": "CSE", "batch": "2027", "cgpa": "7.8", "x": "91"}.items():
        profiles.tell(ASHA, name, text)
    filters.add(ASHA, filters.parse("package", "6"))
    filters.add(ASHA, filters.parse("word", "python"))


def test_a_link_shows_a_button_and_its_secret_leaves_the_address(page: Page) -> None:
    secret = links.make(ASHA)
    page.goto(f"/me/in#{secret}")
    assert AccountLink.objects.exists()
    assert secret not in page.url
    expect(page.get_by_role("textbox")).to_be_hidden()
    page.get_by_role("button", name="Open my page").click()
    expect(page).to_have_url(page.url.partition("?")[0].replace("/me/in", "/me/"))
    expect(page.get_by_text("This is the page of Asha Verma.")).to_be_visible()


def test_telegram_opens_it_without_a_press(page: Page) -> None:
    page.goto(f"/me/in#tgWebAppData={_quoted(signed())}&tgWebAppVersion=8.0&tgWebAppPlatform=android")
    expect(page.get_by_text("This is the page of Asha Verma.")).to_be_visible()
    assert AccountSession.objects.get().by == "telegram"
    page.reload()
    expect(page.get_by_text("This is the page of Asha Verma.")).to_be_visible()


def _quoted(text: str) -> str:
    return text.replace("%", "%25").replace("&", "%26").replace("=", "%3D")


def test_without_scripts_the_secret_is_typed_and_all_forms_work(
    context: BrowserContext, live_server: LiveServer
) -> None:
    assert context.browser
    plain = context.browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = plain.new_page()
    page.goto("/me/in")
    page.get_by_role("textbox").fill(links.make(ASHA))
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("button", name="Agree").click()
    page.get_by_label("CGPA").fill("7.8")
    page.get_by_role("button", name="Save my profile").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert profiles.known(ASHA) == {"cgpa": "7.8"}
    plain.close()


def test_it_is_used_by_keyboard_alone(context: BrowserContext) -> None:
    page = context.new_page()  # a refused form is a 422, of which a browser complains
    open_page(page)
    page.get_by_role("button", name="Agree").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    page.get_by_label("CGPA").focus()
    page.keyboard.type("10.5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A CGPA is between 0 and 10.")).to_be_visible()
    field = page.get_by_label("CGPA")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("8.1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert profiles.known(ASHA) == {"cgpa": "8.1"}
    page.get_by_label("Of what").focus()
    page.keyboard.type("Zenith")
    page.keyboard.press("Enter")
    expect(page.get_by_text("I would have told you")).to_be_visible()
    assert filters.of(ASHA) == []
    page.get_by_role("button", name="Save this filter").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Always tell me of Zenith")).to_be_visible()


def test_the_calendars_address_is_copied(context: BrowserContext, settings: Settings, live_server: LiveServer) -> None:
    settings.WEBSITE_URL = live_server.url
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    open_page(page)
    page.get_by_role("button", name="Make my calendar").click()
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{live_server.url}/calendar/")
    assert copied.endswith(".ics")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_fault_of_accessibility_and_fits_its_screens(context: BrowserContext, scheme: str) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tell_everything()
    page.goto("/me/in")
    assert faults(page) == []
    open_page(page)
    for screen, size in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(size)
        page.goto("/me/")
        expect(page.get_by_role("heading", level=2)).to_have_count(len(SECTIONS))
        assert faults(page) == [], screen
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), screen
        picture(page, f"account-{screen}" if scheme == "light" else f"account-{screen}-dark")


def test_refused_forms_have_no_fault_of_accessibility(context: BrowserContext) -> None:
    page = context.new_page()
    tell_everything()
    open_page(page)
    page.get_by_label("CGPA").fill("78")
    page.get_by_label("Batch").fill("27")
    page.get_by_role("button", name="Save my profile").click()
    expect(page.get_by_text("A CGPA is between 0 and 10.")).to_be_visible()
    assert faults(page) == []


def faults(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in SERIOUS]


SITE, TELEGRAM, EVIL = "bot.example.edu", "web.telegram.org", "evil.example"


@pytest.fixture
def over_https(
    browser: Browser, live_server: LiveServer, settings: Settings, tmp_path: Path
) -> Iterator[BrowserContext]:
    """The site as it stands behind a proxy, and two others that show its door in a frame."""
    settings.HTTPS, settings.ALLOWED_HOSTS, settings.CSRF_COOKIE_SECURE = True, [SITE], True
    data = f"tgWebAppData={_quoted(signed())}"
    frame = (
        f'<!doctype html><title>x</title><iframe src="https://{SITE}/me/in#{data}" width="390" height="700"></iframe>'
    )
    with https(tmp_path, SITE, live_server.url, {TELEGRAM: frame, EVIL: frame}) as rules:
        path = chromium.executable(browser.browser_type.executable_path)
        arguments = [*chromium.FLAGS, f"--host-resolver-rules={rules}"]
        with browser.browser_type.launch(executable_path=path, args=arguments) as opened:
            yield opened.new_context(ignore_https_errors=True)


def test_telegrams_web_client_shows_it_in_its_frame(over_https: BrowserContext) -> None:
    page = over_https.new_page()
    page.goto(f"https://{TELEGRAM}/k/")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_text("This is the page of Asha Verma.")).to_be_visible()
    inside.get_by_role("button", name="Agree").click()
    expect(inside.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert profiles.has_agreed(ASHA)
    (cookie,) = [each for each in over_https.cookies() if each["name"] == "__Host-account"]
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "None")
    assert cookie.get("partitionKey")
    page.goto(f"https://{SITE}/me/")  # outside of the frame it is not sent
    expect(page.get_by_role("button", name="Open my page")).to_be_visible()


def test_no_other_site_shows_it_in_a_frame(over_https: BrowserContext) -> None:
    page = over_https.new_page()
    with page.expect_console_message(lambda message: f"frame-ancestors https://{TELEGRAM}" in message.text):
        page.goto(f"https://{EVIL}/")
    assert not AccountSession.objects.exists()
