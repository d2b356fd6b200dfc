"""The audit log: who did what, when, to what (spec: personal, Audit log). It names no student and holds no secret.

Each way in has one hook: the bot's registry of admin commands and buttons, a middleware for staff and keys, manage.py
for commands. So a new action is recorded without a call of its own.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO

from django.http import HttpRequest

from accounts.models import AuditEntry

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
