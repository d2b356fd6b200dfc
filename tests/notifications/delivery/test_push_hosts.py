"""A stranger's failing push endpoints, over real sockets: browsers at other hosts are told within seconds."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscription
from notifications.channels.registry import CHANNELS
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.delivery.dispatcher import Dispatcher
from notifications.delivery.run import deliver
from notifications.models import Delivery
from notifications.publishing.publish import publish
from tests.conftest import Subscribe
from tests.notifications.channels.webpush.browser import Browser
from tests.notifications.conftest import MakeDraft
from tests.notifications.push_services import PushService, push_service

STRANGERS = 55
KEYS = Browser().keys
IN_SECONDS = 6.0  # on a busy machine; alone it takes one


@pytest.fixture
def stranger() -> Iterator[PushService]:
    with push_service() as service:
        yield service


@pytest.fixture
def honest() -> Iterator[PushService]:
    with push_service() as service:
        yield service


@pytest.fixture(autouse=True)
def web_push(settings: Settings, transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
    settings.VAPID_EMAIL = "cell@example.edu"
    settings.PUSH_ALLOW_HOSTS = frozenset({"127.0.0.1", *(f"127.0.1.{number}" for number in range(1, 255))})
    monkeypatch.setattr("notifications.delivery.sender.STOP_SECONDS", 0.1)


@pytest.fixture
def browser(subscribe: Subscribe) -> Subscribe:
    def make(url: str) -> Subscription:
        return subscribe(channel="web-push", address=url, keys=KEYS)

    return make


def seconds_until_asked(service: PushService) -> float:
    """Deliver until the service is asked for the first time."""
    dispatcher = Dispatcher(CHANNELS["web-push"]())
    service.when_asked = dispatcher.stop
    start = monotonic()
    async_to_sync(dispatcher.run)(seconds=30)
    assert service.taken, "nobody was told"
    return service.taken[0][0] - start


@pytest.mark.parametrize("kind", ["500", "400", "403", "429", "503", "404", "hang"])
def test_a_strangers_endpoints_delay_nobody_elsewhere(
    stranger: PushService, honest: PushService, browser: Subscribe, draft: MakeDraft, kind: str
) -> None:
    for number in range(STRANGERS):
        browser(f"{stranger.url}/{kind}/{number}")
    browser(f"{honest.url}/201/me")
    publish(draft())

    assert seconds_until_asked(honest) < IN_SECONDS

    assert Counter(honest.paths + stranger.paths).most_common(1)[0][1] == 1, "nothing is sent twice"


def test_hosts_that_all_hang_delay_nobody_elsewhere(
    stranger: PushService, honest: PushService, browser: Subscribe, draft: MakeDraft
) -> None:
    for number in range(1, 121):
        browser(f"{stranger.url_at(f'127.0.1.{number}')}/hang/{number}")
    browser(f"{honest.url}/201/me")
    publish(draft())

    assert seconds_until_asked(honest) < IN_SECONDS


@pytest.mark.parametrize("kind", ["500", "hang"])
def test_thousands_of_failing_endpoints_at_one_host_do_not_crowd_others_out(
    stranger: PushService, honest: PushService, browser: Subscribe, draft: MakeDraft, kind: str
) -> None:
    first = browser(f"{stranger.url}/{kind}/0")
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=first.subscriber,
            channel="web-push",
            address=f"{stranger.url}/{kind}/{number}",
            keys=KEYS,
            active_since=first.active_since,
            every_season=True,
        )
        for number in range(1, 2000)
    )
    browser(f"{honest.url}/201/me")
    publish(draft())
    assert Delivery.objects.count() == 2001

    assert seconds_until_asked(honest) < 2 * IN_SECONDS

    assert len(stranger.taken) <= 50 + 8, "most of them were not even tried"


def test_what_is_published_while_a_host_rests_is_told_at_once(
    stranger: PushService, honest: PushService, browser: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.pacing.breaker.FIRST_REST_SECONDS", 15.0)
    for number in range(10):
        browser(f"{stranger.url}/500/{number}")
    publish(draft())
    dispatcher = Dispatcher(CHANNELS["web-push"]())
    published: list[float] = []

    def news() -> None:
        if len(stranger.taken) == 10 and not published:
            browser(f"{honest.url}/201/me")
            published.append(monotonic())
            publish(draft("test:2"))

    stranger.when_asked, honest.when_asked = news, dispatcher.stop
    async_to_sync(dispatcher.run)(seconds=30)
    assert honest.taken[0][0] - published[0] < IN_SECONDS


def test_a_host_that_fails_for_all_is_tried_by_one_and_counts_against_few(
    stranger: PushService, browser: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.pacing.breaker.FIRST_REST_SECONDS", 60.0)
    monkeypatch.setattr("notifications.delivery.outcomes._FIRST_BACKOFF", timedelta(seconds=60))
    for number in range(STRANGERS):
        browser(f"{stranger.url}/500/{number}")
    publish(draft())

    assert "retry" in deliver(["web-push"])["web-push"].line()

    attempts = Counter(Delivery.objects.values_list("attempts", flat=True))
    assert attempts == {1: 8, 0: STRANGERS - 8}
    assert len(stranger.taken) <= 50
    assert Subscription.objects.filter(state="active").count() == STRANGERS


def test_the_next_run_tries_a_host_that_was_given_up_by_one(
    stranger: PushService, browser: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.pacing.breaker.FIRST_REST_SECONDS", 60.0)
    monkeypatch.setattr("notifications.delivery.outcomes._FIRST_BACKOFF", timedelta(seconds=60))
    for number in range(STRANGERS):
        browser(f"{stranger.url}/500/{number}")
    publish(draft())
    deliver(["web-push"])
    tried = len(stranger.taken)
    Delivery.objects.filter(error_code="host_rests").update(next_attempt_at=timezone.now())

    deliver(["web-push"])

    assert len(stranger.taken) == tried + 1


def test_a_host_that_is_back_gets_all_that_waited(
    stranger: PushService, browser: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.outcomes._FIRST_BACKOFF", timedelta(seconds=0.02))
    monkeypatch.setattr("notifications.delivery.pacing.hosts._PROBE_SECONDS", 0.05)
    monkeypatch.setattr("notifications.delivery.pacing.breaker.FIRST_REST_SECONDS", 0.05)
    monkeypatch.setattr("notifications.delivery.pacing.breaker.LONGEST_REST_SECONDS", 0.05)
    for number in range(STRANGERS):
        browser(f"{stranger.url}/201/{number}")
    publish(draft())
    stranger.well = False

    def recover() -> None:
        stranger.well = len(stranger.taken) > STRANGERS + 5

    stranger.when_asked = recover
    assert deliver(["web-push"])["web-push"].sent == STRANGERS


def test_a_slow_host_is_served_as_fast_as_it_answers(
    stranger: PushService, browser: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every message gives its place up before it is answered."""
    monkeypatch.setattr("notifications.delivery.pacing.hosts.LATE_SECONDS", 0.0)
    monkeypatch.setattr("notifications.delivery.pacing.hosts._LOOK_AGAIN_SECONDS", 0.05)
    monkeypatch.setattr("notifications.delivery.sender.LATE_SECONDS", 0.0)
    for number in range(STRANGERS):
        browser(f"{stranger.url}/201/{number}")
    publish(draft())
    assert deliver(["web-push"])["web-push"].sent == STRANGERS
    assert len(stranger.taken) == STRANGERS
