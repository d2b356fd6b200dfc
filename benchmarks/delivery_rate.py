"""How close to 30 messages a second, enforced over a sliding second: `python -m benchmarks.delivery_rate`."""

import sys

from benchmarks.stage import bot_api, database, environment, run, table

RECIPIENTS = 1000
CAP = 30
LATENCY = 0.2  # seconds


def main() -> int:
    """1 where the rate is missed, or a single 429 came."""
    rows, fine = [], True
    for kind in ("sqlite", "postgresql"):
        with database(kind) as (url, folder), bot_api("--latency", LATENCY, "--per-second", CAP) as api:
            env = environment(url, folder, TELEGRAM_RATE=CAP, **api.settings)
            sent = run("sender", env, RECIPIENTS)
            seen = api.order("figures")
        rate = (seen["sent"] - 1) / (seen["last"] - seen["first"])
        floods = seen["refusals"].get("429", 0)
        rows.append((kind, seen["sent"], rate, seen["busiest_second"], floods, sent["seconds"]))
        fine = fine and rate >= 29.0 and not floods and seen["busiest_second"] <= CAP
    table(
        f"Rate: {RECIPIENTS:,} recipients, {LATENCY:.1f} s latency, at most {CAP} in any second",
        ("database", "sent", "messages/s", "busiest second", "429s", "seconds in all"),
        rows,
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
