"""The dates that notices state, and when their lists want whom: what calendars and clashes are made from.

Nothing here names a student. Whoever a list names is found by the digest of their number, as profiles keep it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from accounts.categories import Category
from accounts.personal import profiles
from accounts.personal.numbers import normal_number
from notifications.models import Notice
from notifications.my_time.clock_times import span_of
from notifications.rendering.naming import visible
from notifications.rendering.public import PublicNotice, public

LENGTH = timedelta(hours=1)  # of an event whose end nobody states: an interview, a talk
TEST_LENGTH = timedelta(hours=2)
_TEST = re.compile(r"\b(?:tests?|exams?|assessments?|oa|quiz|aptitude|coding|hackathons?|contests?)\b", re.IGNORECASE)
# What a list says of who does not come to its date.
_NOT_COMING = frozenset(("not_selected", "absent", "withdrawn"))
_KEPT, _AT_ONCE = 5000, 500


@dataclass(frozen=True, slots=True)
class Span:
    """When and where somebody is wanted; `ends` is as stated, else after the usual length."""

    at: datetime
    ends: datetime
    all_day: bool = False
    place: str = ""
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A date that a notice stated once and states no longer, since a time."""

    was: datetime
    since: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Stated:
    """What a notice states of dates, as anybody may read it. `rows` say when its list wants whom, by the digest of the
    number: nothing for whom it says that they do not come. `key` is the posting's (see Interest). `reach` is from the
    first time of day that anybody is wanted to the last one.
    """

    pk: int
    key: str
    season: int | None
    category: str
    company: str
    role: str
    stage: str
    title: str
    event: Span | None
    deadline: datetime | None
    deadline_all_day: bool
    eligibility: Sequence[Mapping[str, Any]]
    version: int
    changed: datetime
    withdrawn: bool
    has_list: bool
    rows: Mapping[str, tuple[Span, ...]]
    reach: tuple[datetime, datetime] | None
    event_off: CalledOff | None
    deadline_off: CalledOff | None

    @property
    def is_posting(self) -> bool:
        return self.category == Category.JOB_POSTING

    def spans_of(self, digest: str) -> tuple[Span, ...]:
        """Return when the notice wants somebody whom its list names by number."""
        general = (self.event,) if self.event else ()
        return self.rows.get(digest, general) if digest else general


def stated(keys: Iterable[tuple[int, datetime]]) -> dict[int, Stated]:
    """Return what notices state, by primary key; `keys` are those with the time they were stored last.

    Each process reads a notice once a version: it takes a query for each 500 that it does not know.
    """
    wanted = dict(keys)
    known = {pk: found for pk, at in wanted.items() if (found := _known.get(pk)) and found.changed == at}
    unknown = sorted(wanted.keys() - known.keys())
    if len(_known) > _KEPT:
        _known.clear()
    for start in range(0, len(unknown), _AT_ONCE):
        for notice in Notice.objects.filter(pk__in=unknown[start : start + _AT_ONCE]):
            known[notice.pk] = _known[notice.pk] = _stated(notice)
    return known


_known: dict[int, Stated] = {}


def _stated(notice: Notice) -> Stated:
    seen = public(notice)
    event = _event(notice, seen)
    rows = _rows(notice, seen, event) if event else {}
    return Stated(
        pk=notice.pk,
        key=notice.posting_key,
        season=notice.season,
        category=notice.category,
        company=seen.plain("company"),
        role=seen.plain("role"),
        stage=seen.plain("stage"),
        title=" ".join(seen.title.split()),
        event=event,
        deadline=notice.deadline,
        deadline_all_day=notice.deadline_all_day,
        eligibility=notice.eligibility,
        version=notice.version,
        changed=notice.updated_at,
        withdrawn=notice.withdrawn_at is not None,
        has_list=bool(notice.roster or notice.roster_unread),
        rows=rows,
        event_off=_called_off(notice.event_was, notice.event_moved_at),
        deadline_off=_called_off(notice.deadline_was, notice.deadline_moved_at),
        reach=_reach([event, *(span for spans in rows.values() for span in spans)]),
    )


def _called_off(was: datetime | None, since: datetime | None) -> CalledOff | None:
    return CalledOff(was, since) if was and since else None


def _reach(spans: Sequence[Span | None]) -> tuple[datetime, datetime] | None:
    timed = [span for span in spans if span and not span.all_day]
    return (min(span.at for span in timed), max(span.ends for span in timed)) if timed else None


def _event(notice: Notice, seen: PublicNotice) -> Span | None:
    if notice.event_at is None:
        return None
    at = notice.event_at
    return Span(at, at + usual_length(notice), notice.event_all_day, seen.plain("venue"))


def usual_length(notice: Notice) -> timedelta:
    """Return how long an event lasts of which only the beginning is stated."""
    is_test = notice.category == Category.HACKATHON or _TEST.search(f"{notice.stage}\n{notice.title}")
    return TEST_LENGTH if is_test else LENGTH


def _rows(notice: Notice, seen: PublicNotice, event: Span) -> dict[str, tuple[Span, ...]]:
    found: dict[str, list[Span]] = {}
    for row in notice.roster:
        number = normal_number(row.get("enrollment") or "")
        coming = (row.get("meaning") or notice.roster_meaning) not in _NOT_COMING
        span = _of_row(row, notice, seen, event)
        for digest in profiles.number_digests(number) if number else ():
            spans = found.setdefault(digest, [])
            if coming and span not in spans:
                spans.append(span)
    return {digest: tuple(spans) for digest, spans in found.items()}


def _of_row(row: Mapping[str, str], notice: Notice, seen: PublicNotice, event: Span) -> Span:
    """When and where the list wants this student: the row's own time and room before the notice's."""
    said = [text for name in ("slot", "panel", "time", "room") if (text := row.get(name))]
    tentative = (row.get("meaning") or notice.roster_meaning) == "waitlisted"
    if not said:
        return replace(event, tentative=tentative)
    at, ends, all_day = event.at, event.ends, event.all_day
    times = (span_of(text, event.at) for name in ("time", "slot") if (text := row.get(name)))
    if own := next(filter(None, times), None):
        at, ends, all_day = own[0], own[1] or own[0] + usual_length(notice), False
    texts = (visible(row.get(name) or "") for name in ("slot", "panel", "room"))
    where = [text for text in texts if text and not seen.names_someone(text)]
    place = ", ".join(where if row.get("room") or not event.place else [*where, event.place])
    return Span(at, ends, all_day, place, tentative)
