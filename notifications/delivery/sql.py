"""What differs between SQLite and PostgreSQL in our own statements, in one place."""

from collections.abc import Mapping
from zlib import crc32

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, Value
from django.db.models.sql.compiler import SQLCompiler

_POSTGRES_TYPES = {"datetime": "timestamptz", "json": "jsonb", "integer": "bigint", "text": "text"}


def join_rows(columns: Mapping[str, str], alias: str, to: str) -> str:
    """The end of an UPDATE: FROM one parameter, a JSON list of objects, WHERE their ids are those of table `to`.

    `columns` are name → type. Times are in UTC and end in Z. SQLite reads the list once and looks each row up; without
    a limit it would read the list anew for each row of the table.
    """
    if connection.vendor == "postgresql":
        typed = ", ".join(f"{name} {_POSTGRES_TYPES[kind]}" for name, kind in columns.items())
        return f"jsonb_to_recordset(%s::jsonb) AS {alias}({typed}) WHERE {to}.id = {alias}.id"
    read = ", ".join(f"{_sqlite_value(name, kind)} AS {name}" for name, kind in columns.items())
    rows = f"SELECT {read} FROM json_each(%s) LIMIT -1"  # noqa: S608 (names of our own)
    return f"({rows}) AS {alias} WHERE {to}.id = {alias}.id"


def _sqlite_value(name: str, kind: str) -> str:
    value = f"json_extract(value, '$.{name}')"
    return f"replace(rtrim({value}, 'Z'), 'T', ' ')" if kind == "datetime" else value


def skip_locked() -> str:
    """Return the clause that passes over rows another process is claiming; SQLite has one writer at a time."""
    return "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""


def one_at_a_time(model: type[Model]) -> None:
    """Lock the table against other writers until the transaction ends. SQLite's transactions do that by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def try_alone(name: str) -> bool:
    """Whether no other transaction does what is called so; none begins until this one ends. On SQLite one writes at a
    time anyway.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [crc32(name.encode())])
        return bool(cursor.fetchone()[0])


class Word(Value):
    """A word of ours that stands in the statement itself. SQLite takes a partial index where it reads the words of the
    index's condition again, not for values that are bound.
    """

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.value}'", ()
