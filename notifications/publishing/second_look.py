"""A second look at notices that were first seen while the clock was ahead."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.clock import CLOCKS_DIFFER, agrees_with_database
from notifications.models import Notice
from notifications.publishing.fan_out import fan_out


def announce_misjudged() -> int:
    """Announce notices that a clock which was ahead took for too old to wake anybody. Returns how many deliveries.

    Such a notice was first seen in what is still the future, and by a right clock its publication is recent. One that
    was stored without announcing in that time can't be told from it, and is announced too. To be called before
    `accounts.clock.bring_back`, which forgets when the notice was seen. Raises DatabaseError.
    """
    if not settings.NOTIFY_MAX_AGE_HOURS or not agrees_with_database():
        return 0
    now, longest = timezone.now(), timedelta(hours=settings.NOTIFY_MAX_AGE_HOURS)
    misjudged = Notice.objects.filter(
        announced=False,
        private=False,
        follows=None,
        withdrawn_at=None,
        published_at__range=(now - longest, now + CLOCKS_DIFFER),
        first_seen_at__gt=F("published_at") + longest,
    ).exclude(content_hash="")  # taken over from MongoDB, told there
    return sum(map(_announce, misjudged.filter(first_seen_at__gt=now + CLOCKS_DIFFER)))


@transaction.atomic
def _announce(notice: Notice) -> int:
    if not Notice.objects.filter(pk=notice.pk, announced=False).update(announced=True):
        return 0
    return fan_out(notice)
