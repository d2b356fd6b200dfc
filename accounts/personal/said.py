"""The value in an answer of some words: "my number is 22103001", "8.2/10" (spec: personal, Profile)."""

import re

_BESIDE = frozenset(
    "a am an got had hai hain have hoon hu hun i ki ka ke is main mai mein mera mere meri mere my of only the "
    "है हैं हूँ हूं मेरा मेरी मेरे मैं में की का के".split()
)
_NAMES = {  # what the thing itself may be called in its answer
    "number": "enrollment enrolment hi here id it it's its no num number reg registration roll sir this "
    "नंबर नम्बर यह रोल",
    "cgpa": "aggregate cgpa cpi gpa it it's its pointer",
    "percentage": "10th 12th cent class in it marks per percent percentage tenth twelfth",
    "count": "active any backlog backlogs cleared current earlier gap koi live now past pending year years",
    "batch": "batch graduating in out pass passing passout year",
    "branch": "branch department dept doing from in student",
    "program": "course degree doing in program programme pursuing student",
    "gender": "gender",
}
_WORDS = {name: _BESIDE | frozenset(words.split()) for name, words in _NAMES.items()}
_OUT_OF = re.compile(r"\s*(?:/|\bout of\b)\s*10{1,2}(?:\.0+)?(?=\s|$)", re.IGNORECASE)
_MARKS = " .,:;!=()"
_A_NUMBERS_DIGITS = 6
_LONGEST_PART = 4  # letters of a number


def value_in(name: str, text: str) -> str:
    """Return an answer without the words around its value; the text itself where it is nothing else."""
    left = words_left(name, _OUT_OF.sub("", text) if name in ("cgpa", "percentage") else text)
    return _number_of(left) if name == "number" else " ".join(left) or text


def words_left(name: str, text: str) -> list[str]:
    """Return the words that may be the value."""
    words = [word.strip(_MARKS) for word in re.sub("[:=]", " ", text).split()]
    return [word for word in words if word and word.casefold() not in _WORDS[name]]


def _number_of(words: list[str]) -> str:
    """Return the number among other words, such as a name; all where they are its parts ("21 BCE 1234"); else ""."""
    numbers = [word for word in words if word.isdecimal() and len(word) >= _A_NUMBERS_DIGITS]
    others = [word for word in words if word not in numbers]
    alone = len(numbers) == 1 and all(map(str.isalpha, others))
    if alone:
        return numbers[0]
    return "" if any(word.isalpha() and len(word) > _LONGEST_PART for word in words) else " ".join(words)
