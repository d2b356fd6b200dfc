"""The dispatcher against a Bot API that fails in every way it can: nobody misses a notice, nobody is blamed."""

import logging
from datetime import timedelta
from threading import Timer
from time import monotonic
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.clock import LONGEST_PAUSE
from accounts.models import Subscription
from notifications.channels.base import TransientError
from notifications.channels.telegram.channel import TelegramChannel
from notifications.delivery import counts
from notifications.delivery.pacing import breaker
from notifications.models import ChannelState, Delivery, Notice
from notifications.publishing.publish import publish
from notifications.rendering.messages import Part, Recipient
from notifications.rendering.render import Renderer
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_faults import FaultKind
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

pytestmark = pytest.mark.usefixtures("impatient")


def everybody_has_one(telegram: BotApi, people: list[Subscription]) -> bool:
    return all(len(telegram.messages(int(person.address))) == 1 for person in people)


def attempts() -> set[int]:
    return set(Delivery.objects.values_list("attempts", flat=True))


@pytest.fixture
def people(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> list[Subscription]:
    """Thirty that wait for a notice."""
    subscribed = [subscribe() for _ in range(30)]
    publish(draft())
    return subscribed


# --- too fast -----------------------------------------------------------------


def test_a_429_pauses_everything_and_counts_against_nobody(telegram: BotApi, people: list[Subscription]) -> None:
    telegram.faults.plan("flood", retry_after=1, times=1)

    assert run().sent == 30

    assert everybody_has_one(telegram, people)
    assert attempts() == {0}
    times = telegram.sent_times()
    flood, _ = telegram.pauses[0]
    assert not [time for time in times if flood + 0.1 < time < flood + 0.99]
    assert ChannelState.objects.get().floods == 1


def test_a_storm_of_429s_passes(telegram: BotApi, people: list[Subscription], settings: Settings) -> None:
    settings.TELEGRAM_CONCURRENCY = 3
    Delivery.objects.filter(subscription__in=people[6:]).delete()
    telegram.faults.plan("flood_without_parameters", share=0.34, times=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("notifications.channels.telegram.errors.PAUSE_UNSTATED", 0.1)
        assert run().sent == 6
    assert everybody_has_one(telegram, people[:6])
    assert attempts() == {0}


def test_an_hours_pause_is_kept_in_the_database(telegram: BotApi, people: list[Subscription]) -> None:
    telegram.faults.plan("flood", retry_after=3600, times=1)

    assert run().paused_seconds > 3500
    telegram.faults.clear()
    calls = telegram.calls["sendMessage"]
    assert run().paused_seconds > 3500

    assert telegram.calls["sendMessage"] == calls
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"pending", "retry", "sent"}
    ChannelState.objects.update(paused_until=timezone.now())
    run()
    assert everybody_has_one(telegram, people)


@pytest.mark.parametrize("seconds", [86_400, 3 * 31_536_000, 2 * 10**9])
def test_a_pause_of_years_ends_after_the_longest_that_is_believed(
    telegram: BotApi, people: list[Subscription], seconds: int
) -> None:
    telegram.faults.plan("flood", retry_after=seconds, times=1)
    assert run().paused_seconds <= LONGEST_PAUSE.total_seconds()
    assert ChannelState.objects.get().pause_seconds(timezone.now()) <= LONGEST_PAUSE.total_seconds()


# --- refused ------------------------------------------------------------------


def test_those_who_blocked_the_bot_are_switched_off(telegram: BotApi, people: list[Subscription]) -> None:
    for person in people[::10]:
        telegram.add_user(int(person.address))
        telegram.block(int(person.address), silent=True)

    assert run().sent == 27

    off = Subscription.objects.filter(state=Subscription.State.OFF)
    assert set(off) == set(people[::10])
    assert set(off.values_list("off_reason", flat=True)) == {"blocked"}
    assert Delivery.objects.filter(state="failed", error_code="blocked").count() == 3


def test_a_chat_that_never_existed_is_switched_off(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    person = subscribe(address="-555")
    publish(draft())

    run()

    person.refresh_from_db()
    assert person.state == Subscription.State.OFF


def test_a_migrated_group_gets_it_at_its_new_address(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> None:
    telegram.add_group(-77)
    telegram.migrate(-77, -1000000000777)
    group = subscribe(address="-77")
    publish(draft())

    assert run().sent == 1

    group.refresh_from_db()
    assert group.address == "-1000000000777"


def test_a_group_that_is_known_by_both_addresses_gets_it_once(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, settings: Settings
) -> None:
    settings.TELEGRAM_CONCURRENCY = 1
    telegram.add_group(-77)
    telegram.migrate(-77, -1000000000777)
    subscribe(address="-77")
    publish(draft())
    run()
    subscribe(address="-77")
    publish(draft("test:2"))

    run()

    assert list(Subscription.objects.values_list("address", flat=True)) == ["-1000000000777"]


def test_a_wrong_token_stops_all_and_fails_nothing(
    telegram: BotApi, people: list[Subscription], caplog: pytest.LogCaptureFixture
) -> None:
    token, telegram.token = telegram.token, "999999:another"

    assert run().stopped
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1
    assert not Delivery.objects.filter(state="failed").exists()
    assert attempts() == {0}

    calls = telegram.calls["sendMessage"]
    run()
    assert telegram.calls["sendMessage"] == calls + 1, "one message tries whether it was mended"
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1

    telegram.token = token
    assert run().sent == 30
    assert ChannelState.objects.get().stopped_reason == ""


def test_a_channel_without_its_settings_is_stopped_and_says_why(
    settings: Settings, subscribe: Subscribe, transactional_db: None
) -> None:
    settings.TELEGRAM_BOT_TOKEN = ""
    assert run().stopped == "TELEGRAM_BOT_TOKEN is not set"
    assert ChannelState.objects.get().stopped_reason


def test_logged_out_stops_all_and_passes_by_itself(telegram: BotApi, people: list[Subscription]) -> None:
    telegram.faults.plan("logged_out")

    assert "logged this bot out" in run().stopped
    assert attempts() == {0}
    assert not Delivery.objects.filter(state="failed").exists()
    calls = telegram.calls["sendMessage"]
    run()
    assert telegram.calls["sendMessage"] == calls + 1, "one message tries whether it is over"

    telegram.faults.clear()
    assert run().sent == 30
    assert everybody_has_one(telegram, people)
    assert ChannelState.objects.get().stopped_reason == ""


# --- something else answers in Telegram's place ---------------------------------


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 503])
@pytest.mark.parametrize("kind", ["proxy_page", "proxy_json"])
def test_a_proxy_s_answer_counts_against_nobody(
    telegram: BotApi, people: list[Subscription], kind: FaultKind, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.faults.plan(kind, status=status)
    tally = run(seconds=0.3)
    run(seconds=0.3)

    assert (tally.sent, tally.stopped, set(tally.errors)) == (0, "", {"unreachable"})
    assert attempts() == {0}
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"pending", "retry"}
    assert Subscription.objects.filter(state=Subscription.State.ACTIVE).count() == 30
    assert f"HTTP {status}" in ChannelState.objects.get().trouble
    assert caplog.text.count("telegram can't be reached") == 1

    telegram.faults.clear()
    assert run().sent == 30
    assert everybody_has_one(telegram, people)
    assert ChannelState.objects.get().trouble == ""


def test_one_message_that_a_firewall_never_lets_through_does_not_hold_up_the_others(
    telegram: BotApi, people: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = TelegramChannel.send

    async def filtered(self: TelegramChannel, recipient: Recipient, part: Part) -> object:
        if recipient.address == people[3].address:
            raise TransientError("unreachable", "HTTP 403", unreachable=True)
        return await send(self, recipient, part)

    monkeypatch.setattr(TelegramChannel, "send", filtered)
    monkeypatch.setattr("notifications.delivery.sender.PATIENCE_SECONDS", 0.05)

    assert run(seconds=5).sent == 29

    poison = Delivery.objects.get(state="retry")
    assert (poison.subscription, poison.error_code, poison.attempts) == (people[3], "unreachable", 0)


# --- down, slow, broken -------------------------------------------------------


@pytest.mark.parametrize("fault", ["error", "bad_gateway"])
def test_what_did_not_arrive_is_sent_again(telegram: BotApi, people: list[Subscription], fault: str) -> None:
    telegram.faults.plan(fault, every=2, times=10)  # type: ignore[arg-type]  # the test varies the arguments
    assert run().sent == 30
    assert everybody_has_one(telegram, people)


def test_a_server_that_is_down_costs_nobody_an_attempt(telegram: BotApi, people: list[Subscription]) -> None:
    telegram.faults.plan("bad_gateway")
    back = Timer(0.5, telegram.faults.clear)
    back.start()

    assert run().sent == 30

    assert everybody_has_one(telegram, people)
    assert attempts() == {0}
    back.join()


def test_a_server_that_answers_500_to_everything_costs_a_few_one_attempt(
    telegram: BotApi, people: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram.faults.plan("error")
    back = Timer(0.5, telegram.faults.clear)
    back.start()

    assert run().sent == 30

    assert everybody_has_one(telegram, people)
    assert max(attempts()) <= 2
    back.join()


def test_while_nobody_is_there_one_message_at_a_time_tries(
    telegram: BotApi, people: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "FIRST_REST_SECONDS", 30.0)
    monkeypatch.setattr(breaker, "LONGEST_REST_SECONDS", 30.0)
    telegram.faults.plan("down")

    assert run().paused_seconds > 20

    assert telegram.calls["sendMessage"] < 2 * 16
    assert attempts() <= {0, 1}
    found = counts.progress(Notice.objects.get().pk)
    assert 0 < found.refused < found.waiting == 30
    assert found.why == "connection_lost ServerDisconnectedError"


@pytest.mark.parametrize("fault", ["lost_reply", "drop", "broken_json"])
def test_what_may_have_arrived_is_tried_again_only_after_the_lease(
    telegram: BotApi, people: list[Subscription], fault: str
) -> None:
    telegram.faults.plan(fault, times=1)  # type: ignore[arg-type]  # the test varies the arguments

    assert run().sent == 29

    delivery = Delivery.objects.get(state="retry")
    assert delivery.attempts == 1
    assert delivery.next_attempt_at > timezone.now() + timedelta(seconds=50)


@pytest.mark.parametrize("fault", ["hang", "silence"])
def test_a_time_out_is_unknown(
    telegram: BotApi, people: list[Subscription], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = TelegramChannel.__init__
    monkeypatch.setattr(
        TelegramChannel, "__init__", lambda self, *args, **options: made(self, *args, **options, read_timeout=0.2)
    )
    telegram.faults.plan(fault, times=2)  # type: ignore[arg-type]  # the test varies the arguments

    assert run().sent == 28

    assert set(Delivery.objects.filter(state="retry").values_list("error_code", flat=True)) == {"timeout"}


def test_dead_letters_are_kept_with_their_reason_and_can_be_sent_again(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft
) -> None:
    person = subscribe()
    publish(draft())
    Delivery.objects.update(attempts=9)
    telegram.faults.plan("error", times=1)

    run()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error_code, delivery.attempts) == ("failed", "server_error", 10)
    from notifications.delivery import ledger

    ledger.retry_failed(Delivery.objects.all())
    run()
    assert everybody_has_one(telegram, [person])


# --- our own defects ----------------------------------------------------------


def test_a_message_that_always_raises_does_not_hold_up_the_others(
    telegram: BotApi, people: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = TelegramChannel.send

    async def stumble(self: TelegramChannel, recipient: Recipient, part: Part) -> object:
        if recipient.address == people[3].address:
            raise ZeroDivisionError
        return await send(self, recipient, part)

    monkeypatch.setattr(TelegramChannel, "send", stumble)

    assert run().sent == 29

    poison = Delivery.objects.get(state="retry")
    assert (poison.subscription, poison.error_code, poison.attempts) == (people[3], "defect", 1)


def test_a_notice_that_can_not_be_rendered_is_a_dead_letter(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe()
    bad = publish(draft("test:1", title="Bad")).notice
    publish(draft("test:2", title="Good"))
    rendered = Renderer.rendered

    def stumble(self: Renderer, notice: Notice, **how: Any) -> object:
        if notice.pk == bad.pk:
            raise KeyError("label")
        return rendered(self, notice, **how)

    monkeypatch.setattr(Renderer, "rendered", stumble)

    assert run().sent == 1
    assert Delivery.objects.get(notice=bad).error_code == "not_rendered"


# --- told to stop -------------------------------------------------------------


def test_what_is_in_flight_when_the_time_is_over_is_finished(telegram: BotApi, people: list[Subscription]) -> None:
    telegram.latency = 0.8
    tally = run(seconds=0.5)
    assert 0 < tally.sent <= 16
    assert Delivery.objects.filter(state="sent").count() == tally.sent == len(telegram.messages())
    assert not Delivery.objects.filter(state="sending").exists()


def test_what_is_not_answered_in_time_may_have_arrived(
    telegram: BotApi, people: list[Subscription], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.sender.STOP_SECONDS", 0.1)
    telegram.faults.plan("silence", times=1)
    started = monotonic()

    assert run(seconds=1.5).sent == 29

    assert monotonic() - started < 10
    delivery = Delivery.objects.get(state="retry")
    assert (delivery.error_code, delivery.attempts) == ("interrupted", 1)
    assert delivery.next_attempt_at > timezone.now() + timedelta(seconds=50)
