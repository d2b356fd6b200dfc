"""A proxy in front of a server, which cuts its connections in the ways a network does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Literal

from scraping.sources.mailbox.client import MailboxConfig

Cut = Literal["closed", "bye", "rubbish"]


class Proxy:
    """Passes bytes on until it is told to cut."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._clients: list[socket.socket] = []
        self._frozen: set[socket.socket] = set()
        self.connections = 0
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def cut(self, how: Cut) -> None:
        """End what is open now."""
        clients, self._clients = self._clients, []
        for client in clients:
            with suppress(OSError):
                if how in ("bye", "rubbish"):
                    client.sendall(b"* BYE enough\r\n" if how == "bye" else b"\xff\xfe{nonsense\r\n* (((\r\n")
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def freeze(self) -> None:
        """What is open now stays open, and passes nothing on any more: the other side vanished without a word."""
        self._frozen.update(self._clients)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(10)
        self.cut("closed")

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            self.connections += 1
            self._clients.append(client)
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if not self._frozen & {one, other}:
                    other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def behind_proxy(config: MailboxConfig) -> Iterator[tuple[MailboxConfig, Proxy]]:
    proxy = Proxy(config.port)
    try:
        yield replace(config, port=proxy.port), proxy
    finally:
        proxy.close()
