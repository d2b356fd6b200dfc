"""Many values as one parameter of a statement: what `__in` takes without a limit to their number."""

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models import CharField
from django.db.models.expressions import RawSQL


def listed(values: Sequence[str] | Sequence[int]) -> RawSQL:
    """Return the values as a subquery with a JSON list as its one parameter."""
    if connection.vendor == "postgresql":
        kind = "bigint" if values and isinstance(values[0], int) else "text"
        # S608: a word of our own
        rows = f"SELECT listed::{kind} FROM jsonb_array_elements_text(%s::jsonb) AS listed"  # noqa: S608
    else:
        rows = "SELECT value FROM json_each(%s)"
    # S611: its one value is a parameter
    return RawSQL(rows, [json.dumps(list(values))], output_field=CharField())  # noqa: S611
