"""What the sandbox's servers share: they listen on loopback, in the running event loop or in a thread of their own."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Self

from aiohttp import web


class LoopbackServer:
    """A server that can be started, stopped and started again. `url` says where what it serves begins."""

    url = ""
    path = ""
    _runner: web.BaseRunner | None = None

    def _serve(self) -> web.BaseRunner:
        """Return what is to listen."""
        raise NotImplementedError

    async def start(self, port: int = 0) -> None:
        """Listen on a port, 0 takes a free one. Raises OSError where it is taken."""
        self._runner = self._serve()
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port, backlog=1024).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}{self.path}"

    async def stop(self) -> None:
        """Close every connection; an answer still on its way is dropped."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @contextmanager
    def in_thread(self, port: int = 0) -> Iterator[Self]:
        """Run in a thread with its own event loop, for callers that are not async."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name=type(self).__name__, daemon=True)
        thread.start()

        def run(step: Coroutine[Any, Any, None]) -> None:
            asyncio.run_coroutine_threadsafe(step, loop).result(timeout=10)

        try:
            run(self.start(port))
            yield self
        finally:
            run(self.stop())
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout=10)
            loop.close()
