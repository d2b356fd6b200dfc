"""Devanagari by the Latin letters it sounds like: ज़ेनिथ is "zenith" (spec: personal, What can be asked)."""

import re
import unicodedata
from functools import cache

_DEVANAGARI = range(0x0900, 0x0980)
_LETTER, _VOWEL_SIGN = "DEVANAGARI LETTER ", "DEVANAGARI VOWEL SIGN "
_SILENCED = "DEVANAGARI SIGN VIRAMA"
_NASAL = ("DEVANAGARI SIGN ANUSVARA", "DEVANAGARI SIGN CANDRABINDU")
_HEARD = (
    (re.compile(r"([a-z])\1"), r"\1"),
    (re.compile("ph"), "f"),
    (re.compile("ai"), "a"),
)  # as English names are written
_WITH_DOT = {unicodedata.normalize("NFD", chr(sign)): chr(sign) for sign in range(0x0958, 0x0960)}  # NFC parts them


def is_devanagari(text: str) -> bool:
    return any(ord(sign) in _DEVANAGARI for sign in text)


def latin(text: str) -> str:
    """Return the text with its Devanagari words spelled in Latin letters; the short "a" that ends a word is silent."""
    text = unicodedata.normalize("NFC", text)
    for parted, whole in _WITH_DOT.items():
        text = text.replace(parted, whole)
    return " ".join(map(_spelled, text.split()))


def _spelled(word: str) -> str:
    """Return a word, each consonant with the "a" that the next sign does not take away."""
    spelled = ""
    for sign in word:
        name = unicodedata.name(sign, "")
        if name.startswith(_VOWEL_SIGN) or name == _SILENCED:
            spelled = spelled.removesuffix("a")
        spelled += _sound(sign, name)
    if not is_devanagari(word):
        return word
    spelled = spelled.removesuffix("a") if _ends_in_consonant(word) else spelled
    for pattern, heard in _HEARD:
        spelled = pattern.sub(heard, spelled)
    return spelled


@cache
def _sound(sign: str, name: str) -> str:
    if name.startswith((_LETTER, _VOWEL_SIGN)):
        return name.removeprefix(_LETTER).removeprefix(_VOWEL_SIGN).rsplit(" ", 1)[-1].lower()
    if name in _NASAL:
        return "n"
    return "" if ord(sign) in _DEVANAGARI else sign


def _ends_in_consonant(word: str) -> bool:
    return unicodedata.category(word[-1]) == "Lo" and len(unicodedata.name(word[-1])) > len(_LETTER) + 1
