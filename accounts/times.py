"""Times as a person reads them, everywhere: `Sat 29 Nov, 11:59 PM`, in Asia/Kolkata (spec: messages)."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.utils.translation import ngettext as _n

DAYS = (_noop("Mon"), _noop("Tue"), _noop("Wed"), _noop("Thu"), _noop("Fri"), _noop("Sat"), _noop("Sun"))
MONTHS = (
    *(_noop("Jan"), _noop("Feb"), _noop("Mar"), _noop("Apr"), _noop("May"), _noop("Jun")),
    *(_noop("Jul"), _noop("Aug"), _noop("Sep"), _noop("Oct"), _noop("Nov"), _noop("Dec")),
)
_NEAR = timedelta(days=7)


def time_of_day(at: datetime | time) -> str:
    """`11:59 PM`; of a time without a day as it stands."""
    at = timezone.localtime(at) if isinstance(at, datetime) else at
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"


def moment(when: datetime, *, all_day: bool = False) -> str:
    """`Sat 29 Nov, 11:59 PM`, or `Sat 29 Nov` for a whole day; the year only where it is another one."""
    local = timezone.localtime(when)
    day = f"{_(DAYS[local.weekday()])} {local.day} {_(MONTHS[local.month - 1])}"
    if local.year != timezone.localtime().year:
        day += f" {local.year}"
    return day if all_day else f"{day}, {time_of_day(when)}"


def too_often(seconds: float) -> str:
    """Return what somebody is told who may do something again after so many seconds."""
    now = timezone.now()
    return _("That was too often. Please try again %(when)s.") % {"when": until(now + timedelta(seconds=seconds), now)}


def until(when: datetime, now: datetime) -> str:
    """`in 2 days`, `tomorrow`, `today`, `in 3 hours`; "" where it is past or more than a week away."""
    if not now < when <= now + _NEAR:
        return ""
    days = (timezone.localtime(when).date() - timezone.localtime(now).date()).days
    if days >= 2:
        return _n("in %(count)d day", "in %(count)d days", days) % {"count": days}
    hours = round((when - now) / timedelta(hours=1))
    if days == 1 and hours > 12:
        return _("tomorrow")
    if hours >= 2:
        return _n("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
    minutes = max(1, round((when - now) / timedelta(minutes=1)))
    return _n("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}
