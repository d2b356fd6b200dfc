"""Who may apply, as a person types it."""

import pytest

from scraping.corrections.criteria import as_lines, criteria_of
from scraping.items import Criterion


def test_what_is_shown_is_read_back() -> None:
    criteria = (
        Criterion("cgpa", 7.5, ""),
        Criterion("cgpa", 6, "", "M.Tech"),
        Criterion("x", 60, ""),
        Criterion("history_of_backlogs", 0, ""),
        Criterion("branches", ("CSE", "E&I"), ""),
        Criterion("batch", (2026, 2027), ""),
        Criterion("gender", "female", ""),
    )
    read = criteria_of(as_lines(criteria))
    assert [(one.name, one.value, one.program) for one in read] == [
        (one.name, one.value, one.program) for one in criteria
    ]


@pytest.mark.parametrize(
    "line", ["cgpa 7", "height: 180", "batch: 27", "gender: any", "x: sixty", "backlogs: 1.5", ":"]
)
def test_what_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=line):
        criteria_of(f"cgpa: 7\n{line}")
