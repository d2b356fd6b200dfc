"""Companies that are known already, where their names stand in a text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from scraping.reading.facts.naming.match import company_score
from scraping.reading.facts.naming.names import company_keys, core_words, initials, words_of
from scraping.reading.layout.name_runs import says_nothing
from scraping.reading.layout.role_runs import find_roles
from scraping.reading.vocabulary import alternatives

_WORD = re.compile(r"[^\W_](?:[\w'’]|&(?=\w))*|&")
_LEGAL_END = re.compile(rf"(?:,?\s+(?:\(\w+\)|(?:{alternatives('legal_forms')})\.?)(?!\w))+", re.IGNORECASE)
_NEXT = re.compile(r" (?P<next>[A-Z]\w+)(?: (?P<second>[A-Z]\w+))?(?=\s*$|\s*[|:–—(,-]|\s[a-z])")
_LEAST_LETTERS = 3


def known_names(text: str, companies: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Start and end of each known company's name in `text`, the longest first where two overlap.

    A name of two words or more may be cut short: "Orbit Capital" of "Orbit Capital Advisors". Not where a longer name
    begins with it: "Orbit Motors Finance" is another company.
    """
    tokens = [(word, match) for match in _WORD.finditer(text.replace("_", " ")) for word in words_of(match[0])]
    ways = _ways(companies)
    taken = 0
    for number, (word, match) in enumerate(tokens):
        if match.start() < taken:
            continue
        for way in (*ways.get(word, ()), *ways.get(word.removesuffix("s"), ())):
            found = tokens[number : number + len(way)]
            if _is_way(found, way) and _is_written_as_one(text[match.start() : _end(found[-1][1])]):
                end = _with_legal_form(text, _end(found[-1][1]))
                if not _goes_on(text, end):
                    yield match.start(), end
                    taken = end
                    break


@lru_cache(maxsize=4096)
def is_known(name: str, companies: tuple[str, ...]) -> bool:
    """Whether a name is one of these companies', by its words, its beginning or its initials."""
    keys, firsts = _index(companies)
    if company_keys(name) & keys:
        return True
    first = core_words(name)[:1]
    return any(company_score(name, company) >= 90 for company in firsts.get(first[0] if first else "", ()))


@lru_cache(maxsize=32)
def _index(companies: tuple[str, ...]) -> tuple[frozenset[str], dict[str, list[str]]]:
    """Every key and every short form; first word → the companies that begin with it."""
    firsts: dict[str, list[str]] = {}
    for company in companies:
        firsts.setdefault(next(iter(core_words(company)), ""), []).append(company)
    short = {letters for company in companies if len(letters := initials(company)) > 2}
    return frozenset(short.union(*(company_keys(company) for company in companies))), firsts


def _is_way(found: list[tuple[str, re.Match[str]]], way: tuple[str, ...]) -> bool:
    """Whether words are those of a name; the last may possess something."""
    plain = [word for word, _ in found]
    whose = [*plain[:-1], plain[-1].removesuffix("s")] if found[-1][1][0].endswith("'s") else plain
    return list(way) in (plain, whose)


@lru_cache(maxsize=32)
def _ways(companies: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    """First word → the words of names that begin with it, the longest first."""
    names = {core_words(company) for company in companies}
    cut = {name[:end] for name in names for end in range(2, len(name)) if name[end - 1] not in {"and", "of", "the"}}
    ways: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(names | cut, key=lambda name: (-len(name), name)):
        if name and len("".join(name)) >= _LEAST_LETTERS and not (len(name) == 1 and says_nothing(name[0])):
            ways.setdefault(name[0], []).append(name)
    return ways


def _end(match: re.Match[str]) -> int:
    return match.end() - 2 * match[0].endswith("'s")


def _is_written_as_one(shown: str) -> bool:
    return not shown[0].islower() and not re.search(r"[,;:|()\n]|\s[-–—]\s", shown)


def _with_legal_form(text: str, end: int) -> int:
    match = _LEGAL_END.match(text, end)
    return match.end() if match else end


def _goes_on(text: str, end: int) -> bool:
    """Whether words with a capital follow that belong to a longer name."""
    match = _NEXT.match(text, end)
    following = [word for word in (match["next"], match["second"]) if word] if match else []
    role = next(iter(find_roles(text[end : end + 100].lstrip())), None)
    is_role = role is not None and role.start == 0
    return bool(following) and not is_role and all(word.istitle() and not says_nothing(word) for word in following)
