"""10,000 calendars that are asked for once an hour, while notices change: `python -m benchmarks.calendar [PEOPLE]`.

Each request goes through the whole WSGI application, with its middleware, and holds the ETag of the answer before. What
is measured is the CPU time of that process, without that of a PostgreSQL server.
"""

import sys

from benchmarks.stage import database, environment, run, table

PEOPLE = 10_000
MOST_SHARE = 5.0  # per cent of a core (spec: personal, My time)


def main(people: int) -> int:
    """1 where they cost more than they may."""
    rows, fine = [], True
    for kind in ("sqlite", "postgresql"):
        with database(kind) as (url, folder):
            found = run("calendars", environment(url, folder, HTTPS="false", MEMBERSHIP="open"), people)
        share = 100 * found["cpu_seconds"] / 3600 * PEOPLE / people
        milliseconds = 1000 * found["cpu_seconds"] / people
        rows.append((kind, people, found["entries"], milliseconds, found["worst_ms"], found["not_modified"], share))
        fine = fine and share < MOST_SHARE
    head = ("database", "asked", "entries", "CPU ms each", "slowest, ms", "304", f"% of a core for {PEOPLE:,} an hour")
    table(f"Calendars (below {MOST_SHARE:.0f} %)", head, rows)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
