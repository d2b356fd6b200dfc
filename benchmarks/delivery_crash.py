"""kill -9 of the dispatcher at random moments of a broadcast: `python -m benchmarks.delivery_crash [KILLS]`.

Everybody has the notice, and no more have it twice than messages were in flight at each kill.
"""

import random
import signal
import subprocess
import sys
from time import sleep

from benchmarks.stage import ROOT, BotApi, bot_api, database, environment, run, table

RECIPIENTS = 5_000
KILLS = 50
CONCURRENCY = 32
LATENCY = 0.05  # seconds


def kill(api: BotApi, env: dict[str, str], messages: int) -> int:
    """Start a dispatcher and kill it once about so many more messages arrived; how many were there."""
    before = api.order("figures")["sent"]
    command = [sys.executable, "manage.py", "send", "--verbosity", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=env) as process:
        while process.poll() is None and api.order("figures")["sent"] < before + messages:
            sleep(0.01)
        sleep(random.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
    return int(api.order("figures")["sent"])


def measure(kind: str, kills: int) -> list[object]:
    with database(kind) as (url, folder), bot_api("--latency", LATENCY) as api:
        env = environment(url, folder, TELEGRAM_RATE=1000, TELEGRAM_CONCURRENCY=CONCURRENCY, **api.settings)
        run("queue", env, RECIPIENTS)
        for _ in range(kills):
            kill(api, env, random.randint(1, int(1.5 * RECIPIENTS / kills)))
        subprocess.run([sys.executable, "manage.py", "send", "--verbosity", "0"], check=True, cwd=ROOT, env=env)
        seen = api.order("figures")
        settled = run("states", env)
    twice = seen["sent"] - seen["chats"]
    most = max(seen["sent_by_chat"].values(), default=1)
    return [kind, kills, seen["chats"], settled.get("sent", 0), twice, twice / max(1, kills), most]


def main(kills: int = KILLS) -> int:
    """1 where somebody has nothing, or more have it twice than could be in flight."""
    rows = [measure(kind, kills) for kind in ("sqlite", "postgresql")]
    table(
        f"Crash: {RECIPIENTS:,} recipients, {CONCURRENCY} in flight at most",
        ("database", "kills", "have it", "settled", "sent again", "a kill", "most for one"),
        rows,
    )
    fine = all(row[2] == row[3] == RECIPIENTS and int(str(row[4])) <= kills * CONCURRENCY for row in rows)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
