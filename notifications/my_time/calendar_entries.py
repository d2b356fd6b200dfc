"""The dates of notices as entries of a calendar (spec: personal, My time)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Timing
from notifications.my_time.dates import Span, Stated
from notifications.rendering.calendar_file import Event

KEPT_AFTERWARDS = timedelta(days=30)
CANCELLED_SHOWN = timedelta(days=14)
_EVENING_BEFORE = timedelta(hours=-4)  # 8 PM, of the day that begins at midnight
_LONGEST_TITLE = 120
NO_ALARMS = Timing(remind_24h=False, remind_3h=False, remind_1h=False, remind_events=False)


def first_day(now: datetime, before: timedelta) -> datetime:
    """Return the midnight so long before now: what depends on it changes once a day."""
    return timezone.localtime(now - before).replace(hour=0, minute=0, second=0, microsecond=0)


def deadline_entry(said: Stated, due: datetime, site: str, alarms: Timing = NO_ALARMS) -> Event:
    """Return the deadline of a notice, with alarms at the times somebody chose."""
    if said.is_posting:
        title = _("Apply: %(what)s") % {"what": _subject(said)}
    else:
        title = _("Deadline: %(what)s") % {"what": _subject(said)}
    chosen = {24: alarms.remind_24h, 3: alarms.remind_3h, 1: alarms.remind_1h}
    begins = _midnight(due) if said.deadline_all_day else due
    before = tuple(due - timedelta(hours=hours) - begins for hours, is_on in chosen.items() if is_on)
    entry = _entry(said, "deadline", title, site)
    return replace(entry, at=due, all_day=said.deadline_all_day, busy=False, alarms=before)


def event_entries(said: Stated, spans: tuple[Span, ...], site: str, alarms: Timing = NO_ALARMS) -> Iterator[Event]:
    """Yield an entry for each time that somebody is wanted: the notice's own, or those of their rows in its list."""
    for number, span in enumerate(spans, start=1):
        name = "event" if number == 1 else f"event-{number}"
        evening = _midnight(span.at) + _EVENING_BEFORE - span.at
        yield replace(
            _entry(said, name, event_title(said), site),
            at=span.at,
            ends=None if span.all_day else span.ends,
            all_day=span.all_day,
            place=span.place,
            tentative=span.tentative,
            alarms=(evening, *(() if span.all_day else (timedelta(hours=-1),))) if alarms.remind_events else (),
        )


def _entry(said: Stated, name: str, title: str, site: str) -> Event:
    """What all entries of a notice have in common. Not every calendar shows what is cancelled as such."""
    if said.withdrawn:
        title = _("Cancelled: %(title)s") % {"title": title}
    return Event(
        uid=f"notice-{said.pk}-{name}@{urlsplit(site).hostname}",
        title=title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…",
        at=said.changed,
        changed=said.changed,
        url="" if said.withdrawn else f"{site}/notices/{said.pk}",
        sequence=said.version - 1,
        cancelled=said.withdrawn,
    )


def _subject(said: Stated) -> str:
    return " · ".join(filter(None, (said.company, said.role if said.is_posting else said.stage))) or said.title


def event_title(said: Stated) -> str:
    """Return what an event is called: "Zenith Labs: Technical interview", else the title of its notice."""
    return f"{said.company}: {said.stage}" if said.company and said.stage else said.title or said.company


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
