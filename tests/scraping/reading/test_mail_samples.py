"""How well the rules read the sample mails beside the checkout; skipped, loudly, where there are none."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.reading_mails import SHARED, main
from scraping.explain.mail import explain_mail
from scraping.reading.privacy import public_text
from tests.scraping.sources.mailbox.mails import laid_out

MAILS = sorted((SHARED / "samples" / "mailbox").glob("*.eml"))
pytestmark = pytest.mark.skipif(not MAILS, reason=f"*** no sample mails in {SHARED} ***")


def test_the_rules_read_the_samples_as_a_person_does(tmp_path: Path) -> None:
    answers = tmp_path / "mails.json"
    answers.write_text(json.dumps([explain_mail(mail.name, mail.read_bytes()) for mail in MAILS]))

    scored = subprocess.run(
        [sys.executable, str(SHARED / "tools" / "score.py"), "mails", str(answers)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert _percent(scored, r"precision .*?= ([\d.]+) %") >= 98
    assert _percent(scored, r"recall .*?= ([\d.]+) %") >= 98
    assert _percent(scored, r"\ncompany(?:\s+\d+){7}\s+([\d.]+)") >= 95
    assert _percent(scored, r"\npackage(?:\s+\d+){7}\s+([\d.]+)") >= 90
    assert _percent(scored, r"rightly unknown\) .*?= ([\d.]+) %") >= 95
    assert _percent(scored, r"\nkind(?:\s+\d+){7}\s+([\d.]+)") >= 95


@pytest.mark.parametrize("path", MAILS, ids=[path.name for path in MAILS])
def test_nothing_private_of_a_sample_is_shown(path: Path) -> None:
    text = public_text(laid_out(path.read_bytes()))

    assert "@" not in text
    assert "Forwarded" not in text
    assert "From:" not in text


def test_the_benchmark_prints_its_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    assert "packages right" in capsys.readouterr().out


def _percent(table: str, pattern: str) -> float:
    match = re.search(pattern, table)
    assert match, table
    return float(match[1])
