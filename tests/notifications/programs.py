"""A program with a webhook, on a real socket: it verifies each call, keeps it, and answers as it is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import standardwebhooks


class Program(ThreadingHTTPServer):
    """`calls` are the messages that were taken, each with its id; the next answers are `statuses`, then 204."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/hook"
        self.secret = ""
        self.statuses: list[int] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.tries = 0

    @property
    def events(self) -> list[str]:
        return [message["type"] for _, message in self.calls]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.tries += 1
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        if status < 300:
            headers = {name.lower(): value for name, value in self.headers.items()}
            standardwebhooks.Webhook(self.server.secret).verify(body, headers)
            self.server.calls.append((headers["webhook-id"], json.loads(body)))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """In silence."""


@contextmanager
def program() -> Iterator[Program]:
    with Program() as found:
        Thread(target=found.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield found
        finally:
            found.shutdown()
