"""The pace that processes share: one time line, one pause, a rate that falls and recovers."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.utils import timezone

from notifications.delivery.pacing import rate_limits
from notifications.delivery.pacing.rate_limits import SHARE_USED, Block
from notifications.models import ChannelState, Shard

pytestmark = pytest.mark.django_db
CAP = 30.0
INTERVAL = 1 / (CAP * SHARE_USED)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def still() -> time_machine.Traveller:  # type: ignore[misc]  # a fixture's generator, or a bound default
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def rate() -> float:
    return rate_limits.effective_rate(ChannelState.objects.get(), CAP, timezone.now())


def in_seconds(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def test_blocks_follow_each_other_whoever_reserves_them() -> None:
    first, second = rate_limits.reserve("telegram", CAP, 4), rate_limits.reserve("telegram", CAP, 1)
    assert first.delay == 0.0
    assert first.interval == pytest.approx(INTERVAL)
    assert second.delay == pytest.approx(4 * INTERVAL, abs=1e-5)


def test_an_idle_time_line_gives_no_burst(still: time_machine.Traveller) -> None:
    rate_limits.reserve("telegram", CAP)
    still.shift(60)
    assert rate_limits.reserve("telegram", CAP).delay == 0.0
    assert rate_limits.reserve("telegram", CAP).delay == pytest.approx(INTERVAL, abs=1e-5)


def test_each_shard_has_its_share_on_a_line_of_its_own() -> None:
    blocks = [rate_limits.reserve("telegram", CAP, 10, shard=shard, shards=3) for shard in range(3)]
    assert {block.delay for block in blocks} == {0.0}
    assert [block.interval for block in blocks] == pytest.approx([3 * INTERVAL] * 3)


def test_channels_do_not_slow_each_other() -> None:
    rate_limits.reserve("telegram", CAP, 100)
    assert rate_limits.reserve("web-push", CAP).delay == 0.0


def test_a_time_line_far_ahead_is_the_trace_of_a_wrong_clock(still: time_machine.Traveller) -> None:
    rate_limits.reserve("telegram", CAP)
    still.shift(-3600)
    assert rate_limits.reserve("telegram", CAP).delay == 0.0


def test_nothing_is_reserved_inside_a_pause() -> None:
    rate_limits.pause("telegram", in_seconds(3600))
    assert rate_limits.reserve("telegram", CAP).delay == pytest.approx(3600)


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    rate_limits.pause("telegram", in_seconds(3600))
    rate_limits.pause("telegram", in_seconds(1))
    assert ChannelState.objects.get().pause_seconds(timezone.now()) == 3600


def test_a_429_slows_everybody_down_and_is_forgotten_in_two_minutes(still: time_machine.Traveller) -> None:
    rate_limits.flooded("telegram", in_seconds(5), CAP)
    assert rate() == pytest.approx(24.0)
    still.shift(5 + 60)
    assert rate() == pytest.approx(27.0)
    still.shift(60)
    assert rate() == CAP


def test_the_429s_of_one_pause_slow_down_once() -> None:
    for _ in range(16):
        rate_limits.flooded("telegram", in_seconds(5), CAP)
    assert rate() == pytest.approx(24.0)
    assert ChannelState.objects.get().floods == 16


def test_429_after_429_goes_down_to_a_tenth_and_no_further(still: time_machine.Traveller) -> None:
    for _ in range(20):
        rate_limits.flooded("telegram", in_seconds(1), CAP)
        still.shift(1)
    assert rate() == pytest.approx(3.0)


def test_a_stop_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        rate_limits.stop("telegram", "The token is wrong")
    assert [record.message for record in caplog.records] == ["telegram is stopped: The token is wrong"]
    assert rate_limits.in_trouble("telegram")


def test_that_nobody_can_be_reached_is_said_once_and_since_when_it_is_so(caplog: pytest.LogCaptureFixture) -> None:
    for status in (502, 403):
        rate_limits.unreachable("telegram", f"HTTP {status}")
    assert [record.message for record in caplog.records] == ["telegram can't be reached: HTTP 502"]
    state = ChannelState.objects.get()
    assert (state.trouble, state.unreachable_since) == ("HTTP 502", NOW)
    assert rate_limits.in_trouble("telegram")


def test_what_works_again_is_in_no_trouble_any_more() -> None:
    rate_limits.stop("telegram", "The token is wrong")
    rate_limits.unreachable("telegram", "HTTP 502")
    rate_limits.works_again("telegram")
    assert not rate_limits.in_trouble("telegram")
    assert ChannelState.objects.get().trouble == ""


def test_a_reservation_writes_one_row() -> None:
    rate_limits.reserve("telegram", CAP)
    assert Shard.objects.get().next_slot_at == pytest.approx(NOW + timedelta(seconds=INTERVAL), abs=timedelta(0.001))


class Line:
    """Two processes reserve on one time line, by a clock of the test's, and their messages arrive early and late."""

    def __init__(self, clock: time_machine.Traveller, chance: Random) -> None:
        self._clock, self._chance = clock, chance
        self.deliveries: list[float] = []
        self.arrived: list[float] = []

    def run(self, seconds: float, replies_a_second: float) -> None:
        """A dispatcher keeps a little reserved ahead; replies come by chance, 16 at once at most."""
        end = timezone.now() + timedelta(seconds=seconds)
        ahead = replied = timezone.now()
        while timezone.now() < end:
            if ahead < timezone.now() + timedelta(seconds=0.08):
                block = rate_limits.reserve("telegram", CAP, 4, after=max(0.0, self._until(ahead)))
                ahead = in_seconds(block.delay + block.interval * block.count)
                self._deliver(block)
            if replied <= timezone.now() and self._chance.random() < replies_a_second * 0.02 / 8:
                block = rate_limits.reserve_for_replies("telegram", CAP, self._chance.randint(1, 16), patience=20)
                replied = in_seconds(block.delay + block.interval * block.count)
                self.arrived += [slot + self._late() for slot in self._slots(block)]
            self._clock.shift(0.02)

    def busiest_second(self) -> int:
        times = sorted(self.arrived)
        return max(bisect_left(times, moment + 1.0) - first for first, moment in enumerate(times))

    def _until(self, moment: datetime) -> float:
        return (moment - timezone.now()).total_seconds()

    def _late(self) -> float:
        return self._chance.uniform(0, rate_limits.JITTER_SECONDS)

    def _slots(self, block: Block) -> list[float]:
        return [timezone.now().timestamp() + block.delay + n * block.interval for n in range(block.count)]

    def _deliver(self, block: Block) -> None:
        """As the dispatcher's window has it: never more than CAP of its own in a second."""
        for slot in self._slots(block):
            before = self.deliveries[-int(CAP)] + 1.0 if len(self.deliveries) >= CAP else 0.0
            self.deliveries.append(max(slot + self._late(), before))
            self.arrived.append(self.deliveries[-1])


@pytest.mark.parametrize("replies_a_second", [0.5, 3, 20, 100])
def test_replies_and_deliveries_of_two_processes_never_exceed_the_rate(
    still: time_machine.Traveller, replies_a_second: float
) -> None:
    for seed in range(3):
        line = Line(still, Random(seed))
        line.run(20, replies_a_second)
        assert line.busiest_second() <= CAP
        still.shift(60)


def test_replies_have_most_of_the_line_while_they_wait() -> None:
    """A dispatcher reserves four slots at a time; sixteen replies at a time leave it a fifth."""
    replies, deliveries = [], []
    for _ in range(10):
        deliveries += [rate_limits.reserve("telegram", CAP, 4)]
        replies += [rate_limits.reserve_for_replies("telegram", CAP, 16, patience=60)]
    assert replies[-1].delay < 10 * 20 * 1.35 / CAP
    assert {block.interval for block in deliveries[1:]} == {replies[0].interval}


def test_after_the_replies_deliveries_go_as_fast_as_before(still: time_machine.Traveller) -> None:
    rate_limits.reserve_for_replies("telegram", CAP, 1, patience=20)
    assert rate_limits.reserve("telegram", CAP).interval == pytest.approx(1.3 / CAP)
    still.shift(2)
    assert rate_limits.reserve("telegram", CAP).interval == pytest.approx(INTERVAL)


def test_a_lone_reply_on_an_idle_line_goes_at_once() -> None:
    assert rate_limits.reserve_for_replies("telegram", CAP, 1, patience=20).delay == 0.0


def test_replies_that_were_sent_while_the_clock_was_ahead_slow_nothing_down(still: time_machine.Traveller) -> None:
    rate_limits.reserve_for_replies("telegram", CAP, 1, patience=20)
    still.shift(-3600)
    assert rate_limits.reserve("telegram", CAP).interval == pytest.approx(INTERVAL)


def test_in_a_long_rest_nothing_is_reserved_for_replies() -> None:
    rate_limits.pause("telegram", in_seconds(3600))
    block = rate_limits.reserve_for_replies("telegram", CAP, 5, patience=20)
    assert (block.count, block.delay) == (0, 3600.0)
    assert Shard.objects.get().next_slot_at is None
