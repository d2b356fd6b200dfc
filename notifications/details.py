"""Further facts of a notice, each under a label, in the order in which they are shown."""

from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_noop as _noop


class Label(StrEnum):
    """Labels that the templates put in a place of their own; every other one becomes a line "label text"."""

    TYPE = _noop("Type")
    DOCUMENTS = "Documents"
    PLACED = "Placed"
    NEW = "New"
    SINCE = "Since"
    ROLES = "Roles"


class DetailsField(models.JSONField):
    """A dict {label: text} that keeps its order: stored as pairs, as PostgreSQL's jsonb sorts the keys of an object.

    Rows that hold an object, as they were stored before, are read as well.
    """

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return dict(super().from_db_value(value, expression, connection) or ())

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value([*value.items()] if isinstance(value, dict) else value)
