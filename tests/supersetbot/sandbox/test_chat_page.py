"""The sandbox's chat page: what it is made of, what it is told, and how it looks to a browser."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import cast

import aiohttp
import orjson
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_chats import User
from supersetbot.sandbox.telegram.bot_rules import Json
from supersetbot.sandbox.telegram.chat_page import Action, Place
from tests import chromium
from tests.paths import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for all, and it belongs to a loop

ASHA, MEERA, CHANNEL = 101, 201, -1002000000001
PHONE = ViewportSize(width=390, height=844)
PAGES = ROOT / "supersetbot" / "sandbox" / "telegram" / "pages"


async def publish() -> str:
    return "Published: Zenith Labs"


async def fail() -> str:
    raise RuntimeError("the portal is down")


@pytest_asyncio.fixture(loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    actions = {"publish": Action("Publish a notice", "On the portal", publish), "fail": Action("Fail", "Always", fail)}
    async with BotApi(actions=actions) as running:
        running.add_user(ASHA, "Asha", about="student")
        running.add_user(MEERA, "Meera", about="admin")
        running.add_channel(CHANNEL, "Placements")
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def session(api: BotApi) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(api.url, timeout=aiohttp.ClientTimeout(total=10)) as opened:
        yield opened


async def send(session: aiohttp.ClientSession, api: BotApi, chat_id: int, text: str, **params: object) -> None:
    body = {"chat_id": chat_id, "text": text, **params}
    async with session.post(f"/bot{api.token}/sendMessage", json=body) as response:
        assert response.status == 200, await response.text()


# What it is made of


@pytest.mark.parametrize("path", ["/", "/_page/chat.css", "/_page/chat.js"])
async def test_the_page_is_served_with_a_policy_that_allows_nothing_else(
    session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(path) as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy


async def test_the_page_needs_no_other_host_and_holds_no_script_of_its_own() -> None:
    html = (PAGES / "chat.html").read_text()
    for part in (html, (PAGES / "chat.css").read_text()):
        assert not re.search(r"(src|href|url)\s*[=(]\s*[\"']?(https?:)?//", part)
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|style=", html)
    assert "innerHTML" not in (PAGES / "chat.js").read_text()


async def test_the_bots_address_leads_to_the_chats(session: aiohttp.ClientSession, api: BotApi) -> None:
    async with session.get(f"/{api.bot.username}", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "/")


async def test_another_path_is_not_found(session: aiohttp.ClientSession) -> None:
    for path in ("/_page/%2e%2e/chat_page.py", "/_page/chats/7", "/nothing"):
        async with session.get(path) as response:
            assert response.status == 404


# What it is told


async def test_the_state_names_the_bot_the_chats_and_the_actions(session: aiohttp.ClientSession) -> None:
    async with session.get("/_page/state") as response:
        state = await response.json()
    assert state["bot"]["first_name"] == "SuperSet Bot"
    assert [(chat["name"], chat["about"], chat["state"]) for chat in state["chats"]] == [
        ("Asha", "student", "open"),
        ("Meera", "admin", "open"),
        ("Placements", "channel", "open"),
    ]
    assert state["actions"][0] == {"id": "publish", "label": "Publish a notice", "hint": "On the portal"}


async def test_a_chat_shows_both_sides(session: aiohttp.ClientSession, api: BotApi) -> None:
    api.user_says(ASHA, "/start")
    await send(session, api, ASHA, "Welcome")
    async with session.get(f"/_page/chats/{ASHA}") as response:
        chat = await response.json()
    assert [(message["text"], message["by_bot"]) for message in chat["messages"]] == [
        ("/start", False),
        ("Welcome", True),
    ]
    assert chat["newest"]["text"] == "Welcome"


async def test_what_happens_is_streamed(session: aiohttp.ClientSession, api: BotApi) -> None:
    async with session.get("/_page/events") as response:
        assert response.content_type == "text/event-stream"
        await response.content.readuntil(b"\n\n")
        await send(session, api, ASHA, "Hello")
        api.block(ASHA)
        events = [orjson.loads((await response.content.readuntil(b"\n\n"))[6:]) for _ in range(2)]
    assert [event["kind"] for event in events] == ["message", "chat"]
    assert events[0]["message"]["text"] == "Hello"
    assert events[1]["chat"]["state"] == "blocked"


async def test_the_stream_ends_with_the_server(session: aiohttp.ClientSession, api: BotApi) -> None:
    async with session.get("/_page/events") as response:
        await response.content.readuntil(b"\n\n")
        await asyncio.wait_for(api.stop(), 5)
        assert await response.content.read() == b""


# What it can ask for


async def order(session: aiohttp.ClientSession, body: object) -> tuple[int, Json]:
    async with session.post("/_control", json=body) as response:
        return response.status, cast("Json", await response.json())


async def test_orders_do_what_the_methods_of_that_name_do(session: aiohttp.ClientSession, api: BotApi) -> None:
    status, answer = await order(
        session,
        [
            {"do": "user_says", "user_id": ASHA, "text": "/help"},
            {"do": "block", "chat_id": MEERA, "silent": True},
            {"do": "fault", "kind": "error", "times": 1},
        ],
    )
    assert (status, answer) == (200, {"ok": True, "result": [1, None, None]})
    assert api.chats[MEERA].state == "blocked"
    assert api.faults.due("sendMessage") is not None
    assert len(api.updates) == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"do": "stop"}, "KeyError: 'stop'"),
        ({"do": "block"}, "TypeError: "),
        ({"do": "press", "user_id": ASHA, "message_id": 7, "button": "x"}, "KeyError: 7"),
        ({"do": "fault", "kind": "rain"}, "ValueError: no such fault: rain"),
        ("block", "AttributeError: "),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(
    session: aiohttp.ClientSession, body: object, error: str
) -> None:
    status, answer = await order(session, body)
    assert status == 400
    assert error in str(answer["error"])


async def test_an_action_answers_with_its_line(session: aiohttp.ClientSession) -> None:
    async with session.post("/_world/publish") as response:
        assert await response.json() == {"line": "Published: Zenith Labs"}


async def test_an_action_that_fails_is_logged_and_said(
    session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    async with session.post("/_world/fail") as response:
        assert (response.status, await response.json()) == (500, {"error": "That didn't work. The log says why."})
    assert "the portal is down" in caplog.text


async def test_an_unknown_action_is_not_found(session: aiohttp.ClientSession) -> None:
    async with session.post("/_world/rain") as response:
        assert response.status == 404


async def test_another_site_may_not_press_the_buttons(session: aiohttp.ClientSession) -> None:
    for path in ("/_control", "/_world/publish"):
        async with session.post(path, json={}, headers={"Origin": "https://example.org"}) as response:
            assert response.status == 403


# In a browser


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        path = chromium.executable(driver.chromium.executable_path)
        opened = await driver.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, api: BotApi) -> AsyncIterator[Page]:
    opened = await browser.new_page()
    opened.set_default_timeout(10_000)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text))
    await opened.goto(api.url)
    await opened.wait_for_selector("#connection.live")
    await opened.wait_for_selector(".person")
    yield opened
    await opened.close()
    assert not [problem for problem in problems if "net::ERR_" not in problem]  # a server that was stopped


@pytest.mark.browser
async def test_what_the_bot_sends_appears_as_text_with_its_formatting(
    page: Page, session: aiohttp.ClientSession, api: BotApi
) -> None:
    text = "🎯 <img src=x onerror=alert(1)> & 42 students\n22103001  Aarav\n\nCL-1"
    entities = [{"type": "bold", "offset": 34, "length": 11}, {"type": "pre", "offset": 46, "length": 15}]
    await send(session, api, ASHA, text, entities=entities)
    words = page.locator(".message .words")
    await words.wait_for()
    assert "<img src=x onerror=alert(1)> & 42 students" in await words.inner_text()
    assert await words.locator("img").count() == 0
    assert await words.locator("b").inner_text() == "42 students"
    assert await words.locator("pre").inner_text() == "22103001  Aarav"
    behind = await words.locator("pre").evaluate("list => list.nextSibling.textContent")
    assert behind == "\nCL-1", "the list ends its own line"


@pytest.mark.browser
async def test_a_button_is_pressed_and_its_answer_shown(
    page: Page, session: aiohttp.ClientSession, api: BotApi
) -> None:
    rows = [[{"text": "Yes", "callback_data": "y"}, {"text": "Open", "url": "https://example.org/x"}]]
    await send(session, api, ASHA, "Sure?", reply_markup={"inline_keyboard": rows})
    link = page.get_by_role("link", name="Open")
    assert await link.get_attribute("href") == "https://example.org/x"
    assert await link.get_attribute("rel") == "noopener noreferrer"
    await page.get_by_role("button", name="Yes").click()
    await api.until(lambda: len(api.callback_answers) == 1)
    (query_id,) = api.callback_answers
    async with session.post(
        f"/bot{api.token}/answerCallbackQuery", json={"callback_query_id": query_id, "text": "Saved"}
    ):
        await page.get_by_text("Saved").wait_for()


@pytest.mark.browser
async def test_a_player_writes_blocks_and_comes_back(page: Page, api: BotApi) -> None:
    await page.get_by_role("button", name="Meera").click()
    await page.get_by_text("you are Meera").wait_for()
    await page.get_by_label("Message", exact=True).fill("<b>hello</b>")
    await page.keyboard.press("Enter")
    await page.locator(".message.mine").get_by_text("<b>hello</b>").wait_for()
    await page.get_by_role("button", name="Block bot").click()
    await page.locator("#closed").get_by_text("You blocked the bot.").wait_for()
    await page.get_by_role("button", name="Unblock").click()
    await page.get_by_role("button", name="/start", exact=True).click()
    await api.until(lambda: len(api.updates) == 4)
    assert [next(iter(update.keys() - {"update_id"})) for update in api.updates] == [
        "message",
        "my_chat_member",
        "my_chat_member",
        "message",
    ]


@pytest.mark.browser
async def test_edits_deletions_and_other_chats_show_at_once(
    page: Page, session: aiohttp.ClientSession, api: BotApi
) -> None:
    await send(session, api, ASHA, "Sat 29 Nov")
    await send(session, api, MEERA, "For Meera")
    await page.get_by_label("1 new").wait_for()
    body = {"chat_id": ASHA, "message_id": 1, "text": "Sun 30 Nov"}
    async with session.post(f"/bot{api.token}/editMessageText", json=body):
        await page.locator(".message").get_by_text("Sun 30 Nov").wait_for()
    assert "edited" in await page.locator(".stamp").inner_text()
    async with session.post(f"/bot{api.token}/deleteMessage", json=body):
        await page.get_by_text("Deleted message").wait_for()


@pytest.mark.browser
async def test_the_page_finds_the_server_again(page: Page, session: aiohttp.ClientSession, api: BotApi) -> None:
    port = int(api.url.rpartition(":")[2])
    await api.stop()
    await page.locator("#connection.lost").wait_for()
    api.user_says(ASHA, "said meanwhile")
    await api.start(port=port)
    await page.locator(".message").get_by_text("said meanwhile").wait_for()


@pytest.mark.browser
async def test_an_action_says_what_it_did(page: Page) -> None:
    await page.get_by_role("button", name="Publish a notice").click()
    await page.locator(".result.good").get_by_text("Published: Zenith Labs").wait_for()


@pytest.mark.browser
async def test_a_channel_is_only_read(page: Page, api: BotApi) -> None:
    await page.get_by_role("button", name="Placements").click()
    await page.get_by_text("Only the bot posts here.").wait_for()
    await page.get_by_role("button", name="Remove bot").click()
    await api.until(lambda: api.chats[CHANNEL].state == "kicked")


@pytest.mark.browser
async def test_mails_are_shown_where_nobody_writes_and_an_invitation_is_a_button(page: Page, api: BotApi) -> None:
    mails = api.add_mailbox(-2, "Mails to vindhya.example")
    await page.locator('.person[data-chat="-2"]').click()
    api.post(
        mails,
        User(-2, "The bot's mail server", is_bot=True),
        "To: asha@vindhya.example\nYour code is 012345: /join 012345",
        [],
    )
    await page.get_by_text("Your code is 012345").last.wait_for()
    assert await page.locator("#messages button.command").count() == 0
    assert await page.locator("#composer").is_hidden()
    assert await page.locator("#membership").is_hidden()
    assert await page.locator("#subtitle").inner_text() == "what the bot sent by mail"
    await page.locator(f'.person[data-chat="{ASHA}"]').click()
    for name in ("some_other_bot", api.bot.username):
        await page.locator("#text").fill(f"https://t.me/{name}?start=a-Token_1")
        await page.locator("#text").press("Enter")
    await page.locator(".words button.command", has_text="a-Token_1").click()
    await api.until(lambda: cast("Json", api.updates[-1]["message"])["text"] == "/start a-Token_1")
    assert await page.locator(".words a", has_text="some_other_bot").count() == 1


async def boxes(page: Page, *selectors: str) -> list[tuple[float, float, float, float]]:
    """Where elements stand: left, top, right, bottom."""
    found = []
    for selector in selectors:
        box = await page.locator(selector).bounding_box()
        assert box, selector
        found.append((box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]))
    return found


@pytest.mark.browser
async def test_on_a_phone_an_empty_chat_has_its_message_field_at_the_bottom(page: Page) -> None:
    await page.set_viewport_size(PHONE)
    await page.get_by_text("No messages yet. Send /start to begin.").wait_for()
    foot, silence = await boxes(page, ".foot", "#silence")
    assert foot[3] == PHONE["height"]
    assert silence[3] < foot[1]


@pytest.mark.browser
async def test_on_a_phone_a_full_chat_scrolls_and_the_page_does_not(
    page: Page, session: aiohttp.ClientSession, api: BotApi
) -> None:
    await page.set_viewport_size(PHONE)
    for number in range(12):
        await send(session, api, ASHA, f"Notice {number}\n" * 9)
    await page.locator(".message").nth(11).wait_for()
    await page.reload()  # as it is without the animation of what arrives
    await page.locator(".message").nth(11).wait_for()
    assert await page.evaluate("document.documentElement.scrollHeight") == PHONE["height"]


@pytest.mark.browser
async def test_on_a_phone_an_alert_fits_and_its_button_can_be_pressed(
    page: Page, session: aiohttp.ClientSession, api: BotApi
) -> None:
    await page.set_viewport_size(PHONE)
    rows = [[{"text": "Why?", "callback_data": "w"}]]
    await send(session, api, ASHA, "Sure?", reply_markup={"inline_keyboard": rows})
    await page.get_by_role("button", name="Why?").click()
    await api.until(lambda: len(api.callback_answers) == 1)
    (query_id,) = api.callback_answers
    answer = {"callback_query_id": query_id, "text": "Because it is so.\n" * 11, "show_alert": True}
    async with session.post(f"/bot{api.token}/answerCallbackQuery", json=answer):
        await page.locator("#alert-text").wait_for()
    await page.set_viewport_size(ViewportSize(width=320, height=300))
    (left, top, right, bottom) = (await boxes(page, "#alert"))[0]
    assert left >= 0
    assert top >= 0
    assert right <= 320
    assert bottom <= 300
    await page.get_by_role("button", name="OK").click()
    await page.locator("#alert").wait_for(state="hidden")


@pytest.mark.browser
async def test_the_list_names_a_file_that_came_last(page: Page, api: BotApi) -> None:
    file = {"file_id": "x", "file_name": "JD.pdf", "file_size": 900}
    api.post(api.chats[ASHA], api.bot, "", [], document=file)
    await page.locator(f'.person[data-chat="{ASHA}"]').get_by_text("📄 JD.pdf").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("says", [False, True])
async def test_a_newcomer_is_greeted_until_they_press_got_it_or_say_something(browser: Browser, *, says: bool) -> None:
    places = (Place("Public site", "http://127.0.0.1:8001/", "what everybody reads"),)
    page = await browser.new_page(viewport=PHONE)
    async with BotApi(places=places) as api:
        api.add_user(ASHA, "Asha", about="a student")
        await page.goto(api.url)
        await page.get_by_role("heading", name="Welcome! You are Asha, a student").wait_for()
        site = page.locator("#hello").get_by_role("link", name="Public site")
        assert await site.get_attribute("href") == "http://127.0.0.1:8001/"
        tried, elsewhere = await page.locator("#hello ul").all_inner_texts()
        assert "Public site" in elsewhere
        assert "Public site" not in tried
        hello, field = await boxes(page, "#hello", "#composer")
        assert hello[3] <= field[1]
        if says:
            await page.get_by_label("Message", exact=True).fill("Zenith")
            await page.get_by_label("Message", exact=True).press("Enter")
        else:
            await page.get_by_role("button", name="Got it").click()
        await page.locator("#hello").wait_for(state="hidden")
        assert await page.locator("#places").get_by_role("link").count() == 1
    await page.close()
