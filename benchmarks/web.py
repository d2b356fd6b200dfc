"""The web server under load, beside a minimal FastAPI in the same run: `python -m benchmarks.web`.

5,000 offers with 10 students each, 10,000 notices; 16 connections that ask again as soon as they are answered; then
/health once more while a broadcast goes out to 10,000. The load comes from this process, on the same cores.
"""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from benchmarks import stage
from supersetbot.sandbox.settings import free_port

OFFERS, NOTICES, SUBSCRIBERS = 5_000, 10_000, 10_000
CONNECTIONS, SECONDS, WARM_UP = 16, 5.0, 1.0
PATHS = ("/health", "/api/notices", "/api/stats", "/")
HEAD = ("", "requests/s", "p50 ms", "p99 ms", "worst ms", "not 200")


LONGEST_MS = {"/api/stats": 20.0, "/health in a broadcast": 50.0}  # p99


def main() -> int:
    """1 where an answer takes longer than it may."""
    fine = True
    for kind in ("sqlite", "postgresql"):
        with stage.database(kind) as (url, folder):
            rows = asyncio.run(measure(url, folder))
        stage.table(f"web, {kind}, gunicorn 2 × 2 threads, {CONNECTIONS} connections", HEAD, rows)
        fine = fine and all(float(str(row[3])) < LONGEST_MS.get(str(row[0]), float("inf")) for row in rows)
    return 0 if fine else 1


async def measure(database: str, folder: Path) -> list[Sequence[object]]:
    """A row a path; then /health during a broadcast, then FastAPI's."""
    port = free_port()
    settings = {"WEBHOOK_PORT": port, "HTTPS": "false", "ALLOWED_HOSTS": "127.0.0.1"}
    env = stage.environment(database, folder, **settings)
    key = stage.run("season", env, OFFERS, NOTICES)["key"]
    rows: list[Sequence[object]] = []
    with server(["gunicorn", "supersetbot.wsgi"], env):
        await answers(port)
        for path in PATHS:
            await load(port, path, key, WARM_UP)
            rows.append((path, *await load(port, path, key, SECONDS)))
        rows.append(("/health in a broadcast", *await during_a_broadcast(port, key, env)))
    port = free_port()
    uvicorn = ["uvicorn", "benchmarks.stage.minimal:app", "--port", str(port), "--log-level", "warning"]
    with server(uvicorn, dict(os.environ)):
        await answers(port)
        await load(port, "/health", key, WARM_UP)
        rows.append(("FastAPI's /health", *await load(port, "/health", key, SECONDS)))
    return rows


async def during_a_broadcast(port: int, key: str, env: dict[str, str]) -> tuple[object, ...]:
    """One client that asks 20 times a second, while another process sends 10,000 messages."""
    with stage.bot_api("--per-second", 10_000) as telegram:
        more = {**telegram.settings, "PAID_BROADCAST": "true"}
        sender = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.stage.sender", str(SUBSCRIBERS)),
            cwd=stage.ROOT,
            env=env | more,
            stdout=subprocess.DEVNULL,
        )
        done = asyncio.create_task(sender.wait())
        times, bad = await ask(port, "/health", key, until=done.done, pause=0.05)
    return figures(times, bad)


async def load(port: int, path: str, key: str, seconds: float) -> tuple[object, ...]:
    """16 clients for so many seconds."""
    end = time.perf_counter() + seconds
    found = await asyncio.gather(
        *(ask(port, path, key, until=lambda: time.perf_counter() > end) for _ in range(CONNECTIONS))
    )
    return figures([taken for times, _ in found for taken in times], sum(bad for _, bad in found), seconds)


async def ask(
    port: int, path: str, key: str, *, until: Callable[[], bool], pause: float = 0.0
) -> tuple[list[float], int]:
    """One client on one connection: how long each answer took, and how many were not 200."""
    times, bad = [], 0
    accept = "text/html" if path == "/" else "application/json"
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {key}\r\nAccept: {accept}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while not until():
        start = time.perf_counter()
        try:
            head = await answer(reader, writer, request)
        except (asyncio.IncompleteReadError, ConnectionError):  # a worker that has served its time
            head = b"connection: close"
        else:
            bad += not head.startswith(b"http/1.1 200 ")
            times.append(time.perf_counter() - start)
        if b"connection: close" in head:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(pause)
    writer.close()
    return times, bad


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """One request and its whole answer; its head in lower case. A client of its own: a full one costs as much as the
    server does, on the same cores.
    """
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = re.search(rb"content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return head


def figures(times: list[float], bad: int, seconds: float | None = None) -> tuple[object, ...]:
    ranked = sorted(1000 * taken for taken in times)
    rate = len(times) / seconds if seconds else "-"
    return rate, ranked[len(ranked) // 2], ranked[len(ranked) * 99 // 100], ranked[-1], bad


@contextmanager
def server(command: Sequence[str], env: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-m", *command], cwd=stage.ROOT, env=env) as process:
        try:
            yield
        finally:
            process.terminate()


async def answers(port: int) -> None:
    """Wait until it listens and answers."""
    async with aiohttp.ClientSession() as session:
        for _ in range(300):
            try:
                async with session.get(f"http://127.0.0.1:{port}/health"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise SystemExit("The server does not answer.")


if __name__ == "__main__":
    sys.exit(main())
