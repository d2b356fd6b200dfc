"""What goes wrong for reasons the operator can mend, told in one line (spec: system, Commands)."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

EXPECTED = (CommandError, ImproperlyConfigured, OperationalError, ProgrammingError)
_NO_ROOM = ("disk I/O error", "disk is full")  # SQLite's words


def one_line(error: Exception) -> str:
    """Return what happened, and what to do where that is clear."""
    text = " ".join(str(error).split())
    if isinstance(error, CommandError | ImproperlyConfigured):
        return text
    if isinstance(error, ProgrammingError) or any(missing in text for missing in ("no such table", "no such column")):
        return f"The database does not fit this version ({text}): run `./manage migrate`."
    if isinstance(error, OperationalError) and lacks_room(text):
        return f"The database can't be read or written ({text}): `./manage doctor` says whether the disk is full."
    if isinstance(error, OperationalError):
        return f"The database does not answer: {why_unreachable() or text}"
    return f"{type(error).__name__}: {text}"


def lacks_room(text: str) -> bool:
    return any(words in text for words in _NO_ROOM)


def require_migrated() -> None:
    """Raises CommandError where the code is newer than the database: what runs for long must not start on it.

    Tables that no migration made are not judged here; one that is missing is told where it is asked for.
    """
    if MigrationRecorder(connection).applied_migrations() and (missing := unapplied_migrations()):
        counted = f"{missing} migration{'' if missing == 1 else 's'}"
        raise CommandError(f"The database is older than this version ({counted} to apply): run `./manage migrate`.")


def unapplied_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def why_unreachable() -> str:
    """What PostgreSQL says to one who connects: its pool only knows how long it waited. "" where nothing is wrong."""
    if connection.vendor != "postgresql":
        return ""
    database: Any = connection
    try:
        database.Database.connect(**database.get_connection_params()).close()
    except database.Database.Error as error:
        return " ".join(str(error).split())
    return ""
