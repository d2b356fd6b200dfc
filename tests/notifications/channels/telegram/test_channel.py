"""The Telegram channel against the sandbox's Bot API, and against a server that answers as no Bot API should."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from notifications.channels.base import (
    Channel,
    ChannelStoppedError,
    PermanentError,
    Receipt,
    RetryLaterError,
    TransientError,
)
from notifications.channels.telegram.channel import TelegramChannel
from notifications.rendering.messages import Button, DocumentPart, Entity, PushPart, Recipient, RichText, TelegramPart
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_faults import FaultKind
from supersetbot.sandbox.telegram.bot_players import buttons
from supersetbot.sandbox.telegram.bot_topics import TopicState
from tests.notifications.channels.conftest import ScriptedServer

STUDENT = 4101
PART = TelegramPart(
    RichText(
        "💼 Zenith <Labs> & Söhne_*\nApply by Sat",
        (Entity("bold", 3, 23), Entity("text_link", 27, 8, url="https://zenith.example/jobs")),
    ),
    (Button("Open", "https://superset.example/jobs/1"), Button("JD", "https://superset.example/jd.pdf")),
)
TO = Recipient(str(STUDENT))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        running.add_user(STUDENT, "Meera")
        yield running


@asynccontextmanager
async def channel_to(url: str, token: str = "1:secret", **options: bool) -> AsyncIterator[Channel]:
    channel = TelegramChannel(token, url, 4, read_timeout=0.3, connect_timeout=0.3, **options)
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


@pytest.fixture
async def channel(api: BotApi) -> AsyncIterator[Channel]:
    async with channel_to(api.url, api.token) as opened:
        yield opened


@pytest.fixture
async def scripted(server: ScriptedServer) -> AsyncIterator[Channel]:
    async with channel_to(server.url) as opened:
        yield opened


def refusal(server: ScriptedServer, description: str) -> None:
    server.reply(400, {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"})


def accept(server: ScriptedServer, message_id: int) -> None:
    server.reply(200, {"ok": True, "result": {"message_id": message_id}})


async def test_a_part_arrives_as_it_was_written(api: BotApi, channel: Channel) -> None:
    receipt = await channel.send(TO, PART)
    (message,) = api.messages(STUDENT)
    assert receipt == Receipt((message.message_id,))
    assert message.text == PART.body.text
    assert message.entities == [
        {"type": "bold", "offset": 3, "length": 23},
        {"type": "text_link", "offset": 27, "length": 8, "url": "https://zenith.example/jobs"},
    ]
    assert message.reply_markup == {"inline_keyboard": [[{"text": b.text, "url": b.url}] for b in PART.buttons]}


async def test_link_previews_are_off(server: ScriptedServer, scripted: Channel) -> None:
    accept(server, 1)
    await scripted.send(TO, PART)
    assert json.loads(server.requests[0].form["link_preview_options"]) == {"is_disabled": True}
    assert "allow_paid_broadcast" not in server.requests[0].form


async def test_paid_broadcast_is_asked_for_where_it_is_on(server: ScriptedServer) -> None:
    accept(server, 1)
    async with channel_to(server.url, paid_broadcast=True) as channel:
        await channel.send(TO, PART)
    assert server.requests[0].form["allow_paid_broadcast"] == "true"


async def test_half_a_surrogate_pair_does_not_stop_a_message(api: BotApi, channel: Channel) -> None:
    await channel.send(TO, TelegramPart(RichText("Zenith \ud83d Labs")))
    assert api.messages(STUDENT)[0].text == "Zenith ? Labs"


async def test_an_edit_replaces_text_and_buttons(api: BotApi, channel: Channel) -> None:
    (message_id,) = (await channel.send(TO, PART)).message_ids
    await channel.edit(TO, message_id, TelegramPart(RichText("✏️ Edited")))
    (message,) = api.messages(STUDENT)
    assert (message.text, message.reply_markup) == ("✏️ Edited", None)


async def test_an_edit_that_changes_nothing_is_a_success(api: BotApi, channel: Channel) -> None:
    (message_id,) = (await channel.send(TO, PART)).message_ids
    await channel.edit(TO, message_id, PART)
    assert api.refusals[400] == 1
    message = api.messages(STUDENT)[-1]
    assert (message.edits, len(buttons(message))) == ([], 2), "its buttons stay"


async def test_an_edit_of_a_message_that_is_gone_is_permanent(channel: Channel) -> None:
    with pytest.raises(PermanentError) as caught:
        await channel.edit(TO, 99, PART)
    assert (caught.value.code, caught.value.switch_off) == ("message_gone", False)


async def test_a_group_that_moved_is_followed(api: BotApi, channel: Channel) -> None:
    api.add_group(-41, "Placements")
    api.migrate(-41, -1001557000041)
    receipt = await channel.send(Recipient("-41"), PART)
    assert receipt.moved_to == "-1001557000041"
    assert [m.message_id for m in api.messages(-1001557000041) if m.text == PART.body.text] == list(receipt.message_ids)


async def test_a_group_that_keeps_moving_is_given_up(server: ScriptedServer, scripted: Channel) -> None:
    for _ in range(2):
        moved = {"ok": False, "error_code": 400, "description": "moved"}
        server.reply(400, {**moved, "parameters": {"migrate_to_chat_id": -100777}})
    with pytest.raises(PermanentError) as caught:
        await scripted.send(TO, PART)
    assert caught.value.code == "moved"


async def test_blocked_is_told_with_its_code(api: BotApi, channel: Channel) -> None:
    api.block(STUDENT)
    with pytest.raises(PermanentError) as caught:
        await channel.send(TO, PART)
    assert (caught.value.code, caught.value.switch_off) == ("blocked", True)


@pytest.mark.parametrize(
    ("fault", "code", "unknown"),
    [
        ("error", "server_error", False),
        ("bad_gateway", "unreachable", False),
        ("proxy_page", "unreachable", False),
        ("proxy_json", "unreachable", False),
        ("hang", "timeout", True),
        ("silence", "timeout", True),
        ("drop", "connection_lost", True),
        ("lost_reply", "connection_lost", True),
        ("broken_json", "bad_answer", True),
    ],
)
async def test_what_may_have_arrived_is_told_from_what_has_not(
    api: BotApi, channel: Channel, fault: FaultKind, code: str, unknown: bool
) -> None:
    api.faults.plan(fault)
    with pytest.raises(TransientError) as caught:
        await channel.send(TO, PART)
    assert (caught.value.code, caught.value.unknown) == (code, unknown)


async def test_a_port_nobody_listens_on_is_unreachable_and_nothing_was_sent(closed_port: str) -> None:
    async with channel_to(closed_port) as channel:
        with pytest.raises(TransientError) as caught:
            await channel.send(TO, PART)
    assert (caught.value.code, caught.value.unknown, caught.value.unreachable) == ("no_connection", False, True)


@pytest.mark.parametrize("result", [True, None, [], {}, {"message_id": "7"}, "sent"])
async def test_a_success_without_a_message_may_have_arrived(
    server: ScriptedServer, scripted: Channel, result: object
) -> None:
    server.reply(200, {"ok": True, "result": result})
    with pytest.raises(TransientError) as caught:
        await scripted.send(TO, PART)
    assert (caught.value.code, caught.value.unknown) == ("bad_answer", True)


@pytest.mark.parametrize(("fault", "after"), [("flood", 17.0), ("flood_without_parameters", 30.0)])
async def test_a_429_pauses_the_channel(api: BotApi, channel: Channel, fault: FaultKind, after: float) -> None:
    api.faults.plan(fault, retry_after=17)
    with pytest.raises(RetryLaterError) as caught:
        await channel.send(TO, PART)
    assert (caught.value.after, caught.value.channel_wide) == (after, True)


async def test_a_wrong_token_stops_the_channel(api: BotApi) -> None:
    async with channel_to(api.url, "1:wrong") as channel:
        with pytest.raises(ChannelStoppedError) as caught:
            await channel.send(TO, PART)
    assert "wrong" not in str(caught.value)


async def test_no_token_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ChannelStoppedError) as caught:
        await TelegramChannel("", "https://api.telegram.org", 1).open()
    assert caught.value.code == "no_token"


@pytest.mark.parametrize(
    "complaint",
    [
        "can't parse entities: Unsupported start tag",
        "ENTITY_BOUNDS_INVALID",
        "entity begins after the end of the text at UTF-16 offset 90",
    ],
)
async def test_entities_telegram_can_not_read_are_left_out_and_logged(
    server: ScriptedServer, scripted: Channel, caplog: pytest.LogCaptureFixture, complaint: str
) -> None:
    refusal(server, complaint)
    accept(server, 7)
    assert await scripted.send(TO, PART) == Receipt((7,))
    assert "entities" not in server.requests[1].form
    assert server.requests[1].form["text"] == PART.body.text
    assert "reply_markup" in server.requests[1].form
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_the_next_recipients_of_an_unreadable_part_cost_one_call_each(
    server: ScriptedServer, scripted: Channel
) -> None:
    refusal(server, "can't parse entities")
    for number in range(3):
        accept(server, number)
        await scripted.send(TO, PART)
    assert len(server.requests) == 4


async def test_a_button_telegram_can_not_read_is_left_out(server: ScriptedServer, scripted: Channel) -> None:
    refusal(server, "BUTTON_URL_INVALID")
    accept(server, 7)
    assert await scripted.send(TO, PART) == Receipt((7,))
    assert "reply_markup" not in server.requests[1].form
    assert "entities" in server.requests[1].form


async def test_a_part_unreadable_in_two_ways_still_arrives(server: ScriptedServer, scripted: Channel) -> None:
    refusal(server, "can't parse entities")
    refusal(server, "BUTTON_URL_INVALID")
    accept(server, 7)
    assert await scripted.send(TO, PART) == Receipt((7,))
    assert {"entities", "reply_markup"}.isdisjoint(server.requests[2].form)


async def test_a_complaint_that_stays_is_given_up(server: ScriptedServer, scripted: Channel) -> None:
    for _ in range(2):
        refusal(server, "can't parse entities")
    with pytest.raises(PermanentError):
        await scripted.send(TO, PART)


async def test_a_part_too_long_goes_out_in_several_messages(api: BotApi, channel: Channel) -> None:
    lines = [f"{number:04} Student number {number}" for number in range(300)]
    receipt = await channel.send(TO, TelegramPart(RichText("\n".join(lines)), PART.buttons))
    messages = api.messages(STUDENT)
    assert receipt.message_ids == tuple(m.message_id for m in messages)
    assert [line for m in messages for line in m.text.split("\n")] == lines
    assert [bool(m.reply_markup) for m in messages] == [False] * (len(messages) - 1) + [True]


async def test_a_part_telegram_finds_too_long_by_its_own_count_is_halved(
    server: ScriptedServer, scripted: Channel
) -> None:
    refusal(server, "message is too long")
    accept(server, 7)
    accept(server, 8)
    text = "\n".join(f"line {number}" for number in range(300))
    assert await scripted.send(TO, TelegramPart(RichText(text))) == Receipt((7, 8))


async def test_a_part_that_stays_too_long_is_given_up(server: ScriptedServer, scripted: Channel) -> None:
    for _ in range(2):
        refusal(server, "message is too long")
    with pytest.raises(PermanentError) as caught:
        await scripted.send(TO, PART)
    assert caught.value.code == "too_long"


async def test_a_push_part_is_refused(scripted: Channel) -> None:
    part = PushPart("Title", "Body", "https://x.example", "tag", "topic", 60, "normal")
    with pytest.raises(PermanentError):
        await scripted.send(TO, part)


FORUM = -1_001_557_000_077


@pytest.fixture
def forum(api: BotApi) -> Recipient:
    api.add_forum(FORUM, "CSE 2027", topics=(7,))
    return Recipient(str(FORUM), topic=7)


async def test_a_part_goes_to_its_topic(api: BotApi, channel: Channel, forum: Recipient) -> None:
    receipt = await channel.send(forum, PART)
    assert (api.messages(FORUM)[0].thread, receipt.topic_refused) == (7, "")


@pytest.mark.parametrize("state", ["closed", "deleted"])
async def test_a_topic_that_takes_nothing_gives_way_to_general(
    api: BotApi, channel: Channel, forum: Recipient, state: TopicState
) -> None:
    api.set_topic(FORUM, 7, state)
    receipt = await channel.send(forum, PART)
    (message,) = api.messages(FORUM)
    assert (message.thread, receipt) == (0, Receipt((message.message_id,), topic_refused=f"topic_{state}"))


async def test_a_topic_that_never_was_gives_way_to_general(api: BotApi, channel: Channel, forum: Recipient) -> None:
    receipt = await channel.send(Recipient(forum.address, topic=99), PART)
    assert (api.messages(FORUM)[0].thread, receipt.topic_refused) == (0, "topic_not_found")


async def test_a_group_whose_topics_are_all_closed_is_waited_for(
    api: BotApi, channel: Channel, forum: Recipient
) -> None:
    (message_id,) = (await channel.send(forum, PART)).message_ids
    api.set_topic(FORUM, 7, "closed")
    api.set_topic(FORUM, 0, "closed")
    for attempt in (channel.send(forum, PART), channel.edit(forum, message_id, PART)):
        with pytest.raises(RetryLaterError) as caught:
            await attempt
        assert (caught.value.code, caught.value.channel_wide) == ("topic_closed", False)


async def test_a_file_goes_to_the_topic_too(
    api: BotApi, channel: Channel, forum: Recipient, file: DocumentPart
) -> None:
    await channel.send(forum, file)
    api.set_topic(FORUM, 7, "closed")
    receipt = await channel.send(forum, file)
    assert [message.thread for message in api.messages(FORUM)] == [7, 0]
    assert receipt.topic_refused == "topic_closed"


async def test_a_file_too_large_for_a_proxy_is_left_out(
    server: ScriptedServer, scripted: Channel, file: DocumentPart
) -> None:
    server.reply(413, b"<html>Request Entity Too Large</html>")
    assert await scripted.send(TO, file) == Receipt()
    server.reply(403, b"<html>Forbidden</html>")
    with pytest.raises(TransientError):
        await scripted.send(TO, file)


@pytest.fixture
def file() -> Iterator[DocumentPart]:
    name = storages["attachments"].save("jd.pdf", ContentFile(b"%PDF-1.7"))
    yield DocumentPart("d" * 64, "JD.pdf", name)
    storages["attachments"].delete(name)
