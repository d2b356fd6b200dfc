"""How well and how fast the rules read the shared sample notices: `python -m benchmarks.reading`."""

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from scraping.explain.notice import explain_notice
from scraping.items import JobRef

SHARED = Path(__file__).resolve().parents[2] / "shared"


def main() -> int:
    """Read the samples, print the time it took, then the table of the shared scoring script."""
    samples, score = SHARED / "samples" / "portal", SHARED / "tools" / "score.py"
    if not samples.is_dir() or not score.is_file():
        print(f"No samples in {SHARED}: nothing to measure.")
        return 0
    notices = json.loads((samples / "notices.json").read_text(encoding="utf-8"))
    jobs = [
        JobRef(
            job["jobProfileIdentifier"],
            job["companyName"],
            job["jobProfileTitle"],
            datetime.fromtimestamp(job["createdAt"] / 1000, UTC),
        )
        for job in json.loads((samples / "job_profiles.json").read_text(encoding="utf-8"))
    ]
    start = time.perf_counter()
    read = [explain_notice(notice, jobs) for notice in notices]
    took = time.perf_counter() - start
    print(f"{len(read)} notices in {took:.2f} s, {1000 * took / len(read):.1f} ms each")
    return _print_score(score, read)


def _print_score(script: Path, read: list[dict[str, object]]) -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(read, file)
        file.flush()
        sys.stdout.flush()
        return subprocess.run([sys.executable, str(script), "notices", file.name], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
