"""Polling over real sockets: order, confirmation, and all that can go wrong on the way."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from pytest_django import Settings
from telegram import Update
from telegram.error import Conflict, TimedOut

from notifications.channels.base import ChannelStoppedError
from notifications.telegram_bot import polling
from notifications.telegram_bot.application import build
from notifications.telegram_bot.bot_status import State
from notifications.telegram_bot.polling import Health, Poller, UpdatesRequest
from notifications.telegram_bot.reply_queue import ReplyQueue
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.bot import GROUP, OTHER, STUDENT, cast

Answer = Callable[[Update], Awaitable[None]]


class Bot:
    """A poller that notes what it answers and reports; `answer` may be replaced."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.said: list[str] = []
        self.reports: list[tuple[State, str]] = []
        self.stop = asyncio.Event()
        self.answer: Answer = self.note
        replies = ReplyQueue()
        self.application = build(api.token, replies)
        self.poller = Poller(self.application.bot, self._answer, self._report, self.stop, replies)
        self.polling: asyncio.Task[None] | None = None

    async def start(self) -> None:
        assert await self.poller.connect(self.application.bot.initialize)
        self.polling = asyncio.create_task(self.poller.run())

    async def end(self) -> None:
        """As on SIGTERM."""
        self.stop.set()
        if self.polling:
            await self.polling
        await self.application.bot.shutdown()

    async def die(self) -> None:
        """As on SIGKILL: nothing is finished, nothing confirmed."""
        assert self.polling
        self.polling.cancel()
        await asyncio.wait([self.polling])
        await self.application.bot.shutdown()

    async def heard(self, *texts: str) -> None:
        await self.api.until(lambda: len(self.said) >= len(texts))
        assert self.said == list(texts)

    async def note(self, update: Update) -> None:
        self.said.append(_text(update))
        self.api.changed.fire()

    async def _answer(self, update: Update) -> None:
        await self.answer(update)

    async def _report(self, state: State, text: str) -> bool:
        self.reports.append((state, text))
        self.api.changed.fire()
        return True

    def states(self) -> list[State]:
        return [state for state, _ in self.reports]


def _text(update: Update) -> str:
    return (update.message.text if update.message else None) or ""


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[BotApi]:
    async with cast() as api:
        settings.TELEGRAM_API_URL = api.url
        yield api


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    bot = Bot(api)
    yield bot
    await bot.end()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of a hundredth of the usual."""
    monkeypatch.setattr(polling, "SHORTEST_WAIT_SECONDS", 0.005)
    monkeypatch.setattr(polling, "LONGEST_WAIT_SECONDS", 0.05)


async def test_what_was_sent_while_it_was_down_is_answered(api: BotApi, bot: Bot) -> None:
    api.user_says(STUDENT, "/start")
    api.user_says(STUDENT, "/stop")
    await bot.start()
    await bot.heard("/start", "/stop")


async def test_an_answered_update_is_not_answered_again(api: BotApi, bot: Bot) -> None:
    api.user_says(STUDENT, "/start")
    await bot.start()
    await bot.heard("/start")
    await bot.end()
    assert not api.updates


async def test_a_crash_loses_no_update(api: BotApi, bot: Bot) -> None:
    victim = Bot(api)
    reached = asyncio.Event()

    async def hang(_: Update) -> None:
        reached.set()
        await asyncio.Event().wait()

    victim.answer = hang
    await victim.start()
    api.user_says(STUDENT, "/start")
    await reached.wait()
    await victim.die()
    await bot.start()
    await bot.heard("/start")


async def test_a_stop_finishes_what_is_in_hand(api: BotApi, bot: Bot) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(update: Update) -> None:
        reached.set()
        await go_on.wait()
        await bot.note(update)

    bot.answer = slowly
    await bot.start()
    api.user_says(STUDENT, "/start")
    await reached.wait()
    bot.stop.set()
    go_on.set()
    await bot.end()
    assert bot.said == ["/start"]
    assert not api.updates


async def test_a_chat_is_answered_in_order_and_holds_up_no_other(
    api: BotApi, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PATIENCE_SECONDS", 0.01)
    go_on = asyncio.Event()

    async def answer(update: Update) -> None:
        if _text(update) == "slow":
            await go_on.wait()
        await bot.note(update)

    bot.answer = answer
    await bot.start()
    for by, text in ((STUDENT, "slow"), (STUDENT, "after"), (OTHER, "quick")):
        api.user_says(by, text)
    await bot.heard("quick")
    api.user_says(STUDENT, "last")
    api.user_says(OTHER, "quick too")
    await bot.heard("quick", "quick too")
    go_on.set()
    await bot.heard("quick", "quick too", "slow", "after", "last")


async def test_an_answer_without_an_end_is_given_up(
    api: BotApi, bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(polling, "LONGEST_ANSWER_SECONDS", 0.01)

    async def answer(update: Update) -> None:
        if _text(update) == "hang":
            await asyncio.Event().wait()
        await bot.note(update)

    bot.answer = answer
    await bot.start()
    api.user_says(STUDENT, "hang")
    api.user_says(STUDENT, "/start")
    await bot.heard("/start")
    assert "was given up" in caplog.text


async def test_an_update_nobody_can_read_holds_up_nothing(
    api: BotApi, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    api.add_update("message", {"message_id": 1, "date": 1, "chat": {"id": STUDENT}, "text": "/start"})
    api.add_update("message", {"message_id": "?", "chat": None})
    api.user_says(STUDENT, "/stop")
    await bot.start()
    await api.until(lambda: len(bot.said) == 3)
    assert "/stop" in bot.said
    assert caplog.text.count("can't be read") == 2
    await bot.end()
    assert not api.updates


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_an_id_beyond_64_bits_is_one_line_in_the_log(number: int, caplog: pytest.LogCaptureFixture) -> None:
    user = {"id": number, "is_bot": False, "first_name": "Asha"}
    chat = {"id": number, "type": "private", "first_name": "Asha"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "/start"}
    moved = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "group"}, "migrate_to_chat_id": number}
    pressed = {"id": "1", "from": user, "chat_instance": "1", "data": "choose", "message": message}
    kinds = {"message": message, "edited_message": moved, "callback_query": pressed, "my_chat_member": {"from": user}}
    updates = [{"update_id": 7, kind: body} for kind, body in kinds.items()]
    payload = json.dumps({"ok": True, "result": updates}).encode()
    assert UpdatesRequest.parse_json_payload(payload)["result"] == [{"update_id": 7}] * 4
    assert [record.message for record in caplog.records] == [
        "Update 7 can't be read (OverflowError) and is left out."
    ] * 4


@pytest.mark.parametrize(
    ("found", "read"),
    [
        (True, []),
        (None, []),
        ({"update_id": 1}, []),
        ([1, None, {}, {"update_id": "1"}], []),
        ([{"update_id": 7, "message": []}], [{"update_id": 7}]),
    ],
)
def test_what_is_no_list_of_updates_is_read_as_far_as_it_goes(found: object, read: list[object]) -> None:
    payload = json.dumps({"ok": True, "result": found}).encode()
    assert UpdatesRequest.parse_json_payload(payload)["result"] == read


@pytest.mark.usefixtures("impatient")
async def test_telegram_out_of_reach_is_told_once_and_so_is_its_return(
    api: BotApi, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    api.faults.plan("down", times=5)
    with caplog.at_level(logging.INFO):
        await bot.start()
        await api.until(lambda: State.POLLING in bot.states())
        api.faults.plan("bad_gateway", times=2, methods=["getUpdates"])
        api.faults.plan("broken_json", times=2, methods=["getUpdates"])
        api.user_says(STUDENT, "/start")
        await bot.heard("/start")
        await api.until(lambda: bot.states()[-1] == State.POLLING)
    assert bot.states() == [State.OFFLINE, State.POLLING] * 2
    assert caplog.text.count("can't be reached") == 2
    assert api.token not in caplog.text


@pytest.mark.usefixtures("impatient")
async def test_a_pause_telegram_asks_for_is_kept(api: BotApi, bot: Bot) -> None:
    api.faults.plan("flood", times=1, retry_after=1, methods=["getUpdates"])
    loop = asyncio.get_running_loop()
    await bot.start()
    started = loop.time()
    await api.until(lambda: State.POLLING in bot.states())
    assert loop.time() > started + 0.9


@pytest.mark.usefixtures("impatient")
async def test_a_second_bot_is_one_clear_error_in_both_logs(
    api: BotApi, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    second = Bot(api)
    await bot.start()
    await second.start()
    await api.until(lambda: api.refusals[409] > 6)
    await second.end()
    assert caplog.text.count("Another bot polls with the same token (409)") == 2
    for states in (bot.states(), second.states()):
        assert states == [State.POLLING, State.CONFLICT]


async def test_a_second_bot_is_gone_when_polls_went_well_for_a_while() -> None:
    reports: list[State] = []
    now = 0.0

    async def report(state: State, _: str) -> bool:
        reports.append(state)
        return True

    health = Health(report, clock=lambda: now)
    waits = [await health.failed(Conflict("terminated by other getUpdates request")) for _ in range(8)]
    assert polling.LONGEST_WAIT_SECONDS / 2 < waits[-1] <= polling.LONGEST_WAIT_SECONDS
    now = polling.QUIET_SECONDS - 1
    await health.well()
    assert reports == [State.CONFLICT]
    now += 2
    await health.well()
    assert reports == [State.CONFLICT, State.POLLING]
    assert await health.failed(TimedOut()) <= polling.SHORTEST_WAIT_SECONDS


async def test_a_state_that_lasts_is_reported_each_minute() -> None:
    reports: list[State] = []
    now = 0.0

    async def report(state: State, _: str) -> bool:
        reports.append(state)
        return True

    health = Health(report, clock=lambda: now)
    for now in (0.0, 30.0, 61.0, 62.0):  # noqa: B007 - the clock reads it
        await health.well()
    assert reports == [State.POLLING] * 2


async def test_what_could_not_be_recorded_is_reported_at_the_next_poll() -> None:
    reports: list[State] = []
    now = 0.0

    async def report(state: State, _: str) -> bool:
        reports.append(state)
        return len(reports) > 2

    health = Health(report, clock=lambda: now)
    for now in (0.0, 5.0, 10.0, 15.0):  # noqa: B007 - the clock reads it
        await health.well()
    assert reports == [State.POLLING] * 3, "a database that was away, and is back"


async def test_a_webhook_left_behind_is_removed(api: BotApi, bot: Bot) -> None:
    api.methods.webhook = "https://example.org/hook"
    api.user_says(STUDENT, "/start")
    await bot.start()
    await bot.heard("/start")
    assert api.methods.webhook == ""


async def test_a_refused_token_ends_it_with_one_line(api: BotApi, bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    api.faults.plan("unauthorized")
    with pytest.raises(ChannelStoppedError, match="does not accept TELEGRAM_BOT_TOKEN") as raised:
        await bot.start()
    assert bot.states() == [State.REFUSED]
    assert api.token not in str(raised.value) + caplog.text


async def test_a_token_revoked_later_ends_it_too(api: BotApi, bot: Bot) -> None:
    await bot.start()
    await api.until(lambda: State.POLLING in bot.states())
    api.faults.plan("unauthorized")
    api.user_says(STUDENT, "/start")
    assert bot.polling
    with pytest.raises(ChannelStoppedError):
        await bot.polling
    bot.polling = None
    assert bot.states() == [State.POLLING, State.REFUSED]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 500])
async def test_a_proxy_s_page_does_not_end_it(api: BotApi, bot: Bot, status: int) -> None:
    api.faults.plan("proxy_page", status=status, times=4)  # the start, and the first polls
    await bot.start()
    api.faults.plan("proxy_json", status=status, times=2, methods=["getUpdates"])
    api.user_says(STUDENT, "/start")
    await bot.heard("/start")
    await api.until(lambda: bot.states()[-1] == State.POLLING)
    assert set(bot.states()) == {State.OFFLINE, State.POLLING}


@pytest.mark.usefixtures("impatient")
async def test_being_logged_out_passes(api: BotApi, bot: Bot) -> None:
    api.faults.plan("logged_out", times=3)
    await bot.start()
    api.user_says(STUDENT, "/start")
    await bot.heard("/start")
    assert bot.states() == [State.OFFLINE, State.POLLING]
    assert "logged this bot out" in bot.reports[0][1]


async def test_a_stop_while_telegram_is_out_of_reach_is_heard(api: BotApi, bot: Bot) -> None:
    await bot.start()
    await api.until(lambda: api.calls["getUpdates"] > 0)
    await api.stop()
    await api.until(lambda: State.OFFLINE in bot.states())
    await bot.end()


async def test_a_server_that_holds_no_poll_is_not_flooded(
    api: BotApi, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_: int) -> None:
        api.changed.fire()

    monkeypatch.setattr(api, "_poll", at_once)
    await bot.start()
    loop = asyncio.get_running_loop()
    started = loop.time()
    await api.until(lambda: api.calls["getUpdates"] >= 5)
    assert loop.time() > started + 2 * polling.SHORTEST_POLL_SECONDS
