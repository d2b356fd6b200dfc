"""What bot, scheduler and web need together, at rest and at work: `python -m benchmarks.memory`.

On SQLite, all three at once: at rest after their start; in a broadcast to 10,000 with an update cycle, people who write
to the bot and others who read pages; and at rest again. Memory is PSS (each process's own, and its share of what is
common), its peak the most that all had at one time, in MB. `--recipients 1000` makes it shorter; `--apart` runs them as
three commands, else it is `manage.py together`.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import sleep
from urllib.error import HTTPError

import psutil

from benchmarks.stage import ROOT, BotApi, bot_api, database, environment, run, table
from supersetbot.sandbox.portal.portal_world import generated
from supersetbot.sandbox.portal.server import TENANT_ID, Portal
from supersetbot.sandbox.settings import free_port

KEY = "for-the-benchmark-only-" * 2
AT_REST, AT_WORK = 300, 400  # megabytes, all together
PEOPLE = 50
TOGETHER = {"together": ["manage.py", "together"]}
APART = {
    "bot": ["manage.py", "runbot", "--no-daemon"],
    "scheduler": ["manage.py", "qcluster"],
    "web": ["-m", "gunicorn", "supersetbot.wsgi"],
}
READ = ("/", "/health", "/ready", "/status", "/api/notices", "/api/stats", "/admin/login/")
REST_SECONDS = 15.0
Sizes = dict[str, float]


class Trees:
    """The three processes with all that they forked."""

    def __init__(self, mains: dict[str, int]) -> None:
        self.mains = mains
        self.peak: Sizes = {}

    def sizes(self) -> Sizes:
        """PSS of each process by a name, in MB."""
        found: Sizes = {}
        for name, pid in self.mains.items():
            main = psutil.Process(pid)
            found[name] = _pss(main)
            for number, child in enumerate(main.children(), start=1):
                found[f"{name} {number}"] = _pss(child)
                for grandchild, process in enumerate(child.children(recursive=True), start=1):
                    found[f"{name} {number}.{grandchild}"] = _pss(process)
        return found

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look again and again; `peak` is the sizes at the moment when all together had the most."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.2):
                with suppress(psutil.Error):
                    now = self.sizes()
                    self.peak = max(self.peak, now, key=lambda sizes: sum(sizes.values()))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _pss(process: psutil.Process) -> float:
    """What a process needs; nothing where it has just ended, or uses its parent's memory until it runs a program."""
    with suppress(psutil.NoSuchProcess):
        own, parent = process.memory_full_info(), process.parent()
        if parent is None or parent.memory_full_info() != own:
            return float(own.pss) / 1e6
    return 0.0


def main() -> int:
    """1 where they need more than they may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--apart", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        url, folder = stack.enter_context(database("sqlite"))
        api = stack.enter_context(bot_api())
        portal = stack.enter_context(Portal(generated(0, 0)).in_thread())
        port = free_port()
        env = settings(url, folder, api, portal, port)
        run("subscribers", env, options.recipients)
        trees = Trees(stack.enter_context(processes(env, port, APART if options.apart else TOGETHER)))
        sleep(REST_SECONDS)
        rest = trees.sizes()
        with trees.watched():
            work(api, portal, port)
        sleep(REST_SECONDS)
        after = trees.sizes()
    show(rest, trees.peak, after)
    return 0 if sum(rest.values()) <= AT_REST and sum(trees.peak.values()) <= AT_WORK else 1


def settings(url: str, folder: Path, api: BotApi, portal: Portal, port: int) -> dict[str, str]:
    return environment(
        url,
        folder,
        HTTPS="false",
        WEBHOOK_PORT=port,
        WEBHOOK_API_KEY=KEY,
        NOTIFY_MAX_AGE_HOURS=0.001,  # what the portal has is stored, not told: the broadcast alone goes out
        TELEGRAM_RATE=1000,
        SUPERSET_BASE_URL=portal.url,
        SUPERSET_PUBLIC_KEY=portal.public_key,
        SUPERSET_TENANT_ID=TENANT_ID,
        SUPERSET_CREDENTIALS=json.dumps([{"email": a.email, "password": a.password} for a in portal.world.accounts]),
        **api.settings,
    )


@contextmanager
def processes(env: dict[str, str], port: int, commands: dict[str, list[str]]) -> Iterator[dict[str, int]]:
    """Bot, scheduler and web, until the block ends: their PIDs."""
    with ExitStack() as stack:
        started = {}
        for name, command in commands.items():
            log = stack.enter_context((Path(env["DATA_DIR"]) / f"{name}.log").open("w"))
            process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            started[name] = process.pid
        while not _answers(port):
            sleep(0.1)
        yield started


def _answers(port: int) -> bool:
    with suppress(OSError):
        return bool(ask(port, "/health"))
    return False


def ask(port: int, path: str, body: object = None) -> bytes:
    """What the web server answers to a GET, or to a POST where there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data, {"X-API-Key": KEY, "Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bytes(answer.read())


def work(api: BotApi, portal: Portal, port: int) -> None:
    """Everything at once, until the broadcast has reached everybody."""
    portal.world = generated(200, 50)
    with suppress(HTTPError):  # the watcher was faster: 409
        ask(port, "/webhook/update", {})
    notice = json.loads(ask(port, "/api/notify", {"title": "Tomorrow", "message": "Drive at ten."}))["id"]
    for person in range(PEOPLE):
        for text in ("/start", "/status", "/latest"):
            api.order("user_says", user_id=300_000_000 + person, text=text)
    for _ in range(20):
        for path in READ:
            with suppress(OSError):  # /ready says what is not ready
                ask(port, path)
    while json.loads(ask(port, f"/api/notify/{notice}"))["state"] != "done":
        sleep(0.5)


def show(rest: Sizes, peak: Sizes, after: Sizes) -> None:
    names = sorted(rest.keys() | peak.keys() | after.keys())
    rows: list[tuple[object, ...]] = [
        (name, *(round(column.get(name, 0)) for column in (rest, peak, after))) for name in names
    ]
    rows.append(("all", *(round(sum(column.values())) for column in (rest, peak, after))))
    table("Memory in MB (PSS)", ("process", "at rest", "at work", "at rest again"), rows)


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    sys.exit(main())
