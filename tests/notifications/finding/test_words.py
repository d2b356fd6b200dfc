"""What a word is to the search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.finding.words import LONGEST_WORD, as_stored, words_asked, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zenith Labs (India) Pvt. Ltd.", ["zenith", "labs", "india", "pvt", "ltd"]),
        ("Nestlé L'Oréal", ["nestle", "l", "oreal"]),
        ("ＦＵＬＬ ﬁle STRASSE Straße", ["full", "file", "strasse", "strasse"]),
        ("कल सुबह ९:३० बजे", ["कल", "सुबह", "9", "30", "बजे"]),
        ("வேலை ২২১০", ["வேலை", "2210"]),
        ("SDE-1/SDE_2", ["sde", "1", "sde", "2"]),
        ("zen\u200bith sha\u00adrma", ["zenith", "sharma"]),
        ("🎯 \x00 \ud800 \"'*:^(){}|&!<->", []),
    ],
)
def test_words_are_letters_and_digits_of_any_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_question_is_its_first_words_that_say_anything() -> None:
    assert words_asked("When is the Zenith interview, please?") == ["zenith", "interview"]
    assert words_asked("zenith kab aa rahi hai") == words_asked("zenith कब आ रही है") == ["zenith"]
    assert words_asked("internships at labs") == ["internship", "labs"]
    assert words_asked("hi") == words_asked("🎯🎯") == []
    assert len(words_asked(" ".join(f"w{number}" for number in range(2000)))) == 8
    assert words_asked("zenith Zenith ZENITH") == ["zenith"]


def test_what_is_stored_is_cut_between_words() -> None:
    assert as_stored(["one two", "two three"], 100) == "one two three"
    assert as_stored(["one two", "two three"], 10) == "one two"
    assert as_stored(["x" * 5000], 100) == "x" * LONGEST_WORD


@given(st.text(st.characters(codec=None)))
def test_no_sign_of_a_query_is_left_in_a_word(text: str) -> None:
    for word in words_of(text):
        assert word
        assert len(word) <= LONGEST_WORD
        assert all(sign.isalnum() or not sign.isascii() for sign in word)
        word.encode()
    assert words_of(" ".join(words_of(text))) == words_of(text)
