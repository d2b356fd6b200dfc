"""Waking whoever waits for a change, in any event loop and any thread."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager


class Wakeup:
    """Fired at each change; cheap while nobody waits."""

    def __init__(self) -> None:
        self._waiting: set[Future[None]] = set()

    def fire(self) -> None:
        while self._waiting:
            waiter = self._waiting.pop()
            if waiter.set_running_or_notify_cancel():
                waiter.set_result(None)

    async def until(self, condition: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait in an event loop until `condition` holds; whether it does once `seconds` have passed."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    with self._waiter() as waiter:
                        if condition():
                            return True
                        await asyncio.wrap_future(waiter)
        except TimeoutError:
            return condition()

    def wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        """The same for a thread without a loop."""
        deadline = time.monotonic() + seconds
        while True:
            with self._waiter() as waiter:
                if condition():
                    return True
                try:
                    waiter.result(max(0.0, deadline - time.monotonic()))
                except TimeoutError:
                    return condition()

    @contextmanager
    def _waiter(self) -> Iterator[Future[None]]:
        """Joined before the condition is looked at, so that no change falls between the two."""
        waiter: Future[None] = Future()
        self._waiting.add(waiter)
        try:
            yield waiter
        finally:
            self._waiting.discard(waiter)
