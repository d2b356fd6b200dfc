"""Problem details as bytes (RFC 9457), without Django and without a request: the web server sends them, too."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson

PROBLEM_TYPE = "application/problem+json"


def problem(status: int, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> bytes:
    """Return problem details as JSON; `errors` are {where, name, detail}."""
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }
    return orjson.dumps(found | ({"errors": list(errors)} if errors else {}))
