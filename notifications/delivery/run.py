"""Deliver what is pending: the step that commands, tasks and cycles share."""

import asyncio
import signal
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from asgiref.sync import async_to_sync

from accounts.clock import bring_back
from notifications.channels.registry import CHANNELS, configured
from notifications.delivery.dispatcher import Dispatcher
from notifications.delivery.pushes.expiry import expire_pushes
from notifications.delivery.tally import Tally
from notifications.delivery.tidy import tidy
from notifications.models import ChannelState, Delivery, Shard

LOOK_SECONDS = 0.5
_ends: list[Callable[[], bool]] = []


def end_when(asked: Callable[[], bool]) -> None:
    """Deliveries of this process, and of those forked from it, come to an end once `asked` returns true."""
    _ends.append(asked)


def asked_to_end() -> bool:
    return any(asked() for asked in _ends)


def deliver(
    channels: Sequence[str] | None = None,
    *,
    seasons: Collection[int] = (),
    seconds: float | None = None,
    on_settled: Callable[[int], object] | None = None,
) -> dict[str, Tally]:
    """Send what is due on the channels (all that are configured), each at its own pace and none waiting for another.

    With `seasons` only what was published for them.
    Ends when nothing is due soon, or after `seconds`. Blocks; opens an event loop of its own. On SIGTERM, SIGINT, or
    when it is asked to end (`end_when`), it finishes what is in flight and gives the rest back; after SIGINT it
    raises KeyboardInterrupt. `on_settled` is told now and then how many were sent so far.

    Raises DatabaseError where the database can't be used.
    """

    def tell() -> None:
        if on_settled is not None:
            on_settled(sum(dispatcher.tally.sent for dispatcher in dispatchers.values()))

    def stop() -> None:
        for dispatcher in dispatchers.values():
            dispatcher.stop()

    bring_back(ChannelState, Shard, Delivery)
    tidy()  # with a database that is not there it fails here, at once
    expire_pushes()
    dispatchers = {
        name: Dispatcher(CHANNELS[name](), seasons=seasons, on_settled=tell) for name in channels or configured()
    }
    with _stopped_by_signals(stop):
        results = async_to_sync(_run)(list(dispatchers.values()), seconds, stop)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return {name: dispatcher.tally for name, dispatcher in dispatchers.items()}


async def _run(
    dispatchers: Sequence[Dispatcher], seconds: float | None, stop: Callable[[], None]
) -> Sequence[Tally | BaseException]:
    """One that fails by a defect does not take the others along."""
    watch = asyncio.create_task(_stop_when_asked(stop))
    try:
        return await asyncio.gather(
            *(dispatcher.run(seconds=seconds) for dispatcher in dispatchers), return_exceptions=True
        )
    finally:
        watch.cancel()


async def _stop_when_asked(stop: Callable[[], None]) -> None:
    while not asked_to_end():  # noqa: ASYNC110 (another process sets it)
        await asyncio.sleep(LOOK_SECONDS)
    stop()


@contextmanager
def _stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and SIGINT call `stop`; a second one ends the process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []

    def receive(number: int, _: FrameType | None) -> None:
        received.append(number)
        signal.signal(number, signal.SIG_DFL)
        stop()

    before = {number: signal.signal(number, receive) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if signal.SIGINT in received:
        raise KeyboardInterrupt
