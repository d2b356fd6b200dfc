"""kill -9 at random moments: everybody has the notice, and at most what was in flight goes out twice."""

import os
import random
import signal
from collections import Counter
from threading import Thread

import pytest
from asgiref.sync import async_to_sync
from django.db import connections
from pytest_django import Settings

from notifications.channels.registry import CHANNELS
from notifications.delivery.dispatcher import Dispatcher
from notifications.delivery.run import deliver
from notifications.models import Delivery, Shard
from notifications.publishing.publish import publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

KILLS = 5
CONCURRENCY = 8


@pytest.fixture(autouse=True)
def pace(settings: Settings, telegram: BotApi) -> None:
    settings.TELEGRAM_CONCURRENCY = CONCURRENCY
    settings.TELEGRAM_RATE = 400.0
    telegram.latency = 0.02


def start_dispatcher() -> int:
    """A dispatcher in a process of its own; its pid."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        getattr(connection, "close_pool", bool)()
    pid = os.fork()
    if pid == 0:
        try:
            deliver(["telegram"])
        finally:
            os._exit(0)
    return pid


def kill_after(telegram: BotApi, messages: int) -> None:
    """Start a dispatcher, and kill it once so many more messages have arrived."""
    wanted = len(telegram.sent_times()) + messages
    pid = start_dispatcher()
    try:
        telegram.wait_until(lambda: len(telegram.sent_times()) >= wanted)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_nobody_misses_a_notice_and_few_have_it_twice(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    people = [subscribe() for _ in range(200)]
    publish(draft())

    for _ in range(KILLS):
        kill_after(telegram, random.randint(1, 30))
    run()

    had = Counter(telegram.sent_by_chat)
    assert set(had) == {int(person.address) for person in people}
    assert had.total() - len(people) <= KILLS * CONCURRENCY
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_long_message_goes_on_where_it_stopped(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, together: None
) -> None:
    people = [subscribe() for _ in range(20)]
    publish(draft(body="".join(f"<p>part{number} {'word ' * 700}</p>" for number in range(4))))

    for _ in range(3):
        kill_after(telegram, random.randint(5, 15))
    run()

    repeated = 0
    for person in people:
        parts = [message.text.split("part")[1][0] for message in telegram.messages(int(person.address))]
        assert parts == sorted(parts), "in order"
        assert set(parts) == set("0123"), "nothing is missing"
        repeated += len(parts) - 4
    assert repeated <= 3 * CONCURRENCY


def test_one_that_stood_still_for_longer_than_its_lease_leaves_alone_what_others_took(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_RATE = 10.0
    for _ in range(12):
        subscribe()
    publish(draft())
    dispatcher = Dispatcher(CHANNELS["telegram"]())
    taken: set[str] = set()

    def stand_still() -> None:
        telegram.wait_until(lambda: len(telegram.sent_times()) >= 3)
        last = Delivery.objects.filter(state="sending").order_by("-pk")[:5]
        taken.update(last.values_list("subscription__address", flat=True))
        Delivery.objects.filter(pk__in=list(last.values_list("pk", flat=True))).update(lease_owner="another")
        dispatcher._leased_until = 0.0
        connections.close_all()

    thread = Thread(target=stand_still)
    thread.start()
    async_to_sync(dispatcher.run)()
    thread.join()

    assert len(taken) == 5
    assert not {str(chat) for chat in telegram.sent_by_chat} & taken
    assert len(telegram.sent_by_chat) == 7


def test_one_whose_shard_is_another_ones_by_now_ends(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_RATE = 10.0
    for _ in range(12):
        subscribe()
    publish(draft())
    dispatcher = Dispatcher(CHANNELS["telegram"]())

    def stand_still() -> None:
        telegram.wait_until(lambda: len(telegram.sent_times()) >= 3)
        Shard.objects.update(owner="elsewhere/1:1:1:x")
        dispatcher._leased_until = 0.0
        connections.close_all()

    thread = Thread(target=stand_still)
    thread.start()
    tally = async_to_sync(dispatcher.run)()
    thread.join()

    assert tally.busy_elsewhere
    assert tally.sent == len(telegram.sent_by_chat) < 12
    assert not Delivery.objects.filter(state="sending").exists()
    assert Shard.objects.get().owner == "elsewhere/1:1:1:x"
