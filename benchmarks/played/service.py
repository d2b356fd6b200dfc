"""The service's processes in a played season, each forked from one that has loaded the service.

Standard input names the processes to start, one JSON line each: a name, and the socket where its orders come from. A
cluster's process runs one task after the other, as django-q2 would hand them out; the bot's process polls as `runbot`
does. Each order says what time it is.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

import django
import time_machine

Task = Callable[..., object]


def main() -> None:
    """Fork a process for each line, until the input ends."""
    django.setup()
    tasks = _tasks()
    _hurry()
    from notifications.telegram_bot.application import discover

    discover()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        if os.fork() == 0:
            try:
                _live(order["name"], order["socket"], tasks)
            finally:
                os._exit(0)


def _live(name: str, address: str, tasks: dict[str, Task]) -> None:
    """Be the process: say who it is, then do as it is told."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.setsid()
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    orders = connection.makefile("rw", encoding="utf-8")
    _say(orders, {"name": name, "pid": os.getpid()})
    clock = Clock()
    if name.startswith("bot"):
        clock.move(json.loads(orders.readline())["at"])
        threading.Thread(target=_follow, args=(clock, orders), daemon=True).start()
        _poll()
        return
    _patch_database_clock()
    for line in orders:
        order = json.loads(line)
        clock.move(order["at"])
        _say(orders, _done(tasks[order["do"]], order.get("with", ())))


class Clock:
    """This process's clock, which goes on by itself from where it was set."""

    def __init__(self) -> None:
        self._travel: Any = None

    def move(self, at: float) -> None:
        """Set it to the seconds since 1970."""
        if self._travel is None:
            self._travel = time_machine.travel(at, tick=True).start()
        else:
            self._travel.move_to(at)


def _follow(clock: Clock, orders: TextIO) -> None:
    for line in orders:
        clock.move(json.loads(line)["at"])
        _say(orders, {"result": ""})
    os._exit(0)


def _poll() -> None:
    from django.conf import settings

    from notifications.telegram_bot.application import run

    _patch_database_clock()
    asyncio.run(run(settings.TELEGRAM_BOT_TOKEN, lambda *_: None))


def _done(task: Task, arguments: list[Any]) -> dict[str, Any]:
    """Run a task as a worker of django-q2 does: with no connection that broke before."""
    from django.db import close_old_connections

    close_old_connections()
    try:
        return {"result": task(*arguments)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def _say(orders: TextIO, words: dict[str, Any]) -> None:
    with suppress(BrokenPipeError):
        orders.write(json.dumps(words, default=str) + "\n")
        orders.flush()


def _patch_database_clock() -> None:
    """A PostgreSQL server keeps the machine's time: the service must not hold that against its own."""
    from accounts import clock

    clock.seconds_ahead_of_database = lambda: 0.0


def _hurry() -> None:
    """Wait less in real seconds, which are dear here: no figure of a season is about them.

    A chat takes a message at once and not each second, a task delivers for eight seconds and not for four minutes,
    a pause of more than two seconds is left to a later sweep, and a server that is away is waited for a second. A
    pool of PostgreSQL tries more often.
    """
    from django.conf import settings

    from notifications import tasks
    from notifications.delivery import dispatcher, sender
    from notifications.delivery.database import PatientDatabase
    from notifications.delivery.pacing import pace
    from notifications.telegram_bot import reply_queue
    from scraping import tasks as scraping_tasks

    hurried: tuple[tuple[object, str, object], ...] = (
        (pace, "telegram_spacing", lambda _: 0.02),
        (dispatcher, "IDLE_SECONDS", 0.05),
        (dispatcher, "PATIENCE_SECONDS", 2.0),
        (sender, "PATIENCE_SECONDS", 2.0),
        (reply_queue, "LONGEST_REST_SECONDS", 1.0),
        (PatientDatabase.__init__, "__defaults__", (1.0,)),
        (tasks, "SECONDS_A_TASK", 8.0),
        (scraping_tasks, "SECONDS_A_TASK", 8.0),
    )
    for module, name, value in hurried:
        setattr(module, name, value)
    if pool := settings.DATABASES["default"]["OPTIONS"].get("pool"):
        from psycopg_pool.base import AttemptWithBackoff

        pool["timeout"], AttemptWithBackoff.INITIAL_DELAY, AttemptWithBackoff.DELAY_BACKOFF = 0.5, 0.05, 1.0


def _tasks() -> dict[str, Task]:
    from benchmarks.played import rows
    from notifications.publishing.publish import withdraw
    from notifications.tasks import remind, sweep
    from scraping import tasks
    from supersetbot.tasks import prune

    return {
        "sweep": sweep,
        "remind": remind,
        "catch up": tasks.catch_up,
        "cycle": tasks.scheduled_cycle,
        "look": tasks.watched_cycle,
        "prune": prune,
        "withdraw": withdraw,
        "enrol": rows.enrol,
        "subscribe browser": rows.subscribe_browser,
        "state": rows.state,
    }


if __name__ == "__main__":
    main()
