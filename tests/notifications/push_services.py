"""Push services on real sockets that answer as an endpoint's path says: /201/…, /500/…, /hang/…."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic


class PushService(ThreadingHTTPServer):
    """Notes when each request came, and its path; `when_asked` is called with each. Who hangs is let go at the end.

    With `well` false, every request is answered 500; `refuses` says what it answers to some paths instead: a status and
    its words.
    """

    daemon_threads = True
    request_queue_size = 200

    def __init__(self) -> None:
        super().__init__(("", 0), _Handler)
        self.taken: list[tuple[float, str]] = []
        self.when_asked: Callable[[], object] = lambda: None
        self.well = True
        self.refuses: Callable[[str], tuple[int, str] | None] = lambda _: None
        self.over = Event()
        self.url = self.url_at("127.0.0.1")

    def url_at(self, host: str) -> str:
        """Where it is found under another of this machine's addresses, 127.0.0.0/8."""
        return f"http://{host}:{self.server_port}"

    @property
    def paths(self) -> list[str]:
        return [path for _, path in self.taken]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PushService

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((monotonic(), self.path))
        self.server.when_asked()
        kind = self.path.split("/")[1]
        if kind == "hang":
            self.server.over.wait(60)
            return
        status, words = self.server.refuses(self.path) or (int(kind) if self.server.well else 500, "")
        self.send_response(status)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *_: object) -> None:
        """In silence."""


@contextmanager
def push_service() -> Iterator[PushService]:
    with PushService() as service:
        Thread(target=service.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield service
        finally:
            service.over.set()
            service.shutdown()
