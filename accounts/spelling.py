"""Names that a caller wrote, and there are not: which of those there are comes near."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any, Self

from ninja import Schema
from pydantic import ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

_LIKE_A_FIELD = 0.7  # stricter than for a parameter: older clients send more, such as `time`


def near(name: str, known: Collection[str], likeness: float = 0.6) -> str:
    """Return the known name that comes nearest, "" where none is near."""
    return next(iter(get_close_matches(name.lower(), known, 1, likeness)), "")


class Lenient(Schema):
    """A body that may hold more than its fields, but no name that looks like one of those it leaves out."""

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_misspelt(cls, values: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(values, Mapping) and (wrong := _misspelt(values, cls.model_fields.keys())):
            raise ValidationError.from_exception_data(cls.__name__, wrong)
        return handler(values)


def _misspelt(values: Mapping[str, Any], fields: Collection[str]) -> list[InitErrorDetails]:
    left_out = set(fields) - values.keys()
    likely = {name: near(name, left_out, _LIKE_A_FIELD) for name in values.keys() - set(fields)}
    return [_no_such(name, field) for name, field in sorted(likely.items()) if field]


def _no_such(name: str, field: str) -> InitErrorDetails:
    words = PydanticCustomError("misspelt", "There is no such field: did you mean {field}?", {"field": field})
    return InitErrorDetails(type=words, loc=(name,), input=name)
