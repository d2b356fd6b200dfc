"""Runs of words that can be a place: "Seminar Hall, ABB-I", "Room 204, 2nd floor", "Hotel Orbit, Apte Road, Pune"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from scraping.reading.vocabulary import alternatives, words

_TOKEN = re.compile(r"[^\W_]+(?:['’.&/+-]+[^\W_]+)*|[^\w\s]|\t")
_CODE = re.compile(
    r"(?!(?:[AP]M-\d|B\.|M\.|20\d\d|\d+[AP]M|[A-Z]\d[A-Z]$)|\d+(?:LPA|K|L|CR|X)$)"
    r"(?:[A-Z]{1,5}\d{0,2}[-/.]?(?:[A-Z]{1,3}[-/])?\d{1,4}[A-Z]?|[A-Z]{1,5}\d?-(?:I{1,3}|IV|V))"
)
_NUMBER = re.compile(r"\d{1,4}[A-Z]?(?:-\d{1,4})?|I{1,3}|IV|V|VI{1,3}|IX|X|[A-H]|\d{1,2}(?:st|nd|rd|th)")
_LETTERED = re.compile(r"[A-H]\s(?:block|wing|building|tower)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Z]{2,4}\d?")
_COUNTS = re.compile(
    r"\s?(?:[ap]\.?m\b|baje\b|बजे|hrs\b|hours\b|mins?\b|LPA\b|lakhs?\b|students\b|[:%]|\.\d"
    rf"|{alternatives('months')}\b)",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s?\((?P<inside>[^()]{2,40})\)")
_LED = re.compile(r"(?:\b(?:at|in|from|to|near|inside|venue|reach)\s+(?:the\s+|our\s+)?|@\s*|:\s*)$", re.IGNORECASE)
_NAME = r"(?P<name>(?-i:[A-Z][\w&'’/-]*)(?:\.?\s(?:of\s|&\s|the\s)?(?-i:[A-Z\d])[\w&'’/-]*){0,4})"
# A place by its name alone: "at Kalamandir", "9.30 am, Kalamandir", "outside DSW".
_LED_NAME = re.compile(
    rf"(?:\b(?:at|in|inside|outside|opposite|in\sfront\sof)\s(?:the\s)?|@\s?|(?:\d\s?[ap]m|baje|onwards"
    rf"|sharp)[,\s]+){_NAME}"
    rf"|(?:\d\s?[ap]m|baje|onwards|sharp|[,;])\s{_NAME.replace('name', 'before')}\s(?:me|mein|pe|par)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s+(?!(?:on|at|from|by|between|for|with|before|ke|me|mein|pe|par|se|aa|and)\b)[a-z]")
_TITLE = re.compile(r"\b(?:Dr|St|Prof)\.\s?$")  # "Dr. Kalam Lab"
# "Life" of "at 9 am, Life Sciences Quadrangle": a word that is none of a place by itself.
_MORE_BEFORE = re.compile(r"(?:[,(@]\s*|\b(?:in|at|to)\s(?:the\s)?)(?P<more>(?:[A-Z][a-z]+\s){1,2})$")
_TICKET = re.compile(r"\s?-?tickets?\b", re.IGNORECASE)
_NO_END = frozenset(("exam", "test", "interview", "training", "workshop", "meeting", "seminar", "students", "student"))
_BORDERS = frozenset((",", "-", "–", "—", "/", "and", "&"))
_WITHIN = frozenset(("in", "on", "at", "near"))  # "Room 3 in the Library", "Lab 2 on the first floor"
_MOST_TOKENS = 24


@dataclass(frozen=True, slots=True)
class PlaceRun:
    """Words that follow one another and may be a place."""

    name: str
    start: int
    end: int


_Tokens = Sequence[re.Match[str]]


@lru_cache(maxsize=256)  # venues and the tagger ask about the same lines
def find_places(text: str) -> Sequence[PlaceRun]:
    """Every run of words in `text` that holds a kind of place, or a room by its code."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[PlaceRun]:
    tokens = list(_TOKEN.finditer(text))
    number = 0
    while number < len(tokens):
        last = _last(tokens, number, text)
        if last >= number and (run := _run(tokens[number : last + 1], text)):
            yield run
        number = max(number, last) + 1


def find_led_names(text: str) -> Iterator[PlaceRun]:
    """Names that stand where a place would: they are no more than what they may be."""
    others = words(
        "no_company",
        "months",
        "weekdays",
        "cities",
        "venue_departments",
        "skills",
        "not_of_a_place",
        "online_venues",
        "our_own",
    )
    for match in _LED_NAME.finditer(text):
        group = "name" if match["name"] else "before"
        said = re.findall(r"[^\W_]+", match[group].casefold())
        if _GOES_ON.match(text, match.end(group)):  # "4 PM, Orbit will recruit"
            continue
        office = match[group].casefold() in words("venue_offices")
        if office or not (others.intersection(said[:1]) or all(word in others or word.isdigit() for word in said)):
            yield PlaceRun(match[group], *match.span(group))


def is_kind(word: str) -> bool:
    """Whether a word, small letters, names a kind of place: "hall", "labs", "lt", "c-block"."""
    kinds = words("venue_kinds", "venue_sites")
    return word in kinds or any(part in kinds or part.removesuffix("s") in kinds for part in re.split(r"[-/]", word))


def _last(tokens: _Tokens, first: int, text: str) -> int:
    """The number of the last token of the run that begins with `first`, one less where none does."""
    last, number = first - 1, first
    while number < min(len(tokens), first + _MOST_TOKENS):
        if _is_part(tokens[number], text, begins=number == first):
            last = number
        elif last < first or not _joins(tokens, first, last, number, text):
            break
        number += 1
    return last


def _is_part(token: re.Match[str], text: str, *, begins: bool) -> bool:
    """Whether a token can be a word of a place."""
    word, plain = token[0], token[0].casefold()
    if word[0].isdigit() and (_COUNTS.match(text, token.end()) or _is_year(word)):
        return False
    if is_kind(plain) or plain in words("venue_words"):
        return True
    if (word[0].isupper() or len(plain) > 2) and plain in words("venue_departments", "our_own"):
        return True
    if _NUMBER.fullmatch(word):
        return not begins or word[-1] in "dht" or bool(_LETTERED.match(text, token.start()))
    if plain in words("no_company", "months", "weekdays", "not_of_a_place"):
        return False
    return bool(_CODE.fullmatch(word)) or any(map(str.isupper, word))


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in {"19", "20"}


def _joins(tokens: _Tokens, first: int, last: int, number: int, text: str) -> bool:
    """Whether a word may stand between the parts of a place."""
    word = tokens[number][0]
    if word.casefold() in {"of", "the", "nos", "no", "."}:
        return number == last + 1 or word != "." or tokens[number - 1][0].casefold() in {"no", "nos"}
    whole = _is_place(tokens[first : last + 1])
    if word in {"ke", "ki", "ka"}:  # "IT dept ke seminar hall"
        return whole
    if word in _BORDERS:
        return whole or (word == "," and _LED.search(text, 0, tokens[first].start()) is not None)
    following = [token[0] for token in tokens[number + 1 : number + 4] if token[0] != "the"]
    if not whole or not following:
        return False
    if word == "to":
        return bool(_CODE.fullmatch(following[0]) or following[0].isdigit())
    return word in _WITHIN and bool(
        is_kind(following[0].casefold())
        or following[0].casefold() in words("venue_words")
        or _CODE.fullmatch(following[0])
        or any(is_kind(part.casefold()) for part in following[1:])
    )


def _is_place(tokens: _Tokens) -> bool:
    """Whether words hold a kind of place, or a room by its code: "LT-3", "SPS 8"."""
    said = [token[0] for token in tokens]
    if any(is_kind(word.casefold()) or _CODE.fullmatch(word) for word in said):
        return True
    return any(_LETTERS.fullmatch(word) and behind.isdigit() for word, behind in pairwise(said))


def _run(found: _Tokens, text: str) -> PlaceRun | None:
    """The run without what stands at its borders and is no part of a place."""
    tokens = _without_last_name(list(found), text)
    _trim(tokens)
    if not tokens or not _is_place(tokens) or _is_none(tokens, text):
        return None
    titled = _TITLE.search(text, max(tokens[0].start() - 6, 0), tokens[0].start())
    more = None if titled else _MORE_BEFORE.search(text, max(tokens[0].start() - 40, 0), tokens[0].start())
    if _is_kind_alone(tokens) and not (titled or more):
        return None  # "Block your calendars"
    start, end = titled.start() if titled else more.start("more") if more else tokens[0].start(), tokens[-1].end()
    bracket = _BRACKET.match(text, end)
    inside = next(iter(find_places(bracket["inside"])), None) if bracket else None
    if bracket and inside and not inside.start:
        end = bracket.end()
    return PlaceRun(text[start:end], start, end)


def _is_none(tokens: _Tokens, text: str) -> bool:
    """ "The lab" is any, "consent to dept TPO" is no place, nor is a hall ticket."""
    first = tokens[0][0]
    college = len(tokens) == 1 and first.casefold() in {"college", "institute", "university", "school"}
    ticket = tokens[-1][0].casefold() == "hall" and _TICKET.match(text, tokens[-1].end())
    return bool(
        college or ticket or (_is_kind_alone(tokens) and first.islower()) or first.startswith(("dept", "department"))
    )


def _is_kind_alone(tokens: _Tokens) -> bool:
    kinds = words("venue_kinds", "venue_sites") - words("venue_alone")
    return len(tokens) == 1 and tokens[0][0].casefold() in kinds


def _trim(tokens: list[re.Match[str]]) -> None:
    """Take away what begins or ends a run and is no part of a place."""
    if len(tokens) > 2 and tokens[0][0] == "campus" and tokens[1][0] == "," and _is_place(tokens[2:]):
        del tokens[:2]
    while len(tokens) > 1 and tokens[-1][0] in _NO_END:
        tokens.pop()
    while tokens and (tokens[0][0] in {"the", "of", "nos", "no"} or tokens[0][0].isdigit()):
        tokens.pop(0)


def _without_last_name(tokens: list[re.Match[str]], text: str) -> list[re.Match[str]]:
    """ "Seminar Hall" of "Seminar Hall, Orbit will hold": a name behind a comma that begins what comes next."""
    if not _GOES_ON.match(text, tokens[-1].end()):
        return tokens
    borders = [number for number, token in enumerate(tokens) if token[0] in _BORDERS]
    if not borders or tokens[-1][0][0].isdigit() or _is_place(tokens[borders[-1] :]):
        return tokens
    return tokens[: borders[-1]]
