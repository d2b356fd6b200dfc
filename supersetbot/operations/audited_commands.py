"""Records the commands that an operator runs (spec: personal, Audit log)."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)

# What runs the service, or only looks, or comes before there is a database; all else is recorded.
NOT_RECORDED = frozenset(
    "audit check collectstatic compilemessages daemon diffsettings doctor explain help inspectdb makemessages "
    "makemigrations qcluster qinfo qmonitor qmemory runbot runserver sandbox sendtestemail showmigrations sqlmigrate "
    "test testserver together version".split()
)


@contextmanager
def recorded(arguments: Sequence[str]) -> Iterator[None]:
    """Run a command within it: its name, the names of its options, and whether it was done or failed are written."""
    outcome = "failed"
    try:
        yield
        outcome = "done"
    except SystemExit as error:
        outcome = "failed" if error.code else "done"
        raise
    finally:
        _record(arguments, outcome)


def _record(arguments: Sequence[str], outcome: str) -> None:
    words = [word for word in arguments if not word.startswith("-")]
    if not words or words[0] in NOT_RECORDED or {"-h", "--help"} & set(arguments):
        return
    options = " ".join(word.partition("=")[0] for word in arguments if word.startswith("--"))
    from accounts import audit  # once the apps are loaded

    try:
        audit.record("command", f"manage.py {words[0]}", target=options, outcome=outcome)
    except DatabaseError as error:
        if outcome == "done" and not _is_empty():  # else it has just been told that the database does not answer
            log.warning("The audit log could not be written: %s", type(error).__name__)


def _is_empty() -> bool:
    """Whether nothing is set up yet: a checkout to work on the rules in."""
    try:
        return not connection.introspection.table_names()
    except DatabaseError:
        return False
