"""What the benchmarks stand on: databases, a Bot API in a process of its own, subscribers, tables."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.postgres import server

ROOT = Path(__file__).resolve().parents[2]


def environment(database: str, folder: Path, **more: object) -> dict[str, str]:
    """The settings of a process that takes part: none of this machine's own."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "supersetbot.settings"),
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "benchmarks-only-" * 4,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "LOG_LEVEL": "ERROR",
        **{name: str(value) for name, value in more.items()},
    }


@contextmanager
def database(kind: str) -> Iterator[tuple[str, Path]]:
    """A fresh database, "sqlite" or "postgresql", migrated: its URL, and a folder for the rest."""
    with tempfile.TemporaryDirectory(prefix="supersetbot-bench-") as name:
        folder = Path(name)
        if kind == "sqlite":
            yield migrated(f"sqlite:///{folder / 'bench.sqlite3'}", folder), folder
        else:
            with server() as url:
                yield migrated(url, folder), folder


def migrated(url: str, folder: Path) -> str:
    """Migrate a database, and return its URL."""
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment(url, folder))
    return url


def run(module: str, env: dict[str, str], *arguments: object) -> Any:
    """Run a module of this package in a process of its own; what its last line of JSON says."""
    command = [sys.executable, "-m", f"benchmarks.stage.{module}", *map(str, arguments)]
    done = subprocess.run(command, check=True, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


class BotApi:
    """The sandbox's Bot API in another process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        line = json.loads((process.stdout or sys.stdin).readline())
        self.url, self.token, self._process = line["url"], line["token"], process

    def order(self, name: str, **arguments: object) -> Any:
        """Have it do something: `behave`, `fault`, `figures` …"""
        body = json.dumps({"do": name, **arguments}).encode()
        with urllib.request.urlopen(f"{self.url}/_control", body, timeout=30) as answer:
            return json.load(answer)["result"]

    @property
    def settings(self) -> dict[str, str]:
        return {"TELEGRAM_API_URL": self.url, "TELEGRAM_BOT_TOKEN": self.token}


@contextmanager
def bot_api(*arguments: object) -> Iterator[BotApi]:
    """Start it with the arguments of `python -m supersetbot.sandbox.telegram.bot_api`; any user id is an open chat."""
    command = [
        sys.executable,
        "-m",
        "supersetbot.sandbox.telegram.bot_api",
        "--light",
        "--any-chat",
        *map(str, arguments),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield BotApi(process)
        finally:
            process.terminate()


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns: numbers to the right, with as many digits as are worth reading."""
    shown = [[_shown(value) for value in row] for row in rows]
    widths = [max(len(line[n]) for line in [list(head), *shown]) for n in range(len(head))]
    print(f"\n{title}")
    for number, line in enumerate([list(head), *shown]):
        print(
            "  "
            + "  ".join(
                cell.rjust(width) if n else cell.ljust(width)
                for n, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
        )
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))
    sys.stdout.flush()


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
