"""Runs of words that can be a company's name: "Robert Bosch (RBEI)", "Bank of America", "o9 Solutions"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from scraping.reading.layout.role_runs import find_roles
from scraping.reading.layout.text import straight
from scraping.reading.vocabulary import alternatives, words

_TOKEN = re.compile(r"[^\W_](?:[\w&+'’]|[./@](?=\w)|-(?=\w)(?!20\d\d\b))*\.?|&|\((?P<inside>[^()\n]{1,40})\)")
_NUMBER = re.compile(r"[\d.,:/-]+(?:st|nd|rd|th|k|l|lpa|am|pm|a\.m|p\.m|hrs?|hours|mins?|x|%|\+|/-)?", re.IGNORECASE)
_CONTEST = re.compile(r"(?!python|marathon$)[\w-]*thons?|(?:code|hack)fest|\w+hack")
_ROUND = re.compile(r"[lrqt]\d")
_HACK = re.compile(r"(?:Hack|Code)(?:[A-Z]\w+|athon)")
_CODES = re.compile(r"[A-Za-z]{1,4}(?:/[A-Za-z]{1,4})+")
_INITIAL = re.compile(r"(?:[A-Z]\.)+|(?:Dr|St|Mt)\.")
_SHORT_NAME = re.compile(r"[A-Z][A-Za-z&.-]{1,9}(?:\s[A-Z][\w&]*){0,3}")
_IN_A_NAME = re.compile(  # "Orbit Alkalies and Chemicals Ltd"
    rf"\s(?:{alternatives('company_endings')})\s(?:{alternatives('legal_forms')})(?!\w)", re.IGNORECASE
)
_NEXT_WORD = re.compile(r"\s(?P<word>[A-Z]\w+)")
_OWNS = re.compile(r"\s(?!(?:is|are|has|have|will|on|in|at|for|and|by|from|to|was|shall)\b)\w")
_OF = frozenset(
    (
        "bank",
        "institute",
        "university",
        "board",
        "corporation",
        "authority",
        "centre",
        "center",
        "council",
        "ministry",
        "house",
    )
)
_AFTER_WHOSE = frozenset(
    ("laboratories", "labs", "india", "analytics", "bank", "foods", "pharma")
)  # Dr. Reddy's Laboratories
_MOST_WORDS = 8
_LONGEST = 3000


@dataclass(frozen=True, slots=True)
class NameRun:
    """Words that follow one another and may be a name; `possessive` where "'s" ends it."""

    name: str
    start: int
    end: int
    possessive: bool = False


@lru_cache(maxsize=256)  # companies and the tagger ask about the same lines
def find_names(text: str) -> Sequence[NameRun]:
    """Every run of words that may be a name, words of the trade and roles left out."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[NameRun]:
    text = straight(text[:_LONGEST]).replace("_", " ")
    taken = [(role.start, role.end) for role in find_roles(text) if role.words > 1 or not _is_ending(role.name)]
    run: list[re.Match[str]] = []
    tokens = list(_TOKEN.finditer(text))
    for number, token in enumerate(tokens):
        inside_role = any(start <= token.start() < end for start, end in taken)
        if run and not _follows(run, token, text):
            yield from _closed(run, text)
            run = []
        if not run and token["inside"] and not inside_role:  # a name in a bracket behind one in another script
            yield from (_moved(name, token.start("inside")) for name in find_names(token["inside"]))
        elif inside_role or not (
            _continues(run, token, text) if run else _begins(token[0]) or _opens(tokens, number, text)
        ):
            yield from _closed(run, text)
            run = []
        else:
            run.append(token)
    yield from _closed(run, text)


def _moved(name: NameRun, by: int) -> NameRun:
    return NameRun(name.name, name.start + by, name.end + by, name.possessive)


def says_nothing(word: str) -> bool:
    """Whether a word is of the trade, of the calendar or a number: no part of a name by itself."""
    plain = word.casefold().strip(".'").removesuffix("'s")
    if word in words("hinglish") or _ROUND.fullmatch(plain) or _HACK.fullmatch(word):
        return True
    known = words("no_company", "months", "weekdays", "words_of_contests")
    parts = [part for part in re.split(r"[/_-]", plain) if part]
    if _CONTEST.fullmatch(plain):
        return True
    return plain in known or bool(_NUMBER.fullmatch(plain)) or all(part in known or part.isdigit() for part in parts)


def is_of_a_contest(word: str) -> bool:
    """ "Hackathon", "HackOrbit", "quiz"."""
    plain = word.casefold()
    return plain in words("words_of_contests") or bool(_CONTEST.fullmatch(plain) or _HACK.fullmatch(word))


def _is_ending(name: str) -> bool:
    return name.casefold() in words("company_endings")


def _begins(word: str) -> bool:
    if (
        word.startswith(("(", "&"))
        or "@" in word
        or _CODES.fullmatch(word)
        or word.casefold().strip(".") in words("legal_forms")
    ):
        return False
    if word.casefold().strip(".") in words("titles_of_persons") - {"dr", "ms"}:
        return False
    first, hyphen, rest = word.partition("-")
    if hyphen and rest.islower() and says_nothing(first):  # "No-shows", "Two-step"
        return False
    return _is_capital(word) and not says_nothing(word) and word.casefold() not in words("hinglish")


def _opens(tokens: Sequence[re.Match[str]], number: int, text: str) -> bool:
    """ "General" of "General Motors": a word of the trade that begins a name with the next one; "Next" of "Next
    Education", where what follows is no name by itself.
    """
    word, following = tokens[number], tokens[number + 1 : number + 2]
    if following and f"{word[0]} {following[0][0]}".casefold().removesuffix("'s") in _two_words():
        return word[0][0].isupper() and text[word.end() : following[0].start()] == " "
    if word[0].casefold() not in words("company_openers") or not word[0][0].isupper() or not following:
        return False
    return text[word.end() : following[0].start()] == " " and _begins(following[0][0])


@cache
def _two_words() -> frozenset[str]:
    """The first two words of the known companies."""
    return frozenset(" ".join(name.split()[:2]) for name in words("known_companies") if " " in name)


def _continues(run: Sequence[re.Match[str]], token: re.Match[str], text: str) -> bool:
    word, end = token[0], token.end()
    plain = word.casefold().strip(".").removesuffix("'s")
    if run[-1][0] == "and":
        return True
    if plain == "and":
        return _IN_A_NAME.match(text, end) is not None or _joins(run[-1][0], text[end:])
    if word.startswith("("):
        inside = word[1:-1].strip()
        return (bool(_SHORT_NAME.fullmatch(inside)) and not any(map(says_nothing, inside.split()))) or plain in {
            "(india)",
            "(p)",
        }
    if plain == "of":
        return run[-1][0].casefold() in _OF
    if (
        word in {"&", "IT", "AI", "One", "Life", "Pay"}
        or plain in words("legal_forms")
        or (plain in words("company_endings", "organisation_endings") and _is_capital(word))
    ):
        return True
    return _begins(word) or (word.istitle() and word.casefold() in words("hinglish"))


def _joins(before: str, behind: str) -> bool:
    """Whether "and" parts no two names: "Research and Development", "Engineering and Automation"."""
    match = _NEXT_WORD.match(behind)
    after = match["word"].casefold() if match else ""
    of_a_trade = words("company_endings", "company_endings_weak") | {"development", "allied", "natural"}
    return after in {"sons", "company", "associates", "brothers", "bros"} or (
        before.casefold() in of_a_trade and after in of_a_trade
    )


def _is_capital(word: str) -> bool:
    return any(sign.isupper() for sign in word) or (any(map(str.isdigit, word)) and any(map(str.isalpha, word)))


def _follows(run: Sequence[re.Match[str]], token: re.Match[str], text: str) -> bool:
    last, gap = run[-1][0], text[run[-1].end() : token.start()]
    if len(run) >= _MOST_WORDS or last.count("/") > 1:  # a reference: NSTU/T&P/2026
        return False
    if token[0].casefold() == run[0][0].casefold() and last != "&":
        return False
    if last.endswith("."):
        legal = last.casefold().strip(".") in words("legal_forms")
        return gap in {"", " "} and (legal or bool(_INITIAL.fullmatch(last)))
    if last.endswith(("'s", "s'")):
        return gap == " " and token[0].casefold() in _AFTER_WHOSE
    if last.startswith("("):
        return gap == " " and token[0].casefold().strip(".") in words("legal_forms") | {"india"}
    return gap == " " or (gap == ", " and token[0].casefold().strip(".") in words("legal_forms"))


def _without_trade(last: re.Match[str]) -> int:
    """The end of a name: "Limited-Hiring" ends with "Limited"."""
    first, _, behind = last[0].partition("-")
    return last.start() + len(first) if behind and says_nothing(behind) else last.end()


def _closed(run: Sequence[re.Match[str]], text: str) -> Iterator[NameRun]:
    run = list(run)
    while run and (run[-1][0] == "&" or run[-1][0].casefold() == "of"):
        run.pop()
    if not run:
        return
    start, end = run[0].start(), _without_trade(run[-1])
    shown = text[start:end].rstrip(".") if not _INITIAL.fullmatch(run[-1][0]) else text[start:end]
    owned = shown.endswith("'s") and run[0][0] != "Dr." and shown.casefold() not in words("known_companies")
    possessive = owned and _OWNS.match(text, end) is not None
    name = shown.removesuffix("'s") if possessive else shown
    if any(sign.isalpha() for sign in name) and len(name) > 1:
        yield NameRun(name, start, end, possessive)
