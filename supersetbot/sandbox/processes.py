"""The sandbox's processes: a mailbox, and the service's bot, scheduler and web server with their logs."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
SCHEDULER = (str(MANAGE), "qcluster")
STOP_SECONDS = 10.0
ENDING_SECONDS = 5.0  # what was told to end, and says that it has stopped, may take a moment more
# Where each process logs, in DATA_DIR/logs: the three of the service as their settings say by default.
LOGS = {"bot": "superset_bot.log", "scheduler": "scheduler.log", "web": "web.log", "mailbox": "mailbox.log"}
LINES_SHOWN = 20
STOPPED = (
    "The scheduler was stopped, as /kill asks: nothing is read or sent until you press “Start the scheduler” on the "
    "chat page."
)


class Processes:
    """What was started, by name, under `settings`, which those started later read too."""

    def __init__(self, settings: dict[str, str], web_port: int) -> None:
        self.settings = settings
        self.switching = asyncio.Lock()  # held where some are ended on purpose, and started anew
        self._web_port = web_port
        self._children: dict[str, asyncio.subprocess.Process] = {}
        self._started = asyncio.Event()

    async def start_service(self) -> None:
        """Start the bot, the scheduler and the web server, and wait until that listens. Raises RuntimeError."""
        web = ("-m", "gunicorn", "supersetbot.wsgi", "--bind", f"127.0.0.1:{self._web_port}", "--log-level", "warning")
        await self.start("bot", str(MANAGE), "runbot")
        await self.start("scheduler", *SCHEDULER)
        await self.start("web", *web)
        await self._answers()

    async def start_scheduler(self) -> str:
        child = self._children.get("scheduler")
        if child and await _stays(child):
            return "The scheduler is at work."
        await self.start("scheduler", *SCHEDULER)
        return "The scheduler was started."

    async def watch(self, say: Callable[[str], object]) -> str:
        """Return when one of the processes has died by itself: which, how, and what it logged last.

        The scheduler may be stopped in order, which is said, and started again.
        """
        while True:
            name, child = await self._first_ended()
            async with self.switching:  # whoever was told to end has a successor then
                if child is None or self._children.get(name) is not child:
                    continue
                if name != "scheduler" or child.returncode:
                    how = f"has ended by itself (code {child.returncode})"
                    return f"The {name} process {how}. It logged last:\n{self._last_lines(name)}"
                del self._children[name]
                say(STOPPED)

    async def _first_ended(self) -> tuple[str, asyncio.subprocess.Process | None]:
        """Return the process that ends next, and its name; None where another was started meanwhile."""
        self._started.clear()
        waits = {asyncio.create_task(child.wait()): (name, child) for name, child in self._children.items()}
        started = asyncio.create_task(self._started.wait())
        try:
            done, _ = await asyncio.wait((*waits, started), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in (*waits, started):
                wait.cancel()
        return next((ended for wait, ended in waits.items() if wait in done), ("", None))

    async def start(self, name: str, *command: str) -> None:
        path = self._log(name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with path.open("ab") as log_file:
            self._children[name] = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                cwd=MANAGE.parent,
                env=self.settings,
                stdout=log_file,
                stderr=log_file,
                start_new_session=True,
            )
        self._started.set()

    def _log(self, name: str) -> Path:
        return Path(self.settings["DATA_DIR"]) / "logs" / LOGS[name]

    def _last_lines(self, name: str) -> str:
        return "\n".join(self._log(name).read_text("utf-8", "replace").splitlines()[-LINES_SHOWN:])

    async def _answers(self) -> None:
        """Wait until the web server listens."""
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self._web_port)
                itself = writer.get_extra_info("sockname") == writer.get_extra_info("peername")
                writer.close()
                if not itself:  # a connection may be given the very port it asks for, while nobody listens there
                    return
            if self._children["web"].returncode is not None:
                raise RuntimeError(f"the web process ended at its start:\n{self._last_lines('web')}")
            await asyncio.sleep(0.05)

    async def stop(self, *but: str) -> None:
        """SIGTERM to each main process, SIGKILL to one that is still there after a while."""
        told = {name: child for name, child in self._children.items() if name not in but}
        for child in told.values():
            with suppress(ProcessLookupError):
                child.terminate()
        for name, child in told.items():
            try:
                await asyncio.wait_for(child.wait(), STOP_SECONDS)
            except TimeoutError:
                log.warning("%s did not stop within %.0f s and was killed", name, STOP_SECONDS)
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                await child.wait()


async def _stays(child: asyncio.subprocess.Process) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(child.wait(), ENDING_SECONDS)
    return child.returncode is None
