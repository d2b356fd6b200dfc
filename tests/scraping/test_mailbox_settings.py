"""The settings of the mailbox, under the names older installations have as well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

SHOW = """
from supersetbot import settings as s
print(s.PLACEMENT_EMAIL, s.IMAP_HOST, s.IMAP_PORT, s.IMAP_SECURITY, s.PLACEMENT_APP_PASSWORD in s.SECRETS)
"""


def run(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DATA_DIR": str(tmp_path), "SECRET_KEY": "s3cret-" * 8}
    command = [sys.executable, "-W", "ignore", "-c", SHOW]
    return subprocess.run(command, cwd=ROOT, env=kept | settings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["PLACEMENT", "PLCAMENT"])
def test_both_spellings_are_read_and_the_password_is_a_secret(tmp_path: Path, name: str) -> None:
    shown = run(tmp_path, **{f"{name}_EMAIL": "tnp@college.example", f"{name}_APP_PASSWORD": "correct horse"})
    assert shown.stdout == "tnp@college.example imap.gmail.com 993 tls True\n"


def test_the_right_spelling_wins(tmp_path: Path) -> None:
    shown = run(tmp_path, PLACEMENT_EMAIL="new@college.example", PLCAMENT_EMAIL="old@college.example")
    assert shown.stdout.startswith("new@college.example ")


@pytest.mark.parametrize(
    ("name", "value"), [("IMAP_PORT", "ninety"), ("IMAP_SECURITY", "perhaps"), ("MAIL_MAX_ATTEMPTS", "0")]
)
def test_a_value_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert f"Setting {name}: got '{value}'" in run(tmp_path, **{name: value}).stderr
