"""Browsers subscribe to Web Push and leave (spec: system, HTTP API)."""

import logging
from functools import lru_cache
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from accounts.categories import Category
from accounts.subscribing import browsers
from accounts.web.errors import BAD_BODY, UNREADABLE, error_responses
from accounts.web.paging import Season
from accounts.web.throttling import ByAddress, Rate
from notifications.channels.webpush.vapid import Vapid

log = logging.getLogger(__name__)
router = Router(tags=["push"])

# A lecture hall behind one address may subscribe in a few minutes; a script gets nowhere.
FROM_ONE_ADDRESS = ByAddress("push", Rate(60, 60), Rate(2000, 24 * 3600))
_NO_KEY = "Web Push is not set up on this server."


class PushKeys(Schema):
    """A browser's push keys (RFC 8291)."""

    p256dh: str = Field(max_length=200, description="The browser's public key, base64url.")
    auth: str = Field(max_length=64, description="Its authentication secret, base64url.")


class PushSubscription(Schema):
    """What `PushSubscription.toJSON()` gives."""

    endpoint: str = Field(
        max_length=1000,
        description="Where its push service takes messages: https, out on the internet.",
        examples=["https://fcm.googleapis.com/fcm/send/cT2x"],
    )
    keys: PushKeys = Field(description="Its keys.")


class SubscribeIn(PushSubscription):
    """A browser's subscription, and what it wants."""

    replaces: PushSubscription | None = Field(
        None, description="The browser's address before, where its push service gave a new one: all else stays."
    )
    user_id: int | str | None = Field(None, description="Taken for older clients; anybody could claim one: unused.")
    categories: list[Category] | None = Field(
        None, max_length=100, description="What to be told of. Left out: everything, or as chosen before."
    )
    seasons: list[Season] | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="Seasons to be told of. Left out: the present one, or as chosen before.",
        examples=[[202627]],
    )
    language: Literal["en", "hi"] | None = Field(
        None, description="In which language to be told. Left out: English, or as chosen before."
    )


class Done(Schema):
    """It is done."""

    success: bool = Field(default=True, description="Always true: what failed is a problem.")


class Subscribed(Schema):
    """Whether a browser is subscribed."""

    subscribed: bool = Field(description="False for an unknown endpoint, for other keys, and once it has ended.")


class VapidKey(Schema):
    """The key of this server."""

    # N815: the name browsers use
    publicKey: str = Field(description="applicationServerKey for PushManager.subscribe, base64url.")  # noqa: N815


@lru_cache(maxsize=4)
def _public_key(private: str, public: str, contact: str) -> str:
    try:
        return Vapid(private, public, contact).public_key
    except ValueError as error:
        log.error("%s", error)
        return ""


def public_key() -> str:
    """The key browsers subscribe with; "" where Web Push is not set up."""
    if not settings.VAPID_PRIVATE_KEY:
        return ""
    return _public_key(settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY, settings.VAPID_EMAIL)


@router.post(
    "/push/subscribe",
    response={200: Done, **error_responses(*BAD_BODY, 409, 429)},
    throttle=FROM_ONE_ADDRESS,
    summary="Subscribe a browser, or change what it wants",
)
def subscribe(request: HttpRequest, body: SubscribeIn) -> Done:
    keys = _keys(body)
    try:
        if body.replaces:
            browsers.move(body.replaces.endpoint, _keys(body.replaces)["auth"], body.endpoint, keys)
        browsers.subscribe(body.endpoint, keys, body.categories, body.seasons, body.language)
    except ValueError as error:
        raise HttpError(422, f"{error}.") from None
    except browsers.OtherKeysError as error:
        raise HttpError(409, str(error)) from None
    return Done()


@router.post(
    "/push/unsubscribe",
    response={200: Done, **error_responses(*BAD_BODY, 404, 429)},
    throttle=FROM_ONE_ADDRESS,
    summary="End a browser's subscription",
)
def unsubscribe(request: HttpRequest, body: PushSubscription) -> Done:
    """Unsubscribe a browser; its own keys prove that it is this browser that asks."""
    if not browsers.unsubscribe(body.endpoint, _keys(body)["auth"]):
        raise HttpError(404, "No browser with this endpoint and these keys is subscribed.")
    return Done()


@router.post(
    "/push/subscribed",
    response={200: Subscribed, **error_responses(*BAD_BODY, 429)},
    throttle=FROM_ONE_ADDRESS,
    summary="Whether a browser is subscribed",
)
def subscribed(request: HttpRequest, body: PushSubscription) -> Subscribed:
    """A browser keeps its subscription when the server has ended it; its own keys prove that it is this browser that
    asks."""
    return Subscribed(subscribed=browsers.is_subscribed(body.endpoint, _keys(body)["auth"]))


@router.get(
    "/push/vapid-key", response={200: VapidKey, **error_responses(*UNREADABLE, 501)}, summary="The server's push key"
)
def vapid_key(request: HttpRequest) -> VapidKey:
    key = public_key()
    if not key:
        raise HttpError(501, _NO_KEY)
    return VapidKey(publicKey=key)


def _keys(body: PushSubscription) -> dict[str, str]:
    try:
        return browsers.check_keys(body.keys.p256dh, body.keys.auth)
    except ValueError as error:
        raise HttpError(422, f"{error}.") from None
