"""Storms of refusals on Telegram, over real sockets: nobody is blamed, and after the mend all goes on."""

import logging
import os
import signal
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Subscription
from accounts.subscribing import subscriptions
from notifications.delivery import storms
from notifications.delivery.run import deliver
from notifications.delivery.storms import ENOUGH, MANY
from notifications.models import Delivery, Refusal, Service
from notifications.publishing.publish import publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was refused in a storm may be tried again in the next run."""
    monkeypatch.setattr("notifications.delivery.outcomes.SPARED_WAIT", timedelta(0))


@pytest.fixture
def people(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> list[Subscription]:
    """Thirty that wait for a notice."""
    subscribed = [subscribe() for _ in range(30)]
    publish(draft())
    return subscribed


def another_bots_token(telegram: BotApi) -> None:
    """From now on the bot knows no chat."""
    telegram.any_chat = False
    telegram.chats.clear()


def the_right_token(telegram: BotApi) -> None:
    telegram.any_chat = True


def block(telegram: BotApi, people: Iterable[Subscription]) -> None:
    for person in people:
        telegram.add_user(int(person.address))
        telegram.block(int(person.address), silent=True)


def off() -> set[str]:
    return set(Subscription.objects.filter(state="off").values_list("address", flat=True))


def nobody_is_blamed() -> bool:
    states = set(Delivery.objects.values_list("state", flat=True))
    return not off() and states <= {"pending", "retry", "sent"} and not Delivery.objects.filter(attempts__gt=0).exists()


def everybody_has_one(telegram: BotApi, people: list[Subscription]) -> bool:
    return all(len(telegram.messages(int(person.address))) == 1 for person in people)


def test_another_bots_token_holds_the_channel(
    telegram: BotApi, people: list[Subscription], caplog: pytest.LogCaptureFixture
) -> None:
    another_bots_token(telegram)

    assert "Telegram refuses most" in run().stopped

    assert nobody_is_blamed()
    assert telegram.calls["sendMessage"] <= 2 * 16, "what was in flight, and no more"
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1

    calls = telegram.calls["sendMessage"]
    for _ in range(3):
        run()
    assert telegram.calls["sendMessage"] == calls + 3, "one message a run tries whether it was mended"
    assert nobody_is_blamed()
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1

    the_right_token(telegram)
    assert run().sent == 30
    assert everybody_has_one(telegram, people)
    assert Service.objects.get().held_since is None


def test_who_blocks_en_masse_is_switched_off_by_nobody(telegram: BotApi, people: list[Subscription]) -> None:
    block(telegram, people)

    run()
    assert nobody_is_blamed()

    for person in people:
        telegram.unblock(int(person.address), silent=True)
    assert run().sent == 30
    assert everybody_has_one(telegram, people)


def test_a_storm_of_several_words_is_one(telegram: BotApi, people: list[Subscription]) -> None:
    block(telegram, people[::3])
    for person in people[1::3]:
        telegram.my_chat_member(int(person.address), "not_started", silent=True)
    telegram.any_chat = False

    run()

    assert nobody_is_blamed()
    assert {"blocked", "not_started", "chat_not_found"} >= set(Refusal.objects.values_list("code", flat=True))


def test_most_is_enough(telegram: BotApi, people: list[Subscription], settings: Settings) -> None:
    settings.TELEGRAM_CONCURRENCY = 4
    block(telegram, [person for number, person in enumerate(people) if number % 6])

    for _ in range(5):
        run()

    assert nobody_is_blamed()
    assert Service.objects.get().held_since


@pytest.mark.parametrize("every", [4, 5, 10, 29])
def test_a_few_who_blocked_it_are_switched_off_at_once(
    telegram: BotApi, people: list[Subscription], every: int
) -> None:
    blockers = people[::every]
    block(telegram, blockers)

    assert run().sent == 30 - len(blockers)

    assert off() == {person.address for person in blockers}
    assert Delivery.objects.filter(state="failed", error_code="blocked").count() == len(blockers)
    assert not Service.objects.get().held_since


def test_blockers_side_by_side_only_delay_the_others_a_little(
    telegram: BotApi, people: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.outcomes.SPARED_WAIT", timedelta(seconds=0.1))
    block(telegram, people[:8])

    runs = 0
    while Delivery.objects.exclude(state__in=["sent", "failed"]).exists() and runs < 20:
        run()
        runs += 1

    assert off() == {person.address for person in people[:8]}
    assert everybody_has_one(telegram, people[8:])
    assert not Service.objects.get().held_since


def test_those_it_had_switched_off_before_it_was_noticed_come_back(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    first = [subscribe() for _ in range(MANY - 1)]
    another_bots_token(telegram)
    publish(draft("test:1"))
    publish(draft("test:2"))
    run()
    assert off() == {person.address for person in first}
    subscriptions.start(subscriptions.Chat(int(first[0].address)))
    subscriptions.switch_off(int(first[0].address), subscriptions.STOPPED)
    second = [subscribe() for _ in range(30)]
    publish(draft("test:3"))

    run()

    assert off() == {first[0].address}, "who sent /stop stays off"
    the_right_token(telegram)
    run()
    for person in first[1:]:
        assert len(telegram.messages(int(person.address))) == 2
    assert everybody_has_one(telegram, second)


def test_old_dead_letters_do_not_come_back(telegram: BotApi, people: list[Subscription], draft: MakeDraft) -> None:
    Delivery.objects.filter(subscription=people[0]).update(state="failed", error_code="chat_not_found")
    Delivery.objects.filter(subscription=people[1]).update(
        state="skipped", error_code="subscription_off", created_at=timezone.now() - timedelta(days=3)
    )
    another_bots_token(telegram)
    run()
    the_right_token(telegram)
    run()
    assert not telegram.messages(int(people[0].address))
    assert not telegram.messages(int(people[1].address))


def test_it_outlasts_the_process_that_noticed_it(telegram: BotApi, people: list[Subscription]) -> None:
    another_bots_token(telegram)
    telegram.latency = 0.02
    for _ in range(4):
        kill_at_a_call(telegram, telegram.calls["sendMessage"] + 12)
    run()
    assert nobody_is_blamed()
    the_right_token(telegram)
    Delivery.objects.filter(state="sending").update(lease_until=timezone.now())
    run()
    assert everybody_has_one(telegram, people)


def kill_at_a_call(telegram: BotApi, call: int) -> None:
    """Deliver in another process, and kill it with -9 when the Bot API has had so many calls, or it has ended."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        getattr(connection, "close_pool", bool)()
    pid = os.fork()
    if pid == 0:
        try:
            deliver(["telegram"], seconds=2)
        finally:
            os._exit(0)
    try:
        telegram.wait_until(lambda: telegram.calls["sendMessage"] >= call or _has_ended(pid), 10)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def test_an_edit_refused_in_a_storm_is_made_after_it(
    telegram: BotApi, people: list[Subscription], draft: MakeDraft
) -> None:
    run()
    publish(draft(title="Zenith Labs visits tomorrow"))
    kept = dict(telegram.chats)
    another_bots_token(telegram)
    run()
    assert not off()
    telegram.chats.update(kept)
    telegram.any_chat = True
    for _ in range(3):
        run()
    assert all("tomorrow" in telegram.messages(int(person.address))[0].text for person in people)


def test_a_second_storm_is_one_too(telegram: BotApi, people: list[Subscription], draft: MakeDraft) -> None:
    for number in range(3):
        publish(draft(f"test:{number}"))
        another_bots_token(telegram)
        run()
        assert nobody_is_blamed()
        the_right_token(telegram)
        run()
        assert Service.objects.get().held_since is None


def test_an_admin_may_say_that_they_are_gone_indeed(telegram: BotApi, people: list[Subscription]) -> None:
    block(telegram, people[:25])
    run()
    assert nobody_is_blamed()

    assert storms.believe(Service.objects.all()) == 1
    assert storms.believe(Service.objects.all()) == 0
    for _ in range(12):
        run()
        storms.believe(Service.objects.all())

    assert off() == {person.address for person in people[:25]}
    assert everybody_has_one(telegram, people[25:])


def test_one_chat_that_answers_often_does_not_end_it(telegram: BotApi, people: list[Subscription]) -> None:
    another_bots_token(telegram)
    run()
    seen = storms.Storms("telegram")
    seen.look()
    for _ in range(3 * ENOUGH):
        with transaction.atomic():
            seen.weigh({}, {"": {people[0].pk}})
    assert "" in seen.held
