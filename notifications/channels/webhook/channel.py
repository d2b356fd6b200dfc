"""Webhooks: a notice is posted to a program's address, signed as Standard Webhooks says (standardwebhooks.com)."""

import hmac
import time
from base64 import b64decode, b64encode

import aiohttp
from aiohttp.abc import AbstractResolver

from accounts.clock import retry_after
from accounts.subscribing.endpoints import check_endpoint, exact_url
from accounts.subscribing.webhooks import ADDRESS, SECRET_PREFIX, secret_of
from notifications.channels.base import (
    PUSH_BUSY,
    ChannelStoppedError,
    PermanentError,
    Receipt,
    RetryLaterError,
    TransientError,
)
from notifications.channels.outbound import first_words, guarded_session, not_answered
from notifications.rendering.messages import Part, Recipient, WebhookPart


class WebhookChannel:
    """Posts to programs, at most `most_at_once`, each within `timeout` seconds.

    `allow_hosts` may be called over http and at addresses that are not public: for tests and the sandbox. Messages have
    no ids of the other side; `webhook-id` is the same each time one is tried, so that it counts once.
    """

    name = "webhook"

    def __init__(
        self,
        *,
        most_at_once: int = 50,
        timeout: float = 15.0,
        allow_hosts: frozenset[str] = frozenset(),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._most_at_once, self._timeout = most_at_once, timeout
        self._allow_hosts = allow_hosts
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = guarded_session(
            most_at_once=self._most_at_once,
            timeout=self._timeout,
            allow_hosts=self._allow_hosts,
            resolver=self._resolver,
        )

    async def close(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def send(self, recipient: Recipient, part: Part) -> Receipt:
        if not isinstance(part, WebhookPart):
            raise PermanentError("wrong_part", f"A webhook can't send a {type(part).__name__}")
        if self._session is None:
            raise ChannelStoppedError("closed", "The channel is not open")
        try:
            check_endpoint(recipient.address, self._allow_hosts, what=ADDRESS)
            headers = _headers(part, secret_of(recipient.keys), int(time.time()))
        except ValueError as error:
            raise PermanentError("bad_webhook", str(error)) from None
        url = exact_url(recipient.address)
        try:
            async with self._session.post(url, data=part.body, headers=headers, allow_redirects=False) as response:
                _raise_for_status(response, await first_words(response))
        except (aiohttp.ClientError, OSError) as error:
            raise not_answered(error) from None  # its text holds the address, which may be a secret
        return Receipt()

    async def edit(self, recipient: Recipient, message_id: int, part: Part) -> None:
        """Send once more: what was posted can't be changed."""
        await self.send(recipient, part)


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a message: HMAC-SHA256 over `<id>.<timestamp>.<body>` with the secret's bytes.

    Raises:
        ValueError: a secret that is not `whsec_` and base64.
    """
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError("The webhook's secret is unusable")
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{b64encode(digest).decode()}"


def _headers(part: WebhookPart, secret: str, timestamp: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "SuperSetBot-Webhook/1",
        "Accept-Encoding": "identity",
        "webhook-id": part.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, part.id, timestamp, part.body),
    }


def _raise_for_status(response: aiohttp.ClientResponse, reason: str) -> None:
    """Raise unless the program took it: any 2xx. Only 410 ends it; all else may be mended, and is tried again."""
    if 200 <= response.status < 300:
        return
    if response.status == 410:
        raise PermanentError("gone", reason, switch_off=True, doubtful=False)
    wait = retry_after(response.headers.get("Retry-After", ""))
    if response.status in {429, 503} and wait is not None:
        raise RetryLaterError(PUSH_BUSY, max(wait, 1.0), reason, channel_wide=False)
    raise TransientError(f"http_{response.status}", reason)
