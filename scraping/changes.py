"""Announces rows that were stored, changed or deleted, within the transaction of the change. The mirror listens."""

from django.db.models import Model
from django.dispatch import Signal

rows_changed = Signal()


def announce(model: type[Model], *primary_keys: int) -> None:
    """Tell the listeners which rows of a model changed. An error of a listener undoes the change with it."""
    rows_changed.send(model, primary_keys=primary_keys)
