"""Browsers that want notices by Web Push: joining, choosing, leaving.

Whoever knows an endpoint and its `auth` secret is the browser itself: nobody else can change or end a subscription.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.categories import Category
from accounts.models import FollowedSeason, MutedCategory, Subscriber, Subscription
from accounts.seasons import show_season
from accounts.subscribing.endpoints import check_endpoint
from accounts.subscribing.subscriptions import STOPPED, seasons_offered, set_seasons

_AUTH_BYTES = 16  # RFC 8291, 3.2


class OtherKeysError(Exception):
    """This endpoint is subscribed, with other keys than these."""


def check_keys(p256dh: str, auth: str) -> dict[str, str]:
    """A browser's push keys as they are stored, in base64url unpadded.

    Raises:
        ValueError: not a point on P-256, or not 16 bytes (RFC 8291).
    """
    point, secret = _decoded(p256dh), _decoded(auth)
    if len(secret) != _AUTH_BYTES:
        raise ValueError("keys.auth must be 16 bytes in base64url")
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        raise ValueError("keys.p256dh must be a public key on P-256 in base64url") from None
    return {"p256dh": _encoded(point), "auth": _encoded(secret)}


@transaction.atomic
def subscribe(
    endpoint: str,
    keys: dict[str, str],
    categories: Collection[str] | None = None,
    seasons: Collection[int] | None = None,
    language: str | None = None,
) -> None:
    """Tell this browser of these categories and seasons in this language from now on.

    None stands for what it had chosen before, and at first for all categories, the default season and English.

    Raises:
        ValueError: an endpoint that can't be called, a season that nobody may follow.
        OtherKeysError: see there.
    """
    check_endpoint(endpoint, settings.PUSH_ALLOW_HOSTS)
    if unknown := sorted(set(seasons or ()) - seasons_offered()):
        raise ValueError(f"The season {show_season(unknown[0])} is not offered")
    subscription, created = Subscription.objects.get_or_create(  # type: ignore[misc] # the default is called if new
        channel=Subscription.Channel.WEB_PUSH,
        address=endpoint,
        defaults={"subscriber": _new_browser, "keys": keys},
    )
    if created:
        FollowedSeason.objects.create(subscription=subscription)
    elif subscription.state == Subscription.State.OFF:
        _revive(subscription, keys)
    elif not _same(subscription, keys["auth"]):
        raise OtherKeysError("This endpoint is subscribed with other keys.")
    if categories is not None:
        _choose(subscription, categories)
    if seasons:
        set_seasons(subscription, seasons)
    if language:
        Subscriber.objects.filter(pk=subscription.subscriber_id).update(language=language)


def unsubscribe(endpoint: str, auth: str) -> bool:
    """Tell this browser nothing more. False where there is no such endpoint, or `auth` is not its secret."""
    subscription = Subscription.objects.filter(channel=Subscription.Channel.WEB_PUSH, address=endpoint).first()
    if subscription is None or not _same(subscription, auth):
        return False
    Subscription.objects.filter(pk=subscription.pk).switch_off(STOPPED)
    return True


def _new_browser() -> Subscriber:
    return Subscriber.objects.create(kind=Subscriber.Kind.BROWSER)


def _revive(subscription: Subscription, keys: dict[str, str]) -> None:
    now = timezone.now()
    Subscription.objects.filter(pk=subscription.pk).update(
        state=Subscription.State.ACTIVE, keys=keys, off_reason="", state_changed_at=now, active_since=now
    )


def _choose(subscription: Subscription, categories: Collection[str]) -> None:
    muted = set(Category.values) - set(categories)
    subscription.muted.exclude(category__in=muted).delete()
    MutedCategory.objects.bulk_create(
        (MutedCategory(subscription=subscription, category=category) for category in sorted(muted)),
        ignore_conflicts=True,
    )


def _same(subscription: Subscription, auth: str) -> bool:
    return constant_time_compare(str(subscription.keys.get("auth", "")), auth)


def _decoded(text: str) -> bytes:
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
