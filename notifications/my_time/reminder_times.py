"""When a date is reminded of (spec: personal, My time). Times of day are those of Asia/Kolkata."""

from datetime import datetime, time, timedelta

from django.utils import timezone

FARTHEST = timedelta(hours=28)  # 8 PM of one day to the end of the next
_EVENING, _MORNING = time(20), time(9)
_HOURS_BEFORE = {"1h": 1, "3h": 3, "24h": 24}


def reminder_times(date: datetime, *, all_day: bool, of_event: bool) -> dict[str, datetime]:
    """Return the times by their kinds (rendering/reminding.py, KINDS), the one nearest to the date first.

    A deadline without a time of day ends nobody knows when: the evening before and the morning of its day take the
    place of the hours. Such an event has the evening before alone.
    """
    evening = _at(date, _EVENING, days_before=1)
    if of_event:
        return {"evening": evening} if all_day else {"hour": date - timedelta(hours=1), "evening": evening}
    if all_day:
        return {"morning": _at(date, _MORNING), "eve": evening}
    return {kind: date - timedelta(hours=hours) for kind, hours in _HOURS_BEFORE.items()}


def _at(date: datetime, clock: time, *, days_before: int = 0) -> datetime:
    day = timezone.localdate(date) - timedelta(days=days_before)
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
