"""Quiet hours: a simulated season against its model, and what waiting costs a fan-out and a sweep.

Repeat: python -m benchmarks.quiet [DAYS [PEOPLE [SEED]]]; with DAYS of 0 only the costs are measured.
"""

import random
import sys

from benchmarks.stage import database, environment, run, table

DAYS, PEOPLE, COUNT, NOTICES = 30, 12, 100_000, 2
RUNS = ((0.0, 0), (0.02, 0), (0.02, 1))  # how likely the process dies at each of many lines; whether the clock jumps


def main(days: int, people: int, seed: int) -> int:
    """1 where somebody was told too little, too much, too early, too late or what no longer held."""
    rows, wrong = [], []
    print(f"seed {seed}")
    for deaths, jumps in RUNS if days else ():
        with database("sqlite") as (url, folder):
            found = run("quiet_season", environment(url, folder, MEMBERSHIP="open"), seed, people, days, deaths, jumps)
        figures = (found[name] for name in ("notices", "messages", "digests", "kills", "repeated", "seconds"))
        rows.append((f"{deaths} {'jumps' if jumps else ''}", *figures, len(found["wrong"])))
        wrong += found["wrong"]
    head = ("the process dies", "notices", "messages", "digests", "kills", "repeated", "seconds", "wrong")
    table(f"{days} days of {people} people", head, rows)
    print("\n".join(wrong))
    _costs()
    return 1 if wrong else 0


def _costs() -> None:
    rows = []
    for kind in ("sqlite", "postgresql"):
        for quiet in (0, COUNT):
            with database(kind) as (url, folder):
                found = run("deferring", environment(url, folder), COUNT, quiet, NOTICES)
            rows.append((kind, quiet, found["fan_out"], found["waiting"], found["sweep"], found["writing"]))
    head = ("database", "in quiet hours", "fan-out s", "waiting", "sweep in the night s", "writing the digests s")
    table(f"{COUNT:,} people, {NOTICES} notices", head, rows)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*[*given, *(DAYS, PEOPLE, random.randrange(10**6))[len(given) :]]))
