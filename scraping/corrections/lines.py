"""Rules and students as lines that a person reads and types: one a line.

cgpa: 7.5
branches (M.Tech): CSE, IT

22103001 Asha Verma
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from accounts import courses
from accounts.personal.numbers import is_number, normal_number
from notifications.rendering import retold_rules
from scraping.items import Criterion, Student

_IN_WORDS = {
    "cgpa": retold_rules.CGPA,
    "ug_percent": retold_rules.DEGREE,
    "x": retold_rules.CLASS_10,
    "xii": retold_rules.CLASS_12,
    "backlogs": retold_rules.BACKLOGS_NOW,
    "history_of_backlogs": retold_rules.BACKLOGS_EVER,
    "gap_years": retold_rules.GAP_YEARS,
    "branches": "%(value)s",
    "programs": "%(value)s",
    "batch": retold_rules.BATCH,
}
RULES = (*_IN_WORDS, "gender")
_GENDERS = ("female", "male", "other")


def rule_lines(criteria: Sequence[Criterion]) -> str:
    """Return the rules on who may apply, one a line."""
    return "\n".join(
        f"{one.name}{f' ({one.program})' if one.program else ''}: {_value_text(one.value)}" for one in criteria
    )


def rules_in_words(criteria: Sequence[Criterion]) -> str:
    """Return the rules as a message says them: `CGPA ≥ 7.5; M.Tech: CSE, IT`."""
    return "; ".join(f"{f'{one.program}: ' if one.program else ''}{_in_words(one)}" for one in criteria)


def _in_words(one: Criterion) -> str:
    value = _value_text(one.value)
    return retold_rules.ONLY[value] if one.name == "gender" else _IN_WORDS[one.name] % {"value": value}


def rules_of(text: str, known: Sequence[Criterion] = ()) -> tuple[Criterion, ...]:
    """Read such lines; a rule that is among the `known` ones keeps its quote.

    Raises ValueError, in a sentence, for a line that is no rule.
    """
    rules = []
    for line in filter(None, map(str.strip, text.splitlines())):
        rule = _rule(line)
        same = (one for one in known if (one.name, one.value, one.program) == (rule.name, rule.value, rule.program))
        rules.append(next(same, rule))
    return tuple(rules)


def _rule(line: str) -> Criterion:
    head, colon, value = line.partition(":")
    name, _, program = head.strip().removesuffix(")").partition(" (")
    if not colon or name not in RULES:
        raise ValueError(f"“{line}” is no rule: write one a line, such as “cgpa: 7.5”, of {', '.join(RULES)}.")
    try:
        return Criterion(name, _READERS[name](value.strip()), "", courses.program_name(program) if program else "")
    except ValueError:
        raise ValueError(f"“{line}”: “{value.strip()}” is no value for {name}.") from None


def _mark(text: str) -> float:
    mark = float(text)
    if not 0 <= mark <= 100:
        raise ValueError(text)
    return mark


def _count(text: str) -> float:
    return int(text)


def _several(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    def values(text: str) -> tuple[Any, ...]:
        found = tuple(read(part) for part in map(str.strip, text.split(",")) if part)
        if not found:
            raise ValueError(text)
        return found

    return values


def _year(text: str) -> int:
    year = int(text)
    if not 2000 <= year <= 2099:
        raise ValueError(text)
    return year


def _gender(text: str) -> str:
    if text.lower() not in _GENDERS:
        raise ValueError(text)
    return text.lower()


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("cgpa", "ug_percent", "x", "xii"), _mark),
    **dict.fromkeys(("backlogs", "history_of_backlogs", "gap_years"), _count),
    "branches": _several(courses.branch_name),
    "programs": _several(courses.program_name),
    "batch": _several(_year),
    "gender": _gender,
}


def _value_text(value: float | str | tuple[str, ...] | tuple[int, ...]) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float | int) else value


def student_lines(roster: Sequence[Student]) -> str:
    """Return the students of the lists, one a line, number first."""
    return "\n".join(f"{one.enrollment} {one.name}".strip() for one in roster)


def students_of(text: str, known: Sequence[Student], meaning: str) -> tuple[Student, ...]:
    """Read such lines. Who is `known` keeps slot and room; others are listed with `meaning`. Each counts once.

    Raises ValueError, in a sentence, for a line without a letter.
    """
    by_line = {student_lines([one]): one for one in known}
    by_number = {normal_number(one.enrollment): one for one in known if one.enrollment}
    found: dict[str, Student] = {}
    for line in dict.fromkeys(" ".join(line.split()) for line in text.splitlines()):
        if not line:
            continue
        number, name = _parted(line)
        same = by_line.get(line) or by_number.get(normal_number(number))
        student = replace(same, name=name or same.name) if same else Student(name, number, meaning)
        found.setdefault(normal_number(number) or line, student)
    return tuple(found.values())


def _parted(line: str) -> tuple[str, str]:
    """The number and the name of a line, either of which may lack."""
    first, _, rest = line.partition(" ")
    if is_number(normal_number(first)):
        return first, rest.strip()
    if not any(map(str.isalpha, line)):
        raise ValueError(f"“{line}” is neither a number nor a name.")
    return "", line
