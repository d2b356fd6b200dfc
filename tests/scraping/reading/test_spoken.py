"""Days and hours as they are said in Hindi."""

from datetime import date, datetime

import pytest

from scraping.reading.facts.times.dates import INDIA
from scraping.reading.facts.times.spoken import in_english
from scraping.reading.facts.times.timing import read_timing

NEAR = datetime(2026, 11, 18, 10, tzinfo=INDIA)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=INDIA)


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("kal subah 9:30 baje", "tomorrow 9:30 am"),
        ("aaj raat 10 baje", "today 10 pm"),
        ("dopahar 1:30 baje se shaam 4 baje", "1:30 pm to 4 pm"),
        ("raat 12 baje", "11:59 pm"),
        ("5 baje tak", "5 pm tak"),
        ("at 6 in the evening", "at 6 pm"),
        ("Time : 11.00 to 12.30", "Time : 11:00 to 12:30"),
        ("shanivar 1 baje tak", "Saturday 1 pm tak"),
        ("aaj sham 6 baje bandh", "today 6 pm closes"),
        ("11 baje", "11 am"),
        ("test kal 3 pm pe tha", "test yesterday 3 pm pe tha"),
        ("18 दिसंबर को सुबह 10 बजे", "18 December ko 10 am"),
        ("The lab is at level 2", "The lab is at level 2"),
    ],
)
def test_what_is_said_in_hindi_is_read_as_english(said: str, english: str) -> None:
    assert in_english(said) == english


@pytest.mark.parametrize(
    ("line", "deadline"),
    [
        ("Form sirf 5 baje tak khula hai", at(18, 17)),
        ("Naam likhwana hai Mehul sir ke paas, 21/11 shanivar 1 baje tak.", at(21, 13)),
        ("Kal dopahar 12 baje band ho jayega", at(19, 12)),
        ("Form 20 Nov tak bhar do", date(2026, 11, 20)),
        ("Naam bhejo DM pe by Friday 5 pm.", at(20, 17)),
        ("Profile lock ho raha hai 30/11 ko shaam 6 baje.", at(30, 18)),
        ("Team registration: 24 Nov 6 pm (Unstop)", at(24, 18)),
        ("Reply by Sunday 22nd, 6 pm.", at(22, 18)),
    ],
)
def test_what_is_due(line: str, deadline: datetime) -> None:
    assert read_timing("", [line], NEAR).deadline == deadline


@pytest.mark.parametrize(
    ("line", "event"),
    [
        ("Guys OA aaj raat 9:30 PM se hai", at(18, 21, 30)),
        ("इंटरव्यू 20/11/2026 को सुबह 10 बजे होगा", at(20, 10)),
        ("Aap sab 25 Nov, 8 am sharp OAT ke bahar milo", at(25, 8)),
        ("Orbit OA ab 24 Nov nahi, 26 Nov (Thursday) 11 am ko hoga", at(26, 11)),
        ("Sat, 21 Nov | ⏰ 6 PM | talk", at(21, 18)),
        ("The time of the test (21 Nov 2026) has been changed from 10 AM to 3:30 PM.", at(21, 15, 30)),
        ("Test is on 25 Nov at 6 PM and NOT on 24 Nov.", at(25, 18)),
    ],
)
def test_what_takes_place(line: str, event: datetime) -> None:
    assert read_timing("", [line], NEAR).event_at == event


@pytest.mark.parametrize(
    "line",
    [
        "Thanks to all who appeared for the test on 16 Nov.",
        "The interviews of 19 November are therefore cancelled.",
        "The PPT planned for 22nd November stands postponed till further notice.",
        "The talk held on 13 November was a success.",
        "Students need not report on Saturday.",
        "Orbit ka PPT jo kal 3 pm pe tha wo cancel ho gaya hai",
        "The result of round 1 is expected by 2 Dec.",
    ],
)
def test_what_is_past_or_called_off_takes_place_no_more(line: str) -> None:
    assert read_timing("", [line], NEAR).event_at is None


def test_a_date_that_stands_on_the_next_line_belongs_to_the_sentence() -> None:
    timing = read_timing("", ["Interested students must register on or before", "25-11-2026 (09:00 am)"], NEAR)

    assert (timing.deadline, timing.event_at) == (at(25, 9), None)
