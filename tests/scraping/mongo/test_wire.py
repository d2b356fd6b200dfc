"""The real driver over a real socket: handshake, cursors, bulk writes, a server that goes away in the middle."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django_q.brokers.mongo import Mongo
from django_q.conf import Conf
from pytest_django import Settings

from notifications.models import Notice
from scraping import tasks
from scraping.mongo import importer
from scraping.mongo.mirror import lag
from tests.scraping.mongo.conftest import notice, whole
from tests.scraping.mongo.test_mirror import told
from tests.scraping.mongo.wire import WireServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def wire(settings: Settings, tmp_path: Path) -> Iterator[WireServer]:
    settings.DATA_DIR = tmp_path
    with WireServer() as server:
        settings.MONGO_CONNECTION_STR = server.address
        yield server
        server.shutdown()


def brought() -> str:
    said = StringIO()
    call_command("import_mongo", stdout=said, stderr=StringIO())
    return said.getvalue()


def test_everything_comes_over_the_wire(wire: WireServer) -> None:
    for name, documents in whole().items():
        wire.store["SupersetPlacement"][name].insert_many(documents)
    assert brought().count("2 new, 0 changed, 0 unchanged, 0 refused") == 6


def test_a_server_that_goes_away_in_the_middle_is_one_line_and_the_next_run_goes_on(
    wire: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 10)
    there = wire.store["SupersetPlacement"]["Notices"]
    there.insert_many([notice(f"n-{number}") for number in range(24)])
    wire.commands_left = 4  # list, count, find and one batch more
    with pytest.raises(CommandError, match="The connection to MongoDB failed"):
        brought()
    assert Notice.objects.count() == 20
    wire.commands_left = 10**9
    assert "4 new, 0 changed, 20 unchanged" in brought()


@pytest.mark.parametrize("code", [13, 18])
def test_a_user_without_rights_is_told_so_in_one_line(wire: WireServer, settings: Settings, code: int) -> None:
    settings.MONGO_CONNECTION_STR = wire.address.replace("mongodb://", "mongodb://reader:secret-word@")
    told()
    wire.refusal = code
    for command in ("import_mongo", "mirror_mongo"):
        with pytest.raises(CommandError) as raised:
            call_command(command, verbosity=0)
        expected = f"MongoDB refuses: the user of MONGO_CONNECTION_STR may not do this (code {code})."
        assert str(raised.value) == expected
    assert "may not do this" in tasks.mirror()
    assert "may not do this" in lag().error


def test_the_broker_of_django_q2_works_with_this_driver(wire: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """For Q_BROKER=mongodb://…; its queue needs no more of a server than this one can."""
    monkeypatch.setattr(Conf, "MONGO", {"host": wire.address})
    monkeypatch.setattr(Conf, "MONGO_DB", None)
    broker = Mongo("supersetbot")
    broker.enqueue("a task")
    ((identifier, task),) = broker.dequeue()
    assert task == "a task"
    assert (broker.queue_size(), broker.lock_size()) == (0, 1)
    broker.acknowledge(identifier)
    assert broker.lock_size() == 0
    broker.connection.close()


def test_verify_counts_over_the_wire(wire: WireServer) -> None:
    for name, documents in whole().items():
        wire.store["SupersetPlacement"][name].insert_many(documents)
    brought()
    said = StringIO()
    call_command("mirror_mongo", "--verify", verbosity=0, stdout=said)
    assert said.getvalue().count("2 here, 2 in MongoDB, 0 differ") == 6


def test_what_is_stored_is_written_over_the_wire(wire: WireServer) -> None:
    told()
    wire.commands_left = 0
    assert "failed" in tasks.mirror()
    assert lag().notes == 1
    wire.commands_left = 10**9
    call_command("mirror_mongo", verbosity=0)
    assert wire.store["SupersetPlacement"]["Notices"].count_documents({"id": "n-9"}) == 1
