"""`manage.py together`: all three from one process, as an operator sees it."""

import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import monotonic
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from supersetbot.operations.together import Service
from supersetbot.sandbox.settings import free_port
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.bot import STUDENT
from tests.processes import Installation, family, wait_until


@pytest.fixture
def port(installation: Installation, telegram: BotApi) -> int:
    port = free_port()
    installation.set(WEBHOOK_PORT=str(port), Q_WORKERS="1", PEEK="off", HTTPS="false")
    return port


def is_up(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except URLError:
        return False


@contextmanager
def at_work(installation: Installation, telegram: BotApi, port: int) -> Iterator[psutil.Process]:
    """The process, when web and bot answer; killed with all it forked where it outlives the block."""
    with installation.spawn("together") as spawned:
        main = psutil.Process(spawned.pid)
        telegram.add_user(STUDENT, "Asha")
        telegram.user_says(STUDENT, "/start")
        try:
            telegram.wait_until(lambda: bool(telegram.messages(STUDENT)) and is_up(port), 60)
            yield main
        finally:
            for process in reversed(family(main)) if main.is_running() else ():
                process.kill()


def services(main: psutil.Process) -> set[int]:
    return {child.pid for child in main.children()}


def web_of(main: psutil.Process, port: int) -> psutil.Process:
    return next(child for child in main.children() if _listens(child, port))


def test_it_runs_all_three_and_ends_them_when_it_is_asked_to(
    installation: Installation, telegram: BotApi, port: int
) -> None:
    with at_work(installation, telegram, port) as main:
        wait_until(lambda: len(family(main)) >= 1 + 3 + 1 + 3)  # with workers, and the scheduler's sentinel and watcher
        everybody = family(main)
        assert len(services(main)) == 3
        assert len(web_of(main, port).children()) == 1
        main.send_signal(signal.SIGTERM)
        main.wait(60)
        wait_until(lambda: [str(p) for p in everybody if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == [])


def test_one_that_is_killed_is_started_again_and_the_others_go_on(
    installation: Installation, telegram: BotApi, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work(installation, telegram, port) as main:
        before = services(main)
        web = web_of(main, port)
        for process in family(web):
            process.kill()
        wait_until(lambda: len(services(main) - before) == 1 and is_up(port), 60)
        assert services(main) & before == before - {web.pid}


def _listens(process: psutil.Process, port: int) -> bool:
    return any(found.status == psutil.CONN_LISTEN and found.laddr.port == port for found in process.net_connections())


def test_where_one_cannot_start_none_stays(installation: Installation, telegram: BotApi, port: int) -> None:
    with closing(socket.create_server(("127.0.0.1", port))), installation.spawn("together") as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"127.0.0.1:{port} (WEBHOOK_HOST, WEBHOOK_PORT) can't be used" in said
    assert said.strip().endswith("web could not be started.")


def test_one_that_is_silent_for_too_long_is_found() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        silent = monotonic() - 200
        assert Service("scheduler", ear, pid=1, heard_at=silent).is_silent()
        assert not Service("bot", ear, pid=1, heard_at=silent).is_silent()
        assert not Service("scheduler", ear, heard_at=silent).is_silent()
