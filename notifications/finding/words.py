"""What a word is to the search: letters, digits and their marks, folded; everything else parts words."""

import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 60
_ASKED = 8  # words of a question that count
_SHORTEST_BEGINNING = 3  # "labs" is found by "lab", and "hiring" not by "hi"
_LATIN_MARKS = range(0x0300, 0x0370)
_REMEMBERED = 0x3000  # signs below: the alphabets that are read here
_SAY_NOTHING = frozenset(
    "a about all am an and any are at been by can come coming could did do does for from get give got had has have "
    "hello hey hi how i in is it its kindly list many me much my notice notices of ok on or our please show tell thank "
    "thanks that the there this to us was we were what when where which who why will with you "
    "aa aaya aaye aayi batao hai hain ho hua hue hui hoon hu hun ka kab kahan kaise kar kare karo kaun kaunsa kaunsi "
    "ke ki kis kitna kitne kitni ko koi kya liye main mein mera mere meri raha rahe rahi sa se si "
    "आ आई आए आया कब कर करें करो कहां कहाँ का कि "
    "कितना कितनी कितने किस की के कैसे को कोई कौन क्या तक में मेरा मेरी मेरे मैं "
    "रहा रही रहे लिए सा सी से हुआ हुई हुए है हैं हो हूँ हूं मुझे बताओ"
    .split()
)  # fmt: skip
_SHORTEST_OF_MANY = 5  # letters: "internships" is found by "internship", and "labs" left alone


class _Folded(dict[int, str]):
    """A sign as words hold it, for str.translate."""

    def __missing__(self, sign: int) -> str:
        letter = chr(sign)
        kind = unicodedata.category(letter)
        if kind == "Nd":
            folded = str(unicodedata.decimal(letter))
        elif sign in _LATIN_MARKS:
            folded = ""
        else:
            folded = letter if kind[0] in "LNM" else " "
        if sign < _REMEMBERED:
            self[sign] = folded
        return folded


_FOLDED = _Folded(dict.fromkeys((0xAD, *range(0x200B, 0x200E), 0x2060, 0xFEFF), ""))  # of no width


def words_of(text: str) -> list[str]:
    """Return the words of a text in order: NFKC, no case, no accents, digits of every script as 0 to 9."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_FOLDED)
    return [word[:LONGEST_WORD] for word in unicodedata.normalize("NFC", plain).split()]


def as_stored(texts: Iterable[str], longest: int) -> str:
    """Return the different words of texts, parted by blanks, in at most so many characters."""
    words = dict.fromkeys(word for text in texts for word in words_of(text))
    stored = " ".join(words)
    return stored if len(stored) <= longest else stored[:longest].rsplit(" ", 1)[0]


def words_asked(text: str) -> list[str]:
    """Return what is looked for: the first words of a question that say anything."""
    wanted = (_of_many(word) for word in words_of(text[:4096]) if not says_nothing(word))
    return list(dict.fromkeys(wanted))[:_ASKED]


def says_nothing(word: str) -> bool:
    """Whether a word of a question in English, Hindi or Hindi in Latin letters looks for nothing."""
    return word in _SAY_NOTHING


def _of_many(word: str) -> str:
    """Return a word without the "s" of many: what it begins is found all the same."""
    return word[:-1] if len(word) >= _SHORTEST_OF_MANY and word.endswith("s") else word


def is_beginning(word: str) -> bool:
    """Whether a word of a question is also the beginning of longer ones; a short one stands for itself."""
    return len(word) >= _SHORTEST_BEGINNING
