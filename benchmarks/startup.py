"""How long the processes take to start, and what they need while nothing happens: `python -m benchmarks.startup`.

With `--seconds 10` the idle part is shorter than a minute.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import psutil

from supersetbot.sandbox.settings import free_port
from supersetbot.sandbox.telegram.bot_api import BotApi

ROOT = Path(__file__).resolve().parents[1]
TIMES = 5


def environment(folder: str, api: BotApi, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "DATA_DIR": folder,
        "SECRET_KEY": "for-the-benchmark-only-" * 3,
        "HTTPS": "false",
        "LOG_LEVEL": "WARNING",
        "TELEGRAM_BOT_TOKEN": api.token,
        "TELEGRAM_API_URL": api.url,
        "WEBHOOK_PORT": str(port),
    }


@contextmanager
def running(command: list[str], settings: dict[str, str], ready: Callable[[], bool]) -> Iterator[tuple[float, int]]:
    """A process from its start until it is ready: the seconds that took, and its PID."""
    started = monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=settings, start_new_session=True) as process:
        try:
            while not ready():
                if process.poll() is not None:
                    raise RuntimeError(f"{command} ended with code {process.returncode}")
                sleep(0.005)
            yield monotonic() - started, process.pid
        finally:
            process.terminate()


def hears_ready(settings: dict[str, str], folder: str) -> Callable[[], bool]:
    """Whether the process has said that it is ready, as systemd hears it."""
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    address = tempfile.mktemp(dir=folder)
    ear.bind(address)
    ear.setblocking(False)
    settings["NOTIFY_SOCKET"] = address

    def ready() -> bool:
        with suppress(BlockingIOError):
            return b"READY=1" in ear.recv(4096)
        return False

    return ready


def answers(port: int) -> bool:
    with suppress(OSError):
        return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).status == 200)
    return False


def family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def idle(pid: int, seconds: float) -> tuple[float, float, int]:
    """Megabytes (each process's own and its share of what is common), per cent of a core, and how many processes."""
    sleep(5)  # what follows a start is no rest
    before = {process.pid: sum(process.cpu_times()[:2]) for process in family(pid)}
    sleep(seconds)
    there = family(pid)
    spent = sum(sum(process.cpu_times()[:2]) - before.get(process.pid, 0.0) for process in there)
    memory = sum(process.memory_full_info().pss for process in there)
    return memory / 1e6, 100 * spent / seconds, len(there)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to look at idle processes")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, BotApi().in_thread() as api:
        port = free_port()
        settings = environment(folder, api, port)
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, env=settings, check=True)
        print(f"{'manage.py --help':18}{_median(lambda: _help(manage, settings)):6.2f} s")
        commands = {
            "bot": [*manage, "runbot", "--no-daemon"],
            "scheduler": [*manage, "qcluster"],
            "web": [sys.executable, "-m", "gunicorn", "supersetbot.wsgi"],
            "together": [*manage, "together"],
        }
        print(f"{'':18}{'ready':>8}{'memory':>10}{'CPU':>9}{'processes':>11}")
        for name, command in commands.items():
            own = dict(settings)
            ready = partial(answers, port) if name == "web" else hears_ready(own, folder)
            with running(command, own, ready) as (took, pid):
                memory, load, count = idle(pid, seconds)
            print(f"{name:18}{took:6.2f} s{memory:7.0f} MB{load:7.2f} %{count:11}", flush=True)
    return 0


def _help(manage: list[str], settings: dict[str, str]) -> float:
    started = monotonic()
    subprocess.run([*manage, "--help"], cwd=ROOT, env=settings, check=True, stdout=subprocess.DEVNULL)
    return monotonic() - started


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(TIMES))


if __name__ == "__main__":
    sys.exit(main())
