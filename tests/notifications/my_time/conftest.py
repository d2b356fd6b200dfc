"""Notices with dates, and members whose lists name them."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Subscription
from accounts.personal import profiles
from notifications.models import Interest, Notice
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

Member = Callable[..., Subscription]
Post = Callable[..., Notice]


@pytest.fixture
def member(subscribe: Subscribe) -> Member:
    """Make somebody who told this enrolment number."""

    def make(number: str = "", **facts: str) -> Subscription:
        subscription = subscribe()
        telegram_id = subscription.subscriber.telegram_id or 0
        profiles.agree(telegram_id)
        for name, value in (({"number": number} if number else {}) | facts).items():
            profiles.tell(telegram_id, name, value)
        return subscription

    return make


@pytest.fixture
def post(draft: MakeDraft) -> Post:
    """Publish a notice to everybody."""

    def make(key: str = "test:1", **fields: Any) -> Notice:
        return publish(draft(key, **fields)).notice

    return make


def says(who: Subscription, key: str, **fields: Any) -> Interest:
    return Interest.objects.create(subscriber=who.subscriber, key=key, **fields)


def row(number: str, name: str = "Asha Verma", **fields: str) -> dict[str, str]:
    return {"name": name, "enrollment": number, **fields}
