"""The rules against the shared sample notices, by the shared scoring script."""

import json
import re
import subprocess
import sys

import pytest

from scraping.explain.notice import explain_notice
from scraping.items import JobRef
from tests.paths import SHARED

SAMPLES, SCORE = SHARED / "samples" / "portal", SHARED / "tools" / "score.py"
# Of what the text states, right at least; of all that was told, wrong at most (per cent).
AT_LEAST = {
    "company": 95,
    "role": 95,
    "deadline": 95,
    "event_at": 95,
    "stage": 95,
    "venue": 90,
    "links": 95,
    "job_id": 95,
}
AT_MOST = dict.fromkeys(AT_LEAST, 3) | {"job_id": 0}

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir() or not SCORE.is_file(), reason=f"*** no samples in {SHARED} ***")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    jobs = [
        JobRef(job["jobProfileIdentifier"], job["companyName"], job["jobProfileTitle"])
        for job in json.loads((SAMPLES / "job_profiles.json").read_text(encoding="utf-8"))
    ]
    notices = json.loads((SAMPLES / "notices.json").read_text(encoding="utf-8"))
    read = tmp_path_factory.mktemp("read") / "notices.json"
    read.write_text(json.dumps([explain_notice(notice, jobs) for notice in notices]), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(SCORE), "notices", str(read)], capture_output=True, text=True, check=True
    )
    return done.stdout


def share(report: str, words: str) -> float:
    found = re.search(rf"{words} (\d+)/(\d+)", report)
    assert found, report
    return 100 * int(found[1]) / int(found[2])


@pytest.mark.parametrize(
    ("words", "least"),
    [("category strict", 97), ("rosters exactly right", 98), ("roster pairs    precision", 99.5)],
)
def test_categories_and_rosters(report: str, words: str, least: float) -> None:
    assert share(report, words) >= least, report


@pytest.mark.parametrize("field", AT_LEAST)
def test_fields(report: str, field: str) -> None:
    row = re.search(rf"^{field} .* ([\d.-]+) +([\d.-]+)$", report, re.MULTILINE)
    assert row, report
    assert float(row[1]) >= AT_LEAST[field], report
    assert float(row[2]) <= AT_MOST[field], report
