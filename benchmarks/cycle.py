"""An update cycle against a portal with 100 ms latency, and one that finds nothing new.

Repeat: python -m benchmarks.cycle
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LATENCY = 0.1
LONGEST, MOST_CPU = 4.0, 0.5  # seconds: of an update with 200 new items, of one with none


@contextmanager
def portal(*options: str) -> Iterator[dict[str, Any]]:
    """A portal as a process of its own; how to reach it."""
    command = [sys.executable, "-m", "supersetbot.sandbox.portal.server", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def child(where: dict[str, Any], concurrency: int, rounds: int) -> list[dict[str, float]]:
    """Updates in a fresh process on a fresh database; wall and CPU seconds of each."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "benchmark-" * 6,
            "DATA_DIR": folder,
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "supersetbot.settings",
            "PORTAL_CONCURRENCY": str(concurrency),
            "ATTACHMENTS_FETCH": "false",  # benchmarks.attachments measures files
            "SUPERSET_BASE_URL": where["url"],
            "SUPERSET_PUBLIC_KEY": where["public_key"],
            "SUPERSET_TENANT_ID": where["tenant_id"],
            "SUPERSET_CREDENTIALS": json.dumps(where["accounts"]),
        }
        command = [sys.executable, "-m", "benchmarks.cycle", "--rounds", str(rounds)]
        done = subprocess.run(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True, check=True)
    rounds_read: list[dict[str, float]] = json.loads(done.stdout)
    return rounds_read


def measure(rounds: int) -> None:
    """In the child: run updates, print their times as JSON."""
    import django

    django.setup()
    from django.core.management import call_command

    from scraping.cycle.cycle import update

    call_command("migrate", verbosity=0)
    times = []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        report = update("benchmark").sources["superset"]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        times.append({"wall": wall, "cpu": cpu, "reading": report["seconds"], "new": report["new"]})
    json.dump(times, sys.stdout)


def main() -> int:
    """1 where an update takes longer than it may."""
    print(f"{'update':<58}{'new':>7}{'reading s':>11}{'wall s':>9}{'CPU s':>8}")
    hundred = ("--notices", "100", "--jobs", "100", "--latency", str(LATENCY))
    with portal(*hundred) as where:
        one_account = where | {"accounts": where["accounts"][:1]}
        (sequential,) = child(one_account, 1, 1)
        (fast,) = child(one_account, 20, 1)
    show("100 jobs of 2 documents, 100 notices, 100 ms: sequential", sequential)
    show("the same, 20 at once", fast)
    with portal("--notices", "5000", "--jobs", "0") as where:
        _, idle = child(where, 20, 2)
    show("nothing new: 5,000 notices of 4 kB, 2 accounts", idle)
    print(f"20 at once is {sequential['wall'] / fast['wall']:.1f} times as fast. Repeat: python -m benchmarks.cycle")
    return 0 if fast["wall"] < LONGEST and idle["cpu"] < MOST_CPU else 1


def show(name: str, row: dict[str, float]) -> None:
    print(f"{name:<58}{row['new']:>7.0f}{row['reading']:>11.2f}{row['wall']:>9.2f}{row['cpu']:>8.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--rounds"]:
        measure(int(sys.argv[2]))
    else:
        sys.exit(main())
