from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraping.sources.portal import values

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("twice", "once"),
    [
        ("Successâ€”Associate", "Success—Associate"),
        ("Noida â€“ 201301", "Noida – 201301"),
        ("studentâ€™s â€œownâ€\x9d", "student’s “own”"),
        ("â‚¹5 lakh", "₹5 lakh"),
        ("CafÃ©Â\xa0bar", "Café\xa0bar"),
        ("party ðŸŽ‰", "party 🎉"),
        ("à¤¨à¤®à¤¸à¥\x8dà¤¤à¥‡", "नमस्ते"),
    ],
)
def test_text_encoded_twice_is_decoded_again(twice: str, once: str) -> None:
    assert values.text(twice) == once


@pytest.mark.parametrize(
    "text", ["plain", "–—’₹", "São Paulo", "groß–klein", "à «part»", "Ângela", "ÃO", "déjà vu…", "नमस्ते 🎉", "â€", ""]
)
def test_text_encoded_once_stays(text: str) -> None:
    assert values.text(text) == text


def test_text_loses_what_a_database_refuses() -> None:
    assert values.text("a\0b\ud83d") == "ab?"


def test_a_line_has_no_breaks_and_single_spaces() -> None:
    assert values.line("  Placement\u00a0cycle \n 2026\t") == "Placement cycle 2026"


@pytest.mark.parametrize(("value", "read"), [("a-1", "a-1"), (17, "17"), (True, ""), (1.5, ""), (None, ""), (" ", "")])
def test_identifiers(value: object, read: str) -> None:
    assert values.identifier(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (7, 7),
        (7.5, "7.5"),
        ("8.5", "8.5"),
        (" 8,50,000 ", 850000),
        ("₹ 12,00,000", 1200000),
        ("-3", -3),
        (Decimal("1.10"), "1.1"),
    ],
)
def test_numbers(value: object, read: int | str) -> None:
    assert values.number(value) == Decimal(read)


@pytest.mark.parametrize(
    "value",
    [None, True, "", "8.5 LPA", "NaN", "inf", float("nan"), float("-inf"), "1e400", [1], {}, "1_0x", "७ LPA"],
)
def test_what_is_no_number(value: object) -> None:
    assert values.number(value) is None


@pytest.mark.parametrize(("value", "read"), [(0, None), (-5, None), (10**12, None), (42_500, 42_500), ("6e5", 600_000)])
def test_amounts_are_positive_and_fit(value: object, read: int | None) -> None:
    assert values.amount(value) == read


@pytest.mark.parametrize(
    ("value", "read"), [("3", 3), (2.0, 2), (2.5, None), (40_000, None), (None, None), (False, None)]
)
def test_whole_numbers_are_small(value: object, read: int | None) -> None:
    assert values.whole(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, True),
        ("true", True),
        (" YES ", True),
        (1, True),
        ("false", False),
        (0, False),
        (None, False),
        ({}, False),
    ],
)
def test_flags(value: object, read: bool) -> None:
    assert values.flag(value) is read


@pytest.mark.parametrize(
    "value", [1_763_800_000_000, 1_763_800_000_000.0, "1763800000000", 1_763_800_000, "1763800000"]
)
def test_moments_in_milliseconds_or_seconds(value: object) -> None:
    assert values.moment(value) == datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -1_763_800_000_000, 5, 10**14, "-1763800000", "yesterday", float("nan"), 1e300, [], "2025-11-22"],
)
def test_absurd_moments(value: object) -> None:
    assert values.moment(value) is None


def test_records_and_names_leave_out_what_is_none() -> None:
    holed = [None, {"name": "SQL"}, "Python", 3, ["x"], "", "SQL", {"name": None}]
    assert values.records(holed) == [{"name": "SQL"}, {"name": None}]
    assert values.names(holed) == ("SQL", "Python")
    assert values.names("Python") == ("Python",)
    assert values.records({}) == []
    assert values.names(None) == ()


def test_an_integer_too_long_to_be_written_is_nothing() -> None:
    endless = 10**5000
    assert values.number(endless) is None
    assert values.identifier(endless) == ""
    assert values.flag(endless) is False


READERS: list[Callable[[object], object]] = [
    getattr(values, name)
    for name in (
        "text",
        "line",
        "identifier",
        "number",
        "amount",
        "whole",
        "flag",
        "moment",
        "record",
        "records",
        "names",
    )
]


@given(ANYTHING)
def test_nothing_makes_a_reader_fail(value: object) -> None:
    for read in READERS:
        read(value)
