"""JSON as others write it."""

import json
import math
from typing import Any

import orjson

QUOTED_BYTES = 100


def decode_json(body: bytes) -> Any:
    """Read JSON. NaN, infinities and integers of over 64 bits become None, half an emoji "?", NULs go.

    A database would refuse them later, and a whole listing should not be lost for one title that was cut in
    the middle of an emoji. orjson, which is fast, reads what is right; only what it refuses is read
    leniently.

    Raises:
        ValueError: it is no JSON, or nested too deeply.
    """
    if b"\\u0000" not in body:
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            pass  # json.loads says so too, or reads it
    try:
        return _mend(json.loads(body.decode("utf-8-sig", "replace"), strict=False))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _mend(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "replace").decode().replace("\0", "")
        case list():
            return [_mend(each) for each in value]
        case dict():
            return {_mend(key): _mend(each) for key, each in value.items()}
        case float() if not math.isfinite(value):
            return None
        case int() if abs(value) >= 2**63:
            return None
        case _:
            return value


def excerpt(body: bytes) -> str:
    """The first bytes of an answer as one line, for an error."""
    return " ".join(body[:QUOTED_BYTES].decode("utf-8", "replace").split())
