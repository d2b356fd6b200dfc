"""How long the statistics of 5,000 offers with 10 students each take: `python -m benchmarks.statistics`."""

import sys

from benchmarks import stage

OFFERS = 5_000
MOST_MS = 50.0  # a warm answer (spec of the statistics)


def main() -> int:
    """1 where a warm answer takes longer than it may."""
    rows: list[tuple[str, str, float, float, int]] = []
    for kind in ("sqlite", "postgresql"):
        with stage.database(kind) as (url, folder):
            env = stage.environment(url, folder, HTTPS="false", ALLOWED_HOSTS="testserver")
            stage.run("season", env, OFFERS, 0)
            rows += [(kind, *row) for row in stage.run("statistics", env)]
    head = ("database", "what", "median ms", "worst ms", "queries")
    stage.table(f"Statistics of {OFFERS:,} offers with 10 students each", head, rows)
    return 0 if all(median < MOST_MS for _, what, median, _, _ in rows if what == "GET, warm") else 1


if __name__ == "__main__":
    sys.exit(main())
