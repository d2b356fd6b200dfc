"""Storms of refusals by push services, over real sockets: each service by itself, and not by strangers' endpoints."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscription
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.delivery import storms
from notifications.delivery.run import deliver
from notifications.delivery.tally import Tally
from notifications.models import Delivery, Service
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.channels.webpush.browser import Browser
from tests.notifications.conftest import MakeDraft
from tests.notifications.push_services import PushService, push_service

KEYS = Browser().keys
Browsers = Callable[..., list[Subscription]]
OURS = [
    (403, "UnauthorizedRegistration"),
    (403, "the key in the authorization header does not correspond to the sender ID used to subscribe this user"),
    (401, "Unauthorized: token expired"),
    (403, "BadJwtToken"),
    (400, "Bad Request"),
    (410, "Gone"),
    (404, ""),
]


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
def other() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture(autouse=True)
def web_push(settings: Settings, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.VAPID_EMAIL = "cell@example.edu"
    settings.PUSH_ALLOW_HOSTS = frozenset({"127.0.0.1"})
    monkeypatch.setattr("notifications.delivery.outcomes.SPARED_WAIT", timedelta(0))
    monkeypatch.setattr("notifications.delivery.pacing.hosts._PROBE_SECONDS", 0.01)


@pytest.fixture
def browsers(subscribe: Subscribe) -> Browsers:
    def make(service: PushService, count: int, path: str = "201/ours") -> list[Subscription]:
        return [
            subscribe(channel="web-push", address=f"{service.url}/{path}/{number}", keys=KEYS)
            for number in range(count)
        ]

    return make


def push() -> Tally:
    """What a minute later finds: rests are over, and what was put off is due."""
    Delivery.objects.filter(state="retry").update(next_attempt_at=timezone.now())
    return deliver(["web-push"], seconds=10)["web-push"]


def nobody_is_blamed() -> bool:
    states = set(Delivery.objects.values_list("state", flat=True))
    active = not Subscription.objects.filter(state="off").exists()
    return active and states <= {"pending", "retry", "sent"} and not Delivery.objects.filter(attempts__gt=0).exists()


@pytest.mark.parametrize("refusal", OURS)
def test_a_service_that_refuses_all_is_held_and_no_other(
    service: PushService, other: PushService, browsers: Browsers, draft: MakeDraft, refusal: tuple[int, str]
) -> None:
    browsers(service, 30)
    browsers(other, 5)
    service.refuses = lambda _: refusal
    publish(draft())

    assert push().sent == 5
    asked = len(service.taken)
    push()

    assert nobody_is_blamed()
    assert len(service.taken) == asked + 1, "one message tries whether it was mended"
    assert [held.name for held in Service.objects.exclude(held_since=None)] == [service.url]

    service.refuses = lambda _: None
    assert sum(push().sent for _ in range(2)) == 30
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert not Service.objects.exclude(held_since=None).exists()


def test_a_few_that_are_gone_are_switched_off_at_once(
    service: PushService, browsers: Browsers, draft: MakeDraft
) -> None:
    alive, gone = browsers(service, 27), browsers(service, 3, "410/gone")
    publish(draft())
    assert push().sent == len(alive)
    assert set(Subscription.objects.filter(state="off")) == set(gone)


@pytest.mark.parametrize("status", [403, 404, 410])
def test_strangers_endpoints_at_a_service_that_works_hold_nobody_up(
    service: PushService, browsers: Browsers, draft: MakeDraft, status: int
) -> None:
    honest = browsers(service, 3)
    publish(draft("test:1"))
    push()
    browsers(service, 55, "201/strangers")
    service.refuses = lambda path: (status, "UnauthorizedRegistration") if "strangers" in path else None
    publish(draft("test:2"))

    push()

    assert not Service.objects.exclude(held_since=None).exists()
    assert Delivery.objects.filter(state="sent").count() == 2 * len(honest)
    assert Subscription.objects.filter(state="off").count() == 55


def test_a_changed_vapid_pair_is_a_storm_though_strangers_are_refused_too(
    service: PushService, browsers: Browsers, draft: MakeDraft
) -> None:
    browsers(service, 10)
    publish(draft("test:1"))
    push()
    browsers(service, 10, "201/strangers")
    service.refuses = lambda _: (403, "UnauthorizedRegistration")
    publish(draft("test:2"))
    push()
    assert nobody_is_blamed()
    assert Service.objects.get().held_since


def test_a_strangers_service_that_never_took_anything_is_given_up_after_a_week(
    service: PushService, other: PushService, browsers: Browsers, draft: MakeDraft
) -> None:
    browsers(service, 6)
    browsers(other, 6)
    publish(draft("test:1"))
    service.refuses = lambda _: (403, "")
    push()
    other.refuses = service.refuses
    publish(draft("test:2"))
    push()
    assert storms.believe_unreached() == 0
    Service.objects.update(held_since=timezone.now() - timedelta(days=8))
    assert storms.believe_unreached() == 1
    assert [held.name for held in Service.objects.exclude(held_since=None)] == [other.url]
