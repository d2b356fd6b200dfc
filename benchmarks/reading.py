"""How well and how fast the rules read the shared sample notices: `python -m benchmarks.reading`."""

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from scraping.explain.notice import explain_notice
from scraping.items import JobRef, PortalNotice
from scraping.reading.notice import extract_notice

LONGEST = 10.0  # seconds of CPU for a thousand ordinary notices
SHARED = Path(__file__).resolve().parents[2] / "shared"


def main() -> int:
    """Read a thousand notices and the samples; print how long it took and the table of the shared scoring script."""
    took = _thousand()
    print(f"1,000 ordinary notices in {took:.2f} s of CPU (at most {LONGEST:.0f})")
    return _samples() or int(took > LONGEST)


def _thousand() -> float:
    said = [
        "<p>Following students are shortlisted by Orbit Labs for the Online Test on 5 Dec 2026, 9:30 am, CL-5.</p>",
        "<p>Role: Data Analyst | CTC: 12 LPA | Location: Pune</p>",
        "<p>B.Tech CSE, IT, ECE; 60% in X and XII, CGPA 7 and above, no active backlogs.</p>",
        "<p>Students must report in formals with two copies of their resume and the ID card.</p>",
        "<p>Apply before 3 Dec 2026, 5 PM: https://orbit.example/apply</p>",
        "<table><tr><td>Roll No</td><td>Name</td></tr>"
        + "".join(f"<tr><td>{22103001 + n}</td><td>Asha Rao</td></tr>" for n in range(40))
        + "</table>",
    ]
    start = time.process_time()
    now = datetime.now(UTC)
    for number in range(1000):
        content = "".join(said[number % 5 :])
        extract_notice(PortalNotice(str(number), "Orbit Labs - Online Test", content, "T&P", now, now), [])
    return time.process_time() - start


def _samples() -> int:
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
    explain_notice(notices[0], jobs)  # the tables of rules and the models are read once
    start = time.process_time()
    read = [explain_notice(notice, jobs) for notice in notices]
    each = (time.process_time() - start) / len(read)
    print(f"{len(read)} notices, {1000 * each:.1f} ms of CPU each")
    return _print_score(score, read)


def _print_score(script: Path, read: list[dict[str, object]]) -> int:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(read, file)
        file.flush()
        sys.stdout.flush()
        return subprocess.run([sys.executable, str(script), "notices", file.name], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
