"""The API for a person's own data: the same as on the account page, for programs of theirs (spec: personal)."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any, Literal, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.cache import cache_control
from ninja import Field, Router
from ninja.decorators import decorate_view
from ninja.errors import HttpError
from ninja.pagination import paginate

from accounts.encryption import LostKeyError
from accounts.models import Filter, Timing
from accounts.personal import filters, profiles, timing
from accounts.personal.facts import FACTS, FactError
from accounts.personal.filters import FilterError, said
from accounts.signin.tokens import OwnBearer, Owner, OwnScope
from accounts.subscribing import members, subscriptions
from accounts.web.errors import BAD_BODY, REFUSED, UNREADABLE, error_responses
from accounts.web.paging import SORTED_BY, Paging
from accounts.web.throttling import ByKey, Rate, count
from notifications.models import Delivery, Notice
from notifications.rendering.own import Reader, own_words, readers
from notifications.rendering.places import Place, lists_naming, places
from notifications.rendering.public import without_names
from scraping.lookup.deadlines import next_deadlines, wanted_by
from supersetbot.account import schemas
from supersetbot.account.schemas import CLOCK

T = TypeVar("T")
READ, WRITE = OwnBearer(OwnScope.READ), OwnBearer(OwnScope.WRITE)
READS, WRITES = ByKey("me", Rate(120, 60)), ByKey("me:write", Rate(60, 600))
router = Router(tags=["me"])
never_kept = decorate_view(cache_control(no_store=True, private=True))
_READ_ERRORS = error_responses(*UNREADABLE, *REFUSED, 429, 503)
_WRITE_ERRORS = error_responses(*BAD_BODY, *REFUSED, 429, 503)
_MOST = 100
_NOT_AGREED = "Agree to the notice first: on the account page, or by /agree."
_UNREADABLE = "The profile can't be read just now. Nothing of it is lost."


class MessagePages(Paging):
    class Input(Paging.Input):
        sort: Literal["-id", "id"] = Field("-id", description=SORTED_BY)


@router.get("/me", auth=READ, throttle=READS, response={200: schemas.Me, **_READ_ERRORS}, summary="Who I am here")
@never_kept
def me(request: HttpRequest) -> dict[str, Any]:
    person = _owner(request).subscriber
    standing = subscriptions.standing(_owner(request).telegram_id)
    return {
        "name": person.name,
        "membership": person.membership,
        "reads_names": members.sees_names(_owner(request).telegram_id),
        "agreed": profiles.has_agreed(_owner(request).telegram_id),
        "language": person.language,
        "notices_on": bool(standing and standing.active),
        "seasons": standing.seasons if standing else [],
        "muted": sorted(standing.muted) if standing else [],
    }


@router.get(
    "/me/profile", auth=READ, throttle=READS, response={200: schemas.Profile, **_READ_ERRORS}, summary="My profile"
)
@never_kept
def my_profile(request: HttpRequest) -> dict[str, str]:
    return _readable(lambda: profiles.known(_owner(request).telegram_id))


@router.patch(
    "/me/profile",
    auth=WRITE,
    throttle=WRITES,
    response={200: schemas.Profile, **_WRITE_ERRORS},
    summary="Change my profile",
)
@never_kept
def change_my_profile(request: HttpRequest, body: schemas.ProfileIn) -> dict[str, str]:
    """What is left out stays; null forgets a fact. Each is read and refused as by the bot, all of them or none."""
    owner = _owner(request)
    told = {name: value or "" for name, value in body.model_dump(exclude_unset=True).items()}
    values = {name: _parsed(name, text) if text else "" for name, text in told.items()}
    if values.get(profiles.NUMBER) and count(f"me:number:{owner}", limit=profiles.CLAIMS_A_DAY, seconds=86_400):
        raise HttpError(429, "Numbers were claimed too often today. Try again tomorrow.")
    try:
        _readable(lambda: profiles.tell_all(owner.telegram_id, values))
    except FactError as error:
        raise HttpError(422, f"{profiles.NUMBER}: {error}") from None
    except profiles.NoConsentError:
        raise HttpError(403, _NOT_AGREED) from None
    return _readable(lambda: profiles.known(owner.telegram_id))


@router.get(
    "/me/filters",
    auth=READ,
    throttle=READS,
    response={200: list[schemas.FilterOut], **_READ_ERRORS},
    summary="My filters",
)
@never_kept
def my_filters(request: HttpRequest) -> list[dict[str, Any]]:
    return [_filter(each) for each in filters.of(_owner(request).telegram_id)]


@router.patch(
    "/me/filters",
    auth=WRITE,
    throttle=WRITES,
    response={200: list[schemas.FilterOut], **_WRITE_ERRORS},
    summary="Add and remove filters",
)
@never_kept
def change_my_filters(request: HttpRequest, body: schemas.FiltersIn) -> list[dict[str, Any]]:
    """Those to remove go first. One that can't be taken refuses all, and nothing changes."""
    owner = _owner(request)
    try:
        with transaction.atomic():
            new = [filters.parse(each.kind, each.value) for each in body.add]
            for pk in body.remove:
                filters.remove(owner.telegram_id, pk)
            for each in new:
                filters.add(owner.telegram_id, each)
    except FilterError as error:
        raise HttpError(422, f"add: {error}") from None
    return [_filter(each) for each in filters.of(owner.telegram_id)]


@router.get(
    "/me/timing", auth=READ, throttle=READS, response={200: schemas.TimingOut, **_READ_ERRORS}, summary="My times"
)
@never_kept
def my_timing(request: HttpRequest) -> dict[str, Any]:
    return _timing(timing.timing_of(_owner(request).subscriber))


@router.patch(
    "/me/timing",
    auth=WRITE,
    throttle=WRITES,
    response={200: schemas.TimingOut, **_WRITE_ERRORS},
    summary="Change my times",
)
@never_kept
def change_my_timing(request: HttpRequest, body: schemas.TimingIn) -> dict[str, Any]:
    """What is left out stays; null switches off. Quiet hours have a beginning and an end."""
    person = _owner(request).subscriber
    chosen = body.model_dump(exclude_unset=True)
    for name in ("quiet_from", "quiet_until", "digest_at"):
        if chosen.get(name):
            chosen[name] = time.fromisoformat(chosen[name])
    before = timing.timing_of(person)
    begins, ends = (chosen.get(name, getattr(before, name)) for name in ("quiet_from", "quiet_until"))
    if (begins is None) != (ends is None) or (begins is not None and begins == ends):
        raise HttpError(422, "quiet_from, quiet_until: quiet hours have a beginning and another end, or neither.")
    until = chosen.get("muted_until")
    if until and not timezone.now() < until <= timezone.now() + timing.LONGEST_MUTE:
        raise HttpError(422, f"muted_until: a time within the next {timing.LONGEST_MUTE.days} days.")
    return _timing(timing.change(person, **chosen))


@router.get(
    "/me/applied",
    auth=READ,
    throttle=READS,
    response={200: list[schemas.PlaceOut], **_READ_ERRORS},
    summary="Where I stand",
)
@never_kept
def my_places(request: HttpRequest) -> list[dict[str, Any]]:
    """What I said I applied to, and what lists that name me say of it, the newest first."""
    owner = _owner(request)
    names = members.sees_names(owner.telegram_id)
    found = places(owner.subscriber.pk, names=names)[:_MOST]
    reader = _reader(owner) if any(place.lists for place in found) else Reader()
    return [_place(place, reader, names=names) for place in found]


@router.get(
    "/me/lists",
    auth=READ,
    throttle=READS,
    response={200: list[schemas.ListOut], **_READ_ERRORS},
    summary="Lists that name me",
)
@never_kept
def my_lists(request: HttpRequest) -> list[dict[str, Any]]:
    """By my enrolment number, the newest first. Empty for who may not read names."""
    owner = _owner(request)
    if not members.sees_names(owner.telegram_id):
        return []
    reader = _reader(owner)
    return [_listed(notice, reader) for notice in lists_naming(owner.subscriber.pk)[:_MOST]]


@router.get(
    "/me/deadlines",
    auth=READ,
    throttle=READS,
    response={200: list[schemas.DueOut], **_READ_ERRORS},
    summary="What is due next",
)
@never_kept
def my_deadlines(request: HttpRequest) -> list[Any]:
    """Of the seasons and categories I follow, the nearest first."""
    telegram_id = _owner(request).telegram_id
    wanted = wanted_by(subscriptions.standing(telegram_id))
    return list(next_deadlines(timezone.now(), _MOST, wanted, names=members.sees_names(telegram_id)))


@router.get(
    "/me/messages",
    auth=READ,
    throttle=READS,
    response={200: list[schemas.MessageOut], **_READ_ERRORS},
    summary="What I was told",
)
@never_kept
@paginate(MessagePages)
def my_messages(request: HttpRequest) -> QuerySet[Delivery]:
    """Each notice that was sent to my chat or to a browser of mine."""
    mine = Delivery.objects.filter(subscription__subscriber=_owner(request).subscriber, sent_at__isnull=False)
    return mine.select_related("notice__follows")


def _owner(request: HttpRequest) -> Owner:
    # attr-defined: django-ninja sets it
    owner = request.auth  # type: ignore[attr-defined]
    assert isinstance(owner, Owner)  # noqa: S101 (for the types: the routes take nobody else)
    return owner


def _readable(known: Callable[[], T]) -> T:
    try:
        return known()
    except LostKeyError:
        raise HttpError(503, _UNREADABLE) from None


def _parsed(name: str, text: str) -> str:
    try:
        return FACTS[name].parse(text)
    except FactError as error:
        raise HttpError(422, f"{name}: {error}") from None


def _filter(each: Filter) -> dict[str, Any]:
    return {"id": each.pk, "kind": each.kind, "value": each.value, "text": said(each)}


def _timing(mine: Timing) -> dict[str, Any]:
    found = {name: getattr(mine, name) for name in schemas.TimingOut.model_fields}
    times = {name: value.strftime(CLOCK) for name, value in found.items() if isinstance(value, time)}
    return {**found, **times, "muted_until": mine.muted_until.astimezone(UTC) if mine.muted_until else None}


def _reader(owner: Owner) -> Reader:
    return readers({owner.subscriber.pk}).get(owner.subscriber.pk, Reader())


def _listed(notice: Notice, reader: Reader) -> dict[str, Any]:
    own = own_words(notice, reader, Delivery.Named.BY_NUMBER)
    return {
        "notice_id": notice.pk,
        "title": notice.title,
        "company": notice.company,
        "published_at": notice.published_at,
        "text": own.text if own else "",
    }


def _place(place: Place, reader: Reader, *, names: bool) -> dict[str, Any]:
    notice = place.posting or place.notice
    shown = notice if names else without_names(notice)
    event_at: datetime | None = place.event.event_at if place.event else None
    return {
        "notice_id": notice.pk,
        "company": shown.company,
        "role": shown.role,
        "applied_at": place.applied_at,
        "event_at": event_at,
        "lists": [_listed(each, reader) for each in place.lists],
    }
