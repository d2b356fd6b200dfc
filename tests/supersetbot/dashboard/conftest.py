"""A notice on its way to many, some of whom it could not reach."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from notifications.models import Delivery, Notice
from tests.conftest import Subscribe
from tests.notifications.conftest import draft

__all__ = ["draft"]

Outbox = Callable[..., Notice]


@pytest.fixture
def outbox(subscribe: Subscribe) -> Outbox:
    """Makes a notice with a delivery for each state named; another subscriber each."""

    def make(*states: str, channel: str = "telegram") -> Notice:
        now = timezone.now()
        number = Notice.objects.count()
        notice = Notice.objects.create(external_key=f"n{number}", title=f"Notice {number}", published_at=now)
        for place, state in enumerate(states):
            subscription = subscribe(channel=channel, address=f"{channel}-{number}-{place}")
            Delivery.objects.create(
                notice=notice,
                subscription=subscription,
                channel=channel,
                state=state,
                next_attempt_at=now,
                lease_until=now if state == "sending" else None,
                sent_at=now if state == "sent" else None,
                error_code="timeout" if state == "failed" else "",
            )
        return notice

    return make
