"""The rhythm of peeks: often when notices appear, never beyond the day's requests."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from scraping.watch.rhythm import DAY_BEGINS, JITTER, REQUESTS_A_PEEK, Limits, Rhythm

USUAL = Limits(shortest=60, longest=900, daily_requests=1500)
MONDAY = datetime(2026, 11, 30)  # noqa: DTZ001 (a local time, as the rhythm takes it)


def peeks(rhythm: Rhythm, day: datetime = MONDAY) -> list[datetime]:
    """When a day's peeks happen, from midnight to midnight."""
    now, done = day, list[datetime]()
    while now < day + timedelta(days=1):
        seconds = rhythm.interval(now, REQUESTS_A_PEEK * len(done))
        if seconds is None:
            break
        done.append(now)
        now += timedelta(seconds=seconds)
    return done


@pytest.mark.parametrize("requests", [48, 200, 1500, 10_000])
def test_a_day_never_takes_more_than_its_requests(requests: int) -> None:
    for weekday in range(7):
        count = len(peeks(Rhythm(Limits(60, 900, requests)), MONDAY + timedelta(days=weekday)))
        assert REQUESTS_A_PEEK * count <= requests


def test_by_day_every_minute_or_two_and_by_night_every_quarter() -> None:
    done = peeks(Rhythm(USUAL))
    waits = {True: [], False: []}  # type: dict[bool, list[float]]
    for one, other in pairwise(done):
        waits[one.hour >= DAY_BEGINS].append((other - one).total_seconds())
    assert max(waits[True]) <= 120
    assert max(waits[False]) <= USUAL.longest * (1 + JITTER)
    assert done[-1].hour == 23


def test_hours_in_which_much_appeared_are_looked_at_more_often() -> None:
    appeared = [[0] * 24 for _ in range(7)]
    appeared[0][18] = 40
    plan = Rhythm(USUAL, appeared).plan(0)
    assert plan[18] < plan[11]
    assert plan[18] >= USUAL.shortest
    assert Rhythm(USUAL, appeared).plan(1)[18] == pytest.approx(Rhythm(USUAL).plan(1)[18])


def test_errors_slow_it_down_and_an_end_of_them_speeds_it_up() -> None:
    rhythm = Rhythm(USUAL)
    noon = MONDAY.replace(hour=12)
    usual = rhythm.interval(noon, 0)
    rhythm.failures = 3
    slow = rhythm.interval(noon, 0)
    rhythm.failures = 50
    slowest = rhythm.interval(noon, 0)
    rhythm.failures = 0
    assert usual is not None
    assert slow is not None
    assert slowest is not None
    assert slow > 5 * usual
    assert slowest < 3600
    assert rhythm.interval(noon, 0) == pytest.approx(usual, rel=3 * JITTER)


def test_what_is_spent_too_early_is_saved_later_and_nothing_is_asked_when_all_is_spent() -> None:
    noon = MONDAY.replace(hour=12)
    saving = Rhythm(USUAL).interval(noon, 1400)
    assert saving is not None
    assert saving > 400
    assert Rhythm(USUAL).interval(noon, 1500) is None
