"""Edits of messages that went out: queued for whoever has them (spec: delivery, Edits)."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Profile, Subscriber, Subscription
from notifications.delivery.ledger import WAITING, State, Work
from notifications.models import Delivery
from notifications.rendering.public import NAMING

FOLLOW = timedelta(days=7)
_SOON = timedelta(minutes=2)
_SETTLED = timedelta(minutes=1)  # so long may a message be in the chat before that is noted
# When a change of membership is looked at again: sweeps come each minute.
_SEEN_EARLIEST, _SEEN_LATEST = timedelta(minutes=5), timedelta(minutes=7)


def queue(notice_id: int | None = None) -> int:
    """Queue the edit of messages that show an older version; of one notice, or of all lately edited."""
    outdated = Delivery.objects.filter(state=State.SENT, version_sent__lt=F("notice__version"))
    if notice_id is None:
        return _edit(outdated.filter(notice__edited_at__gte=timezone.now() - FOLLOW))
    return _edit(outdated.filter(notice=notice_id))


def queue_of_lists(subscribers: Collection[int]) -> int:
    """Queue the edit of what these subscribers got lately and that may name students: they may read more or less."""
    return _edit_lists(Delivery.objects.filter(_begun_lately(), subscription__subscriber__in=subscribers))


def queue_soon(deliveries: Collection[int]) -> int:
    """Queue the edit of what was sent, in some minutes: one edit for a student who tells several things in turn."""
    return _edit(Delivery.objects.filter(pk__in=deliveries, state=State.SENT), _SOON)


def forget_number(subscriber: int) -> int:
    """Note that no list names this subscriber by number, and queue the edit of what told them so lately."""
    named = Delivery.objects.filter(named=Delivery.Named.BY_NUMBER, subscription__subscriber=subscriber)
    told = list(named.filter(_begun_lately()).values_list("pk", flat=True))
    named.update(named="")
    return _edit(Delivery.objects.filter(pk__in=told))


def _begun_lately() -> Q:
    return Q(state=State.SENT, sent_at__gte=timezone.now() - FOLLOW) | Q(state__in=WAITING, parts_sent__gt=0)


def queue_late_of_lists() -> int:
    """Queue the edit of what was on its way while its reader became a member or ceased to be one.

    A lease lasts some minutes: each such change is looked at once more when it is that old.
    """
    now = timezone.now()
    changed = Subscriber.objects.filter(membership_since__range=(now - _SEEN_LATEST, now - _SEEN_EARLIEST))
    late = Delivery.objects.filter(state=State.SENT, sent_at__gte=F("subscription__subscriber__membership_since"))
    return _edit_lists(late.filter(subscription__subscriber__in=changed))


def queue_late_of_postings() -> int:
    """Queue the edit of postings that were on their way while their reader told something of themselves."""
    now = timezone.now()
    told = Profile.objects.filter(updated_at__range=(now - _SEEN_LATEST, now - _SEEN_EARLIEST)).values("subscriber")
    late = Delivery.objects.filter(
        state=State.SENT,
        channel=Subscription.Channel.TELEGRAM,
        subscription__subscriber__in=told,
        sent_at__gte=F("subscription__subscriber__profile__updated_at") - _SETTLED,
    )
    return _edit(late.exclude(notice__eligibility=[]))


def _edit_lists(deliveries: QuerySet[Delivery]) -> int:
    """Queue the edit of those that may name students."""
    naming = ~Q(notice__roster=[]) | ~Q(notice__files=[]) | Q(notice__roster_unread__gt=0)
    return _edit(deliveries.filter(naming | Q(notice__category__in=NAMING)))


def _edit(deliveries: QuerySet[Delivery], wait: timedelta = timedelta()) -> int:
    """Queue the edit of the messages that show these, in chats that still want messages: their own, or a digest's."""
    found = deliveries.filter(subscription__state=Subscription.State.ACTIVE)
    shown_in = found.annotate(shown_in=Coalesce("told_in", "pk")).values("shown_in")
    return Delivery.objects.filter(pk__in=shown_in, state__in=(State.SENT, *WAITING)).update(
        state=State.PENDING, work=Work.EDIT, attempts=0, next_attempt_at=timezone.now() + wait
    )
