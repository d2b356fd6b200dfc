"""The grammar of slots: `08:00-23:00/60m,00:00` (spec: system, Schedule). Pure: the settings are read with it."""

import re
from datetime import time

NEVER = "never"
_SLOT = re.compile(r"(\d{1,2}):(\d\d)(?:-(\d{1,2}):(\d\d)/(\d+)([mh]))?")


def parse_slots(text: str) -> tuple[time, ...]:
    """Times of day of a slot list: single ones, and ranges with a step in minutes or hours; or `never`.

    Raises:
        ValueError: which part is wrong, and how.
    """
    if text.strip().lower() == NEVER:
        return ()
    slots = {slot for part in text.split(",") if part.strip() for slot in _part(part.strip())}
    if text.strip() and not slots:
        raise ValueError(f"{text!r} names no time; for none at all: {NEVER}")
    return tuple(sorted(slots))


def _part(part: str) -> list[time]:
    match = _SLOT.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} is neither a time like 12:00 nor a range like 08:00-23:00/60m")
    first = _time(part, match[1], match[2])
    if match[3] is None:
        return [first]
    last = _time(part, match[3], match[4])
    step = int(match[5]) * (60 if match[6] == "h" else 1)
    start, end = (at.hour * 60 + at.minute for at in (first, last))
    if step == 0 or end < start:
        raise ValueError(f"{part!r} goes {'nowhere (step 0)' if step == 0 else 'backwards'}")
    return [time(minute // 60, minute % 60) for minute in range(start, end + 1, step)]


def _time(part: str, hour: str, minute: str) -> time:
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"{part!r}: there is no {hour}:{minute}") from None
