"""Fan-out, claiming and settling, without sending: `python -m benchmarks.delivery_ledger`."""

import sys

from benchmarks.stage import database, environment, run, table

COUNTS = (10_000, 100_000, 1_000_000)
CLAIMED = 100_000
LONGEST = {"sqlite": 1.0, "postgresql": 3.0}  # seconds for 100,000
LEAST = 20_000  # rows a second


def main() -> int:
    """1 where a figure of the specification is missed."""
    fan_out, claims, fine = [], [], True
    for kind, longest in LONGEST.items():
        for count in COUNTS:
            with database(kind) as (url, folder):
                seconds = run("fan_out", environment(url, folder), count)["seconds"]
            fan_out.append((kind, count, seconds, 1e6 * seconds / count))
            fine = fine and (count != CLAIMED or seconds < longest)
        for workers in (1, 2):
            with database(kind) as (url, folder):
                seconds = run("claims", environment(url, folder), CLAIMED, workers)["seconds"]
            claims.append((kind, workers, CLAIMED, CLAIMED / seconds))
        fine = fine and claims[-1][3] >= LEAST
    table("Fan-out: one INSERT … SELECT", ("database", "subscriptions", "seconds", "µs each"), fan_out)
    table("Claim and settle, 1,000 at a time", ("database", "processes", "rows", "rows/s"), claims)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
