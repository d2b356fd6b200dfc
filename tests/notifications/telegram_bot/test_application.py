"""The application around the apps' commands: guard, failures, menus, and what nobody understands."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from django.db import OperationalError
from pytest_django import Settings
from telegram import Bot, InlineKeyboardButton

from accounts.models import Subscriber
from accounts.pseudonyms import pseudonym
from accounts.subscribing import subscriptions
from accounts.subscribing.subscriptions import standing
from accounts.telegram import registry
from accounts.telegram.call import Call
from accounts.telegram.registry import Button, Command, in_database
from notifications.telegram_bot import application, bot_status
from notifications.telegram_bot.bot_status import State
from tests.bot import ADMIN, GROUP, OTHER, STUDENT, Talk, bot_at_work, cast

pytestmark = pytest.mark.django_db(transaction=True)

KILL = InlineKeyboardButton("Kill", callback_data="kill")


async def users(call: Call) -> None:
    await call.reply(f"Nobody {' '.join(call.words)}".strip(), [[KILL]])


async def kill(call: Call) -> None:
    await call.toast("Killed")


@pytest.fixture(autouse=True)
def admin_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command and a button for admins, as another app would register them."""
    application.discover()
    monkeypatch.setitem(registry.COMMANDS, "users", Command(("users",), "Who is here", users, admin=True))
    guarded = Button(re.compile("kill"), kill, admin=True, offer="")
    monkeypatch.setattr(registry, "BUTTONS", [*registry.BUTTONS, guarded])


@pytest.fixture
async def talk(settings: Settings) -> AsyncIterator[Talk]:
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN, 1999]
    async with cast() as api, bot_at_work(api, settings) as talk:
        yield talk


def menu(talk: Talk, chat: int) -> list[object]:
    return [entry["command"] for entry in talk.api.methods.menu(talk.api.chats[chat])]


async def test_an_admin_may_and_their_words_arrive(talk: Talk) -> None:
    answer = await talk.say("/users page 2", by=ADMIN)
    assert answer.text == "Nobody page 2"
    assert (await talk.press(answer, "Kill", by=ADMIN))["text"] == "Killed"


async def test_others_are_refused_and_logged(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    answer = await talk.say("/users", by=STUDENT)
    assert answer.text == str(application.ADMINS_ONLY)
    assert f"{pseudonym(STUDENT)} is no admin: 'users' was refused in {pseudonym(STUDENT)}." in caplog.text


async def test_the_user_counts_and_not_the_chat(talk: Talk) -> None:
    answer = await talk.say("/users", by=ADMIN, chat=GROUP)
    assert answer.text == "Nobody"
    assert (await talk.press(answer, "Kill", by=STUDENT))["text"] == application.ADMINS_ONLY
    await in_database(Subscriber.objects.create, telegram_id=GROUP, is_admin=True, kind="group")
    assert (await talk.say("/users", by=OTHER, chat=GROUP)).text == str(application.ADMINS_ONLY)


async def test_with_no_admin_named_everybody_is_refused(talk: Talk, settings: Settings) -> None:
    settings.ADMIN_TELEGRAM_USER_IDS = []
    assert (await talk.say("/users", by=ADMIN)).text == str(application.ADMINS_ONLY)


async def test_admins_see_their_commands_and_others_do_not(talk: Talk) -> None:
    await talk.api.until(lambda: talk.api.calls["setMyCommands"] == 4)
    assert {"start", "stop", "help"} < {*menu(talk, STUDENT)}
    everybody, of_admin = menu(talk, STUDENT), menu(talk, ADMIN)
    assert of_admin[: len(everybody)] == everybody
    assert "users" in of_admin[len(everybody) :]


async def test_an_admin_who_comes_later_gets_the_menu_by_start(talk: Talk, settings: Settings) -> None:
    settings.ADMIN_TELEGRAM_USER_IDS = [OTHER]
    await talk.say("/start", by=OTHER)
    await talk.idle()
    assert "users" in menu(talk, OTHER)


async def test_menus_that_cannot_be_registered_stop_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with cast() as api:
        api.faults.plan("error", methods=["setMyCommands"])
        async with bot_at_work(api, settings) as talk:
            assert (await talk.say("/start")).text.startswith("Welcome")
    assert "The command menu could not be registered" in caplog.text


async def test_a_failure_is_told_with_the_id_in_the_log(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise OperationalError("database is locked")

    welcome = await talk.say("/start")
    monkeypatch.setattr(subscriptions, "standing", fail)
    answer = await talk.say("/status")
    found = re.fullmatch(r"That didn't work\. Try again in a minute\. \((\w{6})\)", answer.text)
    assert found
    assert f"told as {found[1]}:" in caplog.text
    assert "database is locked" in caplog.text
    assert "Traceback" not in caplog.text
    pressed = await talk.press(welcome, "Choose what you want")
    assert pressed["show_alert"] is True
    assert str(pressed["text"]).startswith("That didn't work.")


async def test_a_chat_that_is_gone_is_switched_off(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    await talk.say("/start")
    talk.api.user_says(STUDENT, "/status")
    talk.api.block(STUDENT, silent=True)
    await talk.idle()
    found = await in_database(standing, STUDENT)
    assert found
    assert found.off_reason == "blocked"
    assert "didn't work" not in caplog.text


async def test_a_group_that_lets_it_write_no_more_is_switched_off(talk: Talk) -> None:
    await talk.say("/start", chat=GROUP)
    talk.api.user_says(STUDENT, "/status", chat_id=GROUP)
    talk.api.chats[GROUP].state = "restricted"
    await talk.idle()
    found = await in_database(standing, GROUP)
    assert found
    assert found.off_reason == "no_rights"


async def test_an_answer_telegram_refuses_is_one_line_in_the_log(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(application, "UNKNOWN_COMMAND", "x" * 5000)
    assert (await talk.say("/hello")).text.startswith("That didn't work.")
    assert "too_long" in caplog.text
    assert "Traceback" not in caplog.text


async def test_a_group_found_to_have_moved_is_moved(talk: Talk) -> None:
    await talk.say("/start", chat=GROUP)
    talk.api.user_says(STUDENT, "/status", chat_id=GROUP)
    talk.api.chats[GROUP].state, talk.api.chats[GROUP].migrated_to = "migrated", -1_001_000_000_009
    await talk.idle()
    assert await in_database(standing, -1_001_000_000_009)


@pytest.mark.parametrize("text", ["/unheard_of", "/start_", "/"])
async def test_unknown_commands_lead_to_help(talk: Talk, text: str) -> None:
    assert (await talk.say(text)).text == str(application.UNKNOWN_COMMAND)


async def test_a_button_nobody_answers_to_says_so(talk: Talk) -> None:
    welcome = await talk.say("/start")
    welcome.reply_markup = {"inline_keyboard": [[{"text": "old", "callback_data": "approve:run-17"}]]}
    assert (await talk.press(welcome, "old"))["text"] == application.UNKNOWN_BUTTON


async def test_updates_in_older_and_odder_shapes_are_survived(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """Shapes Telegram documents or once sent: no entities, a button without its message, a chat without a type."""
    user = {"id": STUDENT, "is_bot": False, "first_name": "Asha"}
    chat = {"id": STUDENT, "type": "private", "first_name": "Asha"}
    query = {"id": "1", "from": user, "chat_instance": "-1", "data": "choose"}
    talk.api.callback_answers["1"] = None
    talk.api.add_update("callback_query", {**query, "inline_message_id": "1a"})
    talk.api.add_update("message", {"message_id": 1, "date": 1, "chat": {"id": STUDENT}, "from": user, "text": "x"})
    talk.api.add_update("message", {"message_id": 2, "date": 1, "chat": chat, "from": user, "voice": {}})
    talk.api.add_update("message", {"message_id": 3, "date": 1, "chat": chat, "from": user, "text": "/start"})
    await talk.idle()
    assert talk.api.callback_answers["1"] == {"text": application.UNKNOWN_BUTTON, "show_alert": True, "url": ""}
    (welcome,) = talk.api.messages(STUDENT)
    assert welcome.text.startswith("Welcome")
    assert "Traceback" not in caplog.text


async def test_start_is_answered_well_under_a_second(talk: Talk) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    await talk.say("/start")
    assert loop.time() < started + 0.5


async def test_other_processes_can_read_how_the_bot_stands(settings: Settings) -> None:
    async with cast() as api, bot_at_work(api, settings):
        found = await in_database(bot_status.read)
        assert found
        assert (found.state, found.alive) == (State.POLLING, True)
    found = await in_database(bot_status.read)
    assert found
    assert (found.state, found.alive) == (State.STOPPED, False)


async def test_a_state_that_cannot_be_recorded_stops_nothing(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("no such table: cache")

    monkeypatch.setattr(bot_status, "report", fail)
    await application.report(print, Bot("1:secret"), State.OFFLINE)
    assert "could not be recorded" in caplog.text
