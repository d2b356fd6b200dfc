"""The audit log: who did what, when, to what (spec: personal, Audit log). It names no student and holds no secret.

Each way in has one hook: the bot's registry of admin commands and buttons, a middleware for staff and keys, manage.py
for commands. So a new action is recorded without a call of its own.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import AuditEntry, Subscriber

_MOST_CHOSEN = 20
FIELDS = ("at", "actor", "action", "target", "outcome")


def record(actor: str, action: str, *, target: str = "", outcome: str = "") -> None:
    """Write a row. `actor` is staff:ID, key:NAME, user:PSEUDONYM or command. Raises DatabaseError."""
    limits = {field.name: field.max_length for field in AuditEntry._meta.fields}
    values = {"actor": actor, "action": action, "target": target, "outcome": outcome}
    AuditEntry.objects.create(**{name: value[: limits[name]] for name, value in values.items()})


def note(request: HttpRequest, text: str) -> None:
    """Say in the row of a request what its status does not: which factors a login had, whose sessions ended."""
    request.audit_note = text  # type: ignore[attr-defined]  # it travels to the middleware that writes the row


def noted(request: HttpRequest) -> str:
    return getattr(request, "audit_note", "")


def chosen(rows: QuerySet[Any]) -> str:
    """Return whom or what an action is for: pseudonyms of subscribers, else primary keys; after 20, how many more.

    No text of a row is taken: a notice's names students.
    """
    first = rows.order_by("pk")[:_MOST_CHOSEN]
    named = first if issubclass(rows.model, Subscriber) else first.values_list("pk", flat=True)
    names = [str(row) for row in named]
    more = rows.count() - len(names) if len(names) == _MOST_CHOSEN else 0
    return " ".join([*names, *([f"and {more} more"] if more else [])])


def done_to(request: HttpRequest, text: str) -> None:
    """Say in the row of a request what its address does not: which rows an action was for."""
    request.audit_target = text  # type: ignore[attr-defined]  # it travels to the middleware that writes the row


def target_of(request: HttpRequest) -> str:
    """Return the address of a request, and what `done_to` said."""
    return f"{request.path} {getattr(request, 'audit_target', '')}".strip()


def entries(since: datetime | None = None) -> Iterable[AuditEntry]:
    """The rows since a time, the oldest first, read as they are asked for."""
    rows = AuditEntry.objects.order_by("pk")
    return (rows.filter(at__gte=since) if since else rows).iterator()


def as_csv(rows: Iterable[AuditEntry]) -> Iterator[str]:
    """The rows as lines of a CSV file with a head. A cell that a spreadsheet would take for a formula gets a quote."""
    yield _csv_line(FIELDS)
    for row in rows:
        yield _csv_line([_harmless(text) for text in _texts(row)])


def as_json(rows: Iterable[AuditEntry]) -> Iterator[str]:
    """The rows as JSON objects, one a line."""
    for row in rows:
        yield json.dumps(dict(zip(FIELDS, _texts(row), strict=True))) + "\n"


def _texts(row: AuditEntry) -> list[str]:
    return [row.at.isoformat(), row.actor, row.action, row.target, row.outcome]


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\0") else text


def _csv_line(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
