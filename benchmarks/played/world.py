"""The world of a played season: portal, mailbox, page and Telegram on loopback, and the service's processes in it."""

import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TextIO

from aiohttp import web

from benchmarks.played.inputs import IN_FLIGHT
from benchmarks.played.phones import is_edit
from benchmarks.played.stores import Store
from benchmarks.stage import ROOT, environment
from notifications.channels.webpush.vapid import make_vapid_keys
from supersetbot.sandbox.mailbox import server as mailbox
from supersetbot.sandbox.official_page import OfficialPageServer
from supersetbot.sandbox.portal.portal_world import ACCOUNTS
from supersetbot.sandbox.portal.portal_world import World as PortalWorld
from supersetbot.sandbox.portal.server import TENANT_ID, Portal
from supersetbot.sandbox.push import service as push
from supersetbot.sandbox.push.service import PushService
from supersetbot.sandbox.settings import free_port
from supersetbot.sandbox.telegram.bot_api import BotApi
from supersetbot.sandbox.telegram.bot_chats import Chat, Message, User
from supersetbot.sandbox.telegram.bot_rules import Json
from tests.notifications.channels.webpush.browser import Browser

RATE = 1000
PATIENCE = 120.0
ADMIN = 999


class Phones(BotApi):
    """Telegram, with all that arrives noted in its order."""

    def __init__(self, token: str) -> None:
        super().__init__(token=token)
        self.arrived: list[Message | Pushed] = []

    def post(self, chat: Chat, sender: User, text: str, entities: list[Json], **more: Any) -> Message:
        message = super().post(chat, sender, text, entities, **more)
        if sender.is_bot:
            self.arrived.append(message)
        return message


@dataclass(slots=True)
class Pushed:
    """A message in a browser: an edit of it, which has its tag, stands in its place."""

    chat_id: int
    date: float
    tag: str
    text: str
    now: str
    edited: float = 0.0


class Browsers(PushService):
    """A push service with its browsers: what comes is decrypted and noted among all that arrives."""

    def __init__(self, arrived: list[Message | Pushed]) -> None:
        super().__init__()
        self._arrived = arrived
        self._secrets: dict[int, str] = {}
        self._browsers: dict[str, tuple[int, Browser]] = {}

    def join(self, chat: int, key: str) -> tuple[str, dict[str, str]]:
        """Have the browser called `chat` subscribe. Returns its endpoint and keys."""
        endpoint, browser = self.subscribe(key), Browser()
        self._secrets[chat] = endpoint
        self._browsers[endpoint.rpartition("/")[2]] = chat, browser
        return endpoint, browser.keys

    def leave(self, chat: int) -> None:
        """From now on 410 is answered."""
        self.unsubscribe(self._secrets[chat])

    def _accepted(self, request: web.Request, body: bytes) -> push.Message:
        message = super()._accepted(request, body)
        chat, browser = self._browsers[request.match_info["secret"]]
        shown = browser.shown(body)
        words = f"{shown['title']}\n{shown['body']}"
        pushed = [each for each in self._arrived if isinstance(each, Pushed) and each.chat_id == chat]
        before = [each for each in pushed if each.tag == shown["tag"]]
        if before and (is_edit(words) or shown["tag"].startswith("digest-")):
            before[0].now, before[0].edited = words, time.time()
        else:
            self._arrived.append(Pushed(chat, time.time(), shown["tag"], words, words))
        return message


class Process:
    """A process of the service: takes one order at a time."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._orders: TextIO = connection.makefile("w", encoding="utf-8")
        self._answers: TextIO = connection.makefile("r", encoding="utf-8")
        said = self.answer()
        self.name, self.pid = str(said["name"]), int(said["pid"])

    def give(self, **order: object) -> None:
        with suppress(OSError):
            self._orders.write(json.dumps(order) + "\n")
            self._orders.flush()

    def answer(self) -> dict[str, Any]:
        """Return what came of the order; an error where the process died over it."""
        try:
            line = self._answers.readline()
        except OSError:
            line = ""
        return json.loads(line) if line else {"error": "killed"}

    def has_answered(self) -> bool:
        """Whether what came of the order can be read, or the process is gone."""
        return bool(select.select([self._connection], [], [], 0)[0])

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class World:
    """Everything that runs, for the length of its block. Servers live in threads, the service in processes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.portal = Portal(PortalWorld(list(ACCOUNTS)))
        self.page = OfficialPageServer()
        self.phones = Phones(f"1000001:{secrets.token_urlsafe(26)}")
        self.browsers = Browsers(self.phones.arrived)
        self._key, self._public_key = make_vapid_keys()
        self._stack = ExitStack()
        self._address = ""

    def __enter__(self) -> Self:
        for server in (self.portal, self.page, self.phones, self.browsers):
            self._stack.enter_context(server.in_thread())
        port = free_port()
        command = [sys.executable, *mailbox.command(port)]
        process = self._stack.enter_context(
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        self._stack.callback(process.terminate)
        self.mailbox = mailbox.Mailbox(port)
        self.mailbox.empty()
        self._listen()
        self._start_nursery(self._settings(port))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _settings(self, imap: int) -> dict[str, str]:
        accounts = [{"email": account.email, "password": account.password} for account in ACCOUNTS]
        return environment(
            self.store.url,
            self.store.folder,
            PAID_BROADCAST="true",
            TELEGRAM_RATE=RATE,
            TELEGRAM_CONCURRENCY=IN_FLIGHT,
            TELEGRAM_API_URL=self.phones.url,
            TELEGRAM_BOT_TOKEN=self.phones.token,
            ADMIN_TELEGRAM_USER_IDS=f"[{ADMIN}]",
            MEMBERSHIP="approve",
            SUPERSET_BASE_URL=self.portal.url,
            SUPERSET_PUBLIC_KEY=self.portal.public_key,
            SUPERSET_TENANT_ID=TENANT_ID,
            SUPERSET_CREDENTIALS=json.dumps(accounts),
            PLACEMENT_EMAIL=mailbox.USER,
            PLACEMENT_APP_PASSWORD=mailbox.PASSWORD,
            IMAP_HOST="127.0.0.1",
            IMAP_PORT=imap,
            IMAP_SECURITY="none",
            OFFICIAL_PLACEMENT_URL=self.page.url,
            VAPID_PRIVATE_KEY=self._key,
            VAPID_EMAIL="tnp@sandbox.example.com",
            PUSH_ALLOW_HOSTS=json.dumps(["127.0.0.1"]),
        )

    def _listen(self) -> None:
        self._address = str(Path(self._stack.enter_context(tempfile.TemporaryDirectory())) / "orders")
        self._listener = self._stack.enter_context(socket.socket(socket.AF_UNIX))
        self._listener.bind(self._address)
        self._listener.listen()
        self._listener.settimeout(PATIENCE)

    def _start_nursery(self, settings: dict[str, str]) -> None:
        command = [sys.executable, "-m", "benchmarks.played.service"]
        self._nursery = self._stack.enter_context(
            subprocess.Popen(command, cwd=ROOT, env=settings, stdin=subprocess.PIPE, text=True)
        )
        self._stack.callback(self._nursery.terminate)

    def subscribe(self, chat: int) -> tuple[str, dict[str, str]]:
        """Have a browser subscribe with its push service. Returns the endpoint and the keys."""
        return self.browsers.join(chat, self._public_key)

    def start(self, name: str) -> Process:
        """Start a process of the service and return it."""
        assert self._nursery.stdin
        self._nursery.stdin.write(json.dumps({"name": name, "socket": self._address}) + "\n")
        self._nursery.stdin.flush()
        connection, _ = self._listener.accept()
        process = Process(connection)
        self._stack.callback(process.kill)
        return process

    def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Wait until something is so on the phones; whether it is."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.005)
        return True
