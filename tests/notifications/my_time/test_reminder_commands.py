"""/reminders: shown, switched by buttons and in a line."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from accounts.models import Timing
from accounts.telegram.registry import in_database
from accounts.telegram.replies import NOT_SUBSCRIBED
from notifications.my_time import reminder_commands
from tests.bot import GROUP, STUDENT, Talk, bot_at_work, cast, labels

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    async with cast() as api, bot_at_work(api, settings) as talk:
        await talk.say("/start")
        yield talk


def switched_on() -> str:
    """What is on, as ticks in the order of the buttons."""
    mine = Timing.objects.filter(subscriber__telegram_id=STUDENT).first() or Timing()
    return "".join("x" if getattr(mine, column) else "-" for column in reminder_commands.COLUMNS.values())


async def test_buttons_show_and_switch(talk: Talk) -> None:
    page = await talk.say("/reminders")
    assert [label[0] for label in labels(page)] == ["✅", "✅", "▫", "✅"]
    await talk.press(page, "▫️ 1 hour before a deadline")
    assert labels(page)[2].startswith("✅")
    await talk.press(page, "✅ 24 hours before a deadline")
    assert await in_database(switched_on) == "-xxx"


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("24h off", "-x-x"),
        ("1H ON", "xxxx"),
        ("3 hours off", "x--x"),
        ("events off", "xx--"),
        ("off", "----"),
        ("on", "xx-x"),
        ("5h on", "xx-x"),
        ("24h", "xx-x"),
    ],
)
async def test_one_line_switches(talk: Talk, line: str, on: str) -> None:
    answer = await talk.say(f"/reminders {line}")
    assert await in_database(switched_on) == on
    assert answer.text.startswith("Send one of these") == (line in ("5h on", "24h"))


async def test_off_and_on_again(talk: Talk) -> None:
    assert (await talk.say("/reminders off")).text.startswith("I remind you of nothing.")
    await talk.say("/reminders on")
    assert await in_database(switched_on) == "xx-x"


async def test_a_group_and_a_stranger_have_none(talk: Talk) -> None:
    assert (await talk.say("/reminders", chat=GROUP)).text == str(reminder_commands.IN_PRIVATE)
    assert (await talk.say("/reminders", by=1002)).text == str(NOT_SUBSCRIBED)
