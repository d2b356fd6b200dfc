"""Documents that share a key: two of one job, of one user, of one company's mail (spec: mongo, Import). Pure."""

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
Combine = Callable[[Document, Document], Document]
_EMPTY: tuple[object, ...] = (None, "", 0, [], {})


def older_first(older: Document, newer: Document) -> Document:
    """Twins of a job: the older one, with what only the newer one has."""
    return newer | {name: value for name, value in older.items() if value not in _EMPTY}


def who_left_stays_away(older: Document, newer: Document) -> Document:
    """Twins of a user: active only where both are, told in the browsers of both."""
    browsers = [*older.get("push_subscriptions", []), *newer.get("push_subscriptions", [])]
    both = {"is_active": older["is_active"] and newer["is_active"], "push_subscriptions": browsers}
    return older_first(older, newer) | both


def twin_key(key: str, source_id: str) -> str:
    """The key by which a document is recorded whose own key another one has."""
    return f"{key}\n{source_id}"


def owner_of(record_key: str) -> str:
    """The key of a record, or the one it is a twin of."""
    return record_key.partition("\n")[0]
