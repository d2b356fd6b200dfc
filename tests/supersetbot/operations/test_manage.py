"""./manage and manage.py as they are typed: the right Python, the exit codes, and every command line of the docs."""

import os
import re
import shlex
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, get_commands, load_command_class
from django.core.management.base import BaseCommand

from tests.paths import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TYPED = re.compile(r"(?:\./manage|^ +manage) ([a-z_]+(?: [^`|&#\n]*)?)", re.MULTILINE)
_DONE_ELSEWHERE = {"createsuperuser"}  # asks at a terminal


def run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, **settings}
    return subprocess.run(list(map(str, command)), cwd="/", env=kept, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python without Django."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder)
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that nothing was installed for."""
    for name in ("manage", "manage.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
        (tmp_path / name).chmod(0o755)
    return tmp_path


def test_manage_finds_the_python_of_the_service_from_any_folder(tmp_path: Path) -> None:
    link = tmp_path / "manage"
    link.symlink_to(ROOT / "manage")
    for command in (ROOT / "manage", link):
        done = run(command, "help", VIRTUAL_ENV=sys.prefix, DATA_DIR=str(tmp_path))
        assert (done.returncode, done.stderr) == (0, "")
        assert "doctor" in done.stdout


def test_a_python_without_django_is_told_what_to_run(bare: Path, checkout: Path) -> None:
    done = run(bare / "bin/python", checkout / "manage.py", "doctor")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"in {checkout}: python3 -m venv .venv && .venv/bin/pip install -r requirements.txt" in done.stderr
    (checkout / ".venv").symlink_to(sys.prefix)
    done = run(bare / "bin/python", checkout / "manage.py", "doctor", "--json")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.endswith(f"Run: {checkout}/manage doctor --json\n")


def test_a_python_of_ours_that_this_user_cannot_run_is_named(bare: Path, checkout: Path) -> None:
    python = checkout / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.symlink_to(checkout / "gone")
    done = run(bare / "bin/python", checkout / "manage.py", "doctor")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"{python} can't be run as this user" in done.stderr
    assert f"in {checkout}: /usr/bin/python3 -m venv --clear .venv" in done.stderr


def test_an_environment_without_django_is_not_told_to_run_itself(bare: Path, checkout: Path) -> None:
    (checkout / ".venv").symlink_to(bare)
    done = run(checkout / "manage", "doctor", VIRTUAL_ENV=sys.prefix)  # another one is active: ours is taken
    assert done.stderr.endswith(".venv/bin/pip install -r requirements.txt\n")


@pytest.mark.parametrize("words", ["nosuch", "doctor --nosuch", "daemon jump bot", "restore", "unlock_login"])
def test_wrong_usage_ends_with_2(words: str, tmp_path: Path) -> None:
    assert run(sys.executable, ROOT / "manage.py", *words.split(), DEBUG="1", DATA_DIR=str(tmp_path)).returncode == 2


def test_before_anything_is_set_up_one_may_look_round(tmp_path: Path) -> None:
    for words in ([], ["help"], ["--version"]):
        done = run(sys.executable, ROOT / "manage.py", *words, DATA_DIR=str(tmp_path))
        assert (done.returncode, done.stderr) == (0, "")


def test_a_checkout_explains_a_text_before_anything_is_set_up(checkout: Path, tmp_path: Path) -> None:
    """What docs/misreads.md begins with; where there are settings, they count."""
    for name in ("supersetbot", "accounts", "notifications", "scraping", "locale"):
        (checkout / name).symlink_to(ROOT / name)
    notice = checkout / "notice.json"
    notice.write_text(
        '{"identifier": "a", "title": "Test", "content": "<p>The test is at 9 AM.</p>", "publishedAt": 1}'
    )
    asked = (sys.executable, checkout / "manage.py", "explain", notice)
    done = run(*asked, ENV_FILE="", DATA_DIR=str(tmp_path / "data"))
    assert (done.returncode, done.stderr) == (0, "")
    assert '"category"' in done.stdout
    recorded = run(sys.executable, checkout / "manage.py", "vapid_keys", DEBUG="true", DATA_DIR=str(tmp_path / "data"))
    assert (recorded.returncode, recorded.stderr) == (0, "")
    assert run(*asked, DATA_DIR=str(tmp_path / "data")).returncode == 1  # ENV_FILE names settings without a key


def test_a_command_asks_the_checks_of_the_start_and_loads_no_page(tmp_path: Path) -> None:
    """Pages, and the reading that some of them ask, take longer to load than most commands take to run."""
    program = "import sys, manage; manage.main(['', 'showmigrations']); print('supersetbot.urls' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"ENV_FILE": os.devnull, "DEBUG": "1", "DATA_DIR": str(tmp_path), "WEBHOOK_SECRET": "x"}
        | {"PLACEMENT_EMAIL": "cell@example.edu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "False")
    for name in ("supersetbot.W005", "supersetbot.W007"):
        assert name in done.stderr


def typed() -> Iterator[tuple[str, str]]:
    """Every command line of the documents: file, and what stands behind `./manage`."""
    for path in DOCUMENTS:
        for match in TYPED.finditer(path.read_text(encoding="utf-8")):
            yield path.name, match[1].strip().rstrip("…\\").strip()


def options_exist(line: str) -> bool:
    """Whether the command takes these words; NAME is one of the processes."""
    name, *words = shlex.split(line.replace("'", "").replace("NAME", "bot"))
    command = load_command_class(get_commands()[name], name)
    assert isinstance(command, BaseCommand)
    parser = command.create_parser("manage", name)
    parser.called_from_command_line = False
    try:
        parser.parse_args(words)
    except CommandError as error:
        return "required" in str(error)  # the command is named, not typed out
    return True


def test_every_command_line_of_the_documents_can_be_typed() -> None:
    lines = [(place, line) for place, line in typed() if line.split()[0] not in _DONE_ELSEWHERE]
    assert len(lines) > 40
    assert [(place, line) for place, line in lines if not options_exist(line)] == []


def test_no_document_names_a_python_that_may_be_another() -> None:
    wrong = re.compile(r"(?<!/bin/)\bpython3? (?:manage\.py|-m (?!venv))|(?<![/\w.`])gunicorn supersetbot")
    found = [(path.name, match[0]) for path in DOCUMENTS for match in wrong.finditer(path.read_text(encoding="utf-8"))]
    assert found == []
