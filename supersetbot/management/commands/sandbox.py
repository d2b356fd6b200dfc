"""The demo world: everything the service talks to, on this machine, and the service running against it."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import astuple
from errno import EADDRINUSE
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from supersetbot.sandbox.portal.server import Portal
from supersetbot.sandbox.processes import MANAGE
from supersetbot.sandbox.settings import Ports, environment, free_port, places
from supersetbot.sandbox.world import MEMBERSHIPS, World

LONGEST_TURN_SECONDS = 30.0
_INSIDE = "SANDBOX_PORTS"


class Command(BaseCommand):
    help = (
        "Starts a world to try everything without an account anywhere: a portal, a Telegram with a chat page, "
        "and the bot, the scheduler and the web server running against them. Ctrl-C ends it all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--chat-port", type=int, default=8080, help="of the chat page (8080, or a free one)")
        parser.add_argument("--web-port", type=int, default=8000, help="of the web server (8000, or a free one)")
        parser.add_argument("--site-port", type=int, default=8001, help="of the public site (8001, or a free one)")
        parser.add_argument(
            "--membership",
            choices=tuple(MEMBERSHIPS),
            default=os.environ.get("MEMBERSHIP", "open"),
            help="who reads names at first (MEMBERSHIP, or open); a button of the chat page changes it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if _INSIDE not in os.environ:
            self.enter(options)
        try:
            asyncio.run(self.run(Ports(*map(int, os.environ[_INSIDE].split()))))
        except OSError as error:
            again = "; start it again, it takes another one" if error.errno == EADDRINUSE else ""
            raise CommandError(f"The sandbox could not start: {error}{again}") from None

    def enter(self, options: Mapping[str, Any]) -> None:
        """Start anew with the sandbox's settings: a process reads its settings once."""
        chat, web, site = (free_port(options[name]) for name in ("chat_port", "web_port", "site_port"))
        ports = Ports(chat, free_port(), web, free_port(), free_port(), free_port(), site, free_port())
        folder = Path(tempfile.mkdtemp(prefix="superset-sandbox-"))
        inside = environment(folder, ports, options["membership"]) | {_INSIDE: " ".join(map(str, astuple(ports)))}
        os.execve(sys.executable, [sys.executable, str(MANAGE), "sandbox"], inside)  # noqa: S606 (no shell is meant)

    async def run(self, ports: Ports) -> None:
        from scraping.cycle.queue import queue_official

        self.say("The portal, the mailbox and the service are starting, which takes some seconds …\n")
        await asyncio.to_thread(prepare)
        world = World(Portal(), ports, os.environ, queue_cycle_in_turn, queue_official, told_jobs=told_jobs)
        stop, signals = asyncio.Event(), []
        loop = asyncio.get_running_loop()

        def ask_to_stop(number: signal.Signals) -> None:
            signals.append(number)
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, ask_to_stop, number)
        try:
            await world.start()
            await asyncio.to_thread(queue_official)
            await asyncio.to_thread(queue_cycle_in_turn)
            self.greet(world)
            await self.wait(world, stop)
        finally:
            await world.stop()
            shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
            self.stdout.write("Everything has ended.")
        if signal.SIGINT in signals:
            raise KeyboardInterrupt

    async def wait(self, world: World, stop: asyncio.Event) -> None:
        died = asyncio.create_task(world.processes.watch(self.say))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({died, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not stop.is_set():
            raise CommandError(await died)
        died.cancel()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def greet(self, world: World) -> None:
        listed = "".join(f"{place.label:<11} {place.url}   {place.hint}\n" for place in places(world.ports))
        self.say(
            f"Chat page   {world.telegram.url}/   you are Asha, a student: press “Publish a job”, and it arrives\n"
            f"{listed}"
            f"Names       {os.environ['MEMBERSHIP']}; the button “Who reads names” tries how people join\n"
            "Try         edit a notice, move a deadline, send a mail, take the portal down, block the bot\n"
            f"Logs        /logs of the admin on the chat page, or {settings.DATA_DIR}/logs\n"
            "Ctrl-C ends it all; nothing stays behind."
        )


def queue_cycle_in_turn() -> None:
    """Queue a cycle once none is at work: it would step aside, and what was published just now would wait."""
    from scraping.cycle.queue import queue_cycle
    from scraping.cycle.runs import running

    patience = monotonic() + LONGEST_TURN_SECONDS
    while running() and monotonic() < patience:
        sleep(0.1)
    queue_cycle("sandbox")


def told_jobs() -> set[str]:
    """Return the identifiers of the jobs whose posting somebody has; the ledger notes that a little later."""
    from accounts.categories import Category
    from notifications.models import Delivery

    out = (Delivery.State.SENDING, Delivery.State.SENT)
    told = Delivery.objects.filter(state__in=out, notice__category=Category.JOB_POSTING)
    return set(told.values_list("notice__job_key", flat=True))


def prepare() -> None:
    """An empty database, its schedule, and an admin."""
    from accounts.models import User

    call_command("migrate", verbosity=0)
    # SIM115, PTH123: closed when the process ends
    call_command("schedule", sync=True, verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    if not User.objects.filter(username="admin").exists():
        User.objects.create_superuser("admin", password="sandbox")  # noqa: S106 (loopback only)
