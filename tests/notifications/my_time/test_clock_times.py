"""When a row of a list wants a student."""

from datetime import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications.my_time.clock_times import span_of

NEAR = datetime(2026, 11, 28, 9, 0, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("10:40 AM", "28 10:40", ""),
        ("10.40 a.m.", "28 10:40", ""),
        ("2 PM", "28 14:00", ""),
        ("12:15 am", "28 00:15", ""),
        ("12 noon, 12:30 pm", "28 12:30", ""),
        ("14:30", "28 14:30", ""),
        ("2:30", "28 14:30", ""),
        ("8:30", "28 08:30", ""),
        ("10:00-11:30 AM", "28 10:00", "28 11:30"),
        ("10-11 AM", "28 10:00", "28 11:00"),
        ("11:00 – 1:00 PM", "28 11:00", "28 13:00"),
        ("2:30 to 3:30 PM", "28 14:30", "28 15:30"),
        ("9:30 am till 12 pm", "28 09:30", "28 12:00"),
        ("Slot 2 (2:00 PM - 3:00 PM)", "28 14:00", "28 15:00"),
        ("29 Nov, 9:15 AM", "29 09:15", ""),
        ("29th November 2026 at 9:15 AM", "29 09:15", ""),
        ("29/11/2026 16:45", "29 16:45", ""),
        ("2026-11-29 10:40:00", "29 10:40", ""),
        ("2026-11-29T10:40", "29 10:40", ""),
        ("10:40:00", "28 10:40", ""),
    ],
)
def test_times_as_lists_state_them(text: str, begins: str, ends: str) -> None:
    found = span_of(text, NEAR)
    assert found is not None
    at, end = found
    assert f"{timezone.localtime(at):%d %H:%M}" == begins
    assert (f"{timezone.localtime(end):%d %H:%M}" if end else "") == ends


@pytest.mark.parametrize(
    "text", ["", "2", "Slot 2", "Panel B", "CL-12", "25:70", "29 Nov", "LT-3.1", "Room 10", "99:99 pm"]
)
def test_no_time_is_read_into_what_states_none(text: str) -> None:
    assert span_of(text, NEAR) is None


def test_the_year_is_the_one_that_brings_the_day_closest() -> None:
    december = datetime(2026, 12, 30, 9, 0, tzinfo=timezone.get_default_timezone())
    found = span_of("2 Jan, 10 AM", december)
    assert found is not None
    assert timezone.localtime(found[0]).year == 2027


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    found = span_of(text, NEAR)
    assert found is None or found[1] is None or found[0] < found[1]


@given(st.from_regex(r"[0-9 :./apmAPM\-to]{0,30}", fullmatch=True))
def test_anything_like_a_time_is_taken(text: str) -> None:
    found = span_of(text, NEAR)
    assert found is None or found[1] is None or found[0] < found[1]
