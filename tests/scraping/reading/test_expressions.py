"""Expressions that are not tried where none of their words stands: they find what they would without."""

import json
import re
import sys

import pytest

from scraping.explain.corpus import texts
from scraping.reading.layout.expressions import Expression, expression
from scraping.reading.layout.markup import read_markup
from scraping.reading.notice import extract_notice  # noqa: F401 - with it come all modules
from scraping.reading.rules.signals import signals
from tests.corpus.__main__ import FOLDER

NOTICES = 400


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r"\b(?:drive|it)\b[^.]{0,120}\b(?:cancel+ed|called\s+off|scrapped)\b", {"cancel", "called", "scrapped"}),
        (r"\bre-?schedul\w+\b|\bpostpon\w*", {"reschedul", "re-schedul", "postpon"}),
        (r"(?:wait|was)\s+(?:\w+\s+)?lists?", {"list"}),
        (r"(?:not\s)?(?:held|out)\b(?!\son)", {"held", "out"}),
        (r"\d{4}|drive", set()),
        (r"(?:very\s)*[a-z]+", set()),
        (r"@\s?$", {"@"}),
    ],
)
def test_what_must_stand_there(pattern: str, needs: set[str]) -> None:
    assert set(expression(pattern, re.IGNORECASE).needs) == needs


def test_small_letters_and_capitals() -> None:
    found = expression(r"\bcancel+ed\b", re.IGNORECASE)
    assert found.search("The drive is CANCELLED.")
    assert not found.search("The drive is on.")
    assert found.sub("off", "It is Cancelled") == "It is off"
    assert found.sub("off", "It is on") == "It is on"
    assert [match[0] for match in found.finditer("cancelled, CANCELED")] == ["cancelled", "CANCELED"]


def of_the_reading() -> list[Expression]:
    """Those of the modules, also within their tables, and those of the signals."""
    modules = [module for name, module in sys.modules.items() if name.startswith("scraping.reading.")]
    said = [value for module in modules for value in vars(module).values()]
    rows = [entry for value in said if isinstance(value, tuple) for entry in value]
    cells = [cell for row in rows if isinstance(row, tuple) for cell in row]
    looked_for = [signal.any_of for signal in signals().values()]
    return [one for one in (*said, *rows, *cells, *looked_for) if isinstance(one, Expression)]


def test_none_is_missed_in_the_corpus() -> None:
    """Every expression of the reading over the lines of notices."""
    expressions = [one for one in of_the_reading() if one.needs]
    notices = [text for text in texts(FOLDER) if not text.is_mail][:NOTICES]
    raw = [json.loads(text.content) for text in notices]
    lines = {line[:300] for one in raw for line in (one["title"], *read_markup(one["content"]).lines)}
    assert len(expressions) > 100
    missed = {
        (one.pattern.pattern[:60], line)
        for one in expressions
        for line in lines
        if not one.may_fit(line) and one.pattern.search(line)
    }
    assert not missed
