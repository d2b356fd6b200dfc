"""The bot's replies: at the rate of the token, the latest of each kind, and none is lost. Over real sockets."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings
from telegram import InlineKeyboardButton, MessageEntity

from accounts.models import Subscription
from accounts.subscribing.subscriptions import standing
from accounts.telegram.call import Reply
from accounts.telegram.registry import in_database
from notifications.delivery.pacing import rate_limits
from notifications.models import ChannelState, WaitingReply
from notifications.publishing.publish import publish
from notifications.telegram_bot import reply_queue, waiting_replies
from notifications.telegram_bot.reply_queue import ReplyQueue
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_faults import FaultKind
from tests.bot import ADMIN, GROUP, STUDENT, Talk, bot_at_work, cast
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft
from tests.notifications.delivery.test_crash import start_dispatcher

pytestmark = pytest.mark.django_db(transaction=True)

ASKING = range(700_001, 700_301)


@pytest.fixture
async def api(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BotApi]:
    settings.ADMIN_TELEGRAM_USER_IDS = [ADMIN]
    monkeypatch.setattr(reply_queue, "FIRST_BACKOFF_SECONDS", 0.01)
    async with cast() as api:
        yield api


@pytest.fixture
async def talk(api: BotApi, settings: Settings) -> AsyncIterator[Talk]:
    async with bot_at_work(api, settings) as talk:
        yield talk


@sync_to_async
def rest(seconds: float) -> None:
    """Telegram asked for a rest; 0 ends it."""
    until = timezone.now() + timedelta(seconds=seconds)
    ChannelState.objects.update_or_create(channel="telegram", defaults={"paused_until": until})


async def answered(api: BotApi, settings: Settings, rate: float, people: range = ASKING) -> None:
    """Run the bot at this rate until everybody has an answer."""
    async with bot_at_work(api, settings, rate=rate) as talk:
        await api.until(lambda: all(api.sent_by_chat[person] for person in people), 60)
        await talk.idle()


def none_before_its_slot(api: BotApi, began: float, rate: float) -> bool:
    """Whether no message came in before its turn at the rate. A busy machine can only make them later."""
    return all(moment >= began + number / rate - 0.1 for number, moment in enumerate(api.sent_times()))


async def test_each_of_300_who_wrote_while_it_was_down_is_answered_at_the_rate(settings: Settings) -> None:
    async with BotApi(any_chat=True) as api:
        for person in ASKING:
            api.user_says(person, "/start")
        began = time.monotonic()
        await answered(api, settings, 100.0)
        assert none_before_its_slot(api, began, 100.0)
        assert set(api.sent_by_chat.values()) == {1}
    assert await Subscription.objects.acount() == len(ASKING)


def test_so_it_is_while_a_broadcast_goes_out_in_another_process(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_RATE = 60.0
    people = [subscribe() for _ in range(120)]
    publish(draft())
    asking = ASKING[:90]
    for person in asking:
        telegram.user_says(person, "/start")
    began = time.monotonic()
    pid = start_dispatcher()
    try:
        telegram.wait_until(lambda: bool(telegram.sent_times()))
        asyncio.run(answered(telegram, settings, 60.0, asking))
        telegram.wait_until(lambda: len(telegram.sent_by_chat) == len(people) + len(asking))
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    assert none_before_its_slot(telegram, began, 60.0)
    assert set(telegram.sent_by_chat.values()) == {1}


@pytest.mark.parametrize("others", [0, 150])
async def test_a_thousand_times_status_of_one_person_are_one_answer(
    api: BotApi, settings: Settings, others: int
) -> None:
    api.any_chat = True
    api.user_says(STUDENT, "/start")
    for number in range(1000):
        api.user_says(STUDENT, "/status")
        if number < others:
            api.user_says(ASKING[number], "/start")
    async with bot_at_work(api, settings) as talk:
        await talk.idle()
    assert [message.text.splitlines()[0] for message in api.messages(STUDENT)] == [
        "Welcome, Asha!",
        "🔔 Notices come here.",
    ]
    assert len(api.sent_by_chat) == 1 + others


async def test_what_waits_is_told_as_it_is_when_it_can_be_told(talk: Talk) -> None:
    await talk.say("/start")
    await rest(3600)
    for text in ("/status", "/stop", "/status"):
        talk.api.user_says(STUDENT, text)
        await talk.read()
    assert len(talk.api.messages(STUDENT)) == 1
    assert (await Subscription.objects.aget()).off_reason == "stopped"
    kept = [row.content["text"].splitlines()[0] async for row in WaitingReply.objects.order_by("kind")]
    assert kept == ["🔕 Notices are off, as you asked. Send /start to switch them on.", "Done, no more notices here."]


async def test_a_rest_of_an_hour_outlasts_the_bot_and_then_all_is_answered(api: BotApi, settings: Settings) -> None:
    await rest(3600)
    async with bot_at_work(api, settings) as talk:
        for text in ("/start", "/status", "/status"):
            api.user_says(STUDENT, text)
            await talk.read()
        api.user_says(ADMIN, "/boo 1001 hello")
        await talk.read()
    assert api.messages() == []
    assert not api.updates
    await rest(0)
    async with bot_at_work(api, settings) as talk:
        await talk.idle()
    assert [message.text.splitlines()[0] for message in api.messages(STUDENT)] == [
        "Welcome, Asha!",
        "🔔 Notices come here.",
        "hello",
    ]
    assert not await WaitingReply.objects.aexists()


async def test_during_a_rest_a_pressed_button_is_answered_and_does_what_it_says(talk: Talk) -> None:
    await talk.press(await talk.say("/start"), "Choose what you want")
    page = talk.api.messages(STUDENT)[-1]
    await rest(3600)
    for data in ("category:webinar:off", "category:update:off", "category:webinar:on"):
        page.reply_markup = {"inline_keyboard": [[{"text": "pressed", "callback_data": data}]]}
        query = talk.api.press(STUDENT, page.message_id, "pressed")
        await talk.read()
        assert talk.api.callback_answers[query] is not None
    found = await in_database(standing, STUDENT)
    assert found
    assert found.muted == {"update"}
    assert page.edits == []
    (row,) = [row async for row in WaitingReply.objects.all()]
    assert "▫️ Update" in str(row.content["keyboard"])
    assert "✅ Webinar" in str(row.content["keyboard"])


async def test_a_429_to_an_answer_delays_it(talk: Talk) -> None:
    talk.api.faults.plan("flood", retry_after=1, times=1)
    assert (await talk.say("/start")).text.startswith("Welcome")
    assert (await ChannelState.objects.aget()).floods == 1
    assert len(talk.api.messages(STUDENT)) == 1


@pytest.mark.parametrize("fault", ["error", "bad_gateway", "drop", "flood_without_parameters"])
async def test_an_answer_that_fails_in_passing_is_sent_again(
    talk: Talk, fault: FaultKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.pacing.breaker.FIRST_REST_SECONDS", 0.02)
    monkeypatch.setattr("notifications.channels.telegram.errors.PAUSE_UNSTATED", 0.1)
    talk.api.faults.plan(fault, times=2, methods=["sendMessage"])
    assert (await talk.say("/start")).text.startswith("Welcome")
    await talk.idle()
    assert len(talk.api.messages(STUDENT)) == 1


async def test_an_answer_that_never_gets_through_is_given_up_with_one_line(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    talk.api.faults.plan("error", methods=["sendMessage"])
    talk.api.user_says(STUDENT, "/start")
    await talk.idle()
    assert talk.api.calls["sendMessage"] == reply_queue.MOST_ATTEMPTS
    assert caplog.text.count("A reply was given up after 6 attempts: server_error") == 1
    assert "Traceback" not in caplog.text
    assert not await WaitingReply.objects.aexists()


async def test_a_bot_that_dies_owes_what_it_had_not_sent(api: BotApi, settings: Settings) -> None:
    dead = ReplyQueue()
    keyboard = [[InlineKeyboardButton("Choose", callback_data="choose")]]
    entities = [MessageEntity(MessageEntity.BOLD, 0, 5)]
    await dead.put(Reply(chat_id=STUDENT, kind="/x", text="Hello you", keyboard=keyboard, entities=entities))
    async with bot_at_work(api, settings) as talk:
        await talk.idle()
        (message,) = api.messages(STUDENT)
        assert (message.text, message.entities) == ("Hello you", [{"type": "bold", "offset": 0, "length": 5}])
        assert message.reply_markup == {"inline_keyboard": [[{"text": "Choose", "callback_data": "choose"}]]}
    async with bot_at_work(api, settings) as talk:
        await talk.idle()
    assert len(api.messages(STUDENT)) == 1


async def test_what_is_older_than_a_day_is_owed_no_more(api: BotApi, settings: Settings) -> None:
    await ReplyQueue().put(Reply(chat_id=STUDENT, kind="/x", text="Hello"))
    await WaitingReply.objects.aupdate(created_at=timezone.now() - waiting_replies.OWED * 1.01)
    async with bot_at_work(api, settings) as talk:
        await talk.idle()
    assert api.messages() == []
    assert not await WaitingReply.objects.aexists()


async def test_a_reply_that_changes_while_it_is_on_its_way_is_told_again(talk: Talk) -> None:
    talk.api.latency = 0.1
    first = await talk.replies.put(Reply(chat_id=STUDENT, kind="/x", text="old"))
    await talk.api.until(lambda: talk.api.calls["sendMessage"] == 1)
    second = await talk.replies.put(Reply(chat_id=STUDENT, kind="/x", text="new"))
    await talk.idle()
    assert [message.text for message in talk.api.messages(STUDENT)] == ["old", "new"]
    assert first.result().message_id < second.result().message_id
    assert not await WaitingReply.objects.aexists()


async def test_two_messages_to_a_chat_are_a_second_apart(api: BotApi, settings: Settings) -> None:
    api.behave(per_chat=1)
    async with bot_at_work(api, settings, replies=ReplyQueue()) as talk:
        for kind in ("/a", "/b"):
            await talk.replies.put(Reply(chat_id=STUDENT, kind=kind, text=kind))
        await talk.idle()
    assert [message.text for message in api.messages(STUDENT)] == ["/a", "/b"]
    assert api.refusals[429] == 0


@pytest.mark.parametrize("text", ["", " \n"])
async def test_an_empty_text_is_refused_before_it_is_queued(text: str) -> None:
    with pytest.raises(ValueError, match="needs a text"):
        Reply(chat_id=STUDENT, kind="/x", text=text)


async def test_links_no_button_may_have_stand_in_the_text(talk: Talk) -> None:
    keyboard = [
        [InlineKeyboardButton("Site", url="http://localhost:8000")],
        [InlineKeyboardButton("Choose", callback_data="choose")],
    ]
    await talk.replies.put(Reply(chat_id=STUDENT, kind="/x", text="Read:", keyboard=keyboard))
    await talk.idle()
    (message,) = talk.api.messages(STUDENT)
    assert message.text == "Read:\nSite: http://localhost:8000"
    assert message.reply_markup == {"inline_keyboard": [[{"text": "Choose", "callback_data": "choose"}]]}


async def test_without_a_database_replies_are_sent_all_the_same(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*args: object, **options: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(waiting_replies, "keep", away)
    monkeypatch.setattr(rate_limits, "reserve_for_replies", away)
    sent = await talk.replies.put(Reply(chat_id=STUDENT, kind="/x", text="Hello"))
    await talk.idle()
    assert sent.result().message_id == talk.api.messages(STUDENT)[0].message_id
    assert "could not be stored" in caplog.text


async def test_a_group_gets_what_waits_at_its_new_id(talk: Talk) -> None:
    await talk.say("/start", chat=GROUP)
    talk.api.chats[GROUP].state, talk.api.chats[GROUP].migrated_to = "migrated", -1_001_000_000_009
    talk.api.add_group(-1_001_000_000_009)
    sent = await talk.replies.put(Reply(chat_id=GROUP, kind="/x", text="Hello"))
    await talk.idle()
    assert [message.text for message in talk.api.messages(-1_001_000_000_009)] == ["Hello"]
    assert sent.result().message_id
    assert not await WaitingReply.objects.aexists()
