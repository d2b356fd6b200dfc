from datetime import time

import pytest

from scraping.reading.facts.times.clocks import find_clocks, read_clock


@pytest.mark.parametrize(
    "text", ["25:10", "13 PMs", "10 to 12 students", "1:5", "48 hours", "10.30", "CL1 2", "221030 hrs"]
)
def test_no_time(text: str) -> None:
    assert find_clocks(text) == []


def test_a_range_takes_its_half_of_the_day_from_its_end() -> None:
    assert [(c.at, c.until) for c in find_clocks("9-5 PM, 2-4 pm, 10 to 12 PM")] == [
        (time(9), time(17)),
        (time(14), time(16)),
        (time(10), time(12)),
    ]


@pytest.mark.parametrize("text", ["Round 2 - 10 AM", "Slot 1 - 10 AM", "Lab 4 - 10 AM", "PPT talk-1 - 10 AM"])
def test_a_counted_thing_begins_no_range(text: str) -> None:
    (clock,) = find_clocks(text)
    assert (clock.at, clock.until) == (time(10), None)


def test_twenty_four_hours_is_the_end_of_the_day() -> None:
    assert read_clock("24", "00") == time(23, 59)
    assert read_clock("24", "10") is None
    assert read_clock(None) is None
