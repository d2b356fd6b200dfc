"""Endpoints whose host's name has not resolved for days."""

from datetime import timedelta
from socket import EAI_NONAME, gaierror

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscription
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.delivery.pushes.dead_names import DEAD_AFTER, switch_off_dead_names
from notifications.delivery.run import deliver
from notifications.models import Delivery
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.channels.webpush.browser import Browser
from tests.notifications.conftest import MakeDraft

LONG_AGO = DEAD_AFTER + timedelta(hours=1)


@pytest.fixture
def dead(subscribe: Subscribe) -> Subscription:
    return subscribe(channel="web-push", address="https://push.gone.example/1", keys=Browser().keys)


def delivery_of(subscription: Subscription, key: str, **fields: object) -> int:
    found = Delivery.objects.filter(subscription=subscription, notice__external_key=key)
    found.update(**fields)
    return found.get().pk


def is_off(subscription: Subscription) -> bool:
    subscription.refresh_from_db()
    return subscription.state == "off"


@pytest.mark.parametrize("code", ["name_unknown", "name_unresolved"])
def test_a_name_that_has_not_resolved_for_days_while_others_were_told_ends_the_subscription(
    dead: Subscription, subscribe: Subscribe, draft: MakeDraft, code: str
) -> None:
    other = subscribe()
    publish(draft("test:1"))
    delivery_of(dead, "test:1", error_code=code, state="failed", created_at=timezone.now() - LONG_AGO)
    publish(draft("test:2"))
    delivery_of(other, "test:2", state="sent", sent_at=timezone.now())
    publish(draft("test:3"))

    assert switch_off_dead_names([delivery_of(dead, "test:2", error_code=code, state="retry")]) == 1

    assert is_off(dead)
    assert dead.off_reason == "name_unresolved"
    assert Delivery.objects.get(pk=delivery_of(dead, "test:3")).state == "skipped"
    assert not is_off(other)


def test_a_name_that_does_not_resolve_for_an_hour_is_waited_for(dead: Subscription, draft: MakeDraft) -> None:
    publish(draft())
    failed = delivery_of(dead, "test:1", error_code="name_unknown", created_at=timezone.now() - timedelta(hours=1))
    assert switch_off_dead_names([failed]) == 0
    assert not is_off(dead)


def test_a_name_that_resolved_in_between_begins_anew(dead: Subscription, draft: MakeDraft) -> None:
    now = timezone.now()
    for number, (code, age) in enumerate([("name_unknown", 4), ("", 3.5), ("name_unknown", 1)], 1):
        publish(draft(f"test:{number}"))
        sent_at = None if code else now - timedelta(days=3)
        delivery_of(
            dead,
            f"test:{number}",
            error_code=code,
            created_at=now - timedelta(days=age),
            state="failed" if code else "sent",
            sent_at=sent_at,
        )
    assert switch_off_dead_names([delivery_of(dead, "test:3")]) == 0


@pytest.mark.parametrize(
    ("browsers", "code", "off"), [(1, "name_unknown", 1), (1, "name_unresolved", 0), (9, "name_unknown", 0)]
)
def test_where_our_own_resolver_may_be_at_fault_nobody_is_switched_off(
    subscribe: Subscribe, draft: MakeDraft, browsers: int, code: str, off: int
) -> None:
    """Nothing was sent to anybody since; a single name that the DNS says is none may still be dead."""
    for number in range(browsers):
        subscribe(channel="web-push", address=f"https://push{number}.example/1", keys=Browser().keys)
    publish(draft())
    Delivery.objects.update(error_code=code, state="retry", created_at=timezone.now() - LONG_AGO)
    assert switch_off_dead_names(Delivery.objects.values_list("pk", flat=True)) == off


def test_other_trouble_switches_nobody_off(dead: Subscription, draft: MakeDraft) -> None:
    publish(draft())
    failed = delivery_of(dead, "test:1", error_code="http_500", created_at=timezone.now() - LONG_AGO)
    assert switch_off_dead_names([failed]) == 0


def test_the_dispatcher_switches_off_who_has_a_dead_name(
    dead: Subscription,
    draft: MakeDraft,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
) -> None:
    def no_such_name(*_: object) -> None:
        raise gaierror(EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("notifications.channels.outbound.getaddrinfo", no_such_name)
    monkeypatch.setattr("notifications.delivery.outcomes._FIRST_BACKOFF", timedelta(minutes=1))
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.VAPID_EMAIL = "cell@example.edu"
    publish(draft("test:1"))
    deliver(["web-push"])
    assert not is_off(dead)
    Delivery.objects.update(created_at=timezone.now() - LONG_AGO)
    publish(draft("test:2"))
    deliver(["web-push"])
    assert is_off(dead)
