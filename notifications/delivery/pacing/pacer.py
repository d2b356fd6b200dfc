"""Gives one dispatcher its slots, evenly, out of blocks that rate_limits reserves on the shared time line."""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

from notifications.delivery.pacing.rate_limits import Block

# How long a block of slots is. A pause that another process finds out about is obeyed once what is reserved is used up:
# a block and a half.
BLOCK_SECONDS = 0.16
# A wake-up that comes this late is caught up; what is later moves the time line, so that no burst makes up for it.
TOLERANCE_SECONDS = 0.1
# So much later than it was sent a message counts as arrived, at most: more would cost more than a message in thirty.
LONGEST_WAY_SECONDS = 0.03
_MARGIN_SECONDS = 0.001

Clock = Callable[[], float]
Reserve = Callable[[int, float], Awaitable[Block]]


class PausedError(Exception):
    """The channel rests for `seconds`, longer than is worth waiting for in the middle of the work."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"paused for {seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True)
class Mark:
    """A message on its way: when it was sent, and how many seconds its answer took; 0.0 while there is none."""

    sent_at: float
    took: float = 0.0


class Window:
    """Keeps any second, as the other side sees it, to so many messages, though some are longer on their way.

    How long a message was on its way shows in its answer, which then is later than the quickest answers are.
    """

    def __init__(self, most: int, clock: Clock) -> None:
        self._clock = clock
        self._marks: deque[Mark] = deque(maxlen=most)
        self._quickest = math.inf

    def wait(self) -> float:
        """Seconds until one more may be sent; negative where it might have been sent before."""
        if len(self._marks) < (self._marks.maxlen or 0):
            return 0.0
        return self.arrived_by(self._marks[0]) + 1.0 + _MARGIN_SECONDS - self._clock()

    def sent(self) -> Mark:
        self._marks.append(Mark(self._clock()))
        return self._marks[-1]

    def answered(self, mark: Mark) -> None:
        mark.took = self._clock() - mark.sent_at
        self._quickest = min(mark.took, self._quickest + _MARGIN_SECONDS)

    def arrived_by(self, mark: Mark) -> float:
        """When it can have arrived, as far as is known now: that the first ones were slow shows by those after them."""
        return mark.sent_at + min(max(0.0, mark.took - self._quickest), LONGEST_WAY_SECONDS)


class Pacer:
    """When `slot()` returns, one message may go. For one caller at a time.

    `reserve(slots, after)` reserves so many slots, the first at least `after` seconds from now. The next block is
    reserved while the last one is being used up, so that the database is not waited for. A block left lying while
    nothing was to be sent is thrown away: its time has passed.
    """

    def __init__(self, reserve: Reserve, rate: float, *, patience: float, clock: Clock = monotonic) -> None:
        self._reserve, self._patience, self._clock = reserve, patience, clock
        self._window = Window(math.ceil(rate), clock)
        self._slots = max(1, int(rate * BLOCK_SECONDS))
        self._left = 0
        self._due = 0.0
        self._interval = 0.0
        self._not_before = 0.0
        self._ahead: asyncio.Task[tuple[float, Block]] | None = None

    async def slot(self) -> Mark:
        """Wait for the next slot. Raises PausedError where the channel rests longer than `patience` seconds.

        Give the mark back to `answered` when the message was.
        """
        while True:
            if self._clock() > self._due + BLOCK_SECONDS:
                self._forget()
            if not self._left:
                await self._next_block()
            now = self._clock()
            self._due = max(self._due, now - TOLERANCE_SECONDS)
            wait = max(self._due - now, self._window.wait())
            if wait > 0:
                await asyncio.sleep(wait)
            if self._due < self._not_before or self._clock() > now + max(wait, 0.0) + BLOCK_SECONDS:
                self._forget()  # paused while we waited, or the process stood still
            elif self._left:
                break
        self._left -= 1
        self._due += self._interval
        if self._ahead is None and self._left * 2 <= self._slots:
            self._ahead = asyncio.create_task(self._block())
            self._ahead.add_done_callback(_seen)
        return self._window.sent()

    def answered(self, mark: Mark) -> None:
        """The message that went with this slot has arrived."""
        self._window.answered(mark)

    def pause(self, seconds: float) -> None:
        """Give no slot for so long, and give up what is reserved."""
        self._not_before = max(self._not_before, self._clock() + seconds)
        self._forget()

    def close(self) -> None:
        if self._ahead is not None:
            self._ahead.cancel()

    def _forget(self) -> None:
        self._left, self._ahead = 0, None

    async def _next_block(self) -> None:
        """Raises PausedError."""
        self._check(self._not_before)
        ahead, self._ahead = self._ahead, None
        start, block = await (ahead or self._block())
        self._check(start)
        self._due = max(self._due, start)
        self._interval, self._left = block.interval, block.count

    def _check(self, start: float) -> None:
        wait = start - self._clock()
        if wait > self._patience:
            raise PausedError(wait)

    async def _block(self) -> tuple[float, Block]:
        """A block, and when it starts by our own clock."""
        asked_at = self._clock()
        after = max(0.0, self._due + self._left * self._interval - asked_at, self._not_before - asked_at)
        block = await self._reserve(self._slots, after)
        return asked_at + block.delay, block


def _seen(task: asyncio.Task[tuple[float, Block]]) -> None:
    """A block that nobody waits for any more may fail in silence: the next one fails too."""
    if not task.cancelled():
        task.exception()
