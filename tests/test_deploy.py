"""What is deployed with: units systemd accepts, commands that exist, settings that are read."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.paths import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
TEXTS = [*UNITS, DEPLOY / "Dockerfile", DEPLOY / "compose.yaml", ROOT / "Procfile", *(ROOT / "docs").glob("*.md")]


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("*** NOT VERIFIED: no systemd-analyze ***")
    for unit in UNITS:  # its programs are not installed here
        text = re.sub(r"/opt/supersetbot/\.venv/bin/\w+", "/bin/true", unit.read_text())
        (tmp_path / unit.name).write_text(text)
    paths = [str(tmp_path / unit.name) for unit in UNITS]
    said = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False).stderr
    assert [line for line in said.splitlines() if "supersetbot" in line] == []


def test_caddy_accepts_its_file() -> None:
    if shutil.which("caddy") is None:
        pytest.skip("*** NOT VERIFIED: no caddy ***")
    command = ["caddy", "adapt", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    adapted = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    server = json.loads(adapted)["apps"]["http"]["servers"]["srv0"]
    assert server["read_header_timeout"] <= server["read_timeout"] <= 60e9
    assert '"request_buffers":1048576' in adapted.replace(" ", "")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"manage(?:\.py,?)? ([a-z_]+)\b(?![.)])", path.read_text(encoding="utf-8")))
    prose = {"of", "and", "to", "is"}
    assert named - prose - set(get_commands()) == set()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    known = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    prefixes = r"(?:TELEGRAM|SUPERSET|KEEP|BACKUP|LOG|UPDATE|OFFICIAL|PRUNE|WEBHOOK|ADMIN|NOTIFY|IMAP)_[A-Z_]+[A-Z]"
    named = set(re.findall(rf"\b{prefixes}\b", path.read_text(encoding="utf-8")))
    assert named - known - {f"{name}_FILE" for name in known} == set()
