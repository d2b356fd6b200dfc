from datetime import date, datetime

import pytest

from scraping.reading.facts.times.dates import INDIA, find_moments
from tests.scraping.reading.notices import PUBLISHED


def moment(text: str, near: datetime | None = PUBLISHED) -> str:
    """The one moment of a text, in ISO."""
    (found,) = find_moments(text, near)
    return found.value.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-20",
        "20/09/2026",
        "20-09-2026",
        "20.09.2026",
        "20/9/26",
        "20.09.26",
        "20-Sep-26",
        "20 Sep 2026",
        "20th September, 2026 (Sunday)",
        "Sunday, 20 September 2026",
        "September 20, 2026",
        "Sept. 20",
        "20 Sept",
        "20th of September",
        "September, 20",
        "20 Sep'26",
        "Sep 20th 2026",
        "20-September-2026",
        "2026/09/20",
        "on 20/9",
        "on Sunday",
        "coming Sunday",
        "9/20/2026",
        "20 th September",
        "20 September 26",
    ],
)
def test_a_day_in_every_style(text: str) -> None:
    assert moment(text) == "2026-09-20"


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("20 Sept 2026, 5:30 pm", "17:30"),
        ("5.30 PM, 20 Sept", "17:30"),
        ("20/09/2026 at 1730 hrs", "17:30"),
        ("20 Sept @ 17:30", "17:30"),
        ("5:30 p.m. on 20th Sept", "17:30"),
        ("20th September, 2026 (Sunday) 10 AM sharp", "10:00"),
        ("September, 20, 10:06 AM", "10:06"),
        ("8 Am, 20 Sept", "08:00"),
        ("by EOD 20 Sept", "23:59"),
        ("20 Sept EOD", "23:59"),
        ("12 noon on 20 Sept", "12:00"),
        ("20 Sept at 12 PM", "12:00"),
        ("20 Sept at 12:15 AM", "00:15"),
        ("20 Sept, midnight", "23:59"),
        ("20 Sept by 2:30", "14:30"),
        ("20 Sept at 09:30", "09:30"),
        ("Round 2 - 10 AM, 20 Sept", "10:00"),
        ("20-Sep-26\t10.00 AM", "10:00"),
        ("20 Sept between 10:00 AM and 11:00 AM", "10:00"),
        ("20 Sept, 10-11:30 AM", "10:00"),
        ("20 Sept, 11-1 PM", "11:00"),
        ("20 Sept 2-4 PM", "14:00"),
        ("1000-1130 hrs, 20 Sept", "10:00"),
        ("2026-09-20T17:30:00+05:30", "17:30"),
        ("2026-09-20T12:00Z", "17:30"),
        ("3  PM on 20 Sept", "15:00"),
        ("1pm on 20 Sept", "13:00"),
    ],
)
def test_a_day_with_its_time(text: str, clock: str) -> None:
    assert moment(text) == f"2026-09-20T{clock}:00+05:30"


@pytest.mark.parametrize(
    "text",
    [
        "31 Feb 2026",
        "31/02/2026",
        "Feb 30",
        "32 September",
        "29 Feb 2026",
        "20.9",
        "7.5 CGPA",
        "June 2026",
        "Jan-June2026",
        "Batch 2026",
        "students may 10 times",
        "version 1.2.03",
        "12 months",
        "2026-13-01",
        "00/00/2026",
        "1,50,000",
        "10:30 AM",
        "Monday to Friday",
        "Meeting ID: 679 519 250 3",
        "Stage 2",
        "",
        "20/09/2026/7",
    ],
)
def test_no_date(text: str) -> None:
    assert find_moments(text, PUBLISHED) == []


@pytest.mark.parametrize(
    ("published", "text", "day"),
    [
        ((2026, 12, 28), "5 January", "2027-01-05"),
        ((2027, 1, 2), "30 December", "2026-12-30"),
        ((2026, 8, 20), "10 Feb", "2027-02-10"),
        ((2026, 9, 16), "16 September", "2026-09-16"),
        ((2027, 12, 1), "29 Feb", "2028-02-29"),
    ],
)
def test_a_year_left_out_is_the_one_around_publication(published: tuple[int, int, int], text: str, day: str) -> None:
    assert moment(text, datetime(*published, 12, tzinfo=INDIA)) == day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("today by 5 PM", "2026-09-16T17:00:00+05:30"),
        ("by 11:59 PM tonight", "2026-09-16T23:59:00+05:30"),
        ("tomorrow at 10 AM", "2026-09-17T10:00:00+05:30"),
        ("day after tomorrow", "2026-09-18"),
        ("tomorrow, i.e. 17th September at 3 pm", "2026-09-17T15:00:00+05:30"),
        ("next Wednesday", "2026-09-23"),
        ("this Wednesday", "2026-09-16"),
    ],
)
def test_days_counted_from_publication(text: str, value: str) -> None:
    assert moment(text) == value


def test_without_publication_only_full_dates_are_read() -> None:
    assert find_moments("today, 20 Sept, on Monday, 20/9", None) == []
    assert moment("20 Sept 2026", None) == "2026-09-20"


def test_publication_counts_in_indian_time() -> None:
    late = datetime.fromisoformat("2026-09-16T20:00:00+00:00")
    assert moment("today", late) == "2026-09-17"


def test_a_range_knows_its_end() -> None:
    first, last = find_moments("September, 20, 03:30 PM IST to September, 20, 06:00 PM IST", PUBLISHED)
    assert first.until == last.value == datetime(2026, 9, 20, 18, 0, tzinfo=INDIA)
    (hours,) = find_moments("20 Sept, 10 AM - 12:30 PM", PUBLISHED)
    assert hours.until == datetime(2026, 9, 20, 12, 30, tzinfo=INDIA)


def test_several_dates_of_one_month() -> None:
    found = find_moments("29th June, 30th June, Ist July and 3rd July, 2026", PUBLISHED)
    assert [m.day for m in found] == [date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 3)]


def test_each_day_takes_its_own_time() -> None:
    found = find_moments("10 AM on 20 Sept and 2 PM on 21 Sept", PUBLISHED)
    assert [m.value.isoformat()[:16] for m in found] == ["2026-09-20T10:00", "2026-09-21T14:00"]


def test_a_time_beyond_a_sentence_is_not_the_days() -> None:
    assert moment("The drive is on 20 Sept. The office opens at 9 AM") == "2026-09-20"


def test_a_senseless_zone_leaves_the_day() -> None:
    assert moment("2026-09-20T10:00+99:99") == "2026-09-20"
