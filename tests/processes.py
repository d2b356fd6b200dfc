"""The service's processes as an operator runs them, with settings of their own, over the test's database."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import psutil
import pytest
from django import conf
from django.core.management import call_command
from pytest_django import Settings

from supersetbot.operations import daemons
from tests.paths import ROOT


def database_url() -> str:
    """The database the tests use, for another process."""
    database = conf.settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database['NAME']}").geturl()


class Installation:
    """A folder with data, logs and PID files, and settings: those of this process, and of what it starts."""

    def __init__(self, folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._settings, self._monkeypatch = settings, monkeypatch
        self.set(DATA_DIR=str(folder), SECRET_KEY=settings.SECRET_KEY, DJANGO_SETTINGS_MODULE="supersetbot.settings")
        settings.DATA_DIR = folder
        settings.LOG_FILES = {name: folder / "logs" / f"{name}.log" for name in daemons.SERVICES}
        self.set(**{f"{name}LOG_FILE": f"logs/{log}.log" for name, log in LOG_SETTINGS.items()})

    def set(self, **environment: str) -> None:
        """Settings of the processes that are started from now on; also of this one, where they are texts."""
        for name, value in environment.items():
            self._monkeypatch.setenv(name, value)
            if isinstance(getattr(self._settings, name, None), str):
                setattr(self._settings, name, value)

    def daemon(self, *arguments: str) -> str:
        """`manage.py daemon …` in this process: what it says. Raises CommandError, SystemExit."""
        said = StringIO()
        call_command("daemon", *arguments, stdout=said)
        return said.getvalue()

    @contextmanager
    def spawn(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A command at work, in a session of its own; killed with all it forked where it outlives the block."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill_session(process.pid)
            process.communicate()

    def process(self, name: str) -> psutil.Process:
        """The main process of a daemon that runs."""
        found = daemons.running(name)
        assert found, f"{name} does not run"
        return found

    def log(self, name: str) -> str:
        path = daemons.log_file(name)
        return path.read_text() if path.exists() else ""

    def end(self) -> None:
        """Kill every daemon that is left."""
        for name in daemons.SERVICES:
            with suppress(daemons.DaemonError):
                if process := daemons.running(name):
                    kill_session(os.getsid(process.pid))


LOG_SETTINGS = {"": "bot", "SCHEDULER_": "scheduler", "WEB_": "web"}


def kill_session(session: int) -> None:
    """Kill a session, again until nobody of it lives: what a parent forked just now is in no list yet."""
    while living := [process for process in psutil.process_iter() if _lives_in(session, process)]:
        for process in living:
            with suppress(psutil.NoSuchProcess):
                process.kill()


def _lives_in(session: int, process: psutil.Process) -> bool:
    try:
        return os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False


def family(process: psutil.Process) -> list[psutil.Process]:
    """A process and all below it."""
    return [process, *process.children(recursive=True)]


def wait_until(true: Callable[[], object], seconds: float = 20.0) -> None:
    """Look again and again; fails after `seconds`."""
    give_up_at = monotonic() + seconds
    while not true():
        assert monotonic() < give_up_at, "it did not happen in time"
        sleep(0.05)
