"""Somebody's own calendar: the deadlines and events that concern them (spec: personal, My time).

It holds a notice they were told of or said something of. Of a list it holds what their own row says, and nothing where
the list does not name them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.encryption import LostKeyError
from accounts.language import speaking
from accounts.models import Profile, Subscriber, Timing
from accounts.personal import profiles
from accounts.personal.may_apply import Answer, may_apply
from accounts.subscribing.members import who_sees_names
from notifications.models import Delivery, Interest, Notice
from notifications.my_time.calendar_entries import (
    KEPT_AFTERWARDS,
    NO_ALARMS,
    deadline_entry,
    deadline_off_entry,
    event_entries,
    event_off_entry,
    first_day,
    shown,
)
from notifications.my_time.calendar_links import token_digest
from notifications.my_time.dates import Stated, stated
from notifications.rendering.calendar_file import Event, calendar

MOST_ENTRIES = 1000
_NOT_TOLD = Q(state=Delivery.State.SKIPPED) & ~Q(error_code="withdrawn")  # what waited is in the calendar already


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is. `names`: they may read names; `said` is what they said of postings, by their key."""

    pk: int
    names: bool
    digest: str
    facts: dict[str, str]
    timing: Timing
    said: dict[str, Interest] = field(default_factory=dict)

    def has(self, key: str, what: str) -> bool:
        """Whether they said this of a posting."""
        interest = self.said.get(key)
        return bool(interest and getattr(interest, what))


def own_calendar(token: str, site: str) -> bytes | None:
    """Return the calendar that a token opens, in five statements at most; None where it opens none.

    `site` is the address of the public pages, without a slash at its end.
    """
    links = Subscriber.objects.filter(calendar_link__digest=token_digest(token))
    sees = ExpressionWrapper(who_sees_names(), output_field=BooleanField())
    person = links.select_related("profile", "timing").annotate(sees=sees).first()
    if person is None:
        return None
    owner = _owner(person)
    now = timezone.now()
    with speaking(person.language):
        entries = sorted(_entries(owner, now, site), key=lambda entry: (entry.at < now, entry.at, entry.uid))
        return calendar(entries[:MOST_ENTRIES], _("Placements"))


def _owner(person: Any) -> Owner:
    """`person` has the profile, the timing, and whether names may be read (`sees`)."""
    profile: Profile | None = getattr(person, "profile", None)
    return Owner(
        pk=person.pk,
        names=bool(person.sees),
        digest=(profile.number_digest or "") if profile else "",
        facts=_facts(profile) if profile else {},
        timing=getattr(person, "timing", None) or Timing(),
        said={interest.key: interest for interest in Interest.objects.filter(subscriber=person.pk)},
    )


def _facts(profile: Profile) -> dict[str, str]:
    try:
        return profiles.read(profile.sealed, has_number=bool(profile.number_digest))
    except LostKeyError:  # nothing is left out for what can't be read
        return {}


def _entries(owner: Owner, now: datetime, site: str) -> Iterator[Event]:
    named, found = _concerning(owner, now)
    told = set[tuple[str, datetime]]()
    since = first_day(now, KEPT_AFTERWARDS)
    for said in sorted(found.values(), key=lambda said: (not said.is_posting, said.pk)):
        due, is_named = said.deadline, said.pk in named
        if _wants_deadline(owner, said, named=is_named):
            if due and due >= since and (said.key, due) not in told:
                told.add((said.key, due))  # later notices of a job repeat its deadline
                yield deadline_entry(said, due, site, NO_ALARMS if owner.has(said.key, "applied_at") else owner.timing)
            yield from deadline_off_entry(said, now, site)
        if _wants_event(owner, said, named=is_named):
            spans = said.spans_of(owner.digest if is_named else "")
            yield from event_entries(said, tuple(span for span in spans if span.at >= since), site, owner.timing)
            yield from event_off_entry(said, now, site)


def _concerning(owner: Owner, now: datetime) -> tuple[set[int], dict[int, Stated]]:
    """The notices with a date that somebody was told of or said something of, and those whose list names them."""
    notices = Notice.objects.filter(shown(now))
    mine = Delivery.objects.filter(~_NOT_TOLD, subscription__subscriber=owner.pk)
    told = list(mine.filter(notice__in=notices).values_list("notice", "notice__updated_at", "named"))
    wanted = {pk: changed for pk, changed, _ in told}
    if keys := list(owner.said):
        of_jobs = notices.filter(Q(job_key__in=keys) | Q(external_key__in=keys))
        wanted |= dict(of_jobs.order_by().values_list("pk", "updated_at"))
    by_number = {pk for pk, _, how in told if how == Delivery.Named.BY_NUMBER}
    return by_number if owner.names else set(), stated(wanted.items())


def _wants_deadline(owner: Owner, said: Stated, *, named: bool) -> bool:
    """Not of what they are not interested in, what is not open to them, or what is for those on a list without them."""
    if owner.has(said.key, "not_interested_at"):
        return named
    if owner.has(said.key, "applied_at") or owner.has(said.key, "remind_at"):
        return True
    if said.has_list:
        return named
    verdict = may_apply(said.eligibility, owner.facts) if said.is_posting and owner.facts else None
    return verdict is None or verdict.answer is not Answer.NO


def _wants_event(owner: Owner, said: Stated, *, named: bool) -> bool:
    """Where a list names them; else of what they applied to or want to be reminded of, where it has no list."""
    if named or said.has_list or owner.has(said.key, "not_interested_at"):
        return named
    return owner.has(said.key, "applied_at") or owner.has(said.key, "remind_at")
