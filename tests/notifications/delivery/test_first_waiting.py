"""Claiming from the first that waits on: what was sent before is not passed, and nothing that waits is left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.delivery import due, ledger
from notifications.models import Delivery
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=1)


def test_the_first_that_waits_is_claimed_with_all_that_came_later(subscribe: Subscribe, draft: MakeDraft) -> None:
    for _ in range(3):
        subscribe()
    publish(draft())
    now = timezone.now()
    sent, *waiting = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=sent.pk).update(state="sent", next_attempt_at=now - timedelta(hours=9))
    for number, delivery in enumerate(waiting):
        at = now - timedelta(hours=3 - number)
        Delivery.objects.filter(pk=delivery.pk).update(state="retry", next_attempt_at=at)

    first = due.first("telegram")
    assert first == now - timedelta(hours=3)
    claimed = ledger.claim("telegram", "me", limit=9, lease=LEASE, since=first)

    assert [one.id for one in claimed] == [delivery.pk for delivery in waiting]
    assert due.first("telegram") is None
    assert not ledger.claim("telegram", "other", limit=9, lease=LEASE, since=first + timedelta(hours=1))
