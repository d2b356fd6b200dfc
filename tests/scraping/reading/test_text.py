import pytest

from scraping.reading.layout.text import collapse, lines_of_text, mend, shorten, straight


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Customer Careâ€”Associate", "Customer Care—Associate"),
        ("Noida â€“ 201301", "Noida – 201301"),
        ("Studentâ€™s", "Student’s"),
        ("â€œHackâ€\x9d", "“Hack”"),
        ("CafÃ© Robotics", "Café Robotics"),
    ],
)
def test_mojibake_is_mended(broken: str, whole: str) -> None:
    assert mend(broken) == whole


@pytest.mark.parametrize("text", ["Café", "naïve – “quoted”", "₹ 5,00,000", "आशा राव", "â", "plain"])
def test_sound_text_is_left_alone(text: str) -> None:
    assert mend(text) == text


def test_white_space_of_every_kind_becomes_one_blank() -> None:
    assert collapse(" a\u00a0\u202f b \n\t\t c\u200b\ufeff ") == "a b c"


def test_tabs_between_words_stay_the_border_of_columns() -> None:
    assert collapse("\t1\t\t23510417 \t Asha\n") == "1\t23510417\tAsha"


def test_what_no_database_stores_is_dropped() -> None:
    assert collapse("a\x00b\ud800c") == "abc"


def test_columns_of_blanks_are_told_by_the_number_in_them() -> None:
    assert lines_of_text("1   20BC1001   Asha Rao\n\nTwo   words") == ["1\t20BC1001\tAsha Rao", "Two words"]


def test_straight_keeps_the_length() -> None:
    assert straight("Men’s ‘x’ ʼ") == "Men's 'x' '"


def test_shorten_marks_what_was_left_off() -> None:
    assert shorten("a  b\nc") == "a b c"
    assert shorten("x" * 200) == "x" * 119 + "…"
