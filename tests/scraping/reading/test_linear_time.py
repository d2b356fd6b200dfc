"""Lists, criteria and states of long texts: twice the text takes about twice the time, whatever it repeats."""

import time

import pytest

from accounts.categories import Category
from scraping.reading.facts.eligibility.criteria import read_eligibility
from scraping.reading.facts.states import read_state
from scraping.reading.facts.students.rosters import read_roster
from scraping.reading.page import lay_out


def seconds(unit: str, length: int) -> float:
    """Processor time for a text of so many characters, the better of two."""
    page = lay_out("Shortlist - Orbit Labs", unit * (length // len(unit)))
    spent = []
    for _ in range(2):
        start = time.process_time()
        read_roster(page.lines, page.title)
        read_eligibility(page, Category.JOB_POSTING)
        read_state(page)
        spent.append(time.process_time() - start)
    return min(spent)


@pytest.mark.parametrize(
    "unit",
    [
        "22103001 Asha Verma, ",
        "(22103001)\n",
        "Asha (",
        "22103001, ",
        "7 CGPA and ",
        "CSE/IT, ",
        "not shortlisted if\n",
        "a:\n",
    ],
)
def test_the_time_grows_with_the_length(unit: str) -> None:
    assert seconds(unit, 60_000) < 12 * seconds(unit, 15_000) + 0.1
