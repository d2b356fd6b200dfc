"""The web server: a reload without a gap."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from supersetbot.sandbox.world import free_port
from tests.paths import ROOT
from tests.processes import Installation, wait_until

Server = tuple[subprocess.Popen[bytes], int]


@pytest.fixture
def server(installation: Installation) -> Iterator[Server]:
    """A web server of the installation and its port; it and its successors end with the test."""
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
