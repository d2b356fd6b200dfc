"""Who a text names: those on its lists, and those beside numbers that stand on none that was read."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from scraping.reading.vocabulary import words

NUMBER = re.compile(r"(?<![\w/.-])(?=\w*\d{5})\w{7,14}(?![\w/])")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’.-]*")
_MOST_WORDS = 8  # of a row: more make a sentence
_LEAST_LETTERS = 3  # of a name in one word


def people_of(lines: Iterable[str], read: Mapping[str, Any]) -> list[dict[str, str]]:
    """The students of the lists that were read, and what looks like a name in rows with another number."""
    listed = [*read["roster"], *read["other_lists"]]
    known = {student.get("enrollment", "") for student in listed}
    facts = " ".join(str(read.get(name) or "") for name in ("company", "role", "venue", "stage"))
    no_names = _no_names() | {word.casefold() for word in _WORD.findall(facts)}
    beside = (name for line in lines if set(NUMBER.findall(line)) - known for name in _names_in(line, no_names))
    return [*listed, *({"name": name} for name in dict.fromkeys(beside))]


def _names_in(line: str, no_names: Collection[str]) -> list[str]:
    """Runs of words that are no other words of lists; none in a sentence."""
    found = list(_WORD.finditer(line))
    runs: list[str] = []
    end = -1
    for word in found if len(found) <= _MOST_WORDS else ():
        if word[0].casefold() in no_names:
            continue
        if runs and not line[end : word.start()].strip(" ."):
            runs[-1] = f"{runs[-1]}{line[end : word.end()]}"
        else:
            runs.append(word[0])
        end = word.end()
    return [run for run in runs if len(run) >= _LEAST_LETTERS]


@cache
def _no_names() -> frozenset[str]:
    groups = (
        *("no_name", "no_company", "role_heads", "role_modifiers", "company_endings", "cities", "months", "weekdays"),
        *("skills", "venue_kinds", "venue_departments", "kinds_of_work", "titles_of_persons"),
    )
    return words(*groups)
