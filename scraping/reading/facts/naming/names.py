"""Names of companies and roles: as they are shown, and as they are compared."""

import re
import unicodedata
from functools import lru_cache

from scraping.reading.layout.text import collapse, straight

_LEGAL = frozenset(
    ("pvt", "private", "ltd", "limited", "inc", "incorporated", "llp", "llc", "corp", "corporation", "co", "gmbh",
     "plc")
)  # fmt: skip
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_FORMERLY = re.compile(
    r"(?:formerly|formally|previously|earlier|erstwhile|now|aka|a\.k\.a\.?)\b[\s:]*(?:known as\s+)?", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
_ABBREVIATIONS = {
    "sde": "software development engineer", "swe": "software engineer", "sre": "site reliability engineer",
    "frontend": "front end", "backend": "back end", "fullstack": "full stack", "qa": "quality assurance",
    "ml": "machine learning", "ai": "artificial intelligence", "jr": "junior", "sr": "senior", "hr": "human resources",
    "internship": "intern", "interns": "intern", "dev": "developer", "engg": "engineering", "mgr": "manager",
    "i": "1", "ii": "2", "iii": "3", "iv": "4",
}  # fmt: skip
_SAYS_NOTHING = frozenset(
    ("role", "roles", "profile", "position", "post", "job", "the", "a", "an", "and", "of", "for", "as")
)


def clean_company(name: str) -> str:
    """A company's name for display: mojibake, hidden signs and the comma a portal leaves at its end are gone."""
    return collapse(name).strip(" ,;:–—-\t'\"")


@lru_cache(maxsize=4096)
def company_key(name: str) -> str:
    """What tells two companies apart: brackets, legal forms, punctuation, accents, case and spaces are off.

    "Orbit Infotech Private Limited" and "orbit infotech (India) Pvt. Ltd" both give "orbitinfotech". A name that
    is nothing but that gives all its letters; "" only for a name without any.
    """
    whole = words_of(name)
    core = _core(words_of(_BRACKETS.sub(" ", collapse(name)))) or _core(whole) or whole
    return "".join(core)


@lru_cache(maxsize=4096)
def company_keys(name: str) -> frozenset[str]:
    """Every key a name goes by: as above, and what a bracket holds: its short form (AMD) or its former name."""
    keys = {company_key(name)}
    for inside in _BRACKETS.findall(collapse(name)):
        other = _FORMERLY.sub("", inside).strip()
        if other != inside.strip() or re.fullmatch(r"[A-Z][A-Z&.]{1,9}", other):
            keys.add(company_key(other))
    return frozenset(keys - {""})


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """The first letters of a name's words, small: "Tata Consultancy Services" gives "tcs"."""
    return "".join(word[0] for word in core_words(name) if word not in {"and", "of", "the"})


@lru_cache(maxsize=4096)
def core_words(name: str) -> tuple[str, ...]:
    """The words of a company's name that count, folded."""
    whole = words_of(_BRACKETS.sub(" ", collapse(name)))
    return tuple(_core(whole) or whole)


@lru_cache(maxsize=4096)
def role_words(role: str) -> tuple[str, ...]:
    """The words of a role that count, folded, abbreviations written out: "SDE-1" is "software development engineer 1".

    A bracket that only repeats the initials of what stands before it is off: "Software Development Engineer (SDE)".
    """
    shown = collapse(role)
    for bracket in list(_BRACKETS.finditer(shown)):
        before = words_of(shown[: bracket.start()])
        if _repeats(words_of(bracket[1]), before):
            shown = shown.replace(bracket[0], " ")
    spelt = (_ABBREVIATIONS.get(word, word) for word in words_of(shown))
    return tuple(word for phrase in spelt for word in phrase.split() if word not in _SAYS_NOTHING)


def words_of(text: str) -> list[str]:
    """Folded words, accents and apostrophes off: "L'Oréal" is one word."""
    plain = unicodedata.normalize("NFKD", straight(collapse(text))).casefold().replace("'", "").replace("&", " and ")
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _core(words: list[str]) -> list[str]:
    """Without the legal form, and without the country that stands before it or last."""
    core = [word for word in words if word not in _LEGAL]
    if len(core) > 1 and core[-1] == "india" and core[-2] not in {"of", "in", "and"}:
        core.pop()
    return core


def _repeats(inside: list[str], before: list[str]) -> bool:
    letters = "".join(inside)
    ends = ("".join(word[0] for word in before[start:]) for start in range(len(before)))
    return 1 < len(letters) <= 6 and len(inside) <= 2 and letters in ends
