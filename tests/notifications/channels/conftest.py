"""A server on a real socket that answers as told, also in ways no server should."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from itertools import chain, repeat
from urllib.parse import parse_qsl

import pytest


@dataclass(frozen=True)
class Request:
    """What came in. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Answer:
    pieces: Iterable[bytes]
    close: bool = False
    pause: float = 0.0


@dataclass
class ScriptedServer:
    """Each request takes the next answer; with none left it is answered with `otherwise`.

    An answer is what is written, piece by piece, `pause` seconds apart; then the connection is kept or closed. With
    no pieces and kept, it is a server that never answers.
    """

    answers: deque[Answer] = field(default_factory=deque)
    otherwise: Answer = field(default_factory=lambda: Answer([http(200, {"ok": True, "result": {}})]))
    requests: list[Request] = field(default_factory=list)
    url: str = ""
    connections: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def reply(self, status: int = 200, body: object = b"", headers: dict[str, str] | None = None) -> None:
        """Answer the next request; a body that is not bytes is sent as JSON."""
        self.answers.append(Answer([http(status, body, headers)]))

    def hang(self) -> None:
        self.answers.append(Answer([]))

    def write(self, data: bytes) -> None:
        """Write just this and close, as a server that dies does."""
        self.answers.append(Answer([data], close=True))

    def trickle(self, head: bytes, every: float) -> None:
        """Write `head`, and a byte every so many seconds for ever."""
        self.answers.append(Answer(chain([head], repeat(b"x")), pause=every))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        self.connections += 1
        connection = self.connections
        try:
            while True:
                self.requests.append(await _read(reader, connection))
                self.asked.set()
                answer = self.answers.popleft() if self.answers else self.otherwise
                for data in answer.pieces:
                    writer.write(data)
                    await asyncio.sleep(answer.pause)
                if answer.close:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._open.discard(writer)
            writer.close()

    def drop_connections(self) -> None:
        for writer in self._open:
            writer.transport.abort()


def http(status: int, body: object = b"", headers: dict[str, str] | None = None) -> bytes:
    """An HTTP response as it goes over the wire."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"{name}: {value}" for name, value in (headers or {}).items()]
    head = "\r\n".join([f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", *lines])
    return head.encode() + b"\r\n\r\n" + content


async def _read(reader: asyncio.StreamReader, connection: int) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
    if headers.get("transfer-encoding") == "chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body, connection)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    scripted = ScriptedServer()
    listening = await asyncio.start_server(scripted.serve, "127.0.0.1", 0)
    scripted.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    yield scripted
    listening.close()
    scripted.drop_connections()
    await listening.wait_closed()


@pytest.fixture
def closed_port(unused_tcp_port: int) -> str:
    """A URL where nobody listens."""
    return f"http://127.0.0.1:{unused_tcp_port}"
