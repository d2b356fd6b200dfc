"""When a channel counts as out of reach, and how it is tried again."""

import pytest

from notifications.delivery.pacing.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(16, clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_it_is_closed_until_as_many_failed_as_can_be_in_flight(breaker: Breaker) -> None:
    fail(breaker, 15)
    assert (breaker.is_open, breaker.at_once, breaker.rest()) == (False, 16, 0.0)
    fail(breaker, 1)
    assert (breaker.is_open, breaker.at_once) == (True, 1)


def test_an_answer_closes_it(breaker: Breaker) -> None:
    fail(breaker, 20)
    breaker.answered()
    assert (breaker.is_open, breaker.at_once) == (False, 16)


def test_where_nobody_is_there_it_opens_at_once(breaker: Breaker) -> None:
    breaker.trip()
    assert breaker.is_open


def test_rests_grow_to_a_minute(breaker: Breaker, clock: Clock) -> None:
    breaker.trip()
    rests = []
    for _ in range(8):
        rests.append(breaker.rest())
        clock.now += rests[-1]
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60]


def test_those_that_fail_together_rest_once(breaker: Breaker, clock: Clock) -> None:
    breaker.trip()
    assert [breaker.rest() for _ in range(3)] == [1.0, 0.0, 0.0]


def test_one_message_to_a_slow_channel_does_not_open_it_soon(clock: Clock) -> None:
    breaker = Breaker(1, clock)
    fail(breaker, 7)
    assert not breaker.is_open
