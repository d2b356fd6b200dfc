"""The service's processes as daemons."""

import os
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from accounts.times import moment
from notifications.telegram_bot import bot_status
from supersetbot import heartbeats
from supersetbot.operations import daemons, logs
from supersetbot.operations.doctor.at_work import lives

NOT_RUNNING = 3


class Command(BaseCommand):
    help = "Starts, stops and shows the bot, the scheduler and the web server as daemons."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "restart", "status", "logs"])
        parser.add_argument("name", choices=[*daemons.SERVICES, "all"], metavar="NAME", help="bot, scheduler, web, all")
        parser.add_argument("--timeout", type=float, default=30.0, help="seconds to wait for a start or a stop (30)")
        parser.add_argument("-f", "--follow", action="store_true", help="logs: go on showing what is written")
        parser.add_argument("-n", "--lines", type=int, default=50, help="logs: how many lines (50)")

    def handle(self, *args: Any, action: str, name: str, **options: Any) -> None:
        names = list(daemons.SERVICES) if name == "all" else [name]
        if action == "logs":
            self.show_logs(names, options["lines"], follow=options["follow"])
        elif action == "status":
            self.show_status(names)
        else:
            steps = {"start": [self.start], "stop": [self.stop], "restart": [self.stop, self.start]}[action]
            self.each(names, steps, options["timeout"])

    def each(self, names: list[str], steps: Sequence[Callable[[str, float], None]], seconds: float) -> None:
        """Do the steps for every daemon; one that fails does not hold up the others."""
        failures = []
        for name in names:
            try:
                for step in steps:
                    step(name, seconds)
            except daemons.DaemonError as error:
                failures.append(str(error))
        if failures:
            raise CommandError("; ".join(failures))

    def start(self, name: str, seconds: float) -> None:
        started = daemons.start(name, seconds)
        said = f"It listens at {daemons.web_address()}." if name == "web" else started.status
        self.stdout.write(f"{name} started (PID {started.pid}). {said}".rstrip())

    def stop(self, name: str, seconds: float) -> None:
        self.stdout.write(daemons.stop(name, seconds))

    def show_status(self, names: list[str]) -> None:
        try:
            found = {name: daemons.status(name) for name in names}
        except daemons.DaemonError as error:
            raise CommandError(str(error)) from None
        for name, status in found.items():
            self.stdout.write(f"{name:10} {describe(name, status)}\n{'':10} log {daemons.log_file(name)}")
        if None in found.values():
            raise SystemExit(NOT_RUNNING)

    def show_logs(self, names: list[str], count: int, *, follow: bool) -> None:
        paths = [daemons.log_file(name) for name in names]
        if follow:
            # S606, S607: tail, with paths of our own
            os.execvp("tail", ["tail", "-n", str(count), "-F", "--", *map(str, paths)])  # noqa: S606, S607
        unreadable = []
        for path in paths:
            try:
                lines = logs.last_lines(path, count)
            except OSError as error:
                unreadable.append(f"{path}: {error.strerror}")
            else:
                self.stdout.write("\n".join([f"==> {path} <=="] * (len(paths) > 1) + lines))
        if unreadable:
            raise CommandError(f"{'; '.join(unreadable)}. A process in the foreground logs to its terminal.")


def describe(name: str, status: daemons.Status | None) -> str:
    """Return one line on how a daemon stands."""
    if status is None:
        elsewhere = ", and at work all the same: by systemd, `together` or another machine"
        return f"not running as a daemon{elsewhere}{heartbeat(name)}" if lives(name) else "not running"
    since = moment(datetime.fromtimestamp(status.started, UTC))
    processes = f" in {status.processes} processes" if status.processes > 1 else ""
    memory = f"{status.memory / 1_000_000:.0f} MB{processes}"
    return f"running, PID {status.pid}, since {since}, {memory}{heartbeat(name)}"


def heartbeat(name: str) -> str:
    """When the process last said that it is alive; the web server says nothing."""
    if name == "web":
        return ""
    try:
        if name == "bot":
            bot = bot_status.read()
            at = bot.seen_at if bot else None
        else:
            row = heartbeats.scheduler()
            at = row.at if row else None
    except DatabaseError:
        return ", heartbeat unknown: the database does not answer"
    return f", last heartbeat {(timezone.now() - at).total_seconds():.0f} s ago" if at else ""
