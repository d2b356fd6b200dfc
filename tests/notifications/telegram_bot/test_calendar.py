"""/calendar: one's own address, another one, none."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from accounts.telegram.registry import in_database
from accounts.telegram.replies import NOT_SUBSCRIBED
from notifications.models import CalendarLink, WaitingReply
from notifications.my_time.own_calendar import own_calendar
from tests.bot import GROUP, STUDENT, Talk, bot_at_work, cast, labels

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "https://bot.example.edu"


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.WEBSITE_URL = f"{SITE}/"
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def address(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("https://"))


async def opens(text: str) -> bool:
    token = address(text).removeprefix(f"{SITE}/calendar/").removesuffix(".ics")
    return await in_database(own_calendar, token, SITE) is not None


async def test_an_address_is_shown_again_renewed_and_ended(talk: Talk) -> None:
    await talk.say("/start")
    first = await talk.say("/calendar")
    assert labels(first) == ["iPhone, Mac, Outlook", "Google Calendar"]
    (code,) = first.entities
    start = len(first.text[: first.text.index("https://")].encode("utf-16-le")) // 2
    assert (code["type"], code["offset"], code["length"]) == ("code", start, len(address(first.text)))
    again = await talk.say("/calendar")
    assert address(again.text) == address(first.text)
    assert await opens(first.text)
    new = await talk.say("/calendar new")
    assert address(new.text) != address(first.text)
    assert not await opens(first.text)
    assert await opens(new.text)
    off = await talk.say("/calendar off")
    assert off.text == "Your calendar is off: its address opens nothing any more."
    assert not await opens(new.text)
    assert (await talk.say("/calendar off")).text == "You have no calendar. /calendar makes one."
    assert "/calendar new" in (await talk.say("/calendar please")).text
    assert not await in_database(WaitingReply.objects.exists)


async def test_not_to_strangers_and_not_in_groups(talk: Talk) -> None:
    assert (await talk.say("/calendar")).text == str(NOT_SUBSCRIBED)
    assert (await talk.say("/calendar", chat=GROUP)).text == "Please send me /calendar in a private chat."
    assert not await in_database(CalendarLink.objects.exists)


async def test_without_a_site_there_is_nothing_to_ask(talk: Talk, settings: Settings) -> None:
    await talk.say("/start")
    settings.WEBSITE_URL = ""
    assert (await talk.say("/calendar")).text == "There is no web page yet that a calendar could ask."


async def test_forget_ends_it_and_mydata_tells_of_it(talk: Talk) -> None:
    await talk.say("/start")
    shown = await talk.say("/calendar")
    told = await talk.say("/mydata")
    assert "• your secret calendar" in told.text
    await talk.press(await talk.say("/forget"), "forget:yes", by=STUDENT)
    assert not await opens(shown.text)
