"""Import → mirror into an empty database → the documents are those that were there."""

from typing import Any

import pytest
from django.core.management import call_command
from pymongo.database import Database

from scraping.mongo.documents import KINDS

pytestmark = pytest.mark.django_db
Doc = dict[str, Any]


def test_every_field_comes_back_as_it_was(old: Database[Doc], request: pytest.FixtureRequest) -> None:
    call_command("import_mongo", verbosity=0)
    empty = request.getfixturevalue("empty")
    call_command("mirror_mongo", "--full", verbosity=0)
    for name in KINDS:
        assert list(empty[name].find().sort("_id")) == list(old[name].find().sort("_id")), name
    call_command("mirror_mongo", "--verify", verbosity=0)
