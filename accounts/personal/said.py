"""The value in an answer of some words: "my number is 22103001", "8.2/10"; and what a text tells of its writer.

(spec: personal, Profile)
"""

import re

_BESIDE = frozenset(
    "a am an got had hai hain have hoon hu hun i ki ka ke is main mai mein mera mere meri mere my of only the "
    "है हैं हूँ हूं मेरा मेरी मेरे मैं में की का के".split()
)
_NAMES = {  # what the thing itself may be called in its answer
    "number": "enrollment enrolment hi here id it it's its no num number reg registration roll sir this "
    "नंबर नम्बर यह रोल",
    "cgpa": "aggregate cgpa cpi gpa it it's its pointer सीजीपीए",
    "percentage": "10th 12th cent class in it marks per percent percentage tenth twelfth x xii",
    "backlogs": "active any backlog backlogs current koi live now pending बैकलॉग",
    "past": "any backlog backlogs cleared earlier koi past बैकलॉग",
    "gap": "any gap koi year years",
    "batch": "batch graduating in out pass passing passout year",
    "branch": "branch ब्रांच department dept doing from in student",
    "program": "course degree doing in program programme pursuing student",
    "gender": "gender",
}
_MINE = "am hoon hu hun i main mera mere meri my हूँ हूं मेरा मेरी मेरे मैं"
# What names a fact in a text of its own, and what stands with it where the first alone is as good as a search.
_CALLED = {
    "program": ("course degree program programme", _MINE),
    "branch": ("branch department dept ब्रांच", _MINE),
    "batch": ("batch graduating passing passout", f"graduating passing {_MINE}"),
    "cgpa": ("cgpa cpi gpa pointer सीजीपीए", ""),
    "x": ("10th tenth x", ""),
    "xii": ("12th twelfth xii", ""),
    "past": ("cleared earlier past", "backlog backlogs बैकलॉग"),
    "backlogs": ("backlog backlogs बैकलॉग", ""),
    "gap": ("gap", ""),
    "gender": ("gender", _MINE),
}
_WORDS = {name: _BESIDE | frozenset(words.split()) for name, words in _NAMES.items()}
_OUT_OF = re.compile(r"\s*(?:/|\bout of\b)\s*10{1,2}(?:\.0+)?(?=[.,!]?(?:\s|$))", re.IGNORECASE)
_CLASS = re.compile(r"\bclass\s*(10|12)(?:th)?\b", re.IGNORECASE)
_MARKS = " .,:;!=()"
_A_NUMBERS_DIGITS = 6
_LONGEST_PART = 4  # letters of a number


def value_in(name: str, text: str) -> str:
    """Return an answer without the words around its value; the text itself where it is nothing else."""
    left = words_left(name, _OUT_OF.sub("", text) if name in ("cgpa", "percentage") else text)
    return _number_of(left) if name == "number" else " ".join(left) or text


def words_left(name: str, text: str) -> list[str]:
    """Return the words that may be the value."""
    return [word for word in _words(text) if word.casefold() not in _WORDS[name]]


def facts_named(text: str) -> list[str]:
    """Return the facts that a text names: "my cgpa is 8.2"."""
    words = {word.casefold() for word in _words(text)}
    named = [
        name
        for name, (called, beside) in _CALLED.items()
        if words & {*called.split()} and (not beside or words & {*beside.split()})
    ]
    return [name for name in named if name != "backlogs" or "past" not in named]


def _words(text: str) -> list[str]:
    text = _CLASS.sub(r" \1th ", re.sub("[:=]", " ", text))
    words = (word.strip(_MARKS) for word in text.split())
    return [word for word in words if word]


def _number_of(words: list[str]) -> str:
    """Return the number among other words, such as a name; all where they are its parts ("21 BCE 1234"); else ""."""
    numbers = [word for word in words if word.isdecimal() and len(word) >= _A_NUMBERS_DIGITS]
    others = [word for word in words if word not in numbers]
    alone = len(numbers) == 1 and all(map(str.isalpha, others))
    if alone:
        return numbers[0]
    return "" if any(word.isalpha() and len(word) > _LONGEST_PART for word in words) else " ".join(words)
