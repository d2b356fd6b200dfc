"""Reminders of deadlines, for who pressed "Remind me" (spec: personal, My time).

The minute's sweep looks at what is due. A reminder is a short notice that follows its posting, one for each deadline
and time before it: a moved deadline has reminders of its own, and a sweep that is run twice finds them written.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Subscription
from notifications.delivery import ledger
from notifications.models import Delivery, Interest, Notice
from notifications.publishing.named import follow_up
from notifications.rendering.formats import moment

BEFORE = (timedelta(hours=24), timedelta(hours=3))  # the longest first
_MOST = 500  # postings a sweep


def remind() -> int:
    """Queue the reminders that are due. Returns how many deliveries.

    What was missed while nothing ran is told while it is of use: the last one before the deadline, never one after it.
    """
    now = timezone.now()
    return sum(_remind_once(posting, now) for posting in _due(now))


def _remind_once(posting: Notice, now: datetime) -> int:
    try:
        return _remind_of(posting, now)
    except IntegrityError:  # another cluster's sweep has just written it
        return 0


def _due(now: datetime) -> list[Notice]:
    """The postings whose deadline is near and of which somebody asked to be reminded."""
    near = Notice.objects.filter(
        deadline__gt=now, deadline__lte=now + BEFORE[0], withdrawn_at=None, follows=None, announced=True, private=False
    )
    asked = set(_asking().values_list("key", flat=True))
    return [posting for posting in near.order_by("deadline")[:_MOST] if posting.posting_key in asked]


def _asking() -> QuerySet[Interest]:
    return Interest.objects.filter(remind_at__isnull=False, applied_at=None, not_interested_at=None)


@transaction.atomic
def _remind_of(posting: Notice, now: datetime) -> int:
    """Write the reminder of one posting for those who asked and do not have it."""
    deadline = posting.deadline
    assert deadline  # noqa: S101 (for the types: _due asks for it)
    before = min(span for span in BEFORE if deadline - now <= span)
    people = _asking().filter(key=posting.posting_key).values("subscriber")
    wanted = Subscription.objects.filter(subscriber__in=people, state=Subscription.State.ACTIVE)
    kind = f"#remind {before // timedelta(hours=1)}h {deadline:%Y%m%d%H%M}"
    key = f"{posting.external_key[:150]}{kind}"
    reminder = Notice.objects.filter(external_key=key).first()
    if reminder:
        wanted = wanted.exclude(pk__in=Delivery.objects.filter(notice=reminder).values("subscription"))
    missing = list(wanted.order_by("pk"))
    if not missing:
        return 0
    reminder = reminder or follow_up(posting, _words(posting, deadline), key=key)
    return ledger.queue(reminder.pk, missing)


def _words(posting: Notice, deadline: datetime) -> str:
    return f"reminder: deadline {moment(deadline, all_day=posting.deadline_all_day)}"
