"""A circuit breaker: whether a channel answers at all, or nobody is there and every message would fail."""

from collections.abc import Callable
from time import monotonic

FIRST_REST_SECONDS, LONGEST_REST_SECONDS = 1.0, 60.0
_FEWEST = 8


class Breaker:
    """Opens where nobody can be reached, or after as many failures in a row as may be in flight together.

    While it is open, one message at a time tries, after longer and longer rests; the first answer closes it.
    """

    def __init__(self, concurrency: int, clock: Callable[[], float] = monotonic) -> None:
        self._concurrency, self._clock = concurrency, clock
        self._failures = 0
        self._rests = 0
        self._resting_until = 0.0
        self._tripped = False
        self.held = False  # a storm of refusals: one message at a time

    @property
    def is_open(self) -> bool:
        return self._tripped or self._failures >= max(_FEWEST, self._concurrency)

    @property
    def at_once(self) -> int:
        """How many messages may be in flight."""
        return 1 if self.is_open or self.held else self._concurrency

    def trip(self, rests: int = 0) -> None:
        """Open the breaker: the service does not answer. `rests` says how often it rested in vain before."""
        self._tripped = True
        self._rests = max(self._rests, rests)

    def answered(self) -> None:
        """The other side is there, whatever it said."""
        self._failures = self._rests = 0
        self._tripped = False

    def failed(self) -> None:
        self._failures += 1

    @property
    def resting(self) -> float:
        """Return the seconds until the last rest is over."""
        return max(0.0, self._resting_until - self._clock())

    def rest(self) -> float:
        """Seconds to rest now; 0.0 while it is closed, and for failures of before the last rest was over."""
        if not self.is_open or self._clock() < self._resting_until:
            return 0.0
        seconds = min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2.0**self._rests)
        self._rests += 1
        self._resting_until = self._clock() + seconds
        return seconds
