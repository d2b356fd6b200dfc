"""Web Push: a part is encrypted for one browser and handed to its push service (RFC 8030, 8291 and 8292)."""

import re
import time
from base64 import urlsafe_b64encode
from hashlib import sha256

import aiohttp
from aiohttp.abc import AbstractResolver

from accounts.subscribing.endpoints import check_endpoint, exact_url
from notifications.channels.base import (
    ChannelStoppedError,
    PermanentError,
    Receipt,
)
from notifications.channels.outbound import first_words, guarded_session, not_answered
from notifications.channels.webpush.errors import PushResponse, raise_for_answer
from notifications.channels.webpush.payload import PAYLOAD_LIMIT, SHORTER_LIMIT, encrypt, payload
from notifications.channels.webpush.vapid import Vapid
from notifications.rendering.messages import Part, PushPart, Recipient

_URGENCIES = frozenset({"very-low", "low", "normal", "high"})
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")  # RFC 8030, 5.4


class WebPushChannel:
    """Sends to the browsers' push services, at most `most_at_once`, each within `timeout` seconds.

    The keys in the forms of Vapid. `allow_hosts` may be called over http and at addresses that are not public: for
    tests and the sandbox. Messages have no ids.
    """

    name = "web-push"

    def __init__(
        self,
        private_key: str,
        public_key: str,
        contact: str,
        *,
        most_at_once: int = 50,
        timeout: float = 10.0,
        allow_hosts: frozenset[str] = frozenset(),
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._settings = (private_key, public_key, contact)
        self._most_at_once = most_at_once
        self._timeout = timeout
        self._allow_hosts = allow_hosts
        self._resolver = resolver
        self._vapid: Vapid | None = None
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Raises ChannelStoppedError where the VAPID settings are missing or wrong."""
        if not self._settings[0]:
            raise ChannelStoppedError("no_vapid_key", "VAPID_PRIVATE_KEY is not set")
        try:
            self._vapid = Vapid(*self._settings)
        except ValueError as error:
            raise ChannelStoppedError("bad_vapid_key", str(error)) from None
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
        """Send one part, its body shortened to what fits, and once more where the push service says it is too big."""
        if not isinstance(part, PushPart):
            raise PermanentError("wrong_part", f"Web Push can't send a {type(part).__name__}")
        try:
            check_endpoint(recipient.address, self._allow_hosts)
        except ValueError as error:
            raise PermanentError("bad_endpoint", str(error), switch_off=True, doubtful=False) from None
        answer = await self._push(recipient, part, PAYLOAD_LIMIT)
        if answer.status == 413:
            answer = await self._push(recipient, part, SHORTER_LIMIT)
        raise_for_answer(answer)
        return Receipt()

    async def edit(self, recipient: Recipient, message_id: int, part: Part) -> None:
        """Send again: the same topic replaces what is still on its way, the same tag what is shown."""
        await self.send(recipient, part)

    async def _push(self, recipient: Recipient, part: PushPart, limit: int) -> PushResponse:
        if self._session is None or self._vapid is None:
            raise ChannelStoppedError("closed", "The channel is not open")
        endpoint = exact_url(recipient.address)
        headers = _headers(part)
        headers["Authorization"] = self._vapid.authorization(str(endpoint.origin()), time.time())
        body = encrypt(recipient.keys, payload(part, limit))
        try:
            async with self._session.post(endpoint, data=body, headers=headers, allow_redirects=False) as response:
                wait = response.headers.get("Retry-After", "")
                return PushResponse(response.status, wait, await first_words(response))
        except (aiohttp.ClientError, OSError) as error:
            raise not_answered(error) from None  # its text holds the endpoint, which is a secret


def _headers(part: PushPart) -> dict[str, str]:
    headers = {
        "TTL": str(max(0, part.ttl)),
        "Urgency": part.urgency if part.urgency in _URGENCIES else "normal",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "Accept-Encoding": "identity",
    }
    if part.topic:
        fits = _TOPIC.fullmatch(part.topic)
        headers["Topic"] = part.topic if fits else _digest(part.topic)
    return headers


def _digest(topic: str) -> str:
    return urlsafe_b64encode(sha256(topic.encode(errors="replace")).digest()).decode()[:32]
