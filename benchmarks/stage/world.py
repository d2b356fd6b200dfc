"""The sandbox as a benchmark drives it: a student at the chat page, and the buttons of the world."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import httpx

from benchmarks.stage import ROOT

STUDENT = 1002  # who has not started the bot yet
PATIENCE = 120.0


class Sandbox:
    """Runs `manage.py sandbox` for the length of its block."""

    def __enter__(self) -> Self:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        command = [
            sys.executable,
            "-u",
            "manage.py",
            "sandbox",
            *(f"--{port}-port=0" for port in ("chat", "web", "site")),
        ]
        self._process = subprocess.Popen(command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        greeting = ""
        for line in self._process.stdout:
            greeting += line
            if line.startswith("Ctrl-C"):
                break
        address = re.search(r"Chat page\s+(http://[\d.:]+)", greeting)
        assert address, greeting
        self._http = httpx.Client(base_url=address[1], timeout=PATIENCE)
        self._stream = self._http.stream("GET", "/_page/events")
        self._lines = self._messages(self._stream.__enter__().iter_lines())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.__exit__(None, None, None)
        self._http.close()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)

    def says(self, text: str) -> None:
        order = {"do": "user_says", "user_id": STUDENT, "text": text}
        self._http.post("/_control", json=order).raise_for_status()

    def presses(self, action: str) -> None:
        self._http.post(f"/_world/{action}").raise_for_status()

    def waits_for(self, said: Callable[[str], bool]) -> str:
        """The next message of the bot to the student that is wanted."""
        return next(text for text in self._lines if said(text))

    @staticmethod
    def _messages(lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            event: dict[str, Any] = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            message = event.get("message") or {}
            if message.get("by_bot") and event.get("chat_id") == STUDENT:
                yield str(message.get("text") or "")
