"""Where somebody stands with jobs, from what they said and from the lists that name them (spec: personal)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.categories import Category
from notifications.models import Delivery, Interest, Notice
from notifications.rendering.public import visible_notices


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
    """Return the notices whose lists name somebody by number, the newest first."""
    mine = Delivery.objects.filter(subscription__subscriber=subscriber_id, named=Delivery.Named.BY_NUMBER)
    return list(visible_notices().filter(pk__in=mine.values("notice")).defer("body"))


def _key(notice: Notice, found: dict[str, Place]) -> str:
    """Return which place a list belongs to: the job's; where it says no job, that of the company's only posting."""
    company = notice.company.casefold()
    if notice.job_key or not company:
        return notice.posting_key
    same = [key for key, place in found.items() if place.posting and place.posting.company.casefold() == company]
    return same[0] if len(same) == 1 else f"company {company}"
