"""Two clusters on one PostgreSQL, handing out tasks by it or by Redis, and a hundred slots: each has one run.

`python -m benchmarks.clusters [SLOTS]`. The figures are lines of a test, which also asserts them.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main(slots: str = "100") -> int:
    test = ["pytest", "tests/supersetbot/operations/test_two_clusters.py", "-k", "each_slot", "-rP", "--durations=2"]
    command = [sys.executable, "-m", "tests.postgres", sys.executable, "-m", *test]
    environment = {**os.environ, "SLOTS": slots, "REDIS_TESTS": "required"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
