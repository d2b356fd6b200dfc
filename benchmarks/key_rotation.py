"""`manage.py rotate_field_keys` over 100,000 profiles while students go on changing theirs: `python -m
benchmarks.key_rotation [PROFILES]`."""

import sys

from benchmarks.stage import database, environment, run, table

PROFILES = 100_000


def main(count: int) -> int:
    """1 where a profile was lost or changed by the rotation."""
    rows, lost = [], 0
    for kind in ("sqlite", "postgresql"):
        with database(kind) as (url, folder):
            found = run("rotation", environment(url, folder), count)
        rows.append((kind, count, found["seconds"], found["changes"], 1000 * found["longest"], found["lost"]))
        lost += found["lost"]
    head = ("database", "profiles", "seconds", "changes meanwhile", "longest change, ms", "lost")
    table("Rotation of FIELD_KEYS", head, rows)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PROFILES))
