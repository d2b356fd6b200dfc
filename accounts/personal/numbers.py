"""Enrolment numbers as they are compared: how one is written does not matter (spec: personal, Profile)."""

import re
import unicodedata

_NO_PART = re.compile(r"[^A-Z\d]")
_SHAPE = re.compile(r"(?=(?:[A-Z]*\d){4})[A-Z\d]{5,18}")


def normal_number(text: str) -> str:
    """Return the number in capitals, without blanks, dashes and leading zeros; "" for what is none.

    9922103001 and 22103001 stay apart: they are students of two campuses (spec: statistics).
    """
    return _NO_PART.sub("", unicodedata.normalize("NFKC", text).upper()).lstrip("0")


def is_number(normal: str) -> bool:
    """Whether a normal number has the shape of one: five to eighteen letters and digits, at least four digits."""
    return bool(_SHAPE.fullmatch(normal))
