"""Telegram's words → the channel's errors, each over a real socket and python-telegram-bot's own reading of it."""

import pytest
from telegram.error import TelegramError

from notifications.channels.base import (
    ChannelError,
    ChannelStoppedError,
    PermanentError,
    RetryLaterError,
    TransientError,
)
from notifications.channels.telegram.aiohttp_request import AiohttpRequest
from notifications.channels.telegram.errors import channel_error
from tests.notifications.channels.conftest import ScriptedServer


async def error_for(server: ScriptedServer, status: int, description: str, **more: object) -> ChannelError:
    server.reply(status, {"ok": False, "error_code": status, "description": description, **more})
    async with AiohttpRequest() as request:
        with pytest.raises(TelegramError) as caught:
            await request.post(server.url)
    return channel_error(caught.value)


@pytest.mark.parametrize(
    ("description", "code"),
    [
        ("Forbidden: bot was blocked by the user", "blocked"),
        ("Forbidden: user is deactivated", "deactivated"),
        ("Forbidden: bot was kicked from the group chat", "kicked"),
        ("Forbidden: bot was kicked from the supergroup chat", "kicked"),
        ("Forbidden: bot was kicked from the channel chat", "kicked"),
        ("Forbidden: bot is not a member of the channel chat", "not_member"),
        ("Forbidden: the group chat was deleted", "chat_deleted"),
        ("Forbidden: bot can't initiate conversation with a user", "not_started"),
        ("Forbidden: bot can't send messages to bots", "is_bot"),
        ("Forbidden: not enough rights to send text messages to the chat", "no_rights"),
        ("Forbidden: CHAT_WRITE_FORBIDDEN", "no_rights"),
        ("Forbidden: something new", "forbidden"),
        ("Forbidden", "forbidden"),
    ],
)
async def test_forbidden_switches_the_subscription_off(server: ScriptedServer, description: str, code: str) -> None:
    error = await error_for(server, 403, description)
    assert isinstance(error, PermanentError)
    assert (error.code, error.switch_off) == (code, True)


@pytest.mark.parametrize(
    ("description", "code", "switch_off"),
    [
        ("Bad Request: chat not found", "chat_not_found", True),
        ("Bad Request: PEER_ID_INVALID", "chat_not_found", True),
        ("Bad Request: chat_id is empty", "chat_not_found", True),
        ("Bad Request: group chat was upgraded to a supergroup chat", "moved", True),
        ("Bad Request: have no rights to send a message", "no_rights", True),
        ("Bad Request: need administrator rights in the channel chat", "no_rights", True),
        ("Bad Request: CHAT_RESTRICTED", "no_rights", True),
        ("Bad Request: CHANNEL_PRIVATE", "not_member", True),
        ("Bad Request: message to edit not found", "message_gone", False),
        ("Bad Request: MESSAGE_ID_INVALID", "message_gone", False),
        ("Bad Request: message can't be edited", "not_editable", False),
        ("Bad Request: message is too long", "too_long", False),
        ("Bad Request: MESSAGE_TOO_LONG", "too_long", False),
        ("Bad Request: message text is empty", "empty", False),
        ("Bad Request: something new", "bad_request", False),
    ],
)
async def test_a_bad_request_is_not_tried_again(
    server: ScriptedServer, description: str, code: str, switch_off: bool
) -> None:
    error = await error_for(server, 400, description)
    assert isinstance(error, PermanentError)
    assert (error.code, error.switch_off) == (code, switch_off)


@pytest.mark.parametrize(
    ("status", "description", "parameters", "after"),
    [
        (429, "Too Many Requests: retry after 9", {"retry_after": 9}, 9.0),
        (429, "Too Many Requests: retry after 10072", {"retry_after": 10072}, 10072.0),
        (429, "Too Many Requests: retry after 8", None, 8.0),
        (429, "Too Many Requests: retry later", {}, 30.0),
        (429, "", None, 30.0),
        (400, "Bad Request: Too Many Requests: retry after 5", None, 5.0),
        (500, "Too Many Requests: retry after 6", None, 6.0),
    ],
)
async def test_too_many_requests_pause_the_channel(
    server: ScriptedServer, status: int, description: str, parameters: object, after: float
) -> None:
    error = await error_for(server, status, description, parameters=parameters)
    assert isinstance(error, RetryLaterError)
    assert (error.code, error.after, error.channel_wide) == ("flood", after, True)


@pytest.mark.parametrize(("status", "description"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_wrong_token_stops_everything(server: ScriptedServer, status: int, description: str) -> None:
    error = await error_for(server, status, description)
    assert isinstance(error, ChannelStoppedError)
    assert error.code == "bad_token"
    assert "TELEGRAM_BOT_TOKEN" in str(error)


@pytest.mark.parametrize(
    ("status", "description", "code", "unreachable"),
    [
        (500, "Internal Server Error", "server_error", False),
        (502, "Bad Gateway", "server_error", True),
        (503, "", "server_error", True),
        (504, "Gateway Timeout", "server_error", True),
        (599, "", "server_error", False),
        (409, "Conflict: terminated by other getUpdates request", "conflict", False),
    ],
)
async def test_a_server_s_trouble_passes(
    server: ScriptedServer, status: int, description: str, code: str, unreachable: bool
) -> None:
    error = await error_for(server, status, description)
    assert isinstance(error, TransientError)
    assert (error.code, error.unknown, error.unreachable) == (code, False, unreachable)


@pytest.mark.parametrize(
    ("status", "description", "code"),
    [
        (400, "Bad Request: TOPIC_DELETED", "topic_deleted"),
        (400, "Bad Request: message thread not found", "topic_not_found"),
        (403, "Forbidden: TOPIC_DELETED", "topic_deleted"),
    ],
)
async def test_a_topic_that_is_gone_says_nothing_of_its_chat(
    server: ScriptedServer, status: int, description: str, code: str
) -> None:
    error = await error_for(server, status, description)
    assert isinstance(error, PermanentError)
    assert (error.code, error.switch_off, error.doubtful) == (code, False, False)


@pytest.mark.parametrize("status", [400, 403])
async def test_a_closed_topic_is_waited_for_alone(server: ScriptedServer, status: int) -> None:
    error = await error_for(server, status, "Bad Request: TOPIC_CLOSED")
    assert isinstance(error, RetryLaterError)
    assert (error.code, error.channel_wide) == ("topic_closed", False)


@pytest.mark.parametrize("description", ["Logged out", "Bad Request: Logged out", "LOGGED OUT"])
async def test_logged_out_stops_everything_for_a_while(server: ScriptedServer, description: str) -> None:
    error = await error_for(server, 400, description)
    assert isinstance(error, ChannelStoppedError)
    assert (error.code, error.passing) == ("logged_out", True)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 429, 500])
async def test_a_page_of_a_proxy_says_that_nobody_is_there(server: ScriptedServer, status: int) -> None:
    server.reply(status, b"<html>Forbidden: bot was blocked by the user</html>")
    async with AiohttpRequest() as request:
        with pytest.raises(TelegramError) as caught:
            await request.post(server.url)
    error = channel_error(caught.value)
    assert isinstance(error, TransientError)
    assert (error.code, error.unknown, error.unreachable) == ("unreachable", False, True)


async def test_the_text_is_one_short_line(server: ScriptedServer) -> None:
    error = await error_for(server, 400, "Bad Request: " + "so\nlong " * 100)
    assert "\n" not in error.text
    assert len(error.text) <= 200
