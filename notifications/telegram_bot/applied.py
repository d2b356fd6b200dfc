"""Where somebody stands, from what they pressed and from the lists that name them (spec: personal, Where I stand)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.categories import Category
from accounts.telegram.call import Keyboard
from notifications.models import Delivery, Interest, Notice
from notifications.rendering.formats import moment
from notifications.rendering.own import Reader, own_words, readers
from notifications.rendering.public import visible_notices, without_names
from notifications.telegram_bot.numbered import rows_of, short, show_key

NOTHING = (
    "Nothing stands here yet. Press Applied under a posting, and I keep it here.\n"
    "Once I know your number (/me number), lists that name you come here by themselves."
)
SHOWN, _LISTS_SHOWN = 8, 2
_LONGEST_LINE = 160


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


def applied_page(subscriber_id: int, *, names: bool) -> tuple[str, Keyboard]:
    """Return where somebody stands, the newest first, with a button each; lists only for whoever reads `names`."""
    found = places(subscriber_id, names=names)
    if not found:
        return NOTHING, ()
    reader = readers({subscriber_id}).get(subscriber_id, Reader()) if any(place.lists for place in found) else Reader()
    blocks = [_block(n, place, reader, names=names) for n, place in enumerate(found[:SHOWN], start=1)]
    keys = [show_key(place.notice.pk, str(n)) for n, place in enumerate(found[:SHOWN], start=1)]
    head = f"The newest {SHOWN} of {len(found)}, where you stand:" if len(found) > SHOWN else "Where you stand:"
    return "\n\n".join([head, *blocks]), rows_of(keys)


def places(subscriber_id: int, *, names: bool) -> list[Place]:
    """Return where somebody stands, the newest first: two statements, three for whoever reads names."""
    applied = dict(
        Interest.objects.filter(subscriber=subscriber_id, applied_at__isnull=False).values_list("key", "applied_at")
    )
    found = _applied_to(applied)
    for notice in _lists_naming(subscriber_id) if names else ():
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


def _lists_naming(subscriber_id: int) -> Sequence[Notice]:
    mine = Delivery.objects.filter(subscription__subscriber=subscriber_id, named=Delivery.Named.BY_NUMBER)
    return list(visible_notices().filter(pk__in=mine.values("notice")).defer("body"))


def _key(notice: Notice, found: dict[str, Place]) -> str:
    """Return which place a list belongs to: the job's; where it says no job, that of the company's only posting."""
    company = notice.company.casefold()
    if notice.job_key or not company:
        return notice.posting_key
    same = [key for key, place in found.items() if place.posting and place.posting.company.casefold() == company]
    return same[0] if len(same) == 1 else f"company {company}"


def _block(number: int, place: Place, reader: Reader, *, names: bool) -> str:
    notice = place.posting or place.notice
    shown = notice if names else without_names(notice)
    title = short(" · ".join(filter(None, (shown.company, shown.role))) or shown.title)
    lines = [f"{number}. {title}"]
    if place.applied_at:
        lines.append(f"    Applied on {moment(place.applied_at, all_day=True)}")
    for listed in place.lists[:_LISTS_SHOWN]:
        own = own_words(listed, reader, Delivery.Named.BY_NUMBER)
        lines.append(f"    {_cut(own.text)}" if own else "")
    if place.event and place.event.event_at and not place.lists:
        lines.append(f"    Next date: {moment(place.event.event_at, all_day=place.event.event_all_day)}")
    return "\n".join(filter(None, lines))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1].rstrip()}…"
