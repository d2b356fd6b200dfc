"""The web server: a reload without a gap, a start without its database."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from django.db import connection

from supersetbot.sandbox.settings import free_port
from tests.paths import ROOT
from tests.processes import Installation, database_url, wait_until

Server = tuple[subprocess.Popen[bytes], int]


@pytest.fixture
def server(installation: Installation) -> Iterator[Server]:
    with serving(installation) as found:
        yield found


@contextmanager
def serving(installation: Installation) -> Iterator[Server]:
    """A web server of the installation and its port; it and its successors end with the block."""
    port = free_port()
    installation.set(WEBHOOK_PORT=str(port), WEB_WORKERS="1")
    command = [str(Path(sys.executable).with_name("gunicorn")), "supersetbot.wsgi"]
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: is_up(port), 30)
            yield process, port
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def is_up(port: int) -> bool:
    try:
        return answers(port)
    except URLError:
        return False


def answers(port: int) -> bool:
    with urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
        return bool(answer.status == 200)


def test_a_reload_leaves_no_caller_without_an_answer(server: Server) -> None:
    process, port = server
    process.send_signal(signal.SIGUSR2)
    wait_until(lambda: answers(port) and process.poll() is not None, 30)
    assert process.returncode == 0
    assert answers(port)


def database_is_well(port: int) -> bool:
    try:
        answer = urlopen(f"http://127.0.0.1:{port}/ready", timeout=10)
    except HTTPError as error:
        answer = error
    with answer:
        return bool(json.load(answer)["checks"]["database"]["ok"])


def asked(port: int, path: str, accept: str) -> tuple[int, str, str]:
    """The status of an answer, its Retry-After, and its text."""
    with pytest.raises(HTTPError) as failed:
        urlopen(Request(f"http://127.0.0.1:{port}{path}", headers={"Accept": accept}), timeout=30)
    with failed.value as error:
        return error.code, error.headers["Retry-After"], error.read().decode()


def test_without_its_database_programs_and_people_are_told_when_to_try_again(
    installation: Installation, tmp_path: Path
) -> None:
    installation.set(DATABASE_URL=f"sqlite:///{tmp_path}/gone/superset.sqlite3")
    with serving(installation) as (_, port):
        status, after, text = asked(port, "/api/notices", "application/json")
        assert (status, after, json.loads(text)["title"]) == (503, "30", "Service Unavailable")
        assert str(tmp_path) not in text
        status, after, text = asked(port, "/notices/1", "text/html")
        assert (status, after) == (503, "30")
        assert "Try again in a minute." in text


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is never away")
def test_one_that_started_without_the_database_finds_it_later(installation: Installation, tmp_path: Path) -> None:
    url = urlsplit(database_url())
    folder = parse_qs(url.query).get("host", [""])[0]
    if not folder.startswith("/"):
        pytest.skip("*** NOT VERIFIED: the server has no socket in a folder ***")
    gate = tmp_path / "gate"
    installation.set(DATABASE_URL=url._replace(query=f"host={gate}").geturl())
    with serving(installation) as (_, port):
        assert not database_is_well(port)
        assert asked(port, "/api/notices", "application/json")[:2] == (503, "30")
        gate.symlink_to(folder)
        wait_until(lambda: database_is_well(port), 30)
