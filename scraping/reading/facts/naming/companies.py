"""The company a text is about: every name in it is a candidate, scored by what speaks for it and against it."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from accounts.courses import programs_in
from scraping.items import JobRef, Student
from scraping.reading.facts.naming.evidence import named_in
from scraping.reading.facts.naming.forms import Company, as_the_tagger_cuts, chosen, grouped
from scraping.reading.facts.naming.known_names import is_known
from scraping.reading.facts.naming.name import Name
from scraping.reading.facts.naming.names import clean_company, company_key
from scraping.reading.facts.naming.rivals import several
from scraping.reading.facts.naming.scoring import Evidence, Scored, best
from scraping.reading.layout.name_runs import is_of_a_contest
from scraping.reading.layout.text import straight
from scraping.reading.page import Page
from scraping.reading.tagger.model import likely
from scraping.reading.vocabulary import words

LEAST = 0.5
_LEAST_SEEN = 0.35  # of a name that the tagger alone sees
_CLEARLY_SEEN = 0.6
_HARDLY_SEEN = 0.4
# How likely a name is at least that is stated so: the tagger sees no sender, and none of the season's companies.
_STATED = {"label": 0.9, "known": 0.98, "its mail address": 0.5, "sender": 0.35}
_MOST_NAMES = 80
_LIKELY = 0.65
_SPEAKS_OF_A_COMPANY = frozenset(
    (
        "known",
        "recruits all over India",
        "legal form",
        "company's word",
        "its mail address",
        "in an address",
        "holds it",
        "does",
        "its head",
    )
)

# "EY Shortlist" is EY.
_TRADE_BEHIND = re.compile(
    r"(?<=\w)(?:\s(?:short-?list(?:ed)?|wait-?list(?:ed)?|results?|lists?|interviews?|tests?|offers?|rounds?"
    r"|selections?|selects|webinar|ppt|gd|oa|absentees?|update|schedule))+$",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|[2-9]|multiple|several)\s+(?:\w+\s+)?(?:companies|firms|recruiters)\b", re.IGNORECASE
)
_OWN_SHORT = re.compile(
    r"\b(?:programme|program|training|course|scheme|test|examination|exam|cell|committee|policy|session|workshop|portal"
    r"|form|certificate|assessment|society|club|festival|fest)s?\s*\(\s*(?P<short>[^()\n]{1,40}?)\s*\)",
    re.IGNORECASE,
)
_COLLEGES = ("Institute", "University", "College", "School", "Polytechnic", "Vidyapeeth", "Campus")
_HELD_AT = (
    r"\b(?:fair|mela|drive|campus|fest|conclave|held|organi[sz]ed|conducted|hosted)"
    r"\s(?:\w+\s){0,2}(?:at|in|by)\s(?:the\s)?"
)
_NAMED_BY_CITY = frozenset(
    ("IIT", "IIM", "NIT", "IIIT", "IISC", "IISER", "AIIMS", "NIFT", "NID", "BITS", "TIFR", "VIT", "SRM")
)
_SCHOOLS = frozenset(("institute", "university", "college", "school"))
_ENDINGS = words("company_endings")
_NO_COMPANY_PLACE = words("venue_kinds") - _ENDINGS - {"stadium", "arena", "convention"}
# A letter's number, a Roman number, a code: NSTU/T&P/2026, VIII, WK34.
_REFERENCE = re.compile(
    r"(?:\S*/){2,}\S*|\S*/\S*\d\S*|(?:[A-Z]+-)?[IVX]+|[A-Z]{1,3}\d{1,4}|[A-Z\d]*\d\d[A-Z]{1,4}\d{3,}"
    r"|ms|m/s|canceled|cancelled|intent",
    re.IGNORECASE,
)


def find_companies(page: Page, jobs: Sequence[JobRef] = (), students: Sequence[Student] = ()) -> list[Company]:
    """The companies a text may be about, the likeliest first, each once and as the text writes it.

    `jobs` are those of the season: a company that is known is likelier. Students are no companies.
    """
    people = {key for student in students for key in map(company_key, (student.name, *student.name.split()))}
    names = [_without_person(name, people) for name in _names(page, jobs)]
    names = [name for name in names if company_key(name.name) not in people]
    _without_greeting(names)
    _compare_with_text(names, page)
    _without_programmes(names, page)
    groups = [chosen(group) for group in grouped(names[:_MOST_NAMES])]
    return sorted(groups, key=lambda found: -found.score)


def _without_person(name: Name, people: Collection[str]) -> Name:
    """ "Orbit" of "Asha (Orbit)"."""
    before, bracket, inside = name.name.partition(" (")
    if bracket and company_key(before) in people:
        name.name = inside.rstrip(")")
    return name


def _without_greeting(names: Sequence[Name]) -> None:
    """ "Orbit Software" of "Guyz Orbit Software", where the title begins with Orbit; "Orbit" of "Dosto Orbit"."""
    said = [(name.name.split(), name) for name in names]
    begin_one = {plain[0] for plain, name in said if name.seen >= _CLEARLY_SEEN and len(plain) == 1}
    for (first, *rest), name in said:
        others = ((plain, other) for plain, other in said if other is not name)
        if first in begin_one or not rest or _ENDINGS.issuperset(map(str.casefold, rest)):
            continue
        if any(_stands_alone(rest, name, plain, other) for plain, other in others):
            name.name = " ".join(rest)


def _without_programmes(names: Sequence[Name], page: Page) -> None:
    """ "CPP" of "Career Preparation Program (CPP)" is what a college calls one of its own."""
    own = {match["short"].casefold() for match in _OWN_SHORT.finditer(straight(f"{page.title}\n{page.text}"))}
    for name in names:
        if name.name.isupper() and name.name.casefold() in own:
            name.evidence.append(Evidence("a programme's short name", -20.0))


def _stands_alone(rest: Sequence[str], name: Name, said: Sequence[str], other: Name) -> bool:
    """Whether another name begins with the rest of this one, or is in the title where this one is not."""
    if other.in_title and not name.in_title and len(said) > 1 and list(rest[: len(said)]) == list(said):
        return True
    more = said[len(rest) :]
    longer = bool(more) and list(said[: len(rest)]) == list(rest) and not any(map(is_of_a_contest, more))
    return longer and other.seen >= _CLEARLY_SEEN


def read_companies(
    page: Page, jobs: Sequence[JobRef] = (), students: Sequence[Student] = ()
) -> tuple[Scored | None, tuple[str, ...]]:
    """The one company a text is about, None where none has enough to speak for it; or the several it is about."""
    found = find_companies(page, jobs, students)
    first = best([company for company in found if not page.text or _is_likely(company)], LEAST)
    together = several(page, found) if first else ()
    if together or (first and _SEVERAL.search(page.title) and not _is_in(first.value, page.title)):
        return None, together
    return first, ()


def _is_likely(company: Company) -> bool:
    """Whether the tagger, or what a name says of itself, makes a company of what only stands where one would."""
    sure = any(one.rpartition(" ")[0] in _SPEAKS_OF_A_COMPANY for one in company.why)
    return sure or company.likely >= _LIKELY


def find_company(page: Page, jobs: Sequence[JobRef] = (), students: Sequence[Student] = ()) -> str | None:
    """As `read_companies`, the name of the one alone."""
    chosen, _ = read_companies(page, jobs, students)
    return chosen.value if chosen else None


def _names(page: Page, jobs: Sequence[JobRef]) -> list[Name]:
    found: dict[str, Name] = {}
    for name, evidence, in_title in named_in(page, jobs):
        shown = _without_city(clean_company(name))
        one = found.setdefault(shown.casefold(), Name(shown))
        one.evidence += evidence
        one.times += 1
        one.in_title |= in_title
        one.labelled |= evidence[0].what == "label"
    _as_the_tagger_sees(page, found)
    names = as_the_tagger_cuts(page, list(found.values()))
    for one in names:
        one.evidence += _of_itself(one.name, jobs)
    return names


def _as_the_tagger_sees(page: Page, found: dict[str, Name]) -> None:
    """How likely each name is, and the names that the tagger alone sees."""
    said = straight(f"{page.title}\n{page.text}")
    for text, probability in likely(page, "company").values():
        seen = _TRADE_BEHIND.sub("", text)
        shown = _without_city(clean_company(seen))
        key = shown.casefold()
        if probability >= _LEAST_SEEN and re.search(rf"(?<![\w/@.-]){re.escape(seen)}(?![\w/@]|\.\w)", said):
            found.setdefault(key, Name(shown))
        for other, name in found.items():
            if other in {key, f"{key}'s"} or other.partition(" (")[0] == key:
                name.seen = max(name.seen, probability)
    for name in found.values():
        name.likely = max(name.likely, name.seen, *(_STATED.get(one.what, 0.0) for one in name.evidence))


def _without_city(name: str) -> str:
    """ "Orbit Motors" of "Orbit Motors, Hosur", "BHEL" of "BHEL Bhopal"."""
    before, comma, last = name.rpartition(", ")
    if not comma:
        before, _, last = name.rpartition(" ")
        of_a_firm = before.casefold() in words("known_companies") or _is_organisation(before) or _is_short(before)
        before = before if of_a_firm and last.casefold() != "india" else ""
    return before if before and last.casefold() in words("cities") else name


def _is_short(name: str) -> bool:
    """ "DRDL" of "DRDL Hyderabad", not "IIT" of "IIT Madras"."""
    return name.isupper() and name.isalpha() and len(name) > 2 and name not in _NAMED_BY_CITY


def _is_organisation(name: str) -> bool:
    """ "Sterling Hospital"."""
    return name.casefold().rpartition(" ")[2] in words("organisation_endings")


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
    yield from _of_another_kind(name, plain)


def _of_another_kind(name: str, plain: Sequence[str]) -> Iterator[Evidence]:
    """What makes a name one of a place, a skill, a programme, a college or a contest."""
    if " ".join(plain) in words("contests_of_all"):
        yield Evidence("a contest of all colleges", -20.0)
    if words("no_employers").issuperset(plain) or (len(plain) > 1 and plain[-1] in words("occasions")):
        yield Evidence("no employer", -20.0)
    if len(plain) > 1 and plain[0] in words("ranks"):
        yield Evidence("person", -20.0)
    if all(word in words("cities") for word in plain):
        yield Evidence("place", -8.0)
    if words("platforms", "skills").issuperset(plain) and not words("platforms").isdisjoint(plain):
        yield Evidence("a platform", -12.0)
    if words("skills").issuperset(plain) or " ".join(plain) in words("skills"):
        yield Evidence("skill", -9.0)
    if any(course.end - course.start >= len(name.rstrip(".")) for course in programs_in(name)):
        yield Evidence("programme", -8.0)
    if words("our_own").issuperset(plain):
        yield Evidence("our own", -20.0)
    elif any(word in words("our_own") for word in plain):
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


def _is_unsure(name: Name) -> bool:
    said = {one.what for one in name.evidence}
    return name.seen < _HARDLY_SEEN and name.likely < _STATED["label"] and not said & {"does", "holds it"}


def _writes_small(page: Page) -> bool:
    """Whether the writer begins sentences, and so may begin names, with small letters."""
    begin = [sentence.text[:1] for sentence in page.sentences if sentence.line >= 0 and sentence.text[:1].isalpha()]
    return bool(begin) and sum(map(str.islower, begin)) * 2 > len(begin)


def _is_colleges(college: Name, page: Page) -> bool:
    """ "Sagar" of "a pool drive at Sagar Institute", and "Sagar Polytechnic" of "Job fair at Sagar Polytechnic"."""
    name, text = college.name, page.text
    if any(kind in name for kind in _COLLEGES):
        return bool(re.search(rf"{_HELD_AT}{re.escape(name)}(?!\w)", f"{page.title}\n{text}", re.IGNORECASE))
    if not college.in_title or not any(kind in text for kind in _COLLEGES):
        return False
    whole = rf"\b(?:at|in|to|from)\s(?:the\s)?{re.escape(name)}(?:\s[A-Z]\w+){{0,3}}\s(?:{'|'.join(_COLLEGES)})\b"
    return bool(re.search(whole, text)) and not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", re.sub(whole, " ", text))


def _is_in(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _compare_with_text(names: Iterable[Name], page: Page) -> None:
    """A word that the text writes small elsewhere is no name; one that an address holds is."""
    in_capitals = "" if _writes_small(page) else straight(page.text)
    small = set(re.findall(r"(?<![\w@/.#-])[a-z][a-z'-]+(?![\w@/]|\.\w)", in_capitals))
    said = " ".join((page.text, page.sender, *(link.url for link in page.anchors)))
    addresses = "".join(re.findall(r"https?://[^\s/?#]+[^\s?#]{0,60}|@[\w.-]+", said)).casefold()
    for name in names:
        plain = re.findall(r"[^\W_]+", name.name.casefold())
        if not name.in_title and "".join(plain) in re.findall(r"[^\W_A-Z]+", page.title):
            name.evidence.append(Evidence("in the title in small letters", 1.5))
        elif len(plain) == 1 and plain[0] in small:
            name.evidence.append(Evidence("a common word", -2.5))
        if name.in_title and _is_unsure(name) and page.text and not _is_in(name.name, f"{page.sender}\n{page.text}"):
            name.evidence.append(Evidence("in the title alone", -4.0))
        if _is_colleges(name, page):
            name.evidence.append(Evidence("a college", -12.0))
        if len(company_key(name.name)) > 3 and (
            company_key(name.name) in re.sub(r"[\W_]", "", addresses)
            or (plain and len(plain[0]) > 4 and plain[0] in addresses)
        ):
            name.evidence.append(Evidence("in an address", 1.0))
