"""The Web Push channel against a push service on loopback that answers as told."""

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from socket import AF_INET, EAI_AGAIN, EAI_NODATA, EAI_NONAME, AddressFamily, gaierror

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from notifications.channels.base import (
    Channel,
    ChannelError,
    ChannelStoppedError,
    PermanentError,
    Receipt,
    RetryLaterError,
    TransientError,
)
from notifications.channels.outbound import AddressRefusedError, GuardedResolver, PooledResolver
from notifications.channels.webpush.channel import WebPushChannel
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.rendering.messages import PushPart, Recipient, RichText, TelegramPart
from tests.notifications.channels.conftest import ScriptedServer
from tests.notifications.channels.webpush.browser import Browser
from tests.notifications.channels.webpush.test_vapid import verified_claims

KEYS = make_vapid_keys()
CONTACT = "placements@college.example"
PART = PushPart("Zenith Labs", "₹12 LPA · Apply by Sat", "https://x.example/n/1", "notice-1", "n1", 3600, "high")


class Names(AbstractResolver):
    """DNS in which every name has the given addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=AF_INET, proto=0, flags=0)
            for address in self._addresses
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def channel(**options: object) -> AsyncIterator[Channel]:
    settings = {"timeout": 10.0, "allow_hosts": frozenset({"127.0.0.1"}), **options}
    opened = WebPushChannel(*KEYS, CONTACT, **settings)  # type: ignore[arg-type]  # the test varies the arguments
    await opened.open()
    try:
        yield opened
    finally:
        await opened.close()


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def recipient(server: ScriptedServer, browser: Browser) -> Recipient:
    return Recipient(f"{server.url}/push/a-device-id", browser.keys)


async def error_of(recipient: Recipient, part: PushPart = PART, **options: object) -> ChannelError:
    async with channel(**options) as opened:
        with pytest.raises(ChannelError) as caught:
            await opened.send(recipient, part)
    return caught.value


async def test_the_browser_shows_what_was_sent(server: ScriptedServer, browser: Browser, recipient: Recipient) -> None:
    server.reply(201)
    async with channel() as opened:
        assert await opened.send(recipient, PART) == Receipt()
    (request,) = server.requests
    assert browser.shown(request.body) == {
        "title": PART.title,
        "body": PART.body,
        "url": PART.url,
        "tag": PART.tag,
    }


async def test_the_push_service_learns_how_long_how_urgent_and_what_it_replaces(
    server: ScriptedServer, recipient: Recipient
) -> None:
    async with channel() as opened:
        await opened.send(recipient, PART)
    headers = server.requests[0].headers
    assert (headers["ttl"], headers["urgency"], headers["topic"]) == ("3600", "high", "n1")
    assert headers["content-encoding"] == "aes128gcm"


async def test_the_push_service_can_verify_who_sends(server: ScriptedServer, recipient: Recipient) -> None:
    async with channel() as opened:
        await opened.send(recipient, PART)
    claims = verified_claims(server.requests[0].headers["authorization"])
    assert claims["aud"] == server.url
    assert claims["sub"] == f"mailto:{CONTACT}"


async def test_many_messages_share_one_token_and_few_connections(server: ScriptedServer, recipient: Recipient) -> None:
    async with channel() as opened:
        for _ in range(5):
            await opened.send(recipient, PART)
    assert len({request.headers["authorization"] for request in server.requests}) == 1
    assert server.connections == 1


@pytest.mark.parametrize("topic", ["a topic with spaces", "t" * 33, "ключ", "a\r\nX-Injected: 1"])
async def test_a_topic_rfc_8030_does_not_know_is_replaced_by_its_digest(
    server: ScriptedServer, recipient: Recipient, topic: str
) -> None:
    async with channel() as opened:
        for _ in range(2):
            await opened.send(recipient, replace(PART, topic=topic))
    first, second = (request.headers["topic"] for request in server.requests)
    assert first == second
    assert len(first) == 32
    assert "x-injected" not in server.requests[0].headers


async def test_an_urgency_rfc_8030_does_not_know_is_normal(server: ScriptedServer, recipient: Recipient) -> None:
    async with channel() as opened:
        await opened.send(recipient, replace(PART, urgency="now!", ttl=-1, topic=""))
    headers = server.requests[0].headers
    assert (headers["urgency"], headers["ttl"]) == ("normal", "0")
    assert "topic" not in headers


async def test_an_edit_replaces_by_topic_and_tag(
    server: ScriptedServer, browser: Browser, recipient: Recipient
) -> None:
    async with channel() as opened:
        await opened.send(recipient, PART)
        await opened.edit(recipient, 0, replace(PART, body="Edited: apply by Sun"))
    first, second = server.requests
    assert first.headers["topic"] == second.headers["topic"]
    assert browser.shown(second.body)["body"] == "Edited: apply by Sun"
    assert browser.shown(first.body)["tag"] == browser.shown(second.body)["tag"]


async def test_a_body_too_big_for_the_push_service_is_shortened_once_more(
    server: ScriptedServer, browser: Browser, recipient: Recipient
) -> None:
    server.reply(413)
    async with channel() as opened:
        await opened.send(recipient, replace(PART, body="₹" * 2000))
    long, short = (browser.decrypt(request.body) for request in server.requests)
    assert 2900 < len(long) <= 3000
    assert 900 < len(short) <= 1000


async def test_a_body_that_stays_too_big_is_given_up(server: ScriptedServer, recipient: Recipient) -> None:
    server.reply(413)
    server.reply(413)
    error = await error_of(recipient)
    assert isinstance(error, PermanentError)
    assert (error.code, error.switch_off) == ("too_long", False)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "body", "code_and_switch_off"),
    [
        (404, b"", ("gone", True)),
        (410, b"push subscription has unsubscribed or expired.", ("gone", True)),
        (400, {"reason": "VapidPkHashMismatch"}, ("vapid_mismatch", True)),
        (401, {"code": 401, "errno": 109, "message": "VAPID public key mismatch"}, ("vapid_mismatch", True)),
        (403, b"the credentials do not correspond to the credentials of the subscription", ("vapid_mismatch", True)),
        (401, b"UnauthorizedRegistration", ("vapid_mismatch", True)),
        (400, b"<HTML>\n<TITLE>UnauthorizedRegistration</TITLE>", ("vapid_mismatch", True)),
        (400, b"MismatchSenderId", ("vapid_mismatch", True)),
        (403, {"error": {"details": [{"errorCode": "SENDER_ID_MISMATCH"}]}}, ("vapid_mismatch", True)),
        (403, b"The VAPID key doesn't match the subscription", ("vapid_mismatch", True)),
        (401, b"The subscription was created with a different VAPID key", ("vapid_mismatch", True)),
        (403, b"wrong application server key", ("vapid_mismatch", True)),
        (401, b"vapid: audience does not match the key's origin", ("vapid_refused", False)),
        (403, b"The key's signature does not match", ("vapid_refused", False)),
        (401, b"", ("vapid_refused", False)),
        (403, {"reason": "BadJwtToken"}, ("vapid_refused", False)),
        (400, {"reason": "BadWebPushTopic"}, ("http_400", False)),
        (302, b"", ("http_302", False)),
        (418, b"\xff\x00" * 50_000, ("http_418", False)),
    ],
)
async def test_refusals_that_stay(
    server: ScriptedServer, recipient: Recipient, status: int, body: object, code_and_switch_off: tuple[str, bool]
) -> None:
    server.reply(status, body, {"Location": "/push/elsewhere"} if status == 302 else {})
    error = await error_of(recipient)
    assert isinstance(error, PermanentError)
    assert (error.code, error.switch_off) == code_and_switch_off
    assert len(error.text) <= 200
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "120", (120, 120)),
        (429, "", (60, 60)),
        (429, "soon", (60, 60)),
        (429, "-5", (60, 60)),
        (429, "9" * 400, (14400, 14400)),
        (503, "7", (7, 7)),
        (503, "0", (1, 1)),
        (503, "", (60, 60)),
        (406, "", (60, 60)),
        (406, "30", (30, 30)),
        (529, "", (60, 60)),
        (500, "9", (9, 9)),
        (403, "15", (15, 15)),
        (429, "Wed, 21 Oct 2015 07:28:00 GMT", (1, 1)),
    ],
)
async def test_a_busy_push_service_delays_this_delivery_alone(
    server: ScriptedServer, recipient: Recipient, status: int, retry_after: str, seconds: tuple[float, float]
) -> None:
    server.reply(status, headers={"Retry-After": retry_after})
    error = await error_of(recipient)
    assert isinstance(error, RetryLaterError)
    assert not error.channel_wide
    assert seconds[0] <= error.after <= seconds[1]


@pytest.mark.parametrize(
    "body",
    [b"TooManyRequests", b"Quota exceeded for this project", b"The channel is throttled", {"status": "RATE_LIMITED"}],
)
@pytest.mark.parametrize("status", [400, 403])
async def test_a_throttle_in_words_is_a_throttle(
    server: ScriptedServer, recipient: Recipient, status: int, body: object
) -> None:
    server.reply(status, body)
    assert isinstance(await error_of(recipient), RetryLaterError)


@pytest.mark.parametrize("status", [404, 410])
async def test_an_endpoint_that_is_gone_is_not_waited_for(
    server: ScriptedServer, recipient: Recipient, status: int
) -> None:
    server.reply(status, headers={"Retry-After": "60"})
    assert (await error_of(recipient)).code == "gone"


@pytest.mark.parametrize(
    "target",
    [
        "/w/?token=BQYAAAD%2bz%2fA%3d",
        "/wpush/v2/a%3Ab:c%2Fd",
        "/a//b/../c/./d?x=1+2%20&y=%zz&&z",
        "/send/~!$&'()*;,=@|^`{}",
        "/?",
    ],
)
async def test_an_endpoint_goes_over_the_wire_byte_for_byte(
    server: ScriptedServer, browser: Browser, target: str
) -> None:
    async with channel() as opened:
        await opened.send(Recipient(f"{server.url}{target}", browser.keys), PART)
    assert server.requests[0].path == target


async def test_an_endpoints_fragment_and_the_spelling_of_its_host_stay_here(
    server: ScriptedServer, browser: Browser
) -> None:
    address = server.url.replace("http", "HTTP").replace("127.0.0.1", "Push.Test") + "/x%3a#secret"
    async with channel(allow_hosts=frozenset({"push.test"}), resolver=Names("127.0.0.1")) as opened:
        await opened.send(Recipient(address, browser.keys), PART)
    (request,) = server.requests
    assert request.path == "/x%3a"
    assert request.headers["host"] == server.url.removeprefix("http://").replace("127.0.0.1", "push.test")


async def test_a_busy_push_service_may_name_the_time(server: ScriptedServer, recipient: Recipient) -> None:
    later = datetime.now(UTC) + timedelta(minutes=5)
    server.reply(429, headers={"Retry-After": format_datetime(later, usegmt=True)})
    error = await error_of(recipient)
    assert isinstance(error, RetryLaterError)
    assert 240 < error.after <= 300


@pytest.mark.parametrize("status", [408, 500, 502, 504])
async def test_trouble_that_passes(server: ScriptedServer, recipient: Recipient, status: int) -> None:
    server.reply(status)
    error = await error_of(recipient)
    assert isinstance(error, TransientError)
    assert (error.code, error.unknown, error.unreachable) == (f"http_{status}", False, False)


async def test_a_push_service_that_does_not_answer(server: ScriptedServer, recipient: Recipient) -> None:
    server.hang()
    error = await error_of(recipient, timeout=0.4)
    assert isinstance(error, TransientError)
    assert (error.code, error.unknown) == ("timeout", True)


async def test_a_push_service_that_dies(server: ScriptedServer, recipient: Recipient) -> None:
    server.write(b"HTTP/1.1 2")
    error = await error_of(recipient)
    assert isinstance(error, TransientError)
    assert (error.code, error.unknown) == ("connection_lost", True)


async def test_a_refusal_counts_though_its_text_never_comes(server: ScriptedServer, recipient: Recipient) -> None:
    server.trickle(b"HTTP/1.1 410 Gone\r\nContent-Length: 5000\r\n\r\n", every=0.6)
    assert (await error_of(recipient, timeout=0.4)).code == "gone"


async def test_a_port_nobody_listens_on(closed_port: str, browser: Browser) -> None:
    error = await error_of(Recipient(closed_port, browser.keys))
    assert isinstance(error, TransientError)
    assert (error.code, error.unknown, error.unreachable) == ("no_connection", False, False)


async def test_no_error_and_no_log_holds_the_endpoint(
    server: ScriptedServer, recipient: Recipient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.hang()
    server.write(b"garbage\r\n\r\n")
    server.reply(410)
    for _ in range(3):
        assert "device-id" not in "".join(traceback.format_exception(await error_of(recipient, timeout=0.4)))
    assert "device-id" not in caplog.text


@pytest.mark.parametrize("address", ["http://push.example.net/x", "https://10.0.0.7/x", "https://[::1]/x", "", "x"])
async def test_an_endpoint_that_may_not_be_called_switches_the_subscription_off(address: str, browser: Browser) -> None:
    error = await error_of(Recipient(address, browser.keys))
    assert isinstance(error, PermanentError)
    assert (error.code, error.switch_off) == ("bad_endpoint", True)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.215.14", "10.0.0.7"), ("169.254.169.254",)])
async def test_a_name_with_an_address_inside_is_not_called(
    server: ScriptedServer, browser: Browser, addresses: tuple[str, ...]
) -> None:
    port = server.url.rpartition(":")[2]
    recipient = Recipient(f"https://push.example.net:{port}/x", browser.keys)
    error = await error_of(recipient, resolver=Names(*addresses))
    assert isinstance(error, PermanentError)
    assert (error.code, error.switch_off) == ("address_refused", False)
    assert server.connections == 0


class NoNames(Names):
    """DNS that fails with this code."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self._code = code

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        raise gaierror(self._code, "no")


@pytest.mark.parametrize(
    ("number", "code"),
    [(EAI_NONAME, "name_unknown"), (EAI_NODATA, "name_unknown"), (EAI_AGAIN, "name_unresolved")],
)
async def test_a_name_that_does_not_resolve_is_told_from_other_trouble(
    browser: Browser, number: int, code: str
) -> None:
    error = await error_of(Recipient("https://push.example.net/x", browser.keys), resolver=NoNames(number))
    assert isinstance(error, TransientError)
    assert (error.code, error.unknown, "push.example.net" in str(error)) == (code, False, False)


async def test_an_allowed_name_is_called_wherever_it_is(server: ScriptedServer, browser: Browser) -> None:
    recipient = Recipient(server.url.replace("127.0.0.1", "push.test"), browser.keys)
    async with channel(allow_hosts=frozenset({"push.test"}), resolver=Names("127.0.0.1")) as opened:
        await opened.send(recipient, PART)
    assert len(server.requests) == 1


async def test_the_guard_refuses_what_the_system_resolves_to_itself() -> None:
    guard = GuardedResolver(PooledResolver(1), frozenset())
    with pytest.raises(AddressRefusedError):
        await guard.resolve("localhost", 443, AF_INET)
    with pytest.raises(AddressRefusedError):
        await guard.resolve("2130706433", 443, AF_INET)
    await guard.close()


async def test_the_guard_lets_public_addresses_through() -> None:
    found = await GuardedResolver(Names("93.184.215.14"), frozenset()).resolve("push.example.net")
    assert [result["host"] for result in found] == ["93.184.215.14"]


@pytest.mark.parametrize(("private", "code"), [("", "no_vapid_key"), ("rubbish", "bad_vapid_key")])
async def test_no_usable_key_stops_the_channel(private: str, code: str) -> None:
    with pytest.raises(ChannelStoppedError) as caught:
        await WebPushChannel(private, "", CONTACT).open()
    assert caught.value.code == code


async def test_a_channel_that_is_closed_says_so(recipient: Recipient) -> None:
    opened = WebPushChannel(*KEYS, CONTACT, allow_hosts=frozenset({"127.0.0.1"}))
    await opened.close()
    with pytest.raises(ChannelStoppedError):
        await opened.send(recipient, PART)


async def test_a_telegram_part_is_refused(recipient: Recipient) -> None:
    async with channel() as opened:
        with pytest.raises(PermanentError):
            await opened.send(recipient, TelegramPart(RichText("Hello")))
