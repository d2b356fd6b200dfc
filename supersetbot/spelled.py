"""Times as an operator reads them."""

from datetime import datetime

from django.utils import timezone

from accounts.times import moment, time_of_day

_UNITS = ((86_400, "days"), (3_600, "h"), (60, "min"))


def spell(seconds: float) -> str:
    """`1.3 s`, `45 s`, `12 min`, `5 h`, `3 days`: as exactly as an operator wants to know."""
    for size, name in _UNITS:
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"


def clock(when: datetime) -> str:
    """`2:02 PM`, or `2:02 PM on Sat 28 Nov` where that is another day."""
    on = "" if timezone.localdate(when) == timezone.localdate() else f" on {moment(when, all_day=True)}"
    return f"{time_of_day(when)}{on}"
