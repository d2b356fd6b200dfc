"""Who may apply changes (spec: personal, May I apply).

By the posting: whom that concerns is told. By what a student tells: the postings in the chat are edited.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, Value
from django.utils import timezone

from accounts.models import Subscription
from accounts.personal.may_apply import Answer, Verdict, may_apply
from notifications.delivery import edits, ledger
from notifications.models import Delivery, Notice
from notifications.publishing.interests import but_declined, declined_key
from notifications.publishing.named import follow_up
from notifications.rendering.retold import CRITERIA_CHANGED

Criteria = list[dict[str, Any]]
_OPEN_FOR_ALL = Verdict(Answer.YES)


def tell_affected(notice: Notice, before: Criteria) -> int:
    """Tell those who had the posting and may apply now but could not, or the other way. Returns how many.

    What stands above the message says which it is, and by which rule.
    """
    over = notice.deadline is not None and notice.deadline < timezone.now()
    if over or before == notice.eligibility:
        return 0
    affected = _affected(notice, before)
    if not affected:
        return 0
    ping = follow_up(notice, CRITERIA_CHANGED, "criteria")
    Notice.objects.filter(pk=ping.pk).update(eligibility=notice.eligibility)
    return ledger.queue(ping.pk, affected)


def edit_verdicts(subscriber: int, before: Mapping[str, str], after: Mapping[str, str]) -> int:
    """Queue the edit of open postings that say something else to a student by the facts they told `after`."""
    now = timezone.now()
    is_open = Q(notice__deadline__gt=now) | Q(notice__deadline=None, sent_at__gte=now - edits.FOLLOW)
    had = Delivery.objects.filter(is_open, subscription__subscriber=subscriber).exclude(notice__eligibility=[])
    rules = had.filter(subscription__channel=Subscription.Channel.TELEGRAM).values_list("pk", "notice__eligibility")
    return edits.queue_soon([pk for pk, stated in rules if _verdict(stated, before) != _verdict(stated, after)])


def _verdict(stated: Criteria, facts: Mapping[str, str]) -> Verdict | None:
    """What a message says above a posting (rendering/own.py)."""
    return may_apply(stated, facts) if facts else None


def _affected(notice: Notice, before: Criteria) -> list[Subscription]:
    from accounts.personal import profiles  # decrypting is not for every process

    had = Delivery.objects.filter(ledger.HAD, notice=notice).values("subscription")
    active = Subscription.objects.filter(pk__in=had, state=Subscription.State.ACTIVE, subscriber__profile__isnull=False)
    key = declined_key(notice)
    told = list(but_declined(active, Value(key)) if key else active)
    facts = profiles.of_subscribers({subscription.subscriber_id for subscription in told})
    moved = {pk for pk, mine in facts.items() if _is_closed(before, mine) != _is_closed(notice.eligibility, mine)}
    return [subscription for subscription in told if subscription.subscriber_id in moved]


def _is_closed(criteria: Criteria, facts: dict[str, str]) -> bool:
    return (may_apply(criteria, facts) or _OPEN_FOR_ALL).answer is Answer.NO
