"""Placement seasons: 202627 is shown as 2026-27 (spec: system, Seasons)."""

import re
from argparse import ArgumentTypeError

_SEASON = re.compile(r"(20\d\d)[-_/]?(?:20)?(\d\d)")


def parse_season(text: str | int) -> int:
    """Read "202627", "2026-27", "2026_27" or "2026-2027" as 202627.

    Raises:
        ValueError: not a season, or its second year does not follow the first (202599).
    """
    match = _SEASON.fullmatch(str(text).strip())
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError(f"{text!r} is not a season like 202627 or 2026-27")
    return int(match[1] + match[2])


def typed_season(text: str) -> int:
    """`parse_season` for an option of a command, whose usage error says what is wrong."""
    try:
        return parse_season(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


def show_season(season: int) -> str:
    """202627 as "2026-27"."""
    return f"{season // 100}-{season % 100:02d}"
