"""The sandbox's push service: what it takes, what it refuses, and how the service's own channel gets on with it."""

import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from notifications.channels.base import PermanentError
from notifications.channels.webpush.channel import WebPushChannel
from notifications.channels.webpush.vapid import Vapid, make_vapid_keys
from notifications.rendering.messages import PushPart, Recipient
from supersetbot.sandbox.push.service import LARGEST, PushService
from tests.notifications.channels.webpush.browser import Browser

PRIVATE, PUBLIC = make_vapid_keys()
CONTACT = "tnp@vindhya.example"
PART = PushPart("Zenith Labs", "₹12 LPA", "https://example.edu/notices/1", "n1", "n1", 3600, "normal")


@pytest_asyncio.fixture
async def service() -> AsyncIterator[PushService]:
    async with PushService() as running:
        yield running


async def sent(service: PushService, endpoint: str, *parts: PushPart, key: str = PRIVATE) -> Browser:
    """Send by the real channel, which may call this one port of the machine; returns the browser that reads it."""
    browser = Browser()
    allowed = service.url.split("/")[2]
    channel = WebPushChannel(key, "", CONTACT, allow_hosts=frozenset({allowed}))
    await channel.open()
    try:
        for part in parts:
            await channel.send(Recipient(endpoint, browser.keys), part)
    finally:
        await channel.close()
    return browser


async def test_a_message_waits_for_its_browser_which_alone_can_read_it(service: PushService) -> None:
    endpoint = service.subscribe(PUBLIC)
    browser = await sent(service, endpoint, PART)
    (message,) = service.waiting(endpoint)
    assert browser.shown(message.body)["title"] == "Zenith Labs"
    assert service.waiting(endpoint, after=message.number) == []


async def test_a_newer_message_of_the_same_topic_takes_the_place(service: PushService) -> None:
    endpoint = service.subscribe(PUBLIC)
    await sent(service, endpoint, PART, PART)
    assert len(service.waiting(endpoint)) == 1


async def test_who_left_is_gone_and_who_never_came_is_not_found(service: PushService) -> None:
    endpoint = service.subscribe(PUBLIC)
    service.unsubscribe(endpoint)
    for wrong in (endpoint, f"{service.url}nobody"):
        with pytest.raises(PermanentError) as refused:
            await sent(service, wrong, PART)
        assert refused.value.code == "gone"


async def test_another_server_may_not_send(service: PushService) -> None:
    endpoint = service.subscribe(PUBLIC)
    with pytest.raises(PermanentError) as refused:
        await sent(service, endpoint, PART, key=make_vapid_keys()[0])
    assert refused.value.code == "vapid_mismatch"
    assert service.waiting(endpoint) == []


def headers(service: PushService, audience: str = "", now: float | None = None, **changed: str) -> dict[str, str]:
    token = Vapid(PRIVATE, "", CONTACT).authorization(
        audience or service.url.removesuffix("/push/"), now or time.time()
    )
    return {"Authorization": token, "TTL": "60", "Content-Encoding": "aes128gcm", **changed}


@pytest.mark.parametrize(
    ("changed", "body", "status"),
    [
        ({}, b"x", 201),
        ({"TTL": "soon"}, b"x", 400),
        ({"Topic": "two words"}, b"x", 400),
        ({"Urgency": "at once"}, b"x", 400),
        ({"Content-Encoding": "gzip"}, b"x", 415),
        ({}, b"x" * (LARGEST + 1), 413),
        ({"Authorization": ""}, b"x", 401),
        ({"Authorization": f"vapid t=a.b.c, k={PUBLIC}"}, b"x", 403),
    ],
)
async def test_what_the_standards_ask_for_is_asked_for(
    service: PushService, changed: dict[str, str], body: bytes, status: int
) -> None:
    endpoint = service.subscribe(PUBLIC)
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.post(endpoint, data=body, headers=headers(service) | changed) as response,
    ):
        assert response.status == status


@pytest.mark.parametrize(("audience", "hours"), [("https://elsewhere.example", 0), ("", -24), ("", 48)])
async def test_a_token_for_another_place_or_time_is_refused(service: PushService, audience: str, hours: int) -> None:
    endpoint = service.subscribe(PUBLIC)
    given = headers(service, audience, time.time() + hours * 3600)
    async with aiohttp.ClientSession() as session, session.post(endpoint, data=b"x", headers=given) as response:
        assert response.status == 403
    assert len(service.refusals) == 1
