"""The web server and clients that drip, fall silent or do not read: everybody else is answered all the while."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread
from time import monotonic

import pytest

from supersetbot.sandbox.settings import free_port
from tests.paths import ROOT
from tests.processes import wait_until

# gunicorn with the project's own gunicorn.conf.py; deadlines of seconds, as a test waits for them.
START = """
from supersetbot.web import worker
worker.READ_SECONDS, worker.WRITE_SECONDS, worker.LOOK_SECONDS = 3.0, 3.0, 0.1
from gunicorn.app.wsgiapp import run
run()
"""
HEAD = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FILE = b"GET /static/ninja/swagger-ui-bundle.js HTTP/1.1\r\nHost: 127.0.0.1\r\n"
PART = FILE + b"Range: bytes=0-1400000\r\n"  # made in memory
TIMES = 10  # together more than a system takes that nobody reads
START_PATIENCE = 120.0  # seconds: a fresh clone compiles all it imports, beside the check of types
AT_ONCE = 2.0  # seconds, on a busy machine
Address = tuple[str, int]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    folder = tmp_path_factory.mktemp("web")
    address = ("127.0.0.1", free_port())
    env = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "s3cret-" * 8,
        "WEBHOOK_PORT": str(address[1]),
        "WEB_WORKERS": "1",
        "HTTPS": "false",
    }
    command = [sys.executable, "-c", START, "--worker-connections", "150", "supersetbot.wsgi"]
    with subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: is_up(address), START_PATIENCE)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def is_up(address: Address) -> bool:
    try:
        return seconds_for_health(address) >= 0
    except OSError:
        return False


def seconds_for_health(address: Address) -> float:
    start = monotonic()
    with connected(address) as client:
        client.sendall(HEAD + b"Connection: close\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
    return monotonic() - start


@contextmanager
def connected(address: Address, *, small: bool = False) -> Iterator[socket.socket]:
    """A client; with `small`, one whose system takes little that it has not read."""
    with socket.socket() as client:
        if small:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.settimeout(20)
        client.connect(address)
        yield client


@contextmanager
def clients(address: Address, count: int, *, small: bool = False) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        yield [stack.enter_context(connected(address, small=small)) for _ in range(count)]


@contextmanager
def dripping(sockets: list[socket.socket], byte: bytes = b"x", every: float = 0.2) -> Iterator[None]:
    """A byte on each, again and again, as long as the block lasts."""
    over = Event()

    def drip() -> None:
        while not over.wait(every):
            for client in sockets:
                try:
                    client.send(byte)
                except OSError:
                    continue

    thread = Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def everything(client: socket.socket) -> bytes:
    """What came until the server hung up; it may do so hard."""
    received = b""
    with suppress(ConnectionResetError):
        while data := client.recv(65536):
            received += data
    return received


def begin_head(client: socket.socket) -> None:
    client.sendall(HEAD + b"X-Slow: ")


def begin_body(client: socket.socket) -> None:
    client.sendall(POST + b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{")


def begin_chunks(client: socket.socket) -> None:
    client.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n{")


def begin_nothing(client: socket.socket) -> None:
    """It is connected, and that is all."""


def ask_for_a_file_and_not_read(client: socket.socket) -> None:
    client.sendall((FILE + b"\r\n") * TIMES)


def ask_for_a_part_and_not_read(client: socket.socket) -> None:
    client.sendall((PART + b"\r\n") * TIMES)


def ask_and_not_close(client: socket.socket) -> None:
    client.sendall(HEAD + b"Connection: close\r\n\r\n")


@pytest.mark.parametrize("begin", [begin_head, begin_body, begin_chunks, begin_nothing])
@pytest.mark.parametrize("count", [8, 100])
def test_who_drips_holds_nobody_up(server: Address, begin: Callable[[socket.socket], None], count: int) -> None:
    with clients(server, count) as slow:
        for client in slow:
            begin(client)
        with dripping([] if begin is begin_nothing else slow):
            assert max(seconds_for_health(server) for _ in range(20)) < AT_ONCE


@pytest.mark.parametrize("begin", [ask_for_a_file_and_not_read, ask_for_a_part_and_not_read, ask_and_not_close])
def test_who_does_not_read_or_close_holds_nobody_up(server: Address, begin: Callable[[socket.socket], None]) -> None:
    with clients(server, 20, small=True) as slow:
        for client in slow:
            begin(client)
        assert max(seconds_for_health(server) for _ in range(20)) < AT_ONCE


@pytest.mark.parametrize("begin", [begin_head, begin_body, begin_chunks])
def test_a_request_has_a_deadline_however_its_bytes_come(
    server: Address, begin: Callable[[socket.socket], None]
) -> None:
    with connected(server) as client:
        start = monotonic()
        begin(client)
        with dripping([client]):
            assert everything(client).startswith(b"HTTP/1.1 408 ")
        assert 2.0 < monotonic() - start < 10


def test_who_says_nothing_is_let_go(server: Address) -> None:
    with connected(server) as client:
        assert everything(client) == b""


@pytest.mark.parametrize("request_", [FILE, PART])
def test_a_long_answer_arrives_whole_and_who_does_not_read_it_is_let_go(server: Address, request_: bytes) -> None:
    with connected(server, small=True) as reader, connected(server) as client:
        reader.sendall((request_ + b"\r\n") * TIMES)
        client.sendall(request_ + b"Connection: close\r\n\r\n")
        head, _, body = everything(client).partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        assert length
        assert len(body) == int(length[1]) > 1_400_000
        with connected(server) as silent:
            everything(silent)  # it is let go after as long
        assert len(everything(reader)) < TIMES * len(body)


def test_more_clients_than_there_are_places_for_take_those_of_the_oldest(server: Address) -> None:
    with clients(server, 200) as slow:
        for client in slow:
            begin_head(client)
        assert max(seconds_for_health(server) for _ in range(5)) < AT_ONCE
        slow[0].settimeout(AT_ONCE)
        assert everything(slow[0]) == b""
        slow[-1].sendall(b"x\r\n\r\n")
        assert slow[-1].recv(4096).startswith(b"HTTP/1.1 200 ")


def test_a_request_in_pieces_is_answered(server: Address) -> None:
    with connected(server) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in HEAD + b"\r\n":
            client.send(bytes([byte]))
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_requests_on_one_connection_are_answered_in_their_order(server: Address) -> None:
    with connected(server) as client:
        body = b"Content-Length: 11\r\n\r\nhello world"
        client.sendall(POST + body + HEAD + b"\r\n" + POST + body + HEAD + b"Connection: close\r\n\r\n")
        assert re.findall(rb"HTTP/1.1 (\d+)", everything(client)) == [b"405", b"200", b"405", b"200"]


@pytest.mark.parametrize("framing", [b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_who_waits_to_be_told_to_continue_is_told_once(server: Address, framing: bytes) -> None:
    with connected(server) as client:
        client.sendall(POST + framing + b"Expect: 100-continue\r\nConnection: close\r\n\r\n")
        assert client.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hello" if b"Length" in framing else b"5\r\nhello\r\n0\r\n\r\n")
        assert everything(client).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\n\n", b"400"),
        (POST + b"Content-Length: many\r\n\r\n", b"400"),
        (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello", b"400"),
        (POST + b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n", b"413"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\n", b"413"),
        (HEAD + b"X: " + b"x" * 70_000, b"413"),
    ],
)
def test_what_is_no_request_or_too_big_is_refused_at_once(server: Address, request_: bytes, status: bytes) -> None:
    with connected(server) as client:
        start = monotonic()
        client.sendall(request_)
        answer = everything(client)
        assert answer.split(b" ")[1] == status
        assert answer.count(b"HTTP/1.1 ") == 1
        assert monotonic() - start < AT_ONCE


def test_it_lives_through_rubbish(server: Address) -> None:
    with clients(server, 50) as rude:
        for number, client in enumerate(rude):
            client.sendall(os.urandom(number * 100) + b"\r\n\r\n" * (number % 2))
            if number % 3 == 0:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")  # closes with a reset
    assert seconds_for_health(server) < AT_ONCE
