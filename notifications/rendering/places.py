"""Where somebody stands with jobs, from what they said and from the lists that name them (spec: personal)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.categories import Category
from accounts.personal import profiles
from accounts.personal.numbers import normal_number
from notifications.models import Delivery, Interest, Notice
from notifications.rendering.public import visible_notices

_LATE, _MOST_LATE = timedelta(days=14), 500  # the lists of so many days, and at most so many


@dataclass(slots=True)
class Place:
    """Where somebody stands with one job: when they applied, and the lists that name them, the newest first."""

    posting: Notice | None = None
    applied_at: datetime | None = None
    event: Notice | None = None
    lists: list[Notice] = field(default_factory=list)

    @property
    def newest(self) -> datetime:
        return max(at for at in (self.applied_at, *(each.published_at for each in self.lists)) if at)

    @property
    def notice(self) -> Notice:
        """Return what the button shows: the newest list, else the posting."""
        return next(each for each in (*self.lists, self.posting) if each)


def places(subscriber_id: int, *, names: bool) -> list[Place]:
    """Return where somebody stands, the newest first: two statements, three for whoever reads names."""
    applied = dict(
        Interest.objects.filter(subscriber=subscriber_id, applied_at__isnull=False).values_list("key", "applied_at")
    )
    found = _applied_to(applied)
    for notice in lists_naming(subscriber_id) if names else ():
        found.setdefault(_key(notice, found), Place()).lists.append(notice)
    return sorted(found.values(), key=lambda place: place.newest, reverse=True)


def _applied_to(applied: dict[str, datetime | None]) -> dict[str, Place]:
    """Return a place for each posting that is still there, by its key."""
    said = visible_notices().filter(Q(job_key__in=applied) | Q(external_key__in=applied)).defer("body")
    found: dict[str, Place] = {}
    notices = [notice for notice in said if notice.posting_key in applied]
    for notice in notices:
        if notice.category == Category.JOB_POSTING:
            found.setdefault(notice.posting_key, Place(notice, applied[notice.posting_key]))
    now = timezone.now()
    for notice in notices:
        place = found.get(notice.posting_key)
        if place and (at := notice.event_at) and at > now and notice.category != Category.SHORTLISTING:
            place.event = min(place.event or notice, notice, key=lambda each: each.event_at or at)
    return found


def lists_naming(subscriber_id: int) -> Sequence[Notice]:
    """Return the notices whose lists name somebody by number, the newest first: those they had, and recent ones."""
    had = Delivery.objects.filter(subscription__subscriber=subscriber_id, named=Delivery.Named.BY_NUMBER)
    naming = Q(pk__in=had.values("notice")) | Q(pk__in=_recently_naming(subscriber_id))
    return list(visible_notices().filter(naming).defer("body"))


def recent_lists() -> QuerySet[Notice]:
    """Return the lists of the last days that stand, the newest first: those that a number told now is looked up in."""
    lately = visible_notices().filter(published_at__gte=timezone.now() - _LATE).exclude(roster=[])
    return lately.order_by("-pk")[:_MOST_LATE]


def _recently_naming(subscriber_id: int) -> list[int]:
    """Return the recent lists that hold somebody's number; none where it is not known or can't be read."""
    number = profiles.of_subscribers([subscriber_id]).get(subscriber_id, {}).get(profiles.NUMBER)
    lists = recent_lists().values_list("pk", "roster") if number else ()
    return [pk for pk, roster in lists if any(normal_number(row.get("enrollment") or "") == number for row in roster)]


def _key(notice: Notice, found: dict[str, Place]) -> str:
    """Return which place a list belongs to: the job's; where it says no job, that of the company's only posting."""
    company = notice.company.casefold()
    if notice.job_key or not company:
        return notice.posting_key
    same = [key for key, place in found.items() if place.posting and place.posting.company.casefold() == company]
    return same[0] if len(same) == 1 else f"company {company}"
