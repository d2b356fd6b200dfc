"""Empties the database after a test that commits, as Django does, in a tenth of its time.

Django plays the end of a migration again after each such test: it makes some 300 content types and permissions. They
stay here, and tables without rows are left alone. Where a test changed what stays, Django's own way follows.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

STAY = (ContentType, Permission, Group, Group.permissions.through)
TABLES_THAT_STAY = {model._meta.db_table for model in STAY}
CACHES = [cache["LOCATION"] for cache in settings.CACHES.values() if "LOCATION" in cache]  # tables of no model
empty_as_django_does = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not in its stubs


def emptying() -> Callable[[TransactionTestCase], None]:
    """In the place of `TransactionTestCase._fixture_teardown`; made before the first test, it knows what stays."""
    staying = _rows_that_stay()

    def empty_again(case: TransactionTestCase) -> None:
        nonlocal staying
        empty()
        if _rows_that_stay() != staying:
            empty_as_django_does(case)
            staying = _rows_that_stay()

    return empty_again


def empty() -> None:
    """Deletes every row but of the tables that stay; foreign keys are looked at when all are gone."""
    tables = [*connection.introspection.django_table_names(only_existing=True, include_views=False), *CACHES]
    quoted = [connection.ops.quote_name(table) for table in tables if table not in TABLES_THAT_STAY]
    has_rows = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in quoted)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(has_rows)
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")


def _rows_that_stay() -> list[list[Any]]:
    return [list(model._default_manager.order_by("pk").values_list()) for model in STAY]
