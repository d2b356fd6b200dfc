"""What waits in memory, a queue a chat: one message to a chat at a time, in order, spaced as Telegram asks."""

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count
from time import monotonic
from typing import Generic, TypeVar

_REMEMBERED_CHATS = 10_000
T = TypeVar("T")


def telegram_spacing(address: str) -> float:
    """Seconds between two messages to one chat: 1 a second, 20 a minute to a group (spec: delivery)."""
    return 3.0 if address.startswith("-") else 1.0


class ChatQueues(Generic[T]):
    """Queues by address. `spacing` says how many seconds a chat rests after a message."""

    def __init__(self, spacing: Callable[[str], float], clock: Callable[[], float] = monotonic) -> None:
        self._spacing, self._clock = spacing, clock
        self._queues: dict[str, deque[T]] = {}
        self._ready: list[tuple[float, int, str]] = []
        self._free_at: dict[str, float] = {}
        self._order = count()
        self.waiting = 0

    def __len__(self) -> int:
        """How many chats there are, those included whose only message was taken and is not done."""
        return len(self._queues)

    def add(self, address: str, item: T) -> None:
        """Put an item at the end of its chat's queue."""
        self.waiting += 1
        if address in self._queues:
            self._queues[address].append(item)
        else:
            self._queues[address] = deque([item])
            self._offer(address)

    def put_back(self, address: str, item: T) -> None:
        """An item taken before is not finished: it is the next of its chat."""
        self.waiting += 1
        self._queues[address].appendleft(item)

    def take(self) -> tuple[str, T] | None:
        """The next item whose chat may have one now. Its chat rests until `done`."""
        if not self._ready or self._ready[0][0] > self._clock():
            return None
        address = heapq.heappop(self._ready)[2]
        self.waiting -= 1
        return address, self._queues[address].popleft()

    def done(self, address: str, rest: float = 0.0) -> None:
        """The item taken from this chat went out just now, or failed; the next may go after `rest` seconds at least."""
        self._free_at[address] = self._clock() + max(rest, self._spacing(address))
        if self._queues[address]:
            self._offer(address)
        else:
            del self._queues[address]
        if len(self._free_at) > _REMEMBERED_CHATS:
            now = self._clock()
            self._free_at = {chat: free for chat, free in self._free_at.items() if free > now}

    def delay(self) -> float | None:
        """Seconds until `take` gives something; None where nothing waits that is free to go."""
        return max(0.0, self._ready[0][0] - self._clock()) if self._ready else None

    def keep(self, wanted: Callable[[T], bool]) -> None:
        """Forget what waits and is not wanted (any more)."""
        offered = {address for _, _, address in self._ready}
        for address, queue in list(self._queues.items()):
            kept = deque(item for item in queue if wanted(item))
            self.waiting -= len(queue) - len(kept)
            self._queues[address] = kept
            if not kept and address in offered:
                del self._queues[address]
        self._ready = [entry for entry in self._ready if entry[2] in self._queues]
        heapq.heapify(self._ready)

    def _offer(self, address: str) -> None:
        free_at = max(self._clock(), self._free_at.get(address, 0.0))
        heapq.heappush(self._ready, (free_at, next(self._order), address))
