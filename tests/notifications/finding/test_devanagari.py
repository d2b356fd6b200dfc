"""Names in Devanagari, as they sound in Latin letters."""

import pytest

from notifications.finding.devanagari import is_devanagari, latin


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("ज़ेनिथ", "zenith"),
        ("ज\u093cेनिथ लैब्स", "zenith labs"),
        ("सैफ्रन लेन", "safran len"),
        ("विप्रो", "vipro"),
        ("अंबर", "anbar"),
        ("Zenith लैब 5", "Zenith lab 5"),
        ("", ""),
    ],
)
def test_a_name_is_spelled_as_it_sounds(text: str, spelled: str) -> None:
    assert latin(text) == spelled


def test_what_has_no_devanagari_is_left_alone() -> None:
    assert latin("Reddit Alpha") == "Reddit Alpha"
    assert is_devanagari("Zenith लैब")
    assert not is_devanagari("Zenith")
