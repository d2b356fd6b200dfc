"""What should be out and is not, after a storm, an outage or in a long broadcast, wakes nobody whose rest has begun."""

from django.utils import timezone

from accounts.personal import quiet
from notifications.delivery import deferring
from notifications.models import Notice
from notifications.publishing import pressing


def put_off() -> int:
    """Have it wait for the rest's end, unless it presses (spec: personal, My time). Returns how many deliveries."""
    if not quiet.anybody_waits():
        return 0
    now = timezone.now()
    late = deferring.overdue(now)
    notices = Notice.objects.filter(pk__in=late.values("notice"))
    return sum(deferring.put_off(late.filter(notice=notice), pressing.latest(notice, now)) for notice in notices)
