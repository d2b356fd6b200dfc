"""Half a year of deliveries on PostgreSQL beside a transaction that is held open: `python -m benchmarks.soak`.

Such a transaction (a forgotten session, a long dump) keeps vacuum from removing what was updated since, the state in
which queues on SKIP LOCKED get slower and slower. Repeat with other sizes: python -m benchmarks.soak MONTHS PEOPLE
"""

import json
import subprocess
import sys
from typing import Any

from benchmarks.stage import ROOT, database, environment, table

MONTHS, PEOPLE, HELD_FROM = 6, 150, 2
LEAST = 0.8  # of the first month's claims a second, in the last one
HEAD = (
    "month",
    "held",
    "deliveries",
    "claimed/s",
    "claim p95 ms",
    "settled/s",
    "sweep ms",
    "dead rows",
    "table MB",
    "due index MB",
    "indexes MB",
    "autovacuums",
)


def main(months: int = MONTHS, people: int = PEOPLE) -> int:
    """1 where claiming is slower at the end than it may be."""
    with database("postgresql") as (url, folder):
        arguments = [str(each) for each in (months, people, HELD_FROM)]
        command = [sys.executable, "-m", "benchmarks.stage.soaking", *arguments]
        env = environment(url, folder)
        done = subprocess.run(command, check=True, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    lived = [json.loads(line) for line in done.stdout.splitlines()]
    table(f"{months} months of {people} subscribers, and one after the transaction ended", HEAD, list(map(_row, lived)))
    share = lived[months - 1]["claimed_a_second"] / lived[0]["claimed_a_second"]
    print(f"\nclaiming in month {months}, the transaction held since month {HELD_FROM}: {share:.0%} of month 1")
    return 0 if share >= LEAST else 1


def _row(month: dict[str, Any]) -> list[object]:
    megabytes = [month[name] / 2**20 for name in ("table", "due", "indexes")]
    speeds = [month["claimed_a_second"], 1000 * month["claim_p95"], month["settled_a_second"], 1000 * month["sweep"]]
    held = "yes" if month["held"] else "no"
    return [str(month["month"]), held, month["told"], *speeds, month["dead"], *megabytes, month["vacuums"]]


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
