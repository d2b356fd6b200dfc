"""A database that goes away and comes back: what was sent is written down all the same."""

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Event, Thread
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from pytest_django import Settings

from accounts.models import Subscription
from notifications.delivery.database import PatientDatabase
from notifications.models import Delivery
from notifications.publishing.publish import publish
from supersetbot.sandbox.telegram.bot_api import BotApi
from tests.conftest import Subscribe
from tests.notifications.conftest import MakeDraft, run

_SOCKET = ".s.PGSQL.5432"
Away = Callable[[], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.delivery.database._PAUSE_SECONDS", 0.05)


@contextmanager
def locked() -> Iterator[None]:
    """Another process writes to the SQLite database, and does not come to an end."""
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


class Proxy:
    """Stands between us and PostgreSQL: while it is stopped, connections break and nobody answers."""

    def __init__(self, server: str, path: str) -> None:
        self._server, self._path = server, path
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Server | None = None

    async def start(self) -> None:
        self._listening = await asyncio.start_unix_server(self._accept, self._path)

    async def stop(self) -> None:
        if self._listening is not None:
            self._listening.close()
            os.unlink(self._path)  # noqa: PTH108 (as the library does it)
        for writer in self._open:
            writer.transport.abort()
        await asyncio.gather(*self._tasks)
        self._listening = None

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._server)
        await asyncio.gather(self._copy(reader, back), self._copy(there, writer))

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        self._open.add(target)
        with suppress(ConnectionError):
            while data := await source.read(65536):
                target.write(data)
        self._open.discard(target)
        target.close()
        with suppress(ConnectionError):
            await target.wait_closed()


@contextmanager
def proxied() -> Iterator[Away]:
    """Have our connections go through a proxy."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()

    def wait_for(task: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(task, loop).result(5)

    @contextmanager
    def away() -> Iterator[None]:
        wait_for(proxy.stop())
        yield
        wait_for(proxy.start())

    before = connection.settings_dict["HOST"]
    with tempfile.TemporaryDirectory() as folder:
        proxy = Proxy(f"{_server_folder()}/{_SOCKET}", f"{folder}/{_SOCKET}")
        wait_for(proxy.start())
        _connect_to(folder)
        try:
            yield away
        finally:
            _connect_to(before)
            wait_for(proxy.stop())
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


def _server_folder() -> str:
    settings = connection.settings_dict
    return str(settings["HOST"] or settings["OPTIONS"].get("host", ""))


def _connect_to(host: str) -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # psycopg's backend has it
    connection.settings_dict["HOST"] = host


@pytest.fixture
def away(transactional_db: None) -> Iterator[Away]:
    """A context in which the database is away."""
    if connection.vendor == "postgresql":
        if not _server_folder().startswith("/"):
            pytest.skip("*** the server is not reached by a socket in the file system: outage not tested ***")
        with proxied() as made:
            yield made
    else:
        options = connection.settings_dict["OPTIONS"]
        connection.close()
        connection.settings_dict["OPTIONS"] = {**options, "timeout": 0.05}
        yield locked
        connection.close()
        connection.settings_dict["OPTIONS"] = options


@pytest.fixture
def people(telegram: BotApi, subscribe: Subscribe, draft: MakeDraft) -> list[Subscription]:
    subscribed = [subscribe() for _ in range(40)]
    publish(draft())
    return subscribed


def test_what_was_sent_while_it_was_away_is_written_down_when_it_is_back(
    telegram: BotApi, people: list[Subscription], settings: Settings, away: Away
) -> None:
    settings.TELEGRAM_CONCURRENCY = 4
    telegram.latency = 0.02
    sent_by_then: list[int] = []

    def outage() -> None:
        telegram.wait_until(lambda: len(telegram.messages()) >= 5)
        with away():
            Event().wait(0.4)
            sent_by_then.append(telegram.calls["sendMessage"])

    thread = Thread(target=outage)
    thread.start()
    assert run().sent == 40
    thread.join()

    assert sent_by_then[0] < 40, "it was away in the middle"
    assert telegram.calls["sendMessage"] == 40
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


async def test_it_is_tried_again_until_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([OperationalError("gone"), OperationalError("gone"), None])

    def call() -> str:
        if error := next(answers):
            raise error
        return "done"

    assert await PatientDatabase()(call) == "done"
    assert [record.message for record in caplog.records] == [
        "The database does not answer (OperationalError), waiting for it",
        "The database is back",
    ]


@pytest.mark.parametrize("hurried", [True, False])
async def test_patience_has_an_end(hurried: bool) -> None:
    def call() -> None:
        raise OperationalError("gone")

    database = PatientDatabase(300.0 if hurried else 0.1)
    if hurried:
        database.shorten_patience(0.1)
    with pytest.raises(OperationalError):
        await asyncio.wait_for(database(call), 5)


async def test_what_is_not_the_databases_absence_is_raised() -> None:
    def call() -> None:
        raise DatabaseError("syntax")

    with pytest.raises(DatabaseError):
        await PatientDatabase()(call)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is never away")
def test_who_comes_after_an_outage_meets_no_connection_that_died(away: Away) -> None:
    assert not Delivery.objects.exists()
    connection.close()  # which gives it back to the pool
    with away():
        pass

    assert not Delivery.objects.exists()
