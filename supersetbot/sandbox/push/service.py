"""A push service on loopback: it takes what a vendor's would take (RFC 8030, RFC 8291), and asks for VAPID (RFC 8292).

What it cannot do is read the messages: they are encrypted for the browser (supersetbot/sandbox/push/phone.py).
"""

import json
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from itertools import count

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from supersetbot.sandbox.loopback import LoopbackServer
from supersetbot.sandbox.wakeup import Wakeup

LARGEST = 4096  # bytes of a message (RFC 8030, 7.2)
_LONGEST_TOKEN = 24 * 3600  # seconds (RFC 8292, 2)
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")  # RFC 8030, 5.4
_URGENCIES = ("very-low", "low", "normal", "high")
_VAPID = re.compile(r"vapid t=([\w.-]+), k=([\w-]+)")


class RefusedError(Exception):
    """A message that the service does not take; `status` as HTTP has it, the text says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Message:
    """An encrypted message that waits for its browser until `expires` (seconds since 1970)."""

    number: int
    body: bytes
    topic: str
    expires: float


@dataclass(slots=True)
class Subscriber:
    """A browser: the server's key it subscribed with, and what waits for it, the oldest first."""

    key: str
    messages: list[Message] = field(default_factory=list)


class PushService(LoopbackServer):
    """Takes messages over HTTP; browsers of the sandbox subscribe and collect by its methods."""

    path = "/push/"

    def __init__(self) -> None:
        self.changed = Wakeup()
        self.refusals: list[str] = []
        self._subscribers: dict[str, Subscriber | None] = {}  # by the secret of the endpoint; None has left
        self._numbers = count(1)

    def subscribe(self, key: str) -> str:
        """Return the endpoint of a new subscription for a server's key (base64url, RFC 8292, 4.1)."""
        secret = secrets.token_urlsafe(24)
        self._subscribers[secret] = Subscriber(key)
        return f"{self.url}{secret}"

    def unsubscribe(self, endpoint: str) -> None:
        """End a subscription: from now on the service answers 410."""
        secret = endpoint.rpartition("/")[2]
        if secret in self._subscribers:
            self._subscribers[secret] = None

    def waiting(self, endpoint: str, after: int = 0) -> list[Message]:
        """Return the messages of a browser with a larger number than `after`, without those that have expired."""
        subscriber = self._subscribers.get(endpoint.rpartition("/")[2])
        now = time.time()
        return [one for one in subscriber.messages if one.number > after and one.expires > now] if subscriber else []

    def _serve(self) -> web.BaseRunner:
        application = web.Application(client_max_size=2 * LARGEST)
        application.router.add_post(f"{self.path}{{secret}}", self._take)
        return web.AppRunner(application, access_log=None, shutdown_timeout=1.0)

    async def _take(self, request: web.Request) -> web.Response:
        try:
            message = self._accepted(request, await request.read())
        except RefusedError as refused:
            self.refusals.append(str(refused))
            return web.Response(status=refused.status, text=str(refused))
        self.changed.fire()
        return web.Response(
            status=201, headers={"Location": f"/message/{message.number}", "TTL": request.headers["TTL"]}
        )

    def _accepted(self, request: web.Request, body: bytes) -> Message:
        """Keep a message, in the place of one of the same topic. Raises RefusedError."""
        secret = request.match_info["secret"]
        if secret not in self._subscribers:
            raise RefusedError(404, "no such subscription")
        subscriber = self._subscribers[secret]
        if subscriber is None:
            raise RefusedError(410, "the subscription has ended")
        check_vapid(request.headers.get("Authorization", ""), subscriber.key, self.url.removesuffix(self.path))
        ttl, topic = _checked_headers(request)
        if len(body) > LARGEST:
            raise RefusedError(413, f"more than {LARGEST} bytes")
        message = Message(next(self._numbers), body, topic, time.time() + ttl)
        subscriber.messages = [one for one in subscriber.messages if not topic or one.topic != topic]
        subscriber.messages.append(message)
        return message


def _checked_headers(request: web.Request) -> tuple[int, str]:
    """Return TTL and topic of a message. Raises RefusedError."""
    ttl, topic = request.headers.get("TTL", ""), request.headers.get("Topic", "")
    if not ttl.isdecimal():
        raise RefusedError(400, "TTL must be a number of seconds")  # RFC 8030, 5.2
    if topic and not _TOPIC.fullmatch(topic):
        raise RefusedError(400, "Topic must be 32 signs of base64url at most")
    if request.headers.get("Urgency", "normal") not in _URGENCIES:
        raise RefusedError(400, "no such Urgency")
    if request.headers.get("Content-Encoding") != "aes128gcm":
        raise RefusedError(415, "Content-Encoding must be aes128gcm")  # RFC 8291, 4
    return int(ttl), topic


def check_vapid(authorization: str, key: str, audience: str) -> None:
    """Raise RefusedError unless the header holds a token for this audience, signed with the subscription's key."""
    given = _VAPID.fullmatch(authorization)
    if not given:
        raise RefusedError(401, "a VAPID token is needed")
    if given[2] != key:
        raise RefusedError(403, "VAPID public key mismatch")
    signed, _, signature = given[1].rpartition(".")
    try:
        claims = json.loads(_decoded(signed.partition(".")[2]))
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _decoded(key))
        public.verify(_der(_decoded(signature)), signed.encode(), ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        raise RefusedError(403, "the token's signature is wrong") from None
    if claims.get("aud") != audience:
        raise RefusedError(403, "the token's aud is another origin")
    if not 0 < claims.get("exp", 0) - time.time() <= _LONGEST_TOKEN:
        raise RefusedError(403, "the token's exp is past, or more than a day away")
    if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
        raise RefusedError(403, "the token's sub is no contact")


def _der(signature: bytes) -> bytes:
    """Return a signature of r and s beside each other (RFC 7518, 3.4) as DER. Raises ValueError."""
    if len(signature) != 64:
        raise ValueError("not 64 bytes")
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(data: bytes) -> str:
    """Return base64url unpadded."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()
