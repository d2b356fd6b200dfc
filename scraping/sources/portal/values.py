"""Single values as the portal may send them: wrong type, null, as text, encoded twice. Pure, never raises."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

SECONDS_BELOW = 10**11  # as ms it would be 1973
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()
LARGEST = Decimal(10**15)  # keeps 1e400 away from everyone
LARGEST_AMOUNT = Decimal(10**12)  # rupees, and LARGEST_WHOLE: what their database columns hold
LARGEST_WHOLE = 2**15

# UTF-8 that was read as Windows-1252: Latin, Devanagari, punctuation and signs, emoji. The tail is what the
# bytes 0x80-0xBF look like there, where five of them mean nothing.
_TAIL = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
_TWICE_ENCODED = re.compile(f"[ÂÃ][{_TAIL}]|à[¤¥][{_TAIL}]|[âï][{_TAIL}]{{2}}|ð[{_TAIL}]{{3}}")


def text(value: object) -> str:
    """A text without NUL characters and half emoji, decoded once more where it was encoded twice; else ""."""
    if not isinstance(value, str):
        return ""
    value = value.replace("\0", "")
    if value.isascii():
        return value
    return _TWICE_ENCODED.sub(_decoded_again, value).encode("utf-8", "replace").decode()


def line(value: object) -> str:
    """A text as one line, white space collapsed; else ""."""
    return " ".join(text(value).split())


def identifier(value: object) -> str:
    """An identifier, also where it came as a number; else ""."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64:
        return str(value)
    return line(value)


def number(value: object) -> Decimal | None:
    """A finite number of sane size, also from text ("8.5", "₹ 8,50,000"); else None."""
    if isinstance(value, str):
        value = re.sub(r"[₹,\s]", "", value)
    elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        result = Decimal(str(value))
    except (InvalidOperation, ValueError):  # ValueError: an int of more than 4,300 digits
        return None
    return result if result.is_finite() and abs(result) < LARGEST else None


def amount(value: object) -> Decimal | None:
    """Rupees; 0 is how the portal says that none is stated, and so None like a negative one."""
    result = number(value)
    return result if result is not None and 0 < result < LARGEST_AMOUNT else None


def whole(value: object) -> int | None:
    """A small whole number; else None."""
    result = number(value)
    if result is None or result != int(result) or abs(result) >= LARGEST_WHOLE:
        return None
    return int(result)


def flag(value: object) -> bool:
    """Whether it is true, also as text or number ("true", 1)."""
    return value == 1 if isinstance(value, int | float) else line(value).lower() in {"true", "1", "yes", "y"}


def moment(value: object) -> datetime | None:
    """A time in ms since 1970 (or plainly in seconds) in UTC; None outside 2000 to 2100."""
    epoch = number(value) if not isinstance(value, str) or value.strip().isdecimal() else None
    if epoch is None or epoch <= 0:
        return None
    seconds = float(epoch) if epoch < SECONDS_BELOW else float(epoch) / 1000
    return datetime.fromtimestamp(seconds, UTC) if EARLIEST <= seconds < LATEST else None


def record(value: object) -> dict[str, Any]:
    """An object; else an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[dict[str, Any]]:
    """The objects in a list; nothing for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def names(value: object) -> tuple[str, ...]:
    """The texts in a list, or the names of the objects in it, each once; a bare text counts as one."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return ()
    return distinct(line(each.get("name") if isinstance(each, dict) else each) for each in value)


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values in their order, each once, without empty ones."""
    return tuple(dict.fromkeys(value for value in values if value))


def _decoded_again(match: re.Match[str]) -> str:
    try:
        return b"".join(_byte(sign) for sign in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]


def _byte(sign: str) -> bytes:
    return bytes([ord(sign)]) if ord(sign) < 256 else sign.encode("cp1252")
