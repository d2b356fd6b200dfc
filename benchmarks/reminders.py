"""Reminders: thousands of simulated days against a plain computation, kills, and the planning for 100,000 members.

Repeat: python -m benchmarks.reminders [DAYS [SEED]]. Each of two processes lives through half of the days. On SIGINT or
SIGTERM they say what was checked by then.
"""

import json
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from types import FrameType
from typing import Any

from benchmarks.stage import ROOT, database, environment, run, table

DAYS, SEED, PROCESSES = 10_000, 20261129, 2
MEMBERS = 100_000
LONGEST = 2.0  # seconds to plan a reminder for all of them, on PostgreSQL
PEOPLE, ROUNDS = 200, 20


def main(days: int, seed: int) -> int:
    """1 where a day went wrong, or a figure of the specification is missed."""
    planned = _planning()
    fine = planned["postgresql"] < LONGEST and _kills(seed)
    return 0 if _days(days, seed) and fine else 1


def _planning() -> dict[str, float]:
    rows, seconds = [], {}
    for kind in ("sqlite", "postgresql"):
        with database(kind) as (url, folder):
            found = run("reminder_planning", environment(url, folder), MEMBERS)
        rows.append((kind, found["rows"], found["moved"], found["planned"], found["idle"]))
        seconds[kind] = found["planned"]
    head = ("database", "members", "s to move, edit and ping", "s to plan the reminder", "s where nothing is due")
    table("A deadline moves", head, rows)
    return seconds


def _kills(seed: int) -> bool:
    with database("sqlite") as (url, folder):
        found = run("reminder_kills", environment(url, folder), PEOPLE, ROUNDS, seed)
    names = ("kills", "reminders", "missing", "twice", "apart")
    table(f"kill -9, {ROUNDS} rounds, seed {seed}", names, [[found.get(name, 0) for name in names]])
    return not any(found.get(name) for name in ("missing", "twice", "apart"))


def _days(days: int, seed: int) -> bool:
    with ExitStack() as stack:
        lives = [_start(stack, days // PROCESSES, seed + number) for number in range(PROCESSES)]

        def cut_short(number: int, frame: FrameType | None) -> None:
            for life in lives:
                life.terminate()

        signal.signal(signal.SIGTERM, cut_short)
        signal.signal(signal.SIGINT, cut_short)
        found: list[dict[str, Any]] = [json.loads(life.communicate()[0].splitlines()[-1]) for life in lives]
    names = sorted({name for each in found for name in each} - {"seed", "wrong"})
    total = Counter[str]()
    for each in found:
        total.update({name: each.get(name, 0) for name in names})
    rows = [[name, *(each.get(name, 0) for each in found), total[name]] for name in names]
    table(f"Simulated days, {days} asked for", ("", *(f"seed {each['seed']}" for each in found), "together"), rows)
    for each in found:
        print(f"  seed {each['seed']}: {each['wrong'] or 'nothing wrong'}")
    return not any(each["wrong"] for each in found) and total["days"] >= days // PROCESSES * PROCESSES


def _start(stack: ExitStack, days: int, seed: int) -> subprocess.Popen[str]:
    url, folder = stack.enter_context(database("sqlite"))
    env = environment(url, folder)
    command = [sys.executable, "-m", "benchmarks.stage.reminded_days", str(days), str(seed)]
    return stack.enter_context(subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True))


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(numbers + [DAYS, SEED][len(numbers) :])))
