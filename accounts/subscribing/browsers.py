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

from accounts.models import FollowedSeason, Subscriber, Subscription
from accounts.seasons import show_season
from accounts.subscribing.endpoints import check_endpoint
from accounts.subscribing.subscriptions import STOPPED, seasons_offered, set_categories, set_seasons, share_choices

MOST_OWN = 10  # browsers of one person
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
        set_categories(subscription, categories)
    if seasons:
        set_seasons(subscription, seasons)
    if language:  # a browser of somebody's own speaks what they chose
        browser = Subscriber.objects.filter(pk=subscription.subscriber_id, kind=Subscriber.Kind.BROWSER)
        browser.update(language=language)


@transaction.atomic
def subscribe_own(person: Subscriber, endpoint: str, keys: dict[str, str], browser: str) -> None:
    """Tell a person in this browser what comes to their chat, besides: each of the two is a subscription for itself.

    A browser that was subscribed without a name goes on as theirs; one that was another person's begins anew, so that
    nothing sent to that person is followed up here.

    Raises:
        ValueError: an endpoint that can't be called, or one too many.
        OtherKeysError: see there.
    """
    check_endpoint(endpoint, settings.PUSH_ALLOW_HOSTS)
    if len([each for each in own(person) if each.address != endpoint]) >= MOST_OWN:
        raise ValueError(f"A person has {MOST_OWN} browsers at most")
    known = Subscription.objects.select_for_update().filter(channel=Subscription.Channel.WEB_PUSH, address=endpoint)
    subscription = known.select_related("subscriber").first()
    if subscription and subscription.state == Subscription.State.ACTIVE and not _same(subscription, keys["auth"]):
        raise OtherKeysError("This endpoint is subscribed with other keys.")
    if subscription and subscription.subscriber_id != person.pk:
        subscription = _handed_over(subscription, person)
    if subscription is None:
        subscription = Subscription.objects.create(
            subscriber=person, channel=Subscription.Channel.WEB_PUSH, address=endpoint, keys=keys
        )
    elif subscription.state == Subscription.State.OFF:
        _revive(subscription, keys)
    Subscription.objects.filter(pk=subscription.pk).update(browser=browser)
    share_choices(person)


def own(person: Subscriber) -> list[Subscription]:
    """Return the browsers in which a person is told, the newest first."""
    mine = person.subscriptions.filter(channel=Subscription.Channel.WEB_PUSH, state=Subscription.State.ACTIVE)
    return list(mine.order_by("-pk"))


def stop_own(person: Subscriber, pk: int) -> bool:
    """Tell a person nothing more in one browser. False where it is none of theirs."""
    mine = Subscription.objects.filter(subscriber=person, channel=Subscription.Channel.WEB_PUSH, pk=pk)
    return bool(mine.switch_off(STOPPED))


def _handed_over(subscription: Subscription, person: Subscriber) -> Subscription | None:
    """Make a nameless browser a person's own. Another person's is deleted with what was sent there: None."""
    before = subscription.subscriber
    if before.kind != Subscriber.Kind.BROWSER:
        subscription.delete()
        return None
    Subscription.objects.filter(pk=subscription.pk).update(subscriber=person)
    if not before.subscriptions.exists():
        before.delete()
    return subscription


def move(before: str, auth: str, endpoint: str, keys: dict[str, str]) -> bool:
    """Have a browser go on at the new address its push service gave it. False where `auth` is not its secret.

    Raises ValueError for an endpoint that can't be called.
    """
    check_endpoint(endpoint, settings.PUSH_ALLOW_HOSTS)
    known = Subscription.objects.filter(channel=Subscription.Channel.WEB_PUSH)
    old = known.filter(address=before, state=Subscription.State.ACTIVE).first()
    if old is None or not _same(old, auth) or known.filter(address=endpoint).exists():
        return False
    return bool(known.filter(pk=old.pk, address=before).update(address=endpoint, keys=keys))


def unsubscribe(endpoint: str, auth: str) -> bool:
    """Tell this browser nothing more. False where there is no such endpoint, or `auth` is not its secret."""
    subscription = Subscription.objects.filter(channel=Subscription.Channel.WEB_PUSH, address=endpoint).first()
    if subscription is None or not _same(subscription, auth):
        return False
    Subscription.objects.filter(pk=subscription.pk).switch_off(STOPPED)
    return True


def is_subscribed(endpoint: str, auth: str) -> bool:
    """Whether this browser is told of notices. False where `auth` is not its secret."""
    active = Subscription.objects.filter(channel=Subscription.Channel.WEB_PUSH, state=Subscription.State.ACTIVE)
    subscription = active.filter(address=endpoint).first()
    return subscription is not None and _same(subscription, auth)


def _new_browser() -> Subscriber:
    return Subscriber.objects.create(kind=Subscriber.Kind.BROWSER)


def _revive(subscription: Subscription, keys: dict[str, str]) -> None:
    now = timezone.now()
    Subscription.objects.filter(pk=subscription.pk).update(
        state=Subscription.State.ACTIVE, keys=keys, off_reason="", state_changed_at=now, active_since=now
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
