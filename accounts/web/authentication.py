"""Who may call: a key in `X-API-Key` or `Authorization: Bearer`, or a signed request (spec: system, HTTP API)."""

import hmac
import time
from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError, AuthorizationError
from ninja.security import APIKeyHeader, HttpBearer

from accounts.web import throttling
from accounts.web.keys import Caller, Scope, identify

Guard = Callable[[HttpRequest], Caller | None]
SIGNATURE_WINDOW_SECONDS = 300


class KeyInHeader(APIKeyHeader):
    param_name = "X-API-Key"
    openapi_description = "A key that the operator made."

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        return _checked(key, self.scope)


class KeyAsBearer(HttpBearer):
    openapi_name = "Bearer"
    openapi_description = "The same key as a bearer token."

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        return _checked(token.strip(), self.scope)


class Signature(APIKeyHeader):
    """`X-Webhook-Signature: sha256=<hex>`: HMAC-SHA256 with WEBHOOK_SECRET over `<X-Webhook-Timestamp>.<body>`.

    The timestamp, seconds since 1970, may be 300 s off; a signature is taken once, whichever worker sees it.
    """

    param_name = "X-Webhook-Signature"
    openapi_description = (
        "`sha256=<hex>`: HMAC-SHA256 with WEBHOOK_SECRET over `<X-Webhook-Timestamp>.<body>`. The timestamp, seconds "
        "since 1970, may be 300 s off; a signature is taken once."
    )
    timestamp_header = "X-Webhook-Timestamp"

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        if not key or not settings.WEBHOOK_SECRET:
            return None
        timestamp = request.headers.get(self.timestamp_header, "")
        expected = sign(settings.WEBHOOK_SECRET, timestamp, request.body)
        if not hmac.compare_digest(expected.encode(), key.encode(errors="replace")):
            raise AuthenticationError(message="The signature does not match the body and its timestamp.")
        if not timestamp.isdecimal() or abs(time.time() - int(timestamp[:12])) > SIGNATURE_WINDOW_SECONDS:
            raise AuthenticationError(message="The timestamp is too far from this server's clock.")
        if throttling.count(f"signature:{expected}", limit=1, seconds=2 * SIGNATURE_WINDOW_SECONDS):
            raise AuthenticationError(message="This signature was used before.")
        return Caller("signature", frozenset({Scope.UPDATE}))


def needs(scope: Scope) -> list[Guard]:
    """The `auth` of a route that takes keys with this scope: 401 without a good key, 403 without the scope."""
    return [KeyInHeader(scope), KeyAsBearer(scope)]


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a request, as its header holds it."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def _checked(text: str | None, scope: Scope) -> Caller | None:
    caller = identify(text) if text else None
    if caller is not None and scope not in caller.scopes:
        raise AuthorizationError(message=f"This key has no scope {scope}.")
    return caller
