"""Settings: what is wrong is said in one line, and nothing secret is in it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def manage(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with these settings and no others."""
    kept = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DATA_DIR": str(tmp_path), "SECRET_KEY": "s3cret-" * 8}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("DEBUG", "perhaps", "true or false"),
        ("TELEGRAM_RATE", "fast", "a number from 0.1 to 10000"),
        ("TELEGRAM_CONCURRENCY", "0", "a whole number from 1 to 1000"),
        ("ACTIVE_PLACEMENT_YEAR", "202599", "a season such as 202627"),
        ("PLACEMENT_YEARS", "202627", "a JSON list of seasons"),
        ("SUPERSET_BASE_URL", "portal.example", "an address that starts with http"),
        ("ADMIN_TELEGRAM_USER_IDS", '["me"]', "a JSON list of int"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO"),
        ("LOG_FORMAT", "xml", "one of text, json"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_line(tmp_path: Path, name: str, value: str, wanted: str) -> None:
    result = manage(tmp_path, "check", **{name: value})
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Setting {name}: got ")
    assert value in result.stderr
    assert wanted in result.stderr


@pytest.mark.parametrize("name", ["SUPERSET_CREDENTIALS", "SUPERSET_CREDENTIALS_BY_YEAR", "DATABASE_URL"])
def test_a_bad_secret_is_not_shown(tmp_path: Path, name: str) -> None:
    result = manage(tmp_path, "check", **{name: "hunter2://pass"})
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "hunter2" not in result.stderr


def test_without_a_secret_key_nothing_starts(tmp_path: Path) -> None:
    result = manage(tmp_path, "check", SECRET_KEY="")
    assert result.returncode == 1
    assert "SECRET_KEY" in result.stderr


def test_an_env_file_may_have_windows_line_ends_quotes_and_a_mark(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes('\ufeffLOG_LEVEL="LOUD"\r\nDEBUG=false\r\n'.encode())
    result = manage(tmp_path, "check", ENV_FILE=str(file))
    assert "got 'LOUD'" in result.stderr


def test_a_data_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = manage(tmp_path, "check", DATA_DIR=str(tmp_path / "file" / "data"))
    assert result.stderr.startswith("Setting DATA_DIR: got ")


def test_production_settings_pass_the_deploy_check(tmp_path: Path) -> None:
    production = {
        "SECRET_KEY": "k3y-" + "aB3$" * 20,
        "ALLOWED_HOSTS": "bot.example.edu",
        "TELEGRAM_BOT_TOKEN": "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI",
        "SUPERSET_CREDENTIALS": '[{"email": "cse@example.edu", "password": "pw"}]',
    }
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **production)
    assert "no issues" in result.stdout
    assert result.returncode == 0


def test_a_database_without_tables_is_one_line(tmp_path: Path) -> None:
    result = manage(tmp_path, "cycle")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "manage.py migrate" in result.stderr


def test_every_setting_stands_in_the_example() -> None:
    read = (ROOT / "supersetbot" / "settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', read))
    example = (ROOT / ".env.example").read_text()
    assert {name for name in names if not re.search(rf"^#?{name}=", example, re.MULTILINE)} == set()
