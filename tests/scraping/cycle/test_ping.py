"""Pings after cycles, to a real server."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

import pytest
from pytest_django import Settings

from scraping import tasks
from scraping.cycle import ping
from scraping.cycle.runs import RunLostError
from scraping.models import UpdateRun

pytestmark = pytest.mark.django_db
SECRET = "3f1c-secret-of-the-check"


class Watcher(ThreadingHTTPServer):
    """What is asked of it, and with which status it answers; 0: not at all."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.status = 200
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{SECRET}"


class Handler(BaseHTTPRequestHandler):
    server: Watcher

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if not self.server.status:
            self.server.ended.wait(30)
            return
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def watcher(settings: Settings) -> Iterator[Watcher]:
    with Watcher() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.PING_URL = server.url
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()


def run(**fields: object) -> UpdateRun:
    return UpdateRun(trigger="schedule", **fields)


def test_a_cycle_that_read_everything_pings(watcher: Watcher) -> None:
    tasks.run_cycle("schedule")
    assert watcher.asked == [f"/{SECRET}"]


@pytest.mark.parametrize(
    "failed", [None, run(error="RunLostError"), run(sources={"superset": {"failed_whole": True}, "read": {"done": 1}})]
)
def test_one_that_failed_says_so(watcher: Watcher, failed: UpdateRun | None) -> None:
    ping.ping(failed)
    assert watcher.asked == [f"/{SECRET}/fail"]


def test_one_that_broke_off_says_so_and_is_raised(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RunLostError("lost")

    monkeypatch.setattr(tasks, "cycle", broken)
    with pytest.raises(RunLostError):
        tasks.run_cycle("schedule")
    assert watcher.asked == [f"/{SECRET}/fail"]


@pytest.mark.parametrize("status", [500, 404, 0])
def test_a_watcher_that_fails_or_is_silent_holds_up_no_cycle(
    watcher: Watcher, status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watcher.status = status
    monkeypatch.setattr(ping, "SECONDS", 0.3)
    before = monotonic()
    with caplog.at_level(logging.DEBUG, "scraping"):
        ping.ping(run())
    assert monotonic() - before < 3
    assert "The ping did not arrive" in caplog.text
    assert SECRET not in caplog.text


def test_nobody_is_asked_where_none_is_set(watcher: Watcher, settings: Settings) -> None:
    settings.PING_URL = ""
    ping.ping(run())
    assert watcher.asked == []


def test_an_address_nobody_listens_at_is_a_line_of_the_log(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PING_URL = f"http://127.0.0.1:1/{SECRET}"
    with caplog.at_level(logging.DEBUG, "scraping"):
        ping.ping(run())
    assert "The ping did not arrive: ConnectError" in caplog.text
