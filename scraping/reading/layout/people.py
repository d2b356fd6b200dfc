"""Rows of people that a mail program took apart: put together again, number and name on one line."""

import re
from collections.abc import Sequence

from scraping.reading.facts.students.people import is_name, number_in

_CARD_NAME = re.compile(
    r"(?:(?:(?:student|candidate|applicant)(?:'s)?\s+)?name(?:\s+of\s+(?:the\s+)?(?:student|candidate))?"
    r"|student|candidate|intern|selected)\s*[:–-]\s*(?P<name>.{2,60})$",
    re.IGNORECASE,
)
_CARD_NUMBER = re.compile(
    r"(?:enrol\w*|(?:univ\w*\s+)?roll|reg\w*|prn|usn|sid|urn|hall\s+ticket|(?:student|admission|college)\s+(?:id|no"
    r"|number))"
    r"[\s\w.]{0,16}[:–-]\s*(?P<number>[\w/-]{4,20})$",
    re.IGNORECASE,
)


def card_name(line: str) -> str:
    """The name of "Candidate Name: Asha Rao", "" where the line is no such."""
    match = _CARD_NAME.match(line)
    return match["name"].strip() if match and is_name(match["name"]) else ""


def card_number(line: str) -> str:
    """The number of "Roll No: 22103001", "" where the line is no such."""
    match = _CARD_NUMBER.match(line)
    return match["number"] if match else ""


def cells_joined(lines: Sequence[str]) -> list[str]:
    """Rows put together where a mail program wrote every cell of a table on a line of its own."""
    step = _step_to_name(lines)
    joined: list[str] = []
    skip = -1
    for number, line in enumerate(lines):
        if number <= skip:
            continue
        if step and number_in(line, strict=True) and is_name(_line(lines, number + step)):
            if step < 0:
                del joined[step:]
            joined.append(f"{line}\t{_line(lines, number + step)}")
            skip = number + max(step, 0)
        else:
            joined.append(line)
    return joined


def cards_joined(lines: Sequence[str]) -> list[str]:
    """ "Name: Asha Rao" with "Roll No: 22103001" right below it put together as a row."""
    joined: list[str] = []
    for line in lines:
        name, number = card_name(joined[-1] if joined else ""), card_number(line)
        if name and number:
            joined[-1] = f"{name}\t{number}"
        else:
            joined.append(line)
    return joined


def _step_to_name(lines: Sequence[str]) -> int:
    """How many lines a name stands below the number it belongs to, above where negative; 0 where there are no cells."""
    numbers = [number for number, line in enumerate(lines) if number_in(line, strict=True)]
    hits = {step: sum(is_name(_line(lines, n + step)) for n in numbers) for step in (1, -1, 2, -2)}
    best = max(hits, key=lambda step: hits[step])
    return best if numbers and hits[best] > len(numbers) / 2 else 0


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""
