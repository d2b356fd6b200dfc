"""The company a text is about: every name in it is a candidate, scored by what speaks for it and against it."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from accounts.courses import programs_in
from scraping.items import JobRef, Student
from scraping.reading.facts.naming.evidence import named_in
from scraping.reading.facts.naming.forms import chosen, grouped
from scraping.reading.facts.naming.known_names import is_known
from scraping.reading.facts.naming.name import Name
from scraping.reading.facts.naming.names import clean_company, company_key
from scraping.reading.facts.naming.scoring import Evidence, Scored, best
from scraping.reading.layout.text import straight
from scraping.reading.page import Page
from scraping.reading.tagger.model import likely
from scraping.reading.vocabulary import words

LEAST = 0.5
_LEAST_SEEN = 0.3  # of a name that the tagger alone sees
# How likely a name is at least that is stated so: the tagger sees no sender, and none of the season's companies.
_STATED = {"label": 0.9, "known": 0.98, "its mail address": 0.5, "sender": 0.35}
_MOST_NAMES = 80

_SCHOOLS = frozenset(("institute", "university", "college", "school"))
_ENDINGS = words("company_endings")
_NO_COMPANY_PLACE = words("venue_kinds") - _ENDINGS - {"stadium", "arena", "convention"}
# A letter's number, a Roman number, a code: NSTU/T&P/2026, VIII, WK34.
_REFERENCE = re.compile(
    r"(?:\S*/){2,}\S*|\S*/\S*\d\S*|(?:[A-Z]+-)?[IVX]+|[A-Z]{1,3}\d{1,4}|[A-Z\d]*\d\d[A-Z]{1,4}\d{3,}"
    r"|ms|m/s|canceled|cancelled|intent",
    re.IGNORECASE,
)


def find_companies(page: Page, jobs: Sequence[JobRef] = (), students: Sequence[Student] = ()) -> list[Scored]:
    """The companies a text may be about, the likeliest first, each once and as the text writes it.

    `jobs` are those of the season: a company that is known is likelier. Students are no companies.
    """
    people = {key for student in students for key in map(company_key, (student.name, *student.name.split()))}
    names = [_without_person(name, people) for name in _names(page, jobs)]
    names = [name for name in names if company_key(name.name) not in people]
    _without_greeting(names)
    _compare_with_text(names, page)
    groups = [chosen(group) for group in grouped(names[:_MOST_NAMES])]
    return sorted(groups, key=lambda found: -found.score)


def _without_person(name: Name, people: Collection[str]) -> Name:
    """ "Orbit" of "Asha (Orbit)"."""
    before, bracket, inside = name.name.partition(" (")
    if bracket and company_key(before) in people:
        name.name = inside.rstrip(")")
    return name


def _without_greeting(names: Iterable[Name]) -> None:
    """ "Orbit Software" of "Guyz Orbit Software", where the title begins with Orbit."""
    titled = [name.name.split() for name in names if name.in_title and " " in name.name]
    for name in names:
        _, *rest = name.name.split()
        if not name.in_title and any(rest[: len(title)] == title for title in titled):
            name.name = " ".join(rest)


def best_company(page: Page, jobs: Sequence[JobRef] = (), students: Sequence[Student] = ()) -> Scored | None:
    """As `find_company`, with what spoke for it."""
    return best(find_companies(page, jobs, students), LEAST)


def _names(page: Page, jobs: Sequence[JobRef]) -> list[Name]:
    found: dict[str, Name] = {}
    for name, evidence, in_title in named_in(page, jobs):
        shown = clean_company(name)
        one = found.setdefault(shown.casefold(), Name(shown))
        one.evidence += evidence
        one.times += 1
        one.in_title |= in_title
        one.labelled |= evidence[0].what == "label"
    _as_the_tagger_sees(page, found)
    for one in found.values():
        one.evidence += _of_itself(one.name, jobs)
    return list(found.values())


def _as_the_tagger_sees(page: Page, found: dict[str, Name]) -> None:
    """How likely each name is, and the names that the tagger alone sees."""
    for key, (text, probability) in likely(page, "company").items():
        if probability >= _LEAST_SEEN:
            found.setdefault(clean_company(text).casefold(), Name(clean_company(text)))
        for other, name in found.items():
            if other in {key, f"{key}'s"} or other.partition(" (")[0] == key:
                name.likely = max(name.likely, probability)
    for name in found.values():
        name.likely = max(name.likely, *(_STATED.get(one.what, 0.0) for one in name.evidence), 0.0)


def _of_itself(name: str, jobs: Sequence[JobRef]) -> Iterator[Evidence]:
    """What a name says of itself."""
    if _REFERENCE.fullmatch(name):
        yield Evidence("reference", -8.0)
    plain = [word.strip(".()").casefold() for word in name.split()]
    if not _ENDINGS.issuperset(plain) and is_known(name, tuple(job.company for job in jobs)):
        yield Evidence("known", 3.0)
    if " ".join(plain) in words("known_companies"):
        yield Evidence("recruits all over India", 1.0)
    if plain[-1] in words("legal_forms"):
        yield Evidence("legal form", 2.0)
    elif len(plain) > 1 and plain[-1] in words("company_endings"):
        yield Evidence("company's word", 1.0)
    if _ENDINGS.issuperset(plain):
        yield Evidence("only a company's word", -3.5)
    if all(word in words("cities") for word in plain):
        yield Evidence("place", -8.0)
    if all(word in words("skills") for word in plain):
        yield Evidence("skill", -4.0)
    if any(course.end - course.start >= len(name.rstrip(".")) for course in programs_in(name)):
        yield Evidence("programme", -8.0)
    if any(word in words("our_own") for word in plain):
        yield Evidence(
            "our own",
            (-0.5 * (plain[-1] != "school") if len(plain) > 2 else -2.0) if _SCHOOLS.intersection(plain) else -5.0,
        )
    if _NO_COMPANY_PLACE.intersection(plain[-1:] if plain[-1].isalpha() else plain[-2:]) and not _is_centre(plain):
        yield Evidence("place of an event", -4.0)
    if any(word in words("words_of_contests") for word in plain):
        yield Evidence("contest", -1.0)


def _is_centre(plain: Sequence[str]) -> bool:
    """ "Orbit Acceleration Centre": a house, where "Computer Centre" is a place of the college."""
    own = [word for word in plain[:-1] if word not in words("venue_words", "no_company", "venue_kinds")]
    return plain[-1] in {"centre", "center"} and len(plain) > 2 and bool(own)


def _compare_with_text(names: Iterable[Name], page: Page) -> None:
    """A word that the text writes small elsewhere is no name; one that an address holds is."""
    small = set(re.findall(r"(?<![\w@/.#-])[a-z][a-z'-]+(?![\w@/]|\.\w)", straight(page.text)))
    said = " ".join((page.text, page.sender, *(link.url for link in page.anchors)))
    addresses = "".join(re.findall(r"https?://[^\s/?#]+[^\s?#]{0,60}|@[\w.-]+", said)).casefold()
    for name in names:
        plain = re.findall(r"[^\W_]+", name.name.casefold())
        if not name.in_title and "".join(plain) in re.findall(r"[^\W_A-Z]+", page.title):
            name.evidence.append(Evidence("in the title in small letters", 1.5))
        elif len(plain) == 1 and plain[0] in small:
            name.evidence.append(Evidence("a common word", -2.5))
        if len(company_key(name.name)) > 3 and (
            company_key(name.name) in re.sub(r"[\W_]", "", addresses)
            or (plain and len(plain[0]) > 4 and plain[0] in addresses)
        ):
            name.evidence.append(Evidence("in an address", 1.0))
