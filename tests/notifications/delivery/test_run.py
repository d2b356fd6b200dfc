"""Channels side by side; signals; how far it is."""

import os
import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic

import pytest
from django.db import DatabaseError, connection
from pytest_django import Settings

from accounts.models import Subscription
from notifications import tasks
from notifications.channels.webpush.vapid import make_vapid_keys
from notifications.delivery import run as run_module
from notifications.delivery.run import deliver
from notifications.models import Delivery
from notifications.publishing.publish import publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.channels.webpush.browser import Browser
from tests.notifications.conftest import MakeDraft, run


class PushService(BaseHTTPRequestHandler):
    """Answers as the path says: /201/1 is taken, /410/1 is gone."""

    taken: list[str]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append(self.path)
        self.send_response(int(self.path.split("/")[1]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """In silence."""


@pytest.fixture
def push(settings: Settings, transactional_db: None) -> Iterator[str]:
    PushService.taken = []
    with ThreadingHTTPServer(("127.0.0.1", 0), PushService) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = make_vapid_keys()
        settings.VAPID_EMAIL = "cell@example.edu"
        settings.PUSH_ALLOW_HOSTS = frozenset({"127.0.0.1"})
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def on_the_web(push: str, subscribe: Subscribe) -> Subscribe:
    def make(path: str) -> Subscription:
        return subscribe(channel="web-push", address=push + path, keys=Browser().keys)

    return make


def test_browsers_get_it_too(on_the_web: Subscribe, draft: MakeDraft) -> None:
    on_the_web("/201/1")
    on_the_web("/201/2")
    publish(draft())

    assert deliver()["web-push"].sent == 2
    assert sorted(PushService.taken) == ["/201/1", "/201/2"]


def test_a_browser_that_is_gone_is_switched_off(on_the_web: Subscribe, draft: MakeDraft) -> None:
    gone = on_the_web("/410/1")
    publish(draft())

    deliver()

    gone.refresh_from_db()
    assert (gone.state, gone.off_reason) == ("off", "gone")


def test_a_busy_push_service_holds_up_only_its_own(on_the_web: Subscribe, draft: MakeDraft) -> None:
    on_the_web("/429/1")
    on_the_web("/201/1")
    publish(draft())

    assert deliver()["web-push"].sent == 1
    assert Delivery.objects.get(state="retry").error_code == "push_busy"


def test_one_channel_does_not_wait_for_another(
    telegram: BotApi, on_the_web: Subscribe, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_RATE = 1.0
    for _ in range(50):
        subscribe()
    on_the_web("/201/1")
    publish(draft())

    tallies = deliver(seconds=0.5)

    assert tallies["web-push"].sent == 1
    assert tallies["telegram"].sent < 3


def test_a_channel_that_is_stopped_does_not_stop_the_others(
    telegram: BotApi, on_the_web: Subscribe, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.VAPID_EMAIL = ""
    subscribe()
    on_the_web("/201/1")
    publish(draft())

    tallies = deliver()

    assert "VAPID_EMAIL" in tallies["web-push"].stopped
    assert tallies["telegram"].sent == 1


def test_how_far_it_is_is_told(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    for _ in range(3):
        subscribe()
    publish(draft())
    told: list[int] = []
    run(on_settled=told.append)
    assert told[-1] == 3
    assert told == sorted(told)


def interrupted_by(number: int, telegram: BotApi) -> None:
    """The signal comes once a message went out."""

    def interrupt() -> None:
        telegram.wait_until(lambda: bool(telegram.messages()))
        os.kill(os.getpid(), number)

    Thread(target=interrupt).start()


def test_sigterm_finishes_what_is_in_flight_and_gives_back_the_rest(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_RATE = 20.0
    telegram.latency = 0.1
    for _ in range(50):
        subscribe()
    publish(draft())
    interrupted_by(signal.SIGTERM, telegram)
    before = signal.getsignal(signal.SIGTERM)
    started = monotonic()

    tally = run()

    assert monotonic() - started < 3
    assert 0 < tally.sent < 20
    assert Delivery.objects.filter(state="sent").count() == tally.sent == len(telegram.messages())
    assert not Delivery.objects.filter(state="sending").exists()
    assert signal.getsignal(signal.SIGTERM) is before


def test_ctrl_c_ends_the_same_way_and_says_so(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_RATE = 20.0
    for _ in range(50):
        subscribe()
    publish(draft())
    interrupted_by(signal.SIGINT, telegram)

    with pytest.raises(KeyboardInterrupt):
        run()

    assert Delivery.objects.filter(state="sent").count() == len(telegram.messages())


def test_a_cluster_that_stops_ends_it(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TELEGRAM_RATE = 1.0
    for _ in range(20):
        subscribe()
    publish(draft())
    monkeypatch.setattr(run_module, "_ends", [lambda: True])
    started = monotonic()
    run()
    assert monotonic() - started < 3


def test_a_database_without_tables_fails_at_once(telegram: BotApi) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE notifications_delivery RENAME TO hidden")
    try:
        with pytest.raises(DatabaseError):
            run()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hidden RENAME TO notifications_delivery")


def test_the_sweep_delivers_what_nobody_was_woken_for(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    subscribe()
    publish(draft())
    assert tasks.sweep() == "telegram: sent 1"


def test_a_task_whose_time_is_over_queues_the_next_one(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TELEGRAM_RATE = 5.0
    monkeypatch.setattr(tasks, "SECONDS_A_TASK", 0.3)
    queued: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "async_task", lambda *args, **_: queued.append(args))
    for _ in range(10):
        subscribe()
    publish(draft())

    tasks.deliver_channel("telegram")

    assert queued == [("notifications.tasks.deliver_channel", "telegram")]


def test_waking_a_channel_wakes_as_many_workers_as_it_has_shards(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TELEGRAM_SHARDS = 3
    queued: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "async_task", lambda *args, **_: queued.append(args))
    tasks.wake("telegram")
    tasks.wake("web-push")
    assert len(queued) == 4
