"""What goes wrong for reasons the operator can mend, told in one line (spec: system, Commands)."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import OperationalError, ProgrammingError, connection

EXPECTED = (CommandError, ImproperlyConfigured, OperationalError, ProgrammingError)


def one_line(error: Exception) -> str:
    """What happened, and what to do where that is clear."""
    text = " ".join(str(error).split())
    if isinstance(error, CommandError | ImproperlyConfigured):
        return text
    if isinstance(error, ProgrammingError) or "no such table" in text:
        return f"The database is not set up ({text}): run `python manage.py migrate`."
    if isinstance(error, OperationalError):
        return f"The database does not answer: {why_unreachable() or text}"
    return f"{type(error).__name__}: {text}"


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
