"""What can't wait for the end of quiet hours: a deadline or an event that is near (spec: personal, My time)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.personal.quiet import BEFOREHAND, LONGEST_WAIT
from notifications.delivery.deferring import ALL_DAY_FROM
from notifications.models import Notice
from notifications.rendering.public import visible_notices

_IS_OFF = re.compile(
    r"\b(?:cancel+ed|cancellation|postponed|called off|put off|rescheduled|re-scheduled|preponed)\b", re.IGNORECASE
)


def latest(notice: Notice, now: datetime, off: datetime | None = None) -> datetime | None:
    """Return before which moment a notice must be told; None where nothing presses.

    That is a while before its next deadline or event, before the event of the notice it follows, or before the one that
    is `off`, or that it says is off.
    """
    known = (*_moments(notice), *(_moments(notice.follows) if notice.follows else ()), off)
    coming = [moment for moment in (*known, *_events_off(notice, now)) if moment and moment > now]
    return min(coming) - BEFOREHAND if coming else None


def _moments(notice: Notice) -> Iterator[datetime | None]:
    yield notice.deadline
    yield begins(notice)


def begins(notice: Notice) -> datetime | None:
    """Return when the event begins, as far as it is known."""
    if notice.event_at and notice.event_all_day:
        return notice.event_at + ALL_DAY_FROM
    return notice.event_at


def _events_off(notice: Notice, now: datetime) -> Iterator[datetime | None]:
    """The coming events of the same job or company, where a notice says that something is off."""
    same = Q(job_key=notice.job_key) if notice.job_key else Q(company=notice.company)
    if not (notice.job_key or notice.company) or not _IS_OFF.search(f"{notice.title}\n{notice.body[:2000]}"):
        return
    soon = (now - timedelta(days=1), now + LONGEST_WAIT + BEFOREHAND)
    for other in visible_notices().filter(same, event_at__range=soon).only("event_at", "event_all_day"):
        yield begins(other)
