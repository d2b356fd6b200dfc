"""Who may apply as a person types it: a criterion a line, "cgpa: 7.5", "branches: CSE, IT", "cgpa: 6 (M.Tech)"."""

import re
from collections.abc import Iterable

from scraping.items import Criterion
from scraping.reading.facts.eligibility.criteria import NAMES

_LISTS = frozenset(("branches", "programs", "batch"))
_WHOLE = frozenset(("backlogs", "history_of_backlogs", "gap_years"))
_GENDERS = frozenset(("female", "male"))
_LINE = re.compile(r"(?P<name>[a-z_ ]+?)\s*:\s*(?P<value>[^:]+?)(?:\s*\((?P<program>[A-Z][^()]*)\))?", re.IGNORECASE)


def as_lines(criteria: Iterable[Criterion]) -> str:
    """The criteria as text; `criteria_of` reads it back."""
    return "\n".join(f"{one.name}: {_typed(one)}" + (f" ({one.program})" if one.program else "") for one in criteria)


def criteria_of(text: str) -> tuple[Criterion, ...]:
    """The criteria of lines that a person typed. Raises ValueError that names the first line it can't read."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(map(_criterion, lines))


def _typed(criterion: Criterion) -> str:
    value = criterion.value
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, str) else f"{value:g}"


def _criterion(line: str) -> Criterion:
    match = _LINE.fullmatch(line)
    name = match["name"].strip().lower().replace(" ", "_") if match else ""
    if match is None or name not in NAMES:
        raise ValueError(line)
    return Criterion(name, _value(name, match["value"].strip(), line), line, match["program"] or "")


def _value(name: str, said: str, line: str) -> float | str | tuple[str, ...] | tuple[int, ...]:
    if name in _LISTS:
        parts = [part.strip() for part in said.split(",") if part.strip()]
        return tuple(_year(part, line) for part in parts) if name == "batch" else tuple(parts)
    if name == "gender":
        if said.lower() not in _GENDERS:
            raise ValueError(line)
        return said.lower()
    return _number(said, line, whole=name in _WHOLE)


def _year(said: str, line: str) -> int:
    if not re.fullmatch(r"20\d\d", said, re.ASCII):
        raise ValueError(line)
    return int(said)


def _number(said: str, line: str, *, whole: bool) -> float:
    if not re.fullmatch(r"\d{1,3}" if whole else r"\d{1,3}(?:\.\d{1,2})?", said, re.ASCII):
        raise ValueError(line)
    return float(said) if "." in said else int(said)
