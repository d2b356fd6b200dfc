"""Import and mirror against SecantusDB: the protocol over WiredTiger, MongoDB's own storage, on a real socket.

Beside the small server of wire.py, which can hang up and refuse, this one has real indexes, updates and types. It does
not take dates beyond the year 9999 (0.7.0b3), which MongoDB does.
"""

import logging
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError
from pytest_django import Settings

from scraping import tasks
from scraping.mongo import importer
from tests.scraping.mongo.conftest import job, notice, offer, user, whole
from tests.scraping.mongo.test_irregular import KEYS, ODD, also_placed

secantus: Any = pytest.importorskip("secantus", reason="*** SecantusDB is not installed ***")
pytestmark = pytest.mark.django_db
Doc = dict[str, Any]
WITHOUT_FAR_DATES = [case for case in ODD if "datetime_ms" not in type(case[3]).__module__]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    logging.getLogger("secantus").setLevel(logging.ERROR)
    with secantus.SecantusDBServer(storage_path=str(tmp_path_factory.mktemp("secantus"))) as server:
        yield f"{server.uri.split('?')[0]}?directConnection=true"


@pytest.fixture
def there(address: str, settings: Settings, tmp_path: Path) -> Iterator[Database[Doc]]:
    settings.DATA_DIR = tmp_path
    settings.MONGO_CONNECTION_STR, settings.MONGO_DATABASE = address, f"season-{uuid4().hex[:8]}"
    client: MongoClient[Doc] = MongoClient(address)
    yield client[settings.MONGO_DATABASE]
    client.close()


def brought() -> str:
    said = StringIO()
    call_command("import_mongo", stdout=said, stderr=StringIO())
    return said.getvalue()


def test_everything_comes_over_and_goes_back_as_it_was(there: Database[Doc]) -> None:
    before = whole()
    for name, documents in before.items():
        there[name].insert_many(documents)
    assert brought().count("2 new, 0 changed, 0 unchanged, 0 refused") == 6
    call_command("mirror_mongo", "--full", verbosity=0)
    for name, documents in before.items():
        assert list(there[name].find().sort("_id")) == documents
    call_command("mirror_mongo", "--verify", verbosity=0)


def test_cursors_over_many_batches(there: Database[Doc], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "BATCH", 10)
    there["Notices"].insert_many([notice(f"n-{number}") for number in range(124)])
    assert "Notices: 124 new" in brought()


def test_the_sites_own_notices_have_no_id_and_others_are_unique(there: Database[Doc]) -> None:
    call_command("mirror_mongo", "--full", verbosity=0)
    there["Notices"].insert_many([{"title": "Lab closed"}, {"title": "Lab open"}, {"id": "n-1"}])
    with pytest.raises(DuplicateKeyError):
        there["Notices"].insert_one({"id": "n-1"})


def test_twins_and_changes(there: Database[Doc]) -> None:
    there["PlacementOffers"].insert_many([offer("Quillwork"), offer("Quillwork")])
    there["Jobs"].insert_many([job("job-1", package="as per norms"), job("job-1")])
    there["Users"].insert_many([user(700001), user(700001, is_active=False)])
    assert "2 new, 0 changed, 0 unchanged, 0 refused\n" in brought()
    also_placed()
    assert "written" in tasks.mirror()
    named = [len(document["students_selected"]) for document in there["PlacementOffers"].find().sort("_id")]
    assert named == [1, 1]  # the second has the new one: who the first names is not added up twice


@pytest.mark.parametrize(("make", "collection", "field", "odd"), WITHOUT_FAR_DATES)
def test_what_is_not_understood_stays(
    there: Database[Doc], make: Callable[..., Doc], collection: str, field: str, odd: object
) -> None:
    there[collection].insert_one(make(KEYS.get(collection, "Quillwork"), **{field: odd}))
    brought()
    call_command("mirror_mongo", "--full", verbosity=0)
    assert (there[collection].find_one() or {})[field] == odd
