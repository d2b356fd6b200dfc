"""The webhook channel against a program on loopback that answers as told."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import AF_INET, AddressFamily

import pytest
import standardwebhooks
from aiohttp.abc import AbstractResolver, ResolveResult

from accounts.clock import LONGEST_PAUSE
from accounts.encryption import encrypt
from notifications.channels.base import (
    Channel,
    ChannelError,
    PermanentError,
    Receipt,
    RetryLaterError,
    TransientError,
)
from notifications.channels.webhook.channel import WebhookChannel, sign
from notifications.rendering.messages import Recipient, RichText, TelegramPart, WebhookPart
from tests.notifications.channels.conftest import ScriptedServer

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
SEALED = {"secret": encrypt(SECRET)}
PART = WebhookPart("notice-7-v1", '{"type":"notice.published","data":{"title":"₹12 LPA"}}'.encode())


@asynccontextmanager
async def channel(**options: object) -> AsyncIterator[Channel]:
    settings = {"allow_hosts": frozenset({"127.0.0.1"}), **options}
    opened = WebhookChannel(**settings)  # type: ignore[arg-type]  # the test varies the arguments
    await opened.open()
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture
def recipient(server: ScriptedServer) -> Recipient:
    return Recipient(f"{server.url}/hook?of=us", SEALED)


async def error_of(recipient: Recipient, **options: object) -> ChannelError:
    async with channel(**options) as opened:
        with pytest.raises(ChannelError) as caught:
            await opened.send(recipient, PART)
    return caught.value


async def test_a_call_is_signed_so_that_the_standard_library_verifies_it(
    server: ScriptedServer, recipient: Recipient
) -> None:
    server.reply(204)
    async with channel() as opened:
        assert await opened.send(recipient, PART) == Receipt()
    request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/hook?of=us")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "notice-7-v1"
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 60
    told = standardwebhooks.Webhook(SECRET).verify(request.body, dict(request.headers))
    assert told["data"]["title"] == "₹12 LPA"
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook("whsec_" + "A" * 32).verify(request.body, dict(request.headers))


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the reference implementation (standardwebhooks.com, Verifying signatures)."""
    secret, message = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, message)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_any_2xx_is_taken(server: ScriptedServer, recipient: Recipient, status: int) -> None:
    server.reply(status)
    async with channel() as opened:
        assert await opened.send(recipient, PART) == Receipt()


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 413, 429, 500, 502, 503])
async def test_what_may_be_mended_is_tried_again_and_no_redirect_is_followed(
    server: ScriptedServer, recipient: Recipient, status: int
) -> None:
    server.reply(status, b"<b>No</b>", {"Location": f"{server.url}/elsewhere"})
    error = await error_of(recipient)
    assert isinstance(error, TransientError)
    assert (error.code, error.text, error.unreachable) == (f"http_{status}", "bNo/b", False)
    assert len(server.requests) == 1


async def test_410_ends_it(server: ScriptedServer, recipient: Recipient) -> None:
    server.reply(410)
    error = await error_of(recipient)
    assert isinstance(error, PermanentError)
    assert (error.code, error.switch_off, error.doubtful) == ("gone", True, False)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_program_that_says_when_is_heeded_alone(
    server: ScriptedServer, recipient: Recipient, status: int
) -> None:
    server.reply(status, b"", {"Retry-After": "30"})
    server.reply(status, b"", {"Retry-After": "99999999"})
    for seconds in (30.0, LONGEST_PAUSE.total_seconds()):
        error = await error_of(recipient)
        assert isinstance(error, RetryLaterError)
        assert (error.after, error.channel_wide) == (seconds, False)


async def test_no_answer_is_unknown(server: ScriptedServer, recipient: Recipient) -> None:
    server.hang()
    error = await error_of(recipient, timeout=0.2)
    assert isinstance(error, TransientError)
    assert (error.code, error.unknown) == ("timeout", True)


class Names(AbstractResolver):
    """DNS in which every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        pass


async def test_a_name_that_leads_to_this_machine_is_refused() -> None:
    at_home = Recipient("https://hooks.example.net:8443/x", SEALED)
    error = await error_of(at_home, resolver=Names(), allow_hosts=frozenset())
    assert isinstance(error, PermanentError)
    assert (error.code, "example.net" in error.text, "/x" in error.text) == ("address_refused", True, False)


@pytest.mark.parametrize("url", ["http://hooks.example.net/x", "https://10.0.0.5/x", "https://localhost/x", "ftp://x"])
async def test_an_address_that_may_not_be_called_is_not(server: ScriptedServer, url: str) -> None:
    error = await error_of(Recipient(url, SEALED), allow_hosts=frozenset())
    assert isinstance(error, PermanentError)
    assert error.text.startswith("A webhook's address")
    assert not server.requests


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_é", "whsec_*"])
async def test_nothing_goes_out_unsigned(server: ScriptedServer, secret: str, sealed: bool) -> None:
    keys = {"secret": encrypt(secret) if sealed else secret}
    error = await error_of(Recipient(f"{server.url}/", keys))
    assert (error.code, error.text[:20]) == ("bad_webhook", "The webhook's secret")
    assert not server.requests


async def test_only_its_own_parts_are_sent(recipient: Recipient) -> None:
    async with channel() as opened:
        with pytest.raises(PermanentError, match="wrong_part"):
            await opened.send(recipient, TelegramPart(RichText("x")))
