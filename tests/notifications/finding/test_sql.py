"""The database's own index is there after every migration, and follows the table."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from notifications.finding.search import newest_with
from notifications.finding.sql import FTS, see_to_index
from notifications.models import SearchEntry
from notifications.publishing.publish import publish
from tests.notifications.conftest import MakeDraft

ON_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's columns stand in the table")


def found(text: str) -> set[str]:
    return {notice.external_key for notice in newest_with(text, names=True, limit=10)}


@ON_SQLITE
@pytest.mark.django_db
def test_triggers_that_were_dropped_are_made_anew(draft: MakeDraft) -> None:
    """As SQLite drops them with the old table, when a migration writes it anew."""
    publish(draft("a"))
    assert found("zenith") == {"a"}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {FTS}_insert")
    publish(draft("b"))
    assert found("zenith") == {"a"}
    see_to_index("default")
    assert found("zenith") == {"a", "b"}


@pytest.mark.django_db
def test_the_migration_fills_what_is_stored(draft: MakeDraft) -> None:
    publish(draft("a"))
    import_module("notifications.migrations.0014_search").fill(apps, None)
    assert list(SearchEntry.objects.values_list("notice__external_key", flat=True)) == ["a"]
