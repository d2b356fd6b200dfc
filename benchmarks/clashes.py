"""500 clashes among 10,000 members and 60 lists: all of them told once, no others: `python -m benchmarks.clashes`.

What clashes is worked out from what was seeded, beside the code that is measured.
"""

import sys

from benchmarks.stage import database, environment, run, table

PEOPLE, LISTED = 10_000, 400
MOST_SECONDS = 10.0  # of CPU, in the minute between two sweeps


def main(people: int) -> int:
    """1 where a clash is missed, told twice or made up, or where a sweep takes too long."""
    rows, fine = [], True
    for kind in ("sqlite", "postgresql"):
        with database(kind) as (url, folder):
            found = run("seeded_clashes", environment(url, folder, MEMBERSHIP="open"), people, LISTED)
        names = ("seeded", "told", "missed", "false", "twice", "first_seconds", "next_seconds")
        rows.append((kind, people, *(found[name] for name in names)))
        wrong = found["missed"] + found["false"] + found["twice"]
        fine = fine and not wrong and found["seeded"] >= 500 and found["first_seconds"] < MOST_SECONDS
    head = ("database", "members", "seeded", "told", "missed", "false", "twice", "CPU s to tell", "of the next sweep")
    table("Clashes", head, rows)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
