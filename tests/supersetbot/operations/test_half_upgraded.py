"""A checkout with new code beside what the version before left: it works, or says in one line what to run."""

import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import import_string
from django_q.models import Task
from django_q.tasks import async_task

from notifications.telegram_bot import bot_status
from scraping.cycle.runs import queued_run
from supersetbot.operations import failures
from tests.paths import ROOT
from tests.processes import Installation, wait_until

# Every path under which a version before this one queued a task, and what it was given.
QUEUED_BEFORE: dict[str, tuple[object, ...]] = {
    "notifications.tasks.deliver_channel": ("web-push",),
    "notifications.tasks.sweep": (),
    "scraping.tasks.catch_up": (),
    "scraping.tasks.mirror": (),
    "scraping.tasks.queued_cycle": (1,),
    "scraping.tasks.scheduled_cycle": (),
    "scraping.tasks.scheduled_official": (),
    "scraping.tasks.watched_cycle": ("superset",),
    "supersetbot.tasks.backup": (),
    "supersetbot.tasks.look_after": (),
    "supersetbot.tasks.prune": (),
}
# The names that `.env` files of versions before may hold.
OLD_SETTINGS = {
    "TELEGRAM_CHAT_ID": "",
    "PLCAMENT_EMAIL": "cell@example.edu",
    "PLCAMENT_APP_PASSWORD": "x",
    "SUPERSET_CREDENTIALS": "[]",
    "GOOGLE_API_KEY": "",
    "DAEMON_MODE": "false",
    "WEBHOOK_HOST": "127.0.0.1",
    "SCHEDULER_LOG_FILE": "scheduler.log",
}


def manage(*arguments: str, folder: Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of its own, on a SQLite database in `folder`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ours = {"DATA_DIR": str(folder), "SECRET_KEY": "x" * 60, "ENV_FILE": os.devnull}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=cwd,
        env=kept | ours | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the migration before the newest of notifications."""
    folder = tmp_path_factory.mktemp("older")
    for arguments in ([], ["notifications", "0008"]):
        assert manage("migrate", "-v0", *arguments, folder=folder).returncode == 0
    return folder


@pytest.mark.parametrize("command", ["runbot", "qcluster", "update"])
def test_code_on_an_older_database_says_what_to_run(older: Path, command: str) -> None:
    done = manage(command, folder=older, TELEGRAM_BOT_TOKEN="123456789:AAE" + "x" * 32)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()[-1:]
    assert "run `./manage migrate`" in line
    assert "Traceback" not in done.stderr


def test_a_daemon_on_an_older_database_says_that_and_nothing_before_it(older: Path, unused_tcp_port: int) -> None:
    done = manage("daemon", "start", "web", folder=older, WEBHOOK_PORT=str(unused_tcp_port))
    assert done.returncode == 1
    assert "web did not start: The database is older than this version (" in done.stderr


@pytest.mark.parametrize(("missing", "words"), [(1, "(1 migration to apply)"), (2, "(2 migrations to apply)")])
def test_how_much_older_it_is_is_counted(monkeypatch: pytest.MonkeyPatch, missing: int, words: str) -> None:
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _: {("accounts", "0001_initial"): None})
    monkeypatch.setattr(failures, "unapplied_migrations", lambda: missing)
    with pytest.raises(CommandError) as error:
        failures.require_migrated()
    assert words in str(error.value)


def test_the_web_server_on_an_older_database_says_what_to_run(older: Path, unused_tcp_port: int) -> None:
    port = unused_tcp_port
    environment = {"DATA_DIR": str(older), "SECRET_KEY": "x" * 60, "ENV_FILE": os.devnull, "WEBHOOK_PORT": str(port)}
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "supersetbot.wsgi"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "run `./manage migrate`" in done.stderr


@pytest.fixture
def installation_with_tasks(installation: Installation) -> Iterator[Installation]:
    installation.set(Q_WORKERS="1")
    call_command("schedule", sync=True, verbosity=0)
    yield installation
    installation.end()


def test_tasks_queued_by_a_version_before_are_done(installation_with_tasks: Installation) -> None:
    run = queued_run("webhook")
    QUEUED_BEFORE["scraping.tasks.queued_cycle"] = (run.pk,)
    for path, arguments in QUEUED_BEFORE.items():
        assert callable(import_string(path))
        async_task(path, *arguments, task_name="queued before", save=True)
    with installation_with_tasks.spawn("qcluster"):
        ended = Task.objects.filter(name="queued before")
        wait_until(lambda: ended.count() == len(QUEUED_BEFORE), 60)
    assert sorted(ended.filter(success=False).values_list("func", "result")) == []


@pytest.mark.django_db
def test_what_lies_in_the_shared_cache_names_no_module_of_ours() -> None:
    bot_status.report(bot_status.State.POLLING, "fine")
    stored = cache.get(bot_status._KEY)
    assert [type(value).__module__ for value in stored] == ["builtins", "datetime", "datetime", "builtins"]
    found = bot_status.read()
    assert found
    assert found.state == bot_status.State.POLLING


def test_leftover_bytecode_of_modules_that_moved_is_not_run(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for room in ("accounts", "notifications", "scraping", "supersetbot"):
        shutil.copytree(ROOT / room, checkout / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", checkout)
    for gone in ("notifications/delivery/stopping", "scraping/extraction/rules", "notifications/pacer"):
        left = checkout / Path(gone).parent / "__pycache__" / f"{Path(gone).name}.cpython-311.pyc"
        left.parent.mkdir(parents=True, exist_ok=True)
        source = tmp_path / "gone.py"
        source.write_text("raise SystemExit('old bytecode runs')")
        py_compile.compile(str(source), cfile=str(left))
    done = manage("check", folder=tmp_path, cwd=checkout)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_older_env_file_is_understood(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("".join(f"{name}={value}\n" for name, value in OLD_SETTINGS.items()))
    done = manage("check", folder=tmp_path, ENV_FILE=str(path))
    assert (done.returncode, done.stderr) == (0, "")
