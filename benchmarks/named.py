"""A list of 7,000 numbers against 100,000 members: matched and queued; and 1,500 named people told before all others.

Repeat: python -m benchmarks.named [MEMBERS]
"""

import sys

from benchmarks.stage import bot_api, database, environment, run, table

MEMBERS, LISTED, NAMED, TOLD_OF = 100_000, 7_000, 1_500, 2_000
LONGEST = {"sqlite": 2.0, "postgresql": 1.0}  # seconds to match and queue
IN_FLIGHT = 16  # messages that are on their way while the last named ones are
LONGEST_TOLD = 60.0  # seconds to the last of NAMED, at 30 messages a second


def main(members: int) -> int:
    """1 where a figure of the specification is missed."""
    rows, fine = [], True
    for kind, longest in LONGEST.items():
        with database(kind) as (url, folder):
            found = run("matching", environment(url, folder), members, LISTED)
        rows.append((kind, members, LISTED, found["named"], found["named_seconds"], found["all_seconds"]))
        fine = fine and found["named_seconds"] < longest
    head = ("database", "members", "listed", "named", "seconds to queue the named", "seconds to queue all others")
    table("Matching a list", head, rows)
    with database("sqlite") as (url, folder), bot_api("--latency", 0.1, "--per-second", 30) as api:
        told = run("first_told", environment(url, folder, TELEGRAM_RATE=30, **api.settings), TOLD_OF, NAMED)
    table(
        "Who is named is told first, 30 messages a second",
        ("subscribers", "named", "seconds to the last named", "others told before"),
        [(TOLD_OF, told["named"], told["seconds"], told["before"])],
    )
    return 0 if fine and told["seconds"] < LONGEST_TOLD and told["before"] <= IN_FLIGHT else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS))
