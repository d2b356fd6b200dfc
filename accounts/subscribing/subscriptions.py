"""Joining, leaving and choosing: every change of a Telegram chat's subscription goes through these functions.

They speak of chats by their Telegram id, know nothing of the Bot API, and are safe to repeat.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.categories import Category
from accounts.language import known
from accounts.models import FollowedSeason, Forgotten, MutedCategory, Subscriber, Subscription, Subscriptions
from accounts.pseudonyms import digest

STOPPED = "stopped"  # said /stop; nothing but /start ends it
BLOCKED = "blocked"
REMOVED = "removed"  # from a group or channel, or its right to post there was taken
_ON_PURPOSE = (STOPPED, "")  # by /stop, or by the admin's page, which states no reason

# Control characters, halves of surrogate pairs, and the marks that change the direction of writing
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LONGEST_NAME = 200
_LONGEST_USERNAME = 64


@dataclass(frozen=True, slots=True)
class Chat:
    """A Telegram chat as its own update describes it. The name comes from strangers."""

    id: int
    kind: str = Subscriber.Kind.PERSON
    name: str = ""
    username: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a chat is told things, and of what."""

    active: bool
    off_reason: str
    every_season: bool
    seasons: tuple[int, ...]  # the newest first
    muted: frozenset[str]
    topic: int | None = None  # of a forum group

    def follows(self, season: int) -> bool:
        return self.every_season or season in self.seasons


@transaction.atomic
def start(chat: Chat) -> tuple[Standing, bool]:
    """Register a chat, or switch it on again; True where it is new.

    People follow the default season at first, groups and channels all of them (spec: system, Bot commands).
    """
    subscriber = _noted(chat)
    forgotten = Forgotten.objects.filter(digest=digest(chat.id))
    if forgotten.filter(refused=True).exists():
        Subscriber.objects.filter(pk=subscriber.pk).update(membership=Subscriber.Membership.REFUSED)
    forgotten.delete()  # they have come back
    subscription, created = Subscription.objects.get_or_create(
        channel=Subscription.Channel.TELEGRAM,
        address=str(chat.id),
        defaults={"subscriber": subscriber, "every_season": chat.kind != Subscriber.Kind.PERSON},
    )
    if not created and Subscription.objects.filter(pk=subscription.pk).switch_on():
        subscription.refresh_from_db()
    if not subscription.every_season and not subscription.seasons.exists():
        FollowedSeason.objects.create(subscription=subscription)
    return _standing(subscription), created


def revive(telegram_id: int) -> bool:
    """Switch on what a block or a removal had switched off; what /stop or the admin switched off stays off."""
    return _of(telegram_id).exclude(off_reason__in=_ON_PURPOSE).switch_on() == 1


def switch_off(telegram_id: int, reason: str) -> bool:
    """Tell this chat nothing more. False where it was not told anything before; the older reason stays then."""
    return _of(telegram_id).switch_off(reason) == 1


def is_switched_off(telegram_id: int) -> bool:
    """Whether somebody switched this chat off on purpose: /stop, or the admin's page."""
    return _of(telegram_id).filter(state=Subscription.State.OFF, off_reason__in=_ON_PURPOSE).exists()


def standing(telegram_id: int) -> Standing | None:
    """How a chat stands; None where it never subscribed."""
    subscription = _of(telegram_id).first()
    return _standing(subscription) if subscription else None


def seasons_offered() -> set[int]:
    """Return what anybody may follow."""
    return {*settings.PLACEMENT_YEARS, settings.DEFAULT_PLACEMENT_YEAR}


@transaction.atomic
def follow(telegram_id: int, season: int, *, on: bool) -> Standing | None:
    """Follow a season or leave it; None where the chat never subscribed.

    Nothing changes where the season is not offered, or is the last one followed: the standing answered shows it.
    """
    subscription = _of(telegram_id).select_for_update().first()
    if subscription is None:
        return None
    before = _standing(subscription)
    followed = seasons_offered() if before.every_season else set(before.seasons)
    wanted = followed | ({season} & seasons_offered()) if on else followed - {season}
    if not wanted or wanted == followed:
        return before
    set_seasons(subscription, wanted)
    share_choices(subscription.subscriber)
    return _standing(subscription)


@transaction.atomic
def mute(telegram_id: int, category: str, *, on: bool) -> Standing | None:
    """Mute a category or want it again; None where the chat never subscribed. Unknown categories change nothing."""
    subscription = _of(telegram_id).select_for_update().first()
    if subscription is None:
        return None
    if on and category in Category.values:
        MutedCategory.objects.get_or_create(subscription=subscription, category=category)
    elif not on:
        subscription.muted.filter(category=category).delete()
    share_choices(subscription.subscriber)
    return _standing(subscription)


@transaction.atomic
def choose(telegram_id: int, seasons: Collection[int], categories: Collection[str]) -> Standing | None:
    """Have a chat follow these seasons, of those offered and its own, and hear of these categories alone.

    Returns how it stands then; None where it never subscribed. Without a season that may be followed its seasons stay.
    """
    subscription = _of(telegram_id).select_for_update().first()
    if subscription is None:
        return None
    if wanted := set(seasons) & {*seasons_offered(), *_standing(subscription).seasons}:
        set_seasons(subscription, wanted)
    set_categories(subscription, categories)
    share_choices(subscription.subscriber)
    return _standing(subscription)


@transaction.atomic
def move(old_id: int, new_id: int) -> bool:
    """A group became a supergroup and has a new id. False where the old one is not known (any more).

    Where the new id has registered already, the older row wins: it holds the choices and what was delivered.
    """
    subscription = _of(old_id).select_for_update().first()
    if subscription is None or old_id == new_id:
        return False
    twin = _of(new_id).first()
    Subscriber.objects.filter(telegram_id=new_id).delete()
    _of(new_id).delete()
    Subscriber.objects.filter(pk=subscription.subscriber_id).update(telegram_id=new_id)
    Subscription.objects.filter(pk=subscription.pk).update(address=str(new_id), topic=twin.topic if twin else None)
    if twin and twin.state == Subscription.State.ACTIVE:
        revive(new_id)
    return True


def ensure_settings_chat() -> None:
    """Give TELEGRAM_CHAT_ID the subscription to every notice that the setting promises (0: there is none).

    One that was switched off, by /stop or by a removal, stays off.
    """
    chat_id: int = settings.TELEGRAM_CHAT_ID
    if not chat_id:
        return
    if not _of(chat_id).exists():
        start(Chat(chat_id, _kind_by_id(chat_id)))
    _of(chat_id).filter(every_season=False).update(every_season=True)


def language_of(telegram_id: int, code: str | None) -> str:
    """Return the language a chat is told in; what Telegram says of it counts until another one is chosen."""
    chat = Subscriber.objects.filter(telegram_id=telegram_id)
    stored = chat.values_list("language", flat=True).first()
    if stored == "":
        chat.filter(language="").update(language=known(code))
    return stored or known(code)


def stored_language(telegram_id: int) -> str:
    """Return the language a chat is told in; "" where none is known yet."""
    return Subscriber.objects.filter(telegram_id=telegram_id).values_list("language", flat=True).first() or ""


def choose_language(telegram_id: int, language: str) -> bool:
    """Have a chat told in a language of ours. False for who never subscribed."""
    return bool(Subscriber.objects.filter(telegram_id=telegram_id).update(language=known(language)))


def clean_name(name: str) -> str:
    """A stranger's name on one line, without what can't be stored or would turn the text around it.

    Joiners stay: names in Indian scripts, and many emoji, need them.
    """
    return " ".join(_UNSPEAKABLE.sub(" ", name).split())


def _of(telegram_id: int) -> Subscriptions:
    return Subscription.objects.filter(channel=Subscription.Channel.TELEGRAM, address=str(telegram_id))


def rename(telegram_id: int, name: str, username: str) -> None:
    """Note how a chat is called now."""
    Subscriber.objects.filter(telegram_id=telegram_id).update(**_names(name, username))


def _names(name: str, username: str) -> dict[str, str]:
    return {"name": clean_name(name)[:_LONGEST_NAME], "username": clean_name(username)[:_LONGEST_USERNAME]}


def _noted(chat: Chat) -> Subscriber:
    """Return who or what a chat is, under the name it has now."""
    names = {"kind": chat.kind, **_names(chat.name, chat.username)}
    first = {**names, "language": chat.language}
    subscriber, _ = Subscriber.objects.update_or_create(telegram_id=chat.id, defaults=names, create_defaults=first)
    return subscriber


def set_seasons(subscription: Subscription, seasons: Iterable[int]) -> None:
    """Have a subscription follow these seasons and no other."""
    Subscription.objects.filter(pk=subscription.pk).update(every_season=False)
    subscription.every_season = False
    subscription.seasons.exclude(season__in=seasons).delete()
    FollowedSeason.objects.bulk_create(
        (FollowedSeason(subscription=subscription, season=season) for season in seasons), ignore_conflicts=True
    )


def share_choices(person: Subscriber) -> None:
    """Have a person's own browsers told of what their chat is told of: the same seasons and categories."""
    browsers = list(person.subscriptions.filter(channel=Subscription.Channel.WEB_PUSH))
    chat = person.subscriptions.filter(channel=Subscription.Channel.TELEGRAM).first() if browsers else None
    if chat is None:
        return
    standing = _standing(chat)
    for browser in browsers:
        set_seasons(browser, standing.seasons)
        set_categories(browser, set(Category.values) - standing.muted)
        if standing.every_season:
            Subscription.objects.filter(pk=browser.pk).update(every_season=True)


def set_categories(subscription: Subscription, categories: Collection[str]) -> None:
    """Have a subscription hear of these categories and no other."""
    muted = set(Category.values) - set(categories)
    subscription.muted.exclude(category__in=muted).delete()
    MutedCategory.objects.bulk_create(
        (MutedCategory(subscription=subscription, category=category) for category in sorted(muted)),
        ignore_conflicts=True,
    )


def _standing(subscription: Subscription) -> Standing:
    seasons = subscription.seasons.values_list("season", flat=True)
    return Standing(
        active=subscription.state == Subscription.State.ACTIVE,
        off_reason=subscription.off_reason,
        every_season=subscription.every_season,
        seasons=tuple(sorted(seasons, reverse=True)),
        muted=frozenset(subscription.muted.values_list("category", flat=True)),
        topic=subscription.topic,
    )


def _kind_by_id(chat_id: int) -> str:
    """People's ids are positive, those of channels and supergroups start with -100 (Bot API, Chat)."""
    if chat_id > 0:
        return Subscriber.Kind.PERSON
    return Subscriber.Kind.CHANNEL if str(chat_id).startswith("-100") else Subscriber.Kind.GROUP
