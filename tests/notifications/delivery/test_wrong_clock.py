"""What a wrong clock wrote holds nobody up once the clock is right, and nobody misses a notice of that time."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Subscription
from accounts.web.throttling import count
from notifications.delivery import leases, ledger
from notifications.delivery.pacing import rate_limits
from notifications.models import ChannelState, Delivery, Notice
from notifications.publishing.publish import publish
from notifications.telegram_bot import bot_status
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

DAY, YEARS = timedelta(days=1), timedelta(days=3653)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("impatient"),
    pytest.mark.parametrize("away", [DAY, YEARS, -DAY, -YEARS], ids=["day", "years", "day behind", "years behind"]),
]


def got(telegram: BotApi, people: list[Subscription]) -> list[int]:
    return [len(telegram.messages(int(person.address))) for person in people]


def test_a_notice_read_then_is_delivered(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, away: timedelta
) -> None:
    people = [subscribe(active_since=timezone.now())]
    with time_machine.travel(timezone.now() + away):
        publish(draft())
    assert run().sent == 1
    assert got(telegram, people) == [1]


def test_who_subscribed_then_is_told(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, away: timedelta) -> None:
    with time_machine.travel(timezone.now() + away):
        people = [subscribe(active_since=timezone.now())]
    publish(draft())
    assert run().sent == 1
    assert got(telegram, people) == [1]


def test_a_429_of_then_pauses_no_longer_than_it_said(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, away: timedelta
) -> None:
    subscribe()
    with time_machine.travel(timezone.now() + away):
        publish(draft())
        telegram.faults.plan("flood", retry_after=60, times=1)
        assert run().paused_seconds > 50
    assert run().sent == 1
    assert not ChannelState.objects.get().pause_seconds(timezone.now())


def test_a_retry_of_then_is_due(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, away: timedelta) -> None:
    subscribe()
    with time_machine.travel(timezone.now() + away):
        publish(draft())
        Delivery.objects.update(state="retry", attempts=3, next_attempt_at=timezone.now() + timedelta(minutes=15))
    assert run().sent == 1


def test_what_was_being_sent_then_is_sent_again(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, away: timedelta
) -> None:
    subscribe()
    lease = timedelta(minutes=1)
    with time_machine.travel(timezone.now() + away):
        publish(draft())
        assert leases.acquire("telegram", 0, "elsewhere:1:1", lease)
        assert ledger.claim("telegram", "elsewhere:1:1", limit=1, lease=lease)
    assert run().sent == 1


def test_a_time_line_of_then_gives_a_slot_at_once(away: timedelta) -> None:
    with time_machine.travel(timezone.now() + away):
        rate_limits.reserve("telegram", 30.0, 100)
    assert rate_limits.reserve("telegram", 30.0).delay == 0.0


def test_a_throttles_window_of_then_is_over(away: timedelta) -> None:
    with time_machine.travel(timezone.now() + away):
        assert [count("a", limit=1, seconds=60) > 0 for _ in range(2)] == [False, True]
    assert [count("a", limit=1, seconds=60) > 0 for _ in range(2)] == [False, True]


def test_a_bot_that_was_seen_then_is_not_taken_for_alive(away: timedelta) -> None:
    with time_machine.travel(timezone.now() + away):
        bot_status.report(bot_status.State.POLLING)
    status = bot_status.read()
    assert status is not None
    assert not status.alive


def test_an_edit_of_then_reaches_who_had_the_notice(
    telegram: BotApi, subscribe: Subscribe, draft: MakeDraft, away: timedelta
) -> None:
    people = [subscribe()]
    publish(draft())
    run()
    with time_machine.travel(timezone.now() + away):
        publish(draft(body="<p>Be there at ten.</p>"))
    run()
    assert Notice.objects.get().version == Delivery.objects.get().version_sent == 2
    assert "at ten" in telegram.messages(int(people[0].address))[0].text
