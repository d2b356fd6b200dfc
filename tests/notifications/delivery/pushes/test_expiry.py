"""Push messages nobody took for days, and endpoints that never took one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Subscription
from notifications.delivery.pushes.expiry import PUSH_LIFETIME, expire_pushes
from notifications.models import Delivery
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft

OLD = PUSH_LIFETIME + timedelta(hours=1)


@pytest.fixture
def browser(subscribe: Subscribe) -> Subscription:
    return subscribe(channel="web-push", address="https://push.example.net/1")


def waited(code: str, age: timedelta, **fields: object) -> None:
    Delivery.objects.filter(state="pending").update(
        state="retry", error_code=code, created_at=timezone.now() - age, **fields
    )


@pytest.mark.parametrize("code", ["push_busy", "host_rests"])
def test_what_could_not_be_handed_over_for_days_is_skipped_and_the_endpoint_switched_off(
    browser: Subscription, subscribe: Subscribe, draft: MakeDraft, code: str
) -> None:
    publish(draft())
    waited(code, OLD)
    other = subscribe()
    publish(draft("test:2"))
    Delivery.objects.filter(subscription=other).update(state="sent", sent_at=timezone.now())

    assert expire_pushes() == 1

    first, second = Delivery.objects.filter(subscription=browser).order_by("pk")
    assert (first.state, first.error_code) == ("skipped", "expired")
    assert (second.state, second.error_code) == ("skipped", "subscription_off")
    browser.refresh_from_db()
    assert (browser.state, browser.off_reason) == ("off", "never_reached")


def test_where_nobody_was_sent_anything_nobody_is_switched_off(browser: Subscription, draft: MakeDraft) -> None:
    publish(draft())
    waited("host_rests", OLD)
    assert expire_pushes() == 1
    browser.refresh_from_db()
    assert browser.state == "active"


def test_an_endpoint_that_took_a_message_once_stays_on(browser: Subscription, draft: MakeDraft) -> None:
    publish(draft())
    Delivery.objects.update(state="sent", sent_at=timezone.now() - timedelta(days=30))
    publish(draft("test:2"))
    waited("host_rests", OLD)

    assert expire_pushes() == 1

    browser.refresh_from_db()
    assert browser.state == "active"


def test_an_edit_that_could_not_be_handed_over_leaves_what_was_sent(browser: Subscription, draft: MakeDraft) -> None:
    publish(draft())
    waited("host_rests", OLD, work="edit", sent_at=timezone.now() - OLD)
    expire_pushes()
    assert Delivery.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("code", "age"), [("host_held", OLD), ("http_500", OLD), ("", OLD), ("push_busy", timedelta(days=2))]
)
def test_all_else_waits_on(browser: Subscription, draft: MakeDraft, code: str, age: timedelta) -> None:
    publish(draft())
    waited(code, age)
    assert expire_pushes() == 0
    assert Delivery.objects.get().state == "retry"


def test_telegram_is_never_out_of_date(subscribe: Subscribe, draft: MakeDraft) -> None:
    subscribe()
    publish(draft())
    waited("push_busy", OLD)
    assert expire_pushes() == 0
