"""python-telegram-bot over aiohttp: the same form and errors as its stock transport, and no URL in any of them."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest

from notifications.channels.telegram.aiohttp_request import (
    AiohttpRequest,
    ConnectionLostError,
    ConnectTimeoutError,
    ForeignAnswerError,
    NotSentError,
)
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.notifications.channels.conftest import ScriptedServer, http

TOKEN = "123:secret-token"


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(4, read_timeout=0.3, connect_timeout=0.3, pool_timeout=0.0) as opened:
        yield opened


async def get_me(request: BaseRequest, url: str) -> object:
    return await request.post(f"{url}/bot{TOKEN}/getMe")


async def test_a_bot_polls_and_sends_over_it() -> None:
    async with BotApi() as api:
        student = api.add_user(41, "Meera").id
        api.user_says(student, "/start")
        async with Bot(
            api.token, f"{api.url}/bot", request=AiohttpRequest(), get_updates_request=AiohttpRequest(1)
        ) as bot:
            (update,) = await bot.get_updates(timeout=1)
            assert update.message is not None
            assert update.message.text == "/start"
            sent = await bot.send_message(student, "Hello & <welcome>")
            assert sent.text == "Hello & <welcome>"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("offers.csv", "offers.csv"), ("Job description ₹.pdf", "Job description ₹.pdf"), ("a\r\nX: y.pdf", "a X: y.pdf")],
)
async def test_files_are_uploaded_under_their_names(name: str, shown: str) -> None:
    async with BotApi() as api:
        student = api.add_user(41, "Meera").id
        async with Bot(api.token, f"{api.url}/bot", request=AiohttpRequest()) as bot:
            sent = await bot.send_document(student, b"12 placed", filename=name, caption="Offers ₹")
    assert sent.caption == "Offers ₹"
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == (shown, 9)


async def test_a_request_is_on_the_wire_what_the_stock_transport_sends(server: ScriptedServer) -> None:
    for request in (AiohttpRequest(), HTTPXRequest()):
        async with request:
            await Bot(TOKEN, f"{server.url}/bot", request=request).set_my_name("Zenith & Söhne ✓", "de")
    ours, stock = server.requests
    assert (ours.method, ours.path, ours.body) == (stock.method, stock.path, stock.body)
    assert ours.headers["content-type"] == stock.headers["content-type"]
    assert ours.headers["user-agent"] == stock.headers["user-agent"]


async def test_connections_are_kept_and_limited(server: ScriptedServer) -> None:
    async with AiohttpRequest(2) as request:
        await asyncio.gather(*(get_me(request, server.url) for _ in range(20)))
    assert len(server.requests) == 20
    assert server.connections == 2


async def test_it_can_be_opened_again(server: ScriptedServer) -> None:
    request = AiohttpRequest()
    for _ in range(2):
        async with request:
            await get_me(request, server.url)
    await request.shutdown()
    with pytest.raises(NetworkError):
        await get_me(request, server.url)


async def test_a_server_that_does_not_answer_is_a_time_out(server: ScriptedServer, request_: AiohttpRequest) -> None:
    server.hang()
    with pytest.raises(TimedOut) as caught:
        await get_me(request_, server.url)
    assert not isinstance(caught.value, ConnectTimeoutError)


async def test_a_time_out_of_the_call_counts_before_the_default(server: ScriptedServer) -> None:
    server.hang()
    async with AiohttpRequest(read_timeout=None) as request:
        with pytest.raises(TimedOut):
            await request.post(server.url, read_timeout=0.05)


async def test_a_server_that_trickles_is_a_time_out(server: ScriptedServer) -> None:
    server.trickle(b"HTTP/1.1 200 OK\r\nX-Slow: ", every=0.05)
    async with AiohttpRequest(read_timeout=0.2, write_timeout=0.1, connect_timeout=0.1, pool_timeout=0.0) as request:
        with pytest.raises(TimedOut):
            await get_me(request, server.url)


async def test_waiting_in_vain_for_a_connection_means_that_nothing_was_sent(server: ScriptedServer) -> None:
    server.hang()
    async with AiohttpRequest(1, connect_timeout=0.1, pool_timeout=0.0, read_timeout=5.0) as request:
        first = asyncio.create_task(get_me(request, server.url))
        await server.asked.wait()
        with pytest.raises(ConnectTimeoutError):
            await get_me(request, server.url)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
    assert len(server.requests) == 1


async def test_a_closed_port_means_that_nothing_was_sent(closed_port: str, request_: AiohttpRequest) -> None:
    with pytest.raises(NotSentError):
        await get_me(request_, closed_port)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://", "http://127.0.0.1:1:1"])
async def test_a_url_that_can_not_be_called_means_that_nothing_was_sent(url: str, request_: AiohttpRequest) -> None:
    with pytest.raises(NotSentError):
        await get_me(request_, url)


@pytest.mark.parametrize(
    "sent",
    [b"", b"HTTP/1.1 200 OK\r\n", http(200, b"x" * 100)[:-50], b"220 mail.example.com ESMTP\r\n"],
    ids=["nothing", "half a head", "half a body", "another protocol"],
)
async def test_a_server_that_dies_leaves_it_open_whether_it_was_done(
    sent: bytes, server: ScriptedServer, request_: AiohttpRequest
) -> None:
    server.write(sent)
    with pytest.raises(ConnectionLostError):
        await get_me(request_, server.url)


async def test_redirects_are_not_followed(server: ScriptedServer, request_: AiohttpRequest) -> None:
    server.reply(302, headers={"Location": "/elsewhere"})
    with pytest.raises(NetworkError):
        await get_me(request_, server.url)
    assert len(server.requests) == 1


async def test_no_error_and_no_log_holds_the_token(
    server: ScriptedServer, request_: AiohttpRequest, closed_port: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.hang()
    server.write(b"")
    server.write(b"garbage\r\n\r\n")
    server.reply(502, b"<html>")
    server.reply(200, b"{broken")
    for url in [server.url] * 5 + [closed_port, "http://127.0.0.1:1:1", "ftp://x"]:
        with pytest.raises(TelegramError) as caught:
            await get_me(request_, url)
        assert "secret" not in "".join(traceback.format_exception(caught.value))
    assert "secret" not in caplog.text


@pytest.mark.parametrize("answer", [b"", b"{", b"[]", b"null", b'"ok"', b"\xff\xfe", b"[" * 100_000])
@pytest.mark.parametrize("status", [200, 400, 502])
async def test_an_answer_that_is_no_answer_is_an_error(
    status: int, answer: bytes, server: ScriptedServer, request_: AiohttpRequest
) -> None:
    server.reply(status, answer)
    with pytest.raises(TelegramError):
        await get_me(request_, server.url)


@pytest.mark.parametrize(
    "parameters",
    [[], "x", 5, {"retry_after": "soon"}, {"retry_after": -3}, {"retry_after": 10**30}, {"migrate_to_chat_id": "a"}],
)
async def test_parameters_that_make_no_sense_are_left_out(
    parameters: object, server: ScriptedServer, request_: AiohttpRequest
) -> None:
    server.reply(400, {"ok": False, "error_code": 400, "description": 7, "parameters": parameters})
    with pytest.raises(BadRequest):
        await get_me(request_, server.url)


@pytest.mark.parametrize(("stated", "seconds"), [(7, 7), (1.2, 2), (10_072, 10_072)])
async def test_retry_after_is_a_time_span(
    stated: float, seconds: int, server: ScriptedServer, request_: AiohttpRequest
) -> None:
    flood = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
    server.reply(429, {**flood, "parameters": {"retry_after": stated}})
    with pytest.raises(RetryAfter) as caught:
        await get_me(request_, server.url)
    assert caught.value.retry_after == timedelta(seconds=seconds)


async def test_a_group_that_moved_says_whereto(server: ScriptedServer, request_: AiohttpRequest) -> None:
    moved = {"ok": False, "error_code": 400, "description": "moved"}
    server.reply(400, {**moved, "parameters": {"migrate_to_chat_id": -1001557}})
    with pytest.raises(ChatMigrated) as caught:
        await get_me(request_, server.url)
    assert caught.value.new_chat_id == -1001557


FOREIGN = [
    b"",
    b"<html><h1>403 Forbidden</h1></html>",
    b'{"message": "Forbidden"}',
    b'{"ok": false}',
    b'{"ok": false, "error_code": "403"}',
    b'{"ok": false, "error_code": true}',
    b'{"ok": false, "error_code": 7}',
    b'{"ok": "false", "error_code": 403}',
    b'{"ok": true}',
    b'{"ok":false,"error_code":40',
    b'[{"ok": false, "error_code": 403}]',
    b"Forbidden",
]


@pytest.mark.parametrize("body", FOREIGN)
@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 409, 429, 500, 502, 511, 999])
async def test_what_is_not_in_telegram_s_words_is_not_telegram_s_answer(
    status: int, body: bytes, server: ScriptedServer, request_: AiohttpRequest
) -> None:
    server.reply(status, body)
    with pytest.raises(ForeignAnswerError, match=f"^HTTP {status} from something that is not the Bot API"):
        await get_me(request_, server.url)


@pytest.mark.parametrize("status", [200, 502])
async def test_the_code_in_the_answer_counts_and_not_the_status_of_a_proxy(
    status: int, server: ScriptedServer, request_: AiohttpRequest
) -> None:
    server.reply(status, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
    with pytest.raises(BadRequest, match="Chat not found"):
        await get_me(request_, server.url)
    server.reply(status, {"ok": True, "result": {"id": 7}})
    assert await get_me(request_, server.url) == {"id": 7}


async def test_a_success_that_was_cut_short_may_have_been_carried_out(
    server: ScriptedServer, request_: AiohttpRequest
) -> None:
    server.reply(200, b'{"ok":true,"resu')
    with pytest.raises(TelegramError) as caught:
        await get_me(request_, server.url)
    assert not isinstance(caught.value, NetworkError)


async def test_a_file_is_taken_as_it_is_and_a_proxy_s_page_is_not(
    server: ScriptedServer, request_: AiohttpRequest
) -> None:
    server.reply(200, b"%PDF-1.7")
    assert await request_.retrieve(f"{server.url}/file/x.pdf") == b"%PDF-1.7"
    server.reply(404, b"<html>Not found</html>")
    with pytest.raises(ForeignAnswerError):
        await request_.retrieve(f"{server.url}/file/x.pdf")
