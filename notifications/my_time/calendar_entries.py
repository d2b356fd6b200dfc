"""The dates of notices as entries of a calendar (spec: personal, My time)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Timing
from notifications.my_time.dates import LENGTH, Span, Stated
from notifications.my_time.reminder_times import reminder_times
from notifications.rendering.calendar_file import Event
from notifications.rendering.reminding import KINDS
from notifications.rendering.retold import retold

KEPT_AFTERWARDS = timedelta(days=30)
CANCELLED_SHOWN = timedelta(days=14)
_LONGEST_TITLE = 120
NO_ALARMS = Timing(remind_24h=False, remind_3h=False, remind_1h=False, remind_events=False)


def first_day(now: datetime, before: timedelta) -> datetime:
    """Return the midnight so long before now: what depends on it changes once a day."""
    return timezone.localtime(now - before).replace(hour=0, minute=0, second=0, microsecond=0)


def shown(now: datetime) -> Q:
    """The condition on notices whose dates a calendar shows: to come, lately past, or lately called off."""
    since, lately = first_day(now, KEPT_AFTERWARDS), first_day(now, CANCELLED_SHOWN)
    stated = Q(deadline__gte=since) | Q(event_at__gte=since)
    called_off = Q(deadline_was__isnull=False, deadline_moved_at__gte=lately)
    called_off |= Q(event_was__isnull=False, event_moved_at__gte=lately)
    stands = Q(withdrawn_at=None) | Q(withdrawn_at__gte=lately)
    return (stated | called_off) & stands & Q(follows=None, private=False)


def event_off_entry(said: Stated, now: datetime, site: str) -> Iterator[Event]:
    """Yield the event that a notice no longer states, as cancelled, for as long as that is shown."""
    if (off := said.event_off) and off.since >= first_day(now, CANCELLED_SHOWN):
        all_day = off.was == _midnight(off.was)
        ends = None if all_day else off.was + LENGTH
        yield replace(_entry(said, "event", event_title(said), site, off=True), at=off.was, ends=ends, all_day=all_day)


def deadline_off_entry(said: Stated, now: datetime, site: str) -> Iterator[Event]:
    """Yield the deadline that a notice no longer states, as cancelled, for as long as that is shown."""
    if (off := said.deadline_off) and off.since >= first_day(now, CANCELLED_SHOWN):
        title = _("Deadline: %(what)s") % {"what": _subject(said)}
        yield replace(_entry(said, "deadline", title, site, off=True), at=off.was, busy=False)


def deadline_entry(said: Stated, due: datetime, site: str, alarms: Timing = NO_ALARMS) -> Event:
    """Return the deadline of a notice, with alarms at the times somebody chose."""
    if said.is_posting:
        title = _("Apply: %(what)s") % {"what": _subject(said)}
    else:
        title = _("Deadline: %(what)s") % {"what": _subject(said)}
    begins = _midnight(due) if said.deadline_all_day else due
    before = _alarms(due, begins, alarms, all_day=said.deadline_all_day, of_event=False)
    entry = _entry(said, "deadline", title, site)
    return replace(entry, at=due, all_day=said.deadline_all_day, busy=False, alarms=before)


def event_entries(said: Stated, spans: tuple[Span, ...], site: str, alarms: Timing = NO_ALARMS) -> Iterator[Event]:
    """Yield an entry for each time that somebody is wanted: the notice's own, or those of their rows in its list."""
    for number, span in enumerate(spans, start=1):
        name = "event" if number == 1 else f"event-{number}"
        yield replace(
            _entry(said, name, event_title(said), site),
            at=span.at,
            ends=None if span.all_day else span.ends,
            all_day=span.all_day,
            place=span.place,
            tentative=span.tentative,
            alarms=_alarms(span.at, span.at, alarms, all_day=span.all_day, of_event=True),
        )


def _alarms(
    date: datetime, begins: datetime, chosen: Timing, *, all_day: bool, of_event: bool
) -> tuple[timedelta, ...]:
    """The times of the reminders that somebody chose, from the beginning of the entry."""
    times = reminder_times(date, all_day=all_day, of_event=of_event)
    told = (kind for kind in times if any(getattr(chosen, column) for column in KINDS[kind].columns))
    return tuple(sorted(times[kind] - begins for kind in told))


def _entry(said: Stated, name: str, title: str, site: str, *, off: bool = False) -> Event:
    """What all entries of a notice have in common. Not every calendar shows what is cancelled as such."""
    if off or said.withdrawn:
        title = _("Cancelled: %(title)s") % {"title": title}
    return Event(
        uid=f"notice-{said.pk}-{name}@{urlsplit(site).hostname}",
        title=title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…",
        at=said.changed,
        changed=said.changed,
        url="" if said.withdrawn else f"{site}/notices/{said.pk}",
        sequence=said.version - 1,
        cancelled=off or said.withdrawn,
    )


def _subject(said: Stated) -> str:
    return " · ".join(filter(None, (said.company, said.role if said.is_posting else said.stage))) or retold(said.title)


def event_title(said: Stated) -> str:
    """Return what an event is called: "Zenith Labs: Technical interview", else the title of its notice."""
    return f"{said.company}: {said.stage}" if said.company and said.stage else retold(said.title) or said.company


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
