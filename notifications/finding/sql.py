"""The index as each database has it: a `tsvector` a column in PostgreSQL, an FTS5 table beside it in SQLite.

Both follow the table of SearchEntry by themselves: generated columns here, triggers there. `./manage migrate` sees to
that at its end: SQLite drops the triggers when a migration writes the table anew.
Words are letters and digits only (words.py): nothing in them is an operator of a query, or ends a quotation.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections

from notifications.finding.words import is_beginning

TABLE = "notifications_searchentry"
FTS = "notifications_searchentry_fts"
COLUMNS = ("public_words", "all_words")

_SAME = ", ".join(COLUMNS)
_OLD = ", ".join(f"old.{column}" for column in COLUMNS)
_NEW = ", ".join(f"new.{column}" for column in COLUMNS)
_TAKE_OUT = f"INSERT INTO {FTS} ({FTS}, rowid, {_SAME}) VALUES ('delete', old.notice_id, {_OLD});"  # noqa: S608 (ours)
_PUT_IN = f"INSERT INTO {FTS} (rowid, {_SAME}) VALUES (new.notice_id, {_NEW});"  # noqa: S608 (ours)
_FOLLOWS = {"insert": _PUT_IN, "delete": _TAKE_OUT, "update": f"{_TAKE_OUT} {_PUT_IN}"}
_NOT_IN_SQLITE = (*(f"DROP TRIGGER IF EXISTS {FTS}_{event}" for event in _FOLLOWS), f"DROP TABLE IF EXISTS {FTS}")
_IN_SQLITE = (
    *_NOT_IN_SQLITE,
    f"CREATE VIRTUAL TABLE {FTS} USING fts5({_SAME}, content='{TABLE}', content_rowid='notice_id',"
    " tokenize='ascii', detail='column', prefix='3 4')",
    *(f"CREATE TRIGGER {FTS}_{event} AFTER {event} ON {TABLE} BEGIN {does} END" for event, does in _FOLLOWS.items()),
    f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')",  # noqa: S608 (ours)
)
_IN_POSTGRES = tuple(
    statement
    for column in COLUMNS
    for statement in (
        f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {column}_vector tsvector"
        f" GENERATED ALWAYS AS (array_to_tsvector(string_to_array({column}, ' '))) STORED",
        f"CREATE INDEX IF NOT EXISTS {TABLE}_{column} ON {TABLE} USING gin ({column}_vector)",
    )
)
# Where a database lists its parts, and what they are called.
_PARTS = {
    "sqlite": ("SELECT name FROM sqlite_master", {FTS, *(f"{FTS}_{event}" for event in _FOLLOWS)}),
    "postgresql": ("SELECT indexname FROM pg_indexes", {f"{TABLE}_{column}" for column in COLUMNS}),
}


def see_to_index(using: str, **_: Any) -> None:
    """Create the index over what the table holds, where there is the table and not all of the index."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    listed, parts = _PARTS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(listed)
        if parts - {name for (name,) in cursor.fetchall()}:
            for statement in _IN_POSTGRES if connection.vendor == "postgresql" else _IN_SQLITE:
                cursor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    """Drop what stands beside the table: in PostgreSQL nothing does."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in _NOT_IN_SQLITE:
            schema_editor.execute(statement)


def held(vendor: str, statement: str) -> str:
    """Return the condition that a notice, joined with its entry, is among those of a statement of `matching`.

    It keeps the database from putting all of them in order: it walks the newest notices until it has enough.
    """
    if vendor == "postgresql":
        return statement.partition(" WHERE ")[2]
    return f"+notifications_notice.id IN ({statement})"


def matching(vendor: str, words: Sequence[str], *, names: bool) -> tuple[str, str]:
    """Return a statement for the primary keys of the notices with all of these words, and its parameter.

    With `names` all words of a notice are looked through, else those that everybody may read.
    """
    column = "all_words" if names else "public_words"
    if vendor == "postgresql":
        wanted = " & ".join(f"'{word}'{':*' if is_beginning(word) else ''}" for word in words)
        return f"SELECT notice_id FROM {TABLE} WHERE {column}_vector @@ %s::tsquery", wanted  # noqa: S608 (ours)
    wanted = " AND ".join(f'"{word}"{" *" if is_beginning(word) else ""}' for word in words)
    return f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s", f"{{{column}}} : ({wanted})"  # noqa: S608 (ours)
