"""Slots for one dispatcher: even, never in a burst, none during a pause."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from notifications.delivery.pacing import pacer as pacer_module
from notifications.delivery.pacing.pacer import BLOCK_SECONDS, LONGEST_WAY_SECONDS, Mark, Pacer, PausedError, Window
from notifications.delivery.pacing.rate_limits import Block


def _nothing() -> None:
    """Nothing happens in between."""


class TimeLine:
    """A clock that moves when somebody sleeps, and a time line to reserve on."""

    def __init__(self, interval: float) -> None:
        self.now, self.interval, self.next_slot = 1000.0, interval, 0.0
        self.paused_until = 0.0
        self.reservations: list[int] = []
        self.when_sleeping: Callable[[], None] = _nothing

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.when_sleeping()
        self.when_sleeping = _nothing
        self.now += seconds

    async def reserve(self, slots: int, after: float) -> Block:
        self.reservations.append(slots)
        start = max(self.now + after, self.next_slot, self.paused_until)
        self.next_slot = start + slots * self.interval
        return Block(start - self.now, self.interval, slots)

    async def run(self, pacer: Pacer, slots: int, busy: float = 0.0) -> list[float]:
        times = []
        for _ in range(slots):
            await pacer.slot()
            times.append(self.now)
            self.now += busy
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)  # lets a reservation ahead finish
        return times


Make = Callable[[float], tuple[TimeLine, Pacer]]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Make:
    def make(rate: float) -> tuple[TimeLine, Pacer]:
        line = TimeLine(1 / rate)

        class Sleeper:
            sleep: Callable[[float], Awaitable[None]] = staticmethod(line.sleep)
            create_task = staticmethod(asyncio.create_task)
            Task = asyncio.Task

        monkeypatch.setattr(pacer_module, "asyncio", Sleeper)
        return line, Pacer(line.reserve, rate, patience=20.0, clock=line.clock)

    return make


async def test_slots_are_even_from_the_first_on(make: Make) -> None:
    line, pacer = make(30.0)
    line.interval = 1 / 29.5
    times = await line.run(pacer, 60)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == pytest.approx([1 / 29.5] * 59)


async def test_blocks_are_short_and_reserved_ahead(make: Make) -> None:
    line, pacer = make(100.0)
    await line.run(pacer, 100)
    assert set(line.reservations) == {int(100 * BLOCK_SECONDS)}
    assert line.next_slot - line.now < 1.6 * BLOCK_SECONDS


async def test_a_late_wake_up_is_made_up_for_but_not_beyond_the_rate(make: Make) -> None:
    line, pacer = make(30.0)
    line.interval = 1 / 29.5
    times = await line.run(pacer, 20)
    line.now += 0.08
    times += await line.run(pacer, 60)
    assert times[-1] - times[0] == pytest.approx(79 / 29.5, abs=0.01)
    assert min(late - early for early, late in zip(times, times[30:], strict=False)) > 1.0


async def test_a_long_stop_is_not_made_up_for(make: Make) -> None:
    line, pacer = make(30.0)
    await line.run(pacer, 2)
    line.now += 5.0
    times = await line.run(pacer, 31)
    assert times[-1] - times[0] > 1.0
    assert times[5] - times[0] > 4 / 30


def on_the_way(line: TimeLine, window: Window, seconds: float) -> Mark:
    mark = window.sent()
    line.now += seconds
    window.answered(mark)
    return mark


def test_a_message_that_was_long_on_its_way_holds_up_the_one_a_second_later() -> None:
    line = TimeLine(1.0)
    window = Window(2, line.clock)
    on_the_way(line, window, 0.2)
    late = on_the_way(line, window, 0.22)
    assert window.arrived_by(late) - late.sent_at == pytest.approx(0.02, abs=0.002)
    on_the_way(line, window, 0.2)
    assert line.now + window.wait() - late.sent_at > 1.019


def test_that_the_first_message_was_slow_shows_by_those_after_it() -> None:
    """It opened the connection, and has arrived later than the others on their warm ones."""
    line = TimeLine(1.0)
    window = Window(2, line.clock)
    first = on_the_way(line, window, 0.22)
    on_the_way(line, window, 0.2)
    assert line.now + window.wait() - first.sent_at > 1.019


def test_only_so_much_of_a_late_answer_is_put_down_to_the_way() -> None:
    line = TimeLine(1.0)
    window = Window(2, line.clock)
    on_the_way(line, window, 0.2)
    slow = on_the_way(line, window, 5.0)
    assert window.arrived_by(slow) - slow.sent_at == pytest.approx(LONGEST_WAY_SECONDS)


async def test_one_that_can_not_keep_up_is_not_held_back(make: Make) -> None:
    line, pacer = make(1000.0)
    start = line.now
    await line.run(pacer, 100, busy=0.002)
    assert line.now - start == pytest.approx(0.2, abs=0.01)


async def test_a_block_left_lying_is_thrown_away(make: Make) -> None:
    line, pacer = make(100.0)
    await line.run(pacer, 3)
    line.now += 60.0
    times = await line.run(pacer, 20)
    assert times[-1] - times[0] == pytest.approx(0.19, abs=0.001)


async def test_nothing_goes_out_during_a_pause(make: Make) -> None:
    line, pacer = make(100.0)
    await line.run(pacer, 3)
    resumes = line.now + 5.0
    pacer.pause(5.0)
    (time,) = await line.run(pacer, 1)
    assert time >= resumes


async def test_a_pause_that_comes_while_a_slot_is_waited_for_holds_it_too(make: Make) -> None:
    line, pacer = make(10.0)
    await line.run(pacer, 1)
    before = line.now
    line.when_sleeping = lambda: pacer.pause(5.0)
    (time,) = await line.run(pacer, 1)
    assert time >= before + 5.0


async def test_a_long_pause_is_not_waited_for(make: Make) -> None:
    line, pacer = make(30.0)
    line.paused_until = line.now + 3600
    with pytest.raises(PausedError) as paused:
        await pacer.slot()
    assert paused.value.seconds == pytest.approx(3600)


async def test_our_own_long_pause_reserves_nothing(make: Make) -> None:
    line, pacer = make(30.0)
    pacer.pause(3600)
    with pytest.raises(PausedError):
        await pacer.slot()
    assert not line.reservations


async def test_a_reservation_that_fails_is_raised_where_the_slot_is_waited_for(make: Make) -> None:
    _, pacer = make(30.0)

    async def fail(slots: int, after: float) -> Block:
        raise OSError("gone")

    pacer._reserve = fail
    with pytest.raises(OSError, match="gone"):
        await pacer.slot()
