"""What the tagger sees of each word of a page: the word, its groups of the vocabulary, its place, its neighbours."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from scraping.reading.layout.fields import field_name, label_of
from scraping.reading.layout.name_runs import find_names
from scraping.reading.layout.place_runs import find_places
from scraping.reading.layout.role_runs import find_roles
from scraping.reading.layout.sentences import SIGNED
from scraping.reading.layout.text import straight
from scraping.reading.page import Page
from scraping.reading.vocabulary import words

_MOST_LINES = 60
_LONGEST_LINE = 700
_MOST_WORDS = 160  # of a line
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]|\t|_")
_SHAPES = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"[^\x00-\x7f]", "u"),
        (r"[A-Z]", "X"),
        (r"[a-z]", "x"),
        (r"\d", "0"),
        (r"(.)\1{2,}", r"\1\1"),
    )
)
_LONGEST_SHAPE = 8
_OTHER_LABEL = re.compile(r"\W*(?P<label>[A-Za-z][\w /&.()-]{1,30}?)\s*(?::|\s[-–—]\s|\t)\s*")
_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s?#]{0,60}|@[\w.-]+")
_LONGEST_LABEL = 40
_WORDS_OF_A_PAGE = 512  # that differ
_GROUPS = (
    "months weekdays legal_forms company_endings organisation_endings cities our_own venue_kinds venue_sites "
    "venue_offices venue_words venue_departments not_of_a_place online_venues role_heads role_modifiers kinds_of_work "
    "no_company hinglish words_of_contests no_name skills titles_of_persons known_companies"
).split()
_SAMPLE = (
    "Company: Orbit Infotech Pvt. Ltd.",
    "Venue",
    "Seminar Hall, 2nd floor of Block 34 at 9:30 am on Monday, 7 December",
    "Orbit will hire Software Engineers in Pune, apply by 5 PM: https://orbit.in/jobs",
    "Regards, Asha",
)
_NEAR = (-4, -3, -2, -1, 1, 2, 3, 4)
_AROUND = (-2, -1, 1, 2)  # of these, shape and groups, too
_FAR = 8
_Seen = tuple[str, str, tuple[str, ...]]  # a word, its shape, its groups
_Beside = Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TaggedLine:
    """A line (-1 for the title) with where its words begin and end, and what is said of each for the tagger."""

    number: int
    text: str
    spans: tuple[tuple[int, int], ...]
    features: list[list[str]]


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the whole page says of a word."""

    titled: frozenset[str]
    times: Counter[str]
    small: frozenset[str]
    addresses: str
    sender: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Line:
    """What holds for all words of a line."""

    place: str
    signed: bool
    label: str
    value: int  # where it begins
    label_above: str


def lines_for_tagger(page: Page) -> Iterator[TaggedLine]:
    """The title and the lines of a page, those of a long one's beginning."""
    lines = [straight(line)[:_LONGEST_LINE] for line in (page.title, *page.lines[:_MOST_LINES])]
    whole = _whole(page, lines)
    signed, above = False, ""
    for number, text in enumerate(lines, start=-1):
        signed = signed or (number > 2 and SIGNED.fullmatch(text[:60]) is not None)
        found = [match.span() for match in _WORD.finditer(text)][:_MOST_WORDS]
        if found:
            line = _line(number, text, above, signed=signed, last=number == len(lines) - 2)
            yield TaggedLine(number, text, tuple(found), list(_features(text, found, line, whole)))
            above = text


def words_for_tagger(text: str) -> list[str]:
    """The words of a text as the tagger sees them, small letters."""
    return [match[0].lower() for match in _WORD.finditer(straight(text))]


def features_of_a_sample() -> list[list[list[str]]]:
    """What is seen of a few lines: another way of seeing gives something else."""
    page = Page("Orbit's drive | SDE-1", _SAMPLE, sender="HR <hr@orbit.in>")
    return [line.features for line in lines_for_tagger(page)]


def _whole(page: Page, lines: Sequence[str]) -> _Whole:
    found = _WORD.findall("\n".join(lines))
    said = " ".join((*lines, page.sender, *(link.url for link in page.anchors[:_MOST_LINES])))
    return _Whole(
        frozenset(word.lower() for word in _WORD.findall(lines[0]) if not word[0].islower()),
        Counter(word.lower() for word in found if word[0].isupper()),
        frozenset(word for word in found if word[0].islower()),
        "".join(_ADDRESS.findall(said)).casefold(),
        frozenset(re.findall(r"\w+", page.sender.partition("<")[0].lower())),
    )


def _line(number: int, text: str, above: str, *, signed: bool, last: bool) -> _Line:
    label, value = label_of(text)
    if not label and (match := _OTHER_LABEL.match(text)):
        label, value = f"?{match['label'].lower().split()[-1]}", match.end()
    place = {-1: "title", 0: "first", 1: "early", 2: "early"}.get(number, "last" if last else "body")
    named_above = field_name(above.rstrip(" :-–")) if above and len(above) < _LONGEST_LABEL else ""
    return _Line(place, signed, label, value, named_above)


def _features(text: str, spans: Sequence[tuple[int, int]], line: _Line, whole: _Whole) -> Iterator[list[str]]:
    said = [text[start:end] for start, end in spans]
    seen = [_seen(word) for word in said]
    beside = [_beside(word) for word in seen]
    runs = list(_runs(text, spans))
    far = _far(seen)
    columns, before = 0, -1
    for number, (start, _) in enumerate(spans):
        columns += said[number] == "\t"
        found = [*_of_the_word(seen[number], line.place), *_of_the_page(said[number], whole)]
        found += _of_the_line(line, start, before, seen[number][1], columns)
        found += [f"{name}{runs_there[number]}" for name, runs_there in runs if number in runs_there]
        found += _neighbours(beside, number, line.place)
        found += _pairs(seen, number)
        found += far[0][max(0, number - _FAR) : max(0, number - 4)]
        found += far[1][number + 5 : number + _FAR + 1]
        before = start
        yield found


@lru_cache(maxsize=_WORDS_OF_A_PAGE)
def _of_the_word(seen: _Seen, place: str) -> tuple[str, ...]:
    word, shape, groups = seen
    plain = ("-", f"w={word}", f"s={shape}", f"p={word[:3]}", f"e={word[-3:]}", f"in={place}", f"in={place}|{shape}")
    return (*plain, *([f"g={group}" for group in groups] or [f"g=|{shape[:2]}"]))


def _far(seen: Sequence[_Seen]) -> tuple[list[str], list[str]]:
    """The words of a line as those before and behind another, beyond its neighbours."""
    return [f"<w={word}" for word, _, _ in seen], [f">w={word}" for word, _, _ in seen]


@lru_cache(maxsize=_WORDS_OF_A_PAGE)
def _seen(word: str) -> _Seen:
    """A word in small letters, its shape ("Xxx0") and its groups of the vocabulary."""
    plain = word.lower().removesuffix("'s") or word
    shape = word
    for pattern, sign in _SHAPES:
        shape = pattern.sub(sign, shape)
    groups = _groups().get(plain, ())
    shown = f"#{len(plain) == 4:d}" if plain.isdigit() else plain
    return shown, shape[:_LONGEST_SHAPE], groups


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for group in _GROUPS:
        for word in words(group):
            found.setdefault(word, []).append(group)
    for name in words("known_companies"):
        if " " in name:
            found.setdefault(name.split()[0], []).append("known_begins")
    return {word: tuple(sorted(set(groups))) for word, groups in found.items()}


def _of_the_page(word: str, whole: _Whole) -> Iterator[str]:
    if word.endswith("'s"):
        yield "whose"
    if not word[0].isupper():
        return
    plain = word.lower()
    if plain in whole.titled:
        yield "in title"
    if whole.times[plain] > 1:
        yield "again"
    if plain in whole.small:
        yield "small elsewhere"
    if len(plain) > 3 and plain in whole.addresses:
        yield "in an address"
    if plain in whole.sender:
        yield "of the sender"


def _of_the_line(line: _Line, start: int, before: int, shape: str, columns: int) -> Iterator[str]:
    if line.signed:
        yield "signed"
    if columns:
        yield "column"
    if line.label_above:
        yield f"above={line.label_above}"
    if line.label and start < line.value:
        yield f"label={line.label}"
    elif line.label:
        yield f"value={line.label}"
        yield f"value={line.label}|{shape[:2]}"
        if before < line.value:
            yield f"begins={line.label}"


def _runs(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, dict[int, str]]]:
    """The words of runs that may be a name, a role or a place, "B" for the first of each."""
    yield "name", _covered(spans, ((run.start, run.end) for run in find_names(text)))
    yield "role", _covered(spans, ((run.start, run.end) for run in find_roles(text, wide=True)))
    yield "place", _covered(spans, ((run.start, run.end) for run in find_places(text)))


def _covered(spans: Sequence[tuple[int, int]], runs: Iterable[tuple[int, int]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for first, last in runs:
        inside = [number for number, (start, end) in enumerate(spans) if start >= first and end <= last]
        found |= dict.fromkeys(inside, "I") | dict.fromkeys(inside[:1], "B")
    return found


def _neighbours(beside: Sequence[_Beside], number: int, place: str) -> list[str]:
    found: list[str] = []
    count = len(beside)
    for by in _NEAR:
        at = number + by
        if 0 <= at < count:
            found += beside[at][by]
        elif at in {-1, count}:
            found.append(f"{by}#{place if at < 0 else ''}")
    return found


def _pairs(seen: Sequence[_Seen], number: int) -> Iterator[str]:
    """A word's neighbours with its shape or with one another."""
    count = len(seen)
    shape = seen[number][1][:2]
    if number:
        yield f"-1w={seen[number - 1][0]}|{shape}"
    if number > 1:
        yield f"-2w={seen[number - 2][0]}|{seen[number - 1][0]}"
    if number + 1 < count:
        yield f"1w={seen[number + 1][0]}|{shape}"
    if number + 2 < count:
        yield f"2w={seen[number + 1][0]}|{seen[number + 2][0]}"


@lru_cache(maxsize=_WORDS_OF_A_PAGE)
def _beside(seen: _Seen) -> _Beside:
    """What a word says of the one so many words before it."""
    word, shape, groups = seen
    far = {by: (f"{by}w={word}",) for by in _NEAR}
    close = {by: (f"{by}w={word}", f"{by}s={shape[:3]}", *(f"{by}g={group}" for group in groups)) for by in _AROUND}
    return far | close
