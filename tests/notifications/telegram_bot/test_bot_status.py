"""What other processes are told of the bot."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from notifications.telegram_bot.bot_status import STALE, State, read, report

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_bot_that_never_ran_has_no_status() -> None:
    assert read() is None


def test_since_is_when_the_state_began() -> None:
    with time_machine.travel(START, tick=False) as clock:
        report(State.CONFLICT, "two bots")
        clock.shift(timedelta(minutes=2))
        report(State.CONFLICT, "two bots")
        found = read()
    assert found
    assert (found.since, found.seen_at - found.since, found.text) == (START, timedelta(minutes=2), "two bots")


def test_a_bot_that_fell_silent_is_not_alive() -> None:
    with time_machine.travel(START, tick=False) as clock:
        report(State.POLLING)
        found = read()
        assert found
        assert found.alive
        clock.shift(STALE)
        assert not found.alive
