"""/account: the link and the Mini App's button it sends, and how it closes the page everywhere."""

from collections.abc import AsyncIterator
from typing import Any
from typing import cast as cast_to
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import AccountLink, AccountSession
from accounts.telegram.registry import in_database
from accounts.telegram.replies import NOT_SUBSCRIBED
from notifications.models import WaitingReply
from supersetbot.sandbox.telegram.bot_rules import Json
from tests.bot import GROUP, OTHER, STUDENT, Talk, bot_at_work, cast, labels
from tests.supersetbot.account.conftest import SAME_ORIGIN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.WEBSITE_URL, settings.HTTPS = "http://127.0.0.1:8000/", False
    async with cast() as api, bot_at_work(api, settings) as talk:
        await talk.say("/start")
        yield talk


def rows(markup: Json | None) -> list[list[dict[str, Any]]]:
    return cast_to("list[list[dict[str, Any]]]", (markup or {})["inline_keyboard"])


def address(markup: Json | None) -> str:
    return str(rows(markup)[0][0]["url"])


async def test_the_link_opens_the_page_and_is_stored_nowhere(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    answer = await talk.say("/account")
    assert labels(answer) == ["Open it in my browser"]
    url = urlsplit(address(answer.reply_markup))
    assert (url.netloc, url.path) == ("127.0.0.1:8000", "/me/in")
    assert url.fragment
    assert not await in_database(WaitingReply.objects.exists)
    assert url.fragment not in str(await in_database(lambda: list(AccountLink.objects.values())))
    assert url.fragment not in caplog.text

    def open_it() -> int:
        return Client(headers=SAME_ORIGIN).post(url.path, {"secret": url.fragment}).status_code

    assert await in_database(open_it) == 302
    assert (
        await talk.say("/account off")
    ).text == "Your page is closed everywhere, and keys for programs no longer work."
    assert not await in_database(AccountSession.objects.exists)
    assert (await talk.say("/account off")).text == "Your page was open nowhere."


async def test_off_ends_a_link_that_waits(talk: Talk) -> None:
    await talk.say("/account")
    await talk.say("/account off")
    assert not await in_database(AccountLink.objects.exists)


async def test_over_https_telegram_itself_opens_it(talk: Talk, settings: Settings) -> None:
    settings.WEBSITE_URL = "https://bot.example.edu"
    answer = await talk.say("/account")
    buttons = [button for row in rows(answer.reply_markup) for button in row]
    assert buttons[0]["web_app"] == {"url": "https://bot.example.edu/me/in"}
    assert buttons[1]["url"].startswith("https://bot.example.edu/me/in#")


async def test_what_telegrams_clients_hand_over_lets_its_owner_in_once(talk: Talk, settings: Settings) -> None:
    """The button of the bot, pressed as Telegram's side does it, with data that the bot's token signed."""
    settings.WEBSITE_URL, settings.TELEGRAM_BOT_TOKEN = "https://bot.example.edu", talk.api.token
    answer = await talk.say("/account")
    opened = urlsplit(talk.api.open_web_app(STUDENT, answer.message_id, "Open it here"))
    (data,) = parse_qs(opened.fragment)["tgWebAppData"]

    def open_it() -> tuple[int, str]:
        browser = Client(headers=SAME_ORIGIN)
        status = browser.post(opened.path, {"init_data": data}).status_code
        return status, browser.get("/me/").content.decode()

    status, page = await in_database(open_it)
    assert (status, "This is the page of <strong>Asha</strong>" in page) == (302, True)
    assert (await in_database(open_it))[0] == 403
    settings.TELEGRAM_BOT_TOKEN = "1:another"
    opened = urlsplit(talk.api.open_web_app(STUDENT, answer.message_id, "Open it here"))
    (data,) = parse_qs(opened.fragment)["tgWebAppData"]
    assert (await in_database(open_it))[0] == 403


async def test_who_gets_no_link_is_told_why(talk: Talk, settings: Settings) -> None:
    assert (await talk.say("/account", by=OTHER)).text == str(NOT_SUBSCRIBED)
    assert "private chat" in (await talk.say("/account", chat=GROUP)).text
    for _ in range(12):
        answer = await talk.say("/account")
    assert answer.text.startswith("That was too often.")
    settings.WEBSITE_URL = ""
    assert (await talk.say("/account")).text.startswith("There is no web page here.")
