"""Programs that are called when there is news: webhooks. Only an admin makes one, and says whether it gets names."""

import secrets
from base64 import b64encode
from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.categories import Category
from accounts.models import FollowedSeason, MutedCategory, Subscriber, Subscription, Subscriptions
from accounts.seasons import show_season
from accounts.subscribing import members
from accounts.subscribing.endpoints import check_endpoint
from accounts.subscribing.subscriptions import clean_name

ADDRESS = "A webhook's address"
SECRET_PREFIX = "whsec_"  # noqa: S105 (what a secret begins with, as Standard Webhooks writes it)
_SECRET_BYTES = 32
_LONGEST_NAME = 80


def webhooks() -> Subscriptions:
    """Return the subscriptions of all programs."""
    return Subscription.objects.filter(channel=Subscription.Channel.WEBHOOK)


@transaction.atomic
def add(
    name: str, url: str, *, seasons: Collection[int] = (), categories: Collection[str] = (), names: bool = False
) -> tuple[Subscription, str]:
    """Call `url` with what is new in these seasons and categories, or in all; `names` also sends who is listed.

    Returns the subscription and the secret that its calls are signed with.

    Raises:
        ValueError: as `check` does.
    """
    check(name, url)
    name = clean_name(name)
    program = Subscriber.objects.create(kind=Subscriber.Kind.PROGRAM, name=name)
    if names:
        may_read_names(Subscriber.objects.filter(pk=program.pk), names=True)
    secret = SECRET_PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    subscription = Subscription.objects.create(
        subscriber=program,
        channel=Subscription.Channel.WEBHOOK,
        address=url,
        keys=_sealed(secret),
        every_season=not seasons,
    )
    FollowedSeason.objects.bulk_create(
        FollowedSeason(subscription=subscription, season=season) for season in sorted(set(seasons))
    )
    muted = set(Category.values) - set(categories) if categories else ()
    MutedCategory.objects.bulk_create(
        MutedCategory(subscription=subscription, category=category) for category in sorted(muted)
    )
    return subscription, secret


def check(name: str, url: str) -> None:
    """Raise ValueError for an address that can't be called or is called already, a name that is too long or taken."""
    name = clean_name(name)
    check_endpoint(url, settings.PUSH_ALLOW_HOSTS, what=ADDRESS)
    if not 0 < len(name) <= _LONGEST_NAME:
        raise ValueError(f"A webhook's name has 1 to {_LONGEST_NAME} characters")
    if named(name).exists():
        raise ValueError(f"There is a webhook {name} already: choose another name, or remove that one")
    if webhooks().filter(address=url).exists():
        raise ValueError("This address is called already")


def secret_of(keys: Mapping[str, str]) -> str:
    """The secret that a webhook's calls are signed with. Raises ValueError where it can't be read."""
    from accounts.encryption import LostKeyError, decrypt  # each process imports this module, few decrypt

    try:
        return decrypt(keys.get("secret", ""))
    except (LostKeyError, ValueError):
        raise ValueError("The webhook's secret can't be read: FIELD_KEYS lacks its key") from None


@transaction.atomic
def encrypt_anew() -> int:
    """Encrypt all secrets by the first of FIELD_KEYS. Returns how many can't be read: they stay as they are."""
    lost = 0
    for webhook in webhooks().select_for_update():
        try:
            keys = _sealed(secret_of(webhook.keys))
        except ValueError:
            lost += 1
        else:
            webhooks().filter(pk=webhook.pk).update(keys=keys)
    return lost


def _sealed(secret: str) -> dict[str, str]:
    from accounts.encryption import encrypt  # as above

    return {"secret": encrypt(secret)}


def named(name: str) -> Subscriptions:
    """Return the webhook of this name, if there is one."""
    return webhooks().filter(subscriber__name=name)


def wants(webhook: Subscription) -> str:
    """Say what a webhook is told of: seasons, categories, and whether it gets names of students."""
    seasons = ", ".join(show_season(one.season) for one in webhook.seasons.all())
    muted = {one.category for one in webhook.muted.all()}
    categories = ", ".join(str(Category(value).label) for value in Category.values if value not in muted)
    named_students = webhook.subscriber.membership == Subscriber.Membership.MEMBER
    return "; ".join(
        (
            "all seasons" if webhook.every_season else seasons,
            categories if muted else "all categories",
            "with names of students" if named_students else "without names of students",
        )
    )


def remove(subscriptions: Collection[Subscription]) -> int:
    """Delete webhooks, and what was sent to them. Returns how many."""
    programs = Subscriber.objects.filter(kind=Subscriber.Kind.PROGRAM, subscriptions__in=subscriptions)
    return sum(program.delete()[0] > 0 for program in programs)


def may_read_names(programs: QuerySet[Subscriber], *, names: bool) -> int:
    """Let programs get the names of students, or end that. Returns how many changed."""
    programs = programs.filter(kind=Subscriber.Kind.PROGRAM)
    changed = members.admit(programs, by=members.BY_APPROVAL) if names else members.end(programs)
    return len(changed)
