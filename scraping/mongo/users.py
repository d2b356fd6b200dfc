"""Users as subscribers and their subscriptions."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import timezone

from accounts.models import FollowedSeason, Subscriber, Subscription
from accounts.subscribing.browsers import check_keys
from accounts.subscribing.endpoints import check_endpoint
from accounts.subscribing.subscriptions import STOPPED, clean_name
from scraping.mongo.documents import Document
from scraping.mongo.entries import Entry

_TELEGRAM, _WEB_PUSH = Subscription.Channel.TELEGRAM, Subscription.Channel.WEB_PUSH
_ACTIVE, _OFF = Subscription.State.ACTIVE, Subscription.State.OFF


def put_users(entries: Sequence[Entry], season: int) -> dict[str, Subscriber]:
    """Store users, active or not. From now on they are told what is new, in the default season."""
    rows = _stored(entry.key for entry in entries)
    new = [entry for entry in entries if entry.key not in rows]
    changed = [entry for entry in entries if entry.key in rows and entry.may_change(rows[entry.key])]
    made = Subscriber.objects.bulk_create(subscriber_row(entry.document) for entry in new)
    _update([(rows[entry.key], entry.document) for entry in changed])
    _subscribe([(subscriber, entry.document) for subscriber, entry in zip(made, new, strict=True)])
    return _stored(entry.key for entry in entries)


def subscriber_row(document: Document) -> Subscriber:
    """A subscriber not saved; a member, as whoever is subscribed when an installation is upgraded."""
    subscriber = Subscriber(
        telegram_id=document["user_id"],
        kind=_kind(document["user_id"]),
        membership=Subscriber.Membership.MEMBER,
        membership_by="upgrade",
        membership_since=timezone.now(),
        **_names(document),
    )
    if document.get("created_at"):
        subscriber.created_at = timezone.make_aware(document["created_at"], timezone.get_fixed_timezone(0))
    return subscriber


def _stored(keys: Iterable[str]) -> dict[str, Subscriber]:
    found = Subscriber.objects.filter(telegram_id__in=[int(key) for key in keys]).prefetch_related("subscriptions")
    return {str(row.telegram_id): row for row in found}


def _subscribe(users: Sequence[tuple[Subscriber, Document]]) -> None:
    rows = [row for subscriber, document in users for row in _subscriptions(subscriber, document)]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)
    theirs = Subscription.objects.filter(subscriber__in=[user for user, _ in users], every_season=False)
    FollowedSeason.objects.bulk_create((FollowedSeason(subscription=row) for row in theirs), ignore_conflicts=True)


def _subscriptions(subscriber: Subscriber, document: Document) -> list[Subscription]:
    on = document["is_active"]
    state = {
        "subscriber": subscriber,
        "state": _ACTIVE if on else _OFF,
        "off_reason": "" if on else STOPPED,
    }
    every = subscriber.kind != Subscriber.Kind.PERSON
    telegram = Subscription(channel=_TELEGRAM, address=str(document["chat_id"]), every_season=every, **state)
    browsers = [
        Subscription(channel=_WEB_PUSH, address=endpoint, keys=keys, **state) for endpoint, keys in _browsers(document)
    ]
    return [telegram, *browsers]


def _browsers(document: Document) -> list[tuple[str, dict[str, str]]]:
    """Endpoints that may be called, with their keys; others can't be told anything."""
    found = []
    for row in document.get("push_subscriptions") or []:
        endpoint, keys = row.get("endpoint", ""), row.get("keys") or {}
        try:
            check_endpoint(endpoint, settings.PUSH_ALLOW_HOSTS)
            found.append((endpoint, check_keys(str(keys.get("p256dh", "")), str(keys.get("auth", "")))))
        except ValueError:
            continue
    return found


def _update(users: Sequence[tuple[Subscriber, Document]]) -> None:
    """Subscribers stored before whose documents changed: their names, whether they are told, new browsers."""
    now = timezone.now()
    for subscriber, document in users:
        subscriber.updated_at = now
        for name, value in _names(document).items():
            setattr(subscriber, name, value)
    Subscriber.objects.bulk_update([subscriber for subscriber, _ in users], ["name", "username", "updated_at"])
    for on, was, will in ((True, _OFF, _ACTIVE), (False, _ACTIVE, _OFF)):
        those = [subscriber for subscriber, document in users if document["is_active"] is on]
        Subscription.objects.filter(subscriber__in=those, channel=_TELEGRAM, state=was).update(
            state=will, off_reason="" if on else STOPPED, state_changed_at=now, active_since=now
        )
    _subscribe(users)


def _names(document: Document) -> dict[str, str]:
    parts = (document.get("first_name") or "", document.get("last_name") or "")
    return {
        "name": clean_name(" ".join(parts))[:200],
        "username": clean_name(document.get("username") or "")[:64],
    }


def _kind(telegram_id: int) -> str:
    """People's ids are positive, those of channels and supergroups start with -100 (Bot API, Chat)."""
    if telegram_id > 0:
        return Subscriber.Kind.PERSON
    return Subscriber.Kind.CHANNEL if str(telegram_id).startswith("-100") else Subscriber.Kind.GROUP
