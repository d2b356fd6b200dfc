"""Memory of the dispatcher, however many there are to tell: `python -m benchmarks.delivery_memory [MOST]`."""

import sys

from benchmarks.stage import bot_api, database, environment, run, table

COUNTS = (2_000, 20_000, 200_000)


def main(most: int = COUNTS[-1]) -> int:
    """1 where the peak grows by more than a fifth."""
    rows = []
    for count in (count for count in COUNTS if count <= most):
        with database("postgresql") as (url, folder), bot_api() as api:
            env = environment(url, folder, TELEGRAM_RATE=10_000, TELEGRAM_CONCURRENCY=128, **api.settings)
            done = run("sender", env, count)
        rows.append((f"{count:,}", done["settled"], count / done["seconds"], done["peak_mb"]))
    table("Memory: no latency, PostgreSQL", ("recipients", "settled", "messages/s", "peak MB"), rows)
    return 0 if rows[-1][3] < 1.2 * rows[0][3] else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
