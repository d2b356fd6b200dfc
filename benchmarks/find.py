"""How long /find takes among 20,000 notices, beside LIKE over the same texts: `python -m benchmarks.find [NOTICES]`."""

import sys

from benchmarks.stage import database, environment, run, table

NOTICES = 20_000
MOST_MS = 300.0  # spec: personal, What can be asked


def main(count: int) -> int:
    """1 where a search takes longer than it may."""
    rows: list[tuple[object, ...]] = []
    slowest = 0.0
    for kind in ("sqlite", "postgresql"):
        with database(kind) as (url, folder):
            found = run("finding", environment(url, folder), count)
        print(f"{kind}: {count:,} notices indexed in {found['seconds']:.1f} s")
        for name, hits, (members, worst), (public, worst_public), (like, _) in found["rows"]:
            rows.append((kind, name, hits, members, worst, public, like, like / members))
            slowest = max(slowest, worst, worst_public)
    head = ("database", "question", "found", "members, ms", "worst", "public, ms", "LIKE, ms", "LIKE / ours")
    table(f"/find among {count:,} notices", head, rows)
    return 0 if slowest < MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else NOTICES))
