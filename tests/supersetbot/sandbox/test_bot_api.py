"""The sandbox's Bot API over real sockets, called plainly and by python-telegram-bot."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import cast

import aiohttp
import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_faults import FaultKind
from supersetbot.sandbox.telegram.bot_rules import Json
from tests.paths import SAMPLES as ALL_SAMPLES

ASHA, RAVI, STRANGER = 101, 102, 999
GROUP, CHANNEL = -55, -1002000000001
SAMPLES = ALL_SAMPLES / "telegram"

Call = Callable[..., Coroutine[None, None, Json]]


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it python-telegram-bot warns of its own RetryAfter, and warnings are errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        running.add_user(ASHA, "Asha", username="asha")
        running.add_user(RAVI, "Ravi")
        running.add_group(GROUP, "Third year")
        running.add_channel(CHANNEL, "Placements", username="placements")
        yield running


@pytest.fixture
async def call(api: BotApi) -> AsyncIterator[Call]:
    """Calls a method with a JSON body; what comes back is the whole answer, whatever its status."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:

        async def make(method: str, **params: object) -> Json:
            async with session.post(f"{api.url}/bot{api.token}/{method}", json=params) as response:
                answer = cast("Json", await response.json())
                assert response.status == answer.get("error_code", 200)
                return answer

        yield make


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(api.token, base_url=f"{api.url}/bot") as running:
        yield running


async def result(answer: Awaitable[Json]) -> Json:
    got = await answer
    assert got["ok"], got
    return cast("Json", got["result"])


async def updates(call: Call, **params: object) -> list[Json]:
    return cast("list[Json]", await result(call("getUpdates", **params)))


# Calling it


async def test_a_wrong_token_is_unauthorized(api: BotApi) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{api.url}/bot1:x/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(call: Call) -> None:
    assert await call("sendFax") == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_method_names_are_read_in_any_case(call: Call, api: BotApi) -> None:
    await result(call("SENDMESSAGE", chat_id=ASHA, text="x"))
    assert api.calls == {"sendMessage": 1}


async def test_get_me_names_the_bot(bot: telegram.Bot, api: BotApi) -> None:
    assert (bot.bot.id, bot.username, bot.bot.is_bot) == (api.bot.id, "superset_sandbox_bot", True)


async def test_json_that_is_none_is_refused(api: BotApi) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Content-Type": "application/json"}
        async with session.post(f"{api.url}/bot{api.token}/sendMessage", data=b"{", headers=headers) as response:
            assert (await response.json())["description"] == "Bad Request: can't parse JSON object"


# Sending


async def test_a_message_is_answered_in_telegrams_shape_and_kept(call: Call, api: BotApi) -> None:
    sent = await result(call("sendMessage", chat_id=ASHA, text=" Hello ", entities=[]))
    assert sent == {
        "message_id": 1,
        "date": sent["date"],
        "chat": {"id": ASHA, "type": "private", "first_name": "Asha", "username": "asha"},
        "from": {"id": api.bot.id, "is_bot": True, "first_name": "SuperSet Bot", "username": "superset_sandbox_bot"},
        "text": "Hello",
    }
    (kept,) = api.messages(ASHA)
    assert (kept.chat_id, kept.message_id, kept.text, kept.deleted, kept.edits) == (ASHA, 1, "Hello", False, [])
    assert abs(kept.received - time.monotonic()) < 5


async def test_a_channel_is_found_by_its_name_and_numbers_its_messages(call: Call) -> None:
    await result(call("sendMessage", chat_id=ASHA, text="x"))
    posted = await result(call("sendMessage", chat_id="@Placements", text="x"))
    assert posted["message_id"] == 1
    assert posted["sender_chat"] == posted["chat"]
    assert "from" not in posted


async def test_python_telegram_bot_sends_forms(bot: telegram.Bot, api: BotApi) -> None:
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Open", url="https://example.org")]])
    entities = [telegram.MessageEntity("bold", 3, 6)]
    sent = await bot.send_message(ASHA, "🎯 Zenith & <Labs>", entities=entities, reply_markup=keyboard)
    (kept,) = api.messages(ASHA)
    assert (sent.text, kept.text) == ("🎯 Zenith & <Labs>",) * 2
    assert kept.entities == [{"type": "bold", "offset": 3, "length": 6}]
    assert kept.reply_markup == {"inline_keyboard": [[{"text": "Open", "url": "https://example.org"}]]}
    assert sent.reply_markup == keyboard


async def test_a_parse_mode_becomes_entities(bot: telegram.Bot) -> None:
    sent = await bot.send_message(ASHA, "<b>12</b> placed", parse_mode="HTML")
    assert (sent.text, sent.entities) == ("12 placed", (telegram.MessageEntity("bold", 0, 2),))


async def test_a_document_is_sent_as_multipart(bot: telegram.Bot, api: BotApi) -> None:
    sent = await bot.send_document(ASHA, b"a,b\n1,2\n", filename="roster.csv", caption="42 students")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size, sent.caption) == ("roster.csv", 8, "42 students")
    assert api.messages(ASHA)[0].document is not None


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"chat_id": ASHA, "text": " \n "}, "message text is empty"),
        ({"chat_id": ASHA}, "message text is empty"),
        ({"chat_id": ASHA, "text": "x" * 4097}, "message is too long"),
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": STRANGER, "text": "x"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ({"chat_id": "x", "text": "x"}, "chat not found"),
        ({"chat_id": ASHA, "text": "x", "entities": "["}, "can't parse entities JSON object"),
        ({"chat_id": ASHA, "text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_what_is_no_message_is_refused(call: Call, api: BotApi, params: Json, description: str) -> None:
    answer = await call("sendMessage", **params)
    assert answer == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}
    assert not api.messages()
    assert api.refusals == {400: 1}


# Chats that are closed


@pytest.mark.parametrize(
    ("close", "chat_id", "description"),
    [
        (lambda api: api.block(ASHA), ASHA, "bot was blocked by the user"),
        (lambda api: api.deactivate(ASHA), ASHA, "user is deactivated"),
        (lambda api: api.kick(GROUP), GROUP, "bot was kicked from the group chat"),
        (lambda api: api.kick(CHANNEL), CHANNEL, "bot was kicked from the channel chat"),
        (lambda api: api.my_chat_member(CHANNEL, "left"), CHANNEL, "bot is not a member of the channel chat"),
        (lambda api: api.my_chat_member(7, "not_started"), 7, "bot can't initiate conversation with a user"),
    ],
)
async def test_a_closed_chat_is_forbidden(
    call: Call, api: BotApi, close: Callable[[BotApi], None], chat_id: int, description: str
) -> None:
    close(api)
    answer = await call("sendMessage", chat_id=chat_id, text="x")
    assert (answer["error_code"], answer["description"]) == (403, f"Forbidden: {description}")


async def test_an_unblocked_chat_is_open_again(bot: telegram.Bot, api: BotApi) -> None:
    api.block(ASHA)
    with pytest.raises(Forbidden):
        await bot.send_message(ASHA, "x")
    api.unblock(ASHA)
    await bot.send_message(ASHA, "x")


async def test_a_group_that_became_a_supergroup_says_where_it_went(bot: telegram.Bot, api: BotApi) -> None:
    api.migrate(GROUP, -1001234567890)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(GROUP, "x")
    assert moved.value.new_chat_id == -1001234567890
    await bot.send_message(-1001234567890, "x")


async def test_the_refusal_of_a_migrated_group_has_the_real_shape(call: Call, api: BotApi) -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"*** no samples at {SAMPLES} ***")
    real = json.loads((SAMPLES / "field_examples_anonymised.json").read_text())["error_supergroup_migrated"]
    new_id = real["parameters"]["migrate_to_chat_id"]
    api.migrate(GROUP, new_id)
    assert await call("sendMessage", chat_id=GROUP, text="x") == real


# Edits, answers, menus


async def test_an_edit_keeps_what_was_there_before(bot: telegram.Bot, api: BotApi) -> None:
    sent = await bot.send_message(ASHA, "Sat 29 Nov", parse_mode=None)
    await bot.edit_message_text("Sun 30 Nov", ASHA, sent.message_id)
    (kept,) = api.messages(ASHA)
    assert (kept.text, [version.text for version in kept.edits]) == ("Sun 30 Nov", ["Sat 29 Nov"])
    assert kept.edit_date is not None


async def test_an_edit_without_a_keyboard_takes_it_away(call: Call, api: BotApi) -> None:
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    await result(call("sendMessage", chat_id=ASHA, text="x", reply_markup=keyboard))
    edited = await result(call("editMessageReplyMarkup", chat_id=ASHA, message_id=1))
    assert "reply_markup" not in edited
    assert api.messages(ASHA)[0].edits[0].reply_markup == keyboard


async def test_an_edit_that_changes_nothing_is_refused(bot: telegram.Bot) -> None:
    sent = await bot.send_message(ASHA, "x")
    with pytest.raises(BadRequest, match="exactly the same as a current content and reply markup of the message"):
        await bot.edit_message_text(" x ", ASHA, sent.message_id)


async def test_only_the_bots_own_messages_can_be_edited(call: Call, api: BotApi) -> None:
    theirs = api.user_says(ASHA, "hello")
    answer = await call("editMessageText", chat_id=ASHA, message_id=theirs.message_id, text="x")
    assert answer["description"] == "Bad Request: message can't be edited"
    answer = await call("editMessageText", chat_id=ASHA, message_id=77, text="x")
    assert answer["description"] == "Bad Request: message to edit not found"


async def test_a_deleted_message_is_marked_and_gone_for_the_bot(call: Call, api: BotApi) -> None:
    await result(call("sendMessage", chat_id=ASHA, text="x"))
    await result(call("deleteMessage", chat_id=ASHA, message_id=1))
    assert api.messages(ASHA)[0].deleted
    answer = await call("deleteMessage", chat_id=ASHA, message_id=1)
    assert answer["description"] == "Bad Request: message to delete not found"


async def test_a_press_reaches_the_bot_and_its_answer_the_player(bot: telegram.Bot, api: BotApi) -> None:
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Yes", callback_data="wants:yes")]])
    sent = await bot.send_message(ASHA, "Sure?", reply_markup=keyboard)
    query_id = api.press(ASHA, sent.message_id, "Yes")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert (query.id, query.data, query.from_user.id, query.message.message_id) == (query_id, "wants:yes", ASHA, 1)
    assert api.callback_answers[query_id] is None
    await query.answer("Saved", show_alert=True)
    assert api.callback_answers[query_id] == {"text": "Saved", "show_alert": True, "url": ""}


async def test_a_button_that_is_not_there_cannot_be_pressed(call: Call, api: BotApi) -> None:
    await result(call("sendMessage", chat_id=ASHA, text="x"))
    with pytest.raises(ValueError, match="no callback button"):
        api.press(ASHA, 1, "Yes")


async def test_an_unknown_query_is_too_old(call: Call) -> None:
    answer = await call("answerCallbackQuery", callback_query_id="1")
    assert "query is too old" in str(answer["description"])


async def test_the_narrowest_menu_is_the_one_shown(bot: telegram.Bot, api: BotApi) -> None:
    await bot.set_my_commands([("start", "Subscribe")])
    await bot.set_my_commands([("users", "Who")], scope=telegram.BotCommandScopeChat(RAVI))
    menus = {chat_id: api.methods.menu(api.chats[chat_id]) for chat_id in (ASHA, RAVI)}
    assert menus == {
        ASHA: [{"command": "start", "description": "Subscribe"}],
        RAVI: [{"command": "users", "description": "Who"}],
    }
    assert [c.command for c in await bot.get_my_commands(telegram.BotCommandScopeChat(RAVI))] == ["users"]
    await bot.delete_my_commands(telegram.BotCommandScopeChat(RAVI))
    assert api.methods.menu(api.chats[RAVI]) == menus[ASHA]


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"commands": [{"command": "Bad Name", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": {}}, "expected an Array of BotCommand"),
        ({"commands": [], "scope": {"type": "moon"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": STRANGER}}, "chat not found"),
    ],
)
async def test_a_menu_of_another_shape_is_refused(call: Call, params: Json, description: str) -> None:
    assert (await call("setMyCommands", **params))["description"] == f"Bad Request: {description}"


async def test_chats_and_members_can_be_asked_for(bot: telegram.Bot, api: BotApi) -> None:
    assert (await bot.get_chat(CHANNEL)).title == "Placements"
    assert (await bot.get_chat_member(CHANNEL, api.bot.id)).status == "administrator"
    assert (await bot.get_chat_member(GROUP, ASHA)).status == "member"
    assert await bot.send_chat_action(ASHA, "typing")


async def test_a_bot_that_left_is_out(bot: telegram.Bot, api: BotApi) -> None:
    await bot.leave_chat(GROUP)
    assert (await bot.get_chat_member(GROUP, api.bot.id)).status == "left"


# Updates


async def test_what_a_person_writes_is_an_update(call: Call, api: BotApi) -> None:
    message = api.user_says(ASHA, "🎯 /start now https://example.org/x")
    (update,) = await updates(call)
    body = cast("Json", update["message"])
    assert body == {
        "message_id": message.message_id,
        "date": message.date,
        "chat": {"id": ASHA, "type": "private", "first_name": "Asha", "username": "asha"},
        "from": {"id": ASHA, "is_bot": False, "first_name": "Asha", "username": "asha", "language_code": "en"},
        "text": "🎯 /start now https://example.org/x",
        "entities": [
            {"type": "bot_command", "offset": 3, "length": 6},
            {"type": "url", "offset": 14, "length": 21},
        ],
    }


async def test_who_blocked_the_bot_unblocks_it_by_writing(bot: telegram.Bot, api: BotApi) -> None:
    api.block(ASHA, silent=True)
    api.user_says(ASHA, "/start")
    unblocked, started = await bot.get_updates()
    assert unblocked.my_chat_member is not None
    assert started.message is not None
    assert unblocked.my_chat_member.new_chat_member.status == "member"
    assert api.chats[ASHA].state == "open"


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda api: api.block(ASHA), (ASHA, ASHA, "member", "kicked")),
        (lambda api: api.kick(GROUP, by=RAVI), (GROUP, RAVI, "member", "kicked")),
        (lambda api: api.kick(CHANNEL), (CHANNEL, ASHA, "administrator", "kicked")),
    ],
)
async def test_a_change_of_membership_is_an_update(
    bot: telegram.Bot, api: BotApi, change: Callable[[BotApi], None], seen: tuple[int, int, str, str]
) -> None:
    change(api)
    (update,) = await bot.get_updates()
    it = update.my_chat_member
    assert it is not None
    assert (it.chat.id, it.from_user.id, it.old_chat_member.status, it.new_chat_member.status) == seen


async def test_membership_updates_have_the_real_shape(call: Call, api: BotApi) -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"*** no samples at {SAMPLES} ***")
    real = json.loads((SAMPLES / "field_examples_anonymised.json").read_text())
    api.my_chat_member(CHANNEL, "left", silent=True)
    api.block(RAVI)
    api.add_bot(CHANNEL, by=ASHA)
    found = [cast("Json", update["my_chat_member"]) for update in await updates(call)]
    samples = [real["my_chat_member_blocked_private"], real["my_chat_member_channel_admin"]]
    for ours, sample in zip(found, samples, strict=True):
        theirs = sample["my_chat_member"]
        assert ours.keys() == theirs.keys()
        assert cast("Json", ours["new_chat_member"]).keys() == theirs["new_chat_member"].keys()
        assert cast("Json", ours["old_chat_member"]).keys() == theirs["old_chat_member"].keys()


async def test_a_confirmed_update_is_forgotten(call: Call, api: BotApi) -> None:
    for text in ("a", "b", "c"):
        api.user_says(ASHA, text)
    first, second = await updates(call, limit=2)
    rest = await updates(call, offset=int(str(second["update_id"])))
    assert [update["update_id"] for update in rest] == [second["update_id"], int(str(second["update_id"])) + 1]
    assert first["update_id"] not in [update["update_id"] for update in await updates(call)]


async def test_a_negative_offset_keeps_the_newest(call: Call, api: BotApi) -> None:
    for text in ("a", "b", "c"):
        api.user_says(ASHA, text)
    (update,) = await updates(call, offset=-1)
    assert cast("Json", update["message"])["text"] == "c"


async def test_only_the_kinds_asked_for_are_queued(call: Call, api: BotApi) -> None:
    await updates(call, allowed_updates=["message"])
    api.block(ASHA)
    api.user_says(RAVI, "x")
    assert [set(update) for update in await updates(call)] == [{"update_id", "message"}]


async def test_a_long_poll_ends_as_soon_as_something_comes(call: Call, api: BotApi) -> None:
    poll = asyncio.create_task(updates(call, timeout=30))
    await api.until(lambda: api.calls["getUpdates"] == 1)
    api.user_says(ASHA, "x")
    assert len(await poll) == 1


async def test_a_second_poller_sends_the_first_away(call: Call, bot: telegram.Bot, api: BotApi) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await api.until(lambda: api._poller is not None)
    second = asyncio.create_task(updates(call, timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await first
    api.user_says(ASHA, "x")
    assert len(await second) == 1


async def test_a_poller_that_hung_up_is_nobodys_rival(call: Call, api: BotApi) -> None:
    gone = asyncio.create_task(updates(call, timeout=30))
    await api.until(lambda: api._poller is not None)
    gone.cancel()
    api.changed.fire()
    next_poll = asyncio.create_task(updates(call, timeout=30))
    await api.until(lambda: api.calls["getUpdates"] == 2)
    api.user_says(ASHA, "x")
    assert len(await next_poll) == 1
    assert api.refusals == {}


async def test_polling_and_a_webhook_exclude_each_other(bot: telegram.Bot, api: BotApi) -> None:
    api.user_says(ASHA, "x")
    await bot.set_webhook("https://example.org/hook")
    assert (await bot.get_webhook_info()).url == "https://example.org/hook"
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_webhook_needs_https(call: Call) -> None:
    assert (await call("setWebhook", url="http://example.org"))["error_code"] == 400


# Limits


async def test_the_rate_over_all_chats_is_limited() -> None:
    async with BotApi(per_second=3, any_chat=True) as api, telegram.Bot(api.token, base_url=f"{api.url}/bot") as bot:
        for chat_id in (1, 2, 3):
            await bot.send_message(chat_id, "x")
        with pytest.raises(RetryAfter) as refusal:
            await bot.send_message(4, "x")
        assert refusal.value.retry_after == timedelta(seconds=1)
        assert (api.busiest_second(), len(api.sent_times()), api.refusals[429]) == (3, 3, 1)
        assert [seconds for _, seconds in api.pauses] == [1]


async def test_a_429_says_how_long_in_body_and_header() -> None:
    async with BotApi(per_chat=1, any_chat=True) as api, aiohttp.ClientSession() as session:
        url = f"{api.url}/bot{api.token}/sendMessage"
        for chat_id in (1, 2):
            async with session.post(url, data={"chat_id": chat_id, "text": "x"}) as response:
                assert response.status == 200
        async with session.post(url, data={"chat_id": 1, "text": "x"}) as response:
            assert response.headers["Retry-After"] == "1"
            assert await response.json() == {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1},
            }


async def test_a_group_has_a_limit_a_minute(call: Call, api: BotApi) -> None:
    api.behave(per_group_minute=2)
    for chat_id in (GROUP, GROUP, ASHA, ASHA, ASHA):
        await result(call("sendMessage", chat_id=chat_id, text="x"))
    answer = await call("sendMessage", chat_id=GROUP, text="x")
    assert 58 <= cast("dict[str, int]", answer["parameters"])["retry_after"] <= 60


async def test_what_was_refused_does_not_count(call: Call, api: BotApi) -> None:
    api.behave(per_second=1)
    assert (await call("sendMessage", chat_id=STRANGER, text="x"))["error_code"] == 400
    await result(call("sendMessage", chat_id=ASHA, text="x"))


# Faults


async def test_a_planned_flood_strikes_each_third_message(bot: telegram.Bot, api: BotApi) -> None:
    api.faults.plan("flood", every=3, retry_after=40)
    outcomes = await asyncio.gather(*(bot.send_message(ASHA, "x") for _ in range(6)), return_exceptions=True)
    floods = [outcome for outcome in outcomes if isinstance(outcome, RetryAfter)]
    assert len(floods) == 2
    assert floods[0].retry_after == timedelta(seconds=40)
    assert len(api.messages(ASHA)) == 4


async def test_a_share_of_faults_is_the_same_for_the_same_seed(call: Call) -> None:
    struck = []
    for _ in range(2):
        api = BotApi(seed=7)
        api.faults.plan("error", share=0.3)
        struck.append([api.faults.due("sendMessage") is not None for _ in range(50)])
    assert struck[0] == struck[1]
    assert 5 < sum(struck[0]) < 25


@pytest.mark.parametrize(
    ("kind", "error", "kept"),
    [
        ("flood_without_parameters", NetworkError, 0),
        ("error", NetworkError, 0),
        ("bad_gateway", NetworkError, 0),
        ("unauthorized", InvalidToken, 0),
        ("proxy_page", telegram.error.Forbidden, 0),
        ("proxy_json", telegram.error.Forbidden, 0),
        ("logged_out", telegram.error.BadRequest, 0),
        ("drop", NetworkError, 0),
        ("down", NetworkError, 0),
        ("broken_json", telegram.error.TelegramError, 1),
        ("lost_reply", NetworkError, 1),
    ],
)
async def test_a_fault_strikes_once_and_loses_what_it_should(
    bot: telegram.Bot, api: BotApi, kind: FaultKind, error: type[Exception], kept: int
) -> None:
    api.faults.plan(kind, times=1)
    with pytest.raises(error):
        await bot.send_message(ASHA, "x")
    assert len(api.messages(ASHA)) == kept
    await bot.send_message(ASHA, "x")


@pytest.mark.parametrize(("kind", "kept"), [("hang", 0), ("silence", 1)])
async def test_a_call_that_is_never_answered_times_out(
    bot: telegram.Bot, api: BotApi, kind: FaultKind, kept: int
) -> None:
    api.faults.plan(kind, times=1)
    with pytest.raises(telegram.error.TimedOut):
        await bot.send_message(ASHA, "x", read_timeout=0.05)
    assert len(api.messages(ASHA)) == kept


async def test_faults_can_be_for_other_methods_and_be_cleared(bot: telegram.Bot, api: BotApi) -> None:
    api.faults.plan("error", methods=["getUpdates"])
    await bot.send_message(ASHA, "x")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    api.faults.clear()
    await bot.get_updates()


def test_an_unknown_fault_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such fault: rain"):
        BotApi().faults.plan("rain")  # type: ignore[arg-type]  # the test varies the arguments


async def test_latency_delays_the_answer_not_the_message(call: Call, api: BotApi) -> None:
    api.behave(latency=30)
    sending = asyncio.create_task(call("sendMessage", chat_id=ASHA, text="x"))
    await api.until(lambda: len(api.messages(ASHA)) == 1)
    assert not sending.done()
    sending.cancel()


# Running it


async def test_it_can_be_stopped_and_started_again_with_what_it_knew(call: Call, api: BotApi) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await api.until(lambda: api._poller is not None)
    port = int(api.url.rpartition(":")[2])
    await api.stop()
    await asyncio.gather(poll, return_exceptions=True)
    await api.start(port=port)
    await result(call("sendMessage", chat_id=ASHA, text="x"))


def test_a_thread_can_run_it_for_code_without_a_loop() -> None:
    with BotApi(any_chat=True).in_thread() as api:
        asyncio.run(_send(api))
        api.wait_until(lambda: len(api.messages(5)) == 1)
        with pytest.raises(TimeoutError, match="1 messages"):
            api.wait_until(lambda: False, seconds=0.01)


async def _send(api: BotApi) -> None:
    async with telegram.Bot(api.token, base_url=f"{api.url}/bot") as bot:
        await bot.send_message(5, "x")


async def test_light_mode_keeps_figures_and_no_messages() -> None:
    async with BotApi(record=False, any_chat=True) as api, telegram.Bot(api.token, base_url=f"{api.url}/bot") as bot:
        for chat_id in (1, 2, 2):
            await bot.send_message(chat_id, "x")
        assert (api.messages(), dict(api.sent_by_chat), len(api.sent_times())) == ([], {1: 1, 2: 2}, 3)
        assert not api.chats


def test_it_runs_as_its_own_process() -> None:
    command = [sys.executable, "-m", "supersetbot.sandbox.telegram.bot_api", "--light", "--any-chat", "--token", "1:a"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        figures = asyncio.run(_drive(said["url"], said["token"]))
        process.terminate()
    assert process.returncode == 0
    assert (figures["sent"], figures["sent_by_chat"], figures["refusals"]) == (2, {"5": 2}, {"403": 1})


async def _drive(url: str, token: str) -> Json:
    async with aiohttp.ClientSession() as session:
        for chat_id in (5, 5, 6):
            await session.post(f"{url}/_control", json={"do": "block", "chat_id": 6})
            await session.post(f"{url}/bot{token}/sendMessage", json={"chat_id": chat_id, "text": "x"})
        async with session.get(f"{url}/_control") as response:
            return cast("Json", await response.json())
