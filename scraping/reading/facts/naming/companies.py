"""The company a text is about: every name in it is a candidate, scored by what speaks for it and against it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from accounts.courses import programs_in
from scraping.items import JobRef, Student
from scraping.reading.facts.naming import wording
from scraping.reading.facts.naming.known_names import is_known, known_names
from scraping.reading.facts.naming.match import company_score
from scraping.reading.facts.naming.name_runs import NameRun, find_names
from scraping.reading.facts.naming.names import clean_company, company_key, core_words, initials
from scraping.reading.facts.naming.scoring import Evidence, Scored, best, of_tagger
from scraping.reading.layout.text import straight
from scraping.reading.page import Page
from scraping.reading.tagger.model import likely
from scraping.reading.vocabulary import words

LEAST = 0.5
_TAGGER = 2.0  # what its word weighs
_LEAST_SEEN = 0.3  # of a name that the tagger alone sees
_UNSEEN = 0.2  # how likely a name is that it sees none in
# How likely a name is at least that is stated so: the tagger sees no sender, and none of the season's companies.
_STATED = {"label": 0.9, "known": 0.98, "its mail address": 0.5, "sender": 0.35}
_MOST_POINTS = 5.0  # of all that rules say
_LEAST_POINTS = -8.0
_MOST_SENTENCES = 80
_MOST_NAMES = 80
_LONGEST_LABEL = 120

_PLATFORMS = frozenset(("google", "ms", "microsoft", "cisco"))
_SCHOOLS = frozenset(("institute", "university", "college", "school"))
_ENDINGS = words("company_endings")
_NO_COMPANY_PLACE = words("venue_kinds") - _ENDINGS - {"stadium", "arena", "convention"}


# What speaks for a name or against it, before it and behind it.
_SAID_BEFORE = (
    (wording.CLEAR_BEFORE, Evidence("of a selection", 2.0)),
    (wording.WEAK_BEFORE, Evidence("by, of, at", 0.75)),
    (wording.GREETS, Evidence("greets", 3.0)),
    (wording.HOLDS, Evidence("holds it", 1.5)),
    (wording.OTHER_SCRIPT, Evidence("spelt in Latin letters", 1.5)),
    (wording.ELSEWHERE, Evidence("named for another reason", -3.0)),
    (wording.TOPIC, Evidence("topic", -2.5)),
    (wording.ONE_OF_A_KIND, Evidence("one of a kind", -1.0)),
    (wording.HELD_BY_IT, Evidence("what a company holds", -3.0)),
    (wording.PERSON_BEFORE, Evidence("person", -6.0)),
)
_SAID_AFTER = (
    (wording.DOES, Evidence("does", 2.0)),
    (wording.HAS_OPENINGS, Evidence("does", 2.0)),
    (wording.NOUN_AFTER, Evidence("its selection", 1.25)),
    (wording.HINDI_AFTER, Evidence("its, in Hindi", 1.5)),
    (wording.DENIED_AFTER, Evidence("denied", -4.0)),
    (wording.PERSON_AFTER, Evidence("person", -6.0)),
    (wording.SPONSORED, Evidence("named for another reason", -3.0)),
)


@dataclass(slots=True)
class _Name:
    """One way a company is written, with all that speaks for it and against it."""

    name: str
    evidence: list[Evidence] = field(default_factory=list)
    times: int = 0
    in_title: bool = False
    labelled: bool = False
    likely: float = _UNSEEN  # as the tagger sees it

    @property
    def score(self) -> float:
        """Of things alike the first counts whole, the next ones little."""
        by_kind: dict[str, list[float]] = defaultdict(list)
        for one in self.evidence:
            by_kind[one.what].append(one.points)
        said = sum(found[0] + min(0.6, 0.3 * (len(found) - 1)) * (found[0] > 0) for found in by_kind.values())
        return max(_LEAST_POINTS, min(said, _MOST_POINTS)) + of_tagger(self.likely, _TAGGER).points


def find_companies(page: Page, jobs: Sequence[JobRef] = (), students: Sequence[Student] = ()) -> list[Scored]:
    """The companies a text may be about, the likeliest first, each once and as the text writes it.

    `jobs` are those of the season: a company that is known is likelier. Students are no companies.
    """
    people = {key for student in students for key in map(company_key, (student.name, *student.name.split()))}
    names = [_without_person(name, people) for name in _names(page, jobs)]
    names = [name for name in names if company_key(name.name) not in people]
    _without_greeting(names)
    _compare_with_text(names, page)
    groups = [_chosen(group) for group in _grouped(names[:_MOST_NAMES])]
    return sorted(groups, key=lambda found: -found.score)


def _without_person(name: _Name, people: Collection[str]) -> _Name:
    """ "Orbit" of "Asha (Orbit)"."""
    before, bracket, inside = name.name.partition(" (")
    if bracket and company_key(before) in people:
        name.name = inside.rstrip(")")
    return name


def _without_greeting(names: Iterable[_Name]) -> None:
    """ "Orbit Software" of "Guyz Orbit Software", where the title begins with Orbit."""
    titled = [name.name.split() for name in names if name.in_title and " " in name.name]
    for name in names:
        _, *rest = name.name.split()
        if not name.in_title and any(rest[: len(title)] == title for title in titled):
            name.name = " ".join(rest)


def find_company(page: Page, jobs: Sequence[JobRef] = (), students: Sequence[Student] = ()) -> str | None:
    """The one company a text is about; None where none has enough to speak for it, or a table lists several."""
    chosen = best_company(page, jobs, students)
    return chosen.value if chosen else None


def best_company(page: Page, jobs: Sequence[JobRef] = (), students: Sequence[Student] = ()) -> Scored | None:
    """As `find_company`, with what spoke for it."""
    return best(find_companies(page, jobs, students), LEAST)


def _names(page: Page, jobs: Sequence[JobRef]) -> list[_Name]:
    found: dict[str, _Name] = {}
    for name, evidence, in_title in (
        *_labelled(page),
        *_whole(page),
        *_known(page, jobs),
        *_in_title(page),
        *_in_text(page),
        *_sender(page),
        *_of_domain(page),
    ):
        shown = clean_company(name)
        one = found.setdefault(shown.casefold(), _Name(shown))
        one.evidence += evidence
        one.times += 1
        one.in_title |= in_title
        one.labelled |= evidence[0].what == "label"
    _as_the_tagger_sees(page, found)
    for one in found.values():
        one.evidence += _of_itself(one.name, jobs)
    return list(found.values())


def _as_the_tagger_sees(page: Page, found: dict[str, _Name]) -> None:
    """How likely each name is, and the names that the tagger alone sees."""
    for key, (text, probability) in likely(page, "company").items():
        if probability >= _LEAST_SEEN:
            found.setdefault(clean_company(text).casefold(), _Name(clean_company(text)))
        for other, name in found.items():
            if other in {key, f"{key}'s"} or other.partition(" (")[0] == key:
                name.likely = max(name.likely, probability)
    for name in found.values():
        name.likely = max(name.likely, *(_STATED.get(one.what, 0.0) for one in name.evidence), 0.0)


# A letter's number, a Roman number, a code: NSTU/T&P/2026, VIII, WK34.
_REFERENCE = re.compile(
    r"(?:\S*/){2,}\S*|\S*/\S*\d\S*|(?:[A-Z]+-)?[IVX]+|[A-Z]{1,3}\d{1,4}|[A-Z\d]*\d\d[A-Z]{1,4}\d{3,}"
    r"|ms|m/s|canceled|cancelled|intent",
    re.IGNORECASE,
)
_MAIL_DOMAIN = re.compile(r"@(?P<labels>[\w-]+(?:\.[\w-]+){0,3})\.[a-z]{2,}", re.IGNORECASE)
_LONG_LABEL = 7  # letters that don't begin a name by chance
_MAIL_HOSTS = frozenset(
    (
        "gmail",
        "googlemail",
        "yahoo",
        "outlook",
        "hotmail",
        "rediffmail",
        "google",
        "college",
        "university",
        "mail",
        "example",
    )
)
_CAPITALS = re.compile(r"[A-Z][\w&'.-]*(?: (?:[A-Z][\w&'.-]*|&))*")
_PLAIN_WORD = re.compile(r"[\w&'-]+")
_Found = tuple[str, list[Evidence], bool]


def _labelled(page: Page) -> Iterator[_Found]:
    for value in page.values("company"):
        line = re.split(
            r"\n|\s[|–—-]\s|,\s(?=\D)|\.\s|\(?https?:|\s(?:is|has|will|visiting)\s", value[:_LONGEST_LABEL]
        )[0].strip(" .*")
        if line and re.search(r"[^\W\d_]", line) and len(line.split()) < 9:
            yield line, [Evidence("label", 6.0)], False


def _whole(page: Page) -> Iterator[_Found]:
    """ "…offers from To The New.": what a sentence ends with, whatever its words, where the title holds it, too."""
    for sentence in page.sentences[:_MOST_SENTENCES]:
        match = wording.OFFERS_FROM.search(sentence.text) if sentence.line >= 0 else None
        name = clean_company(match["name"]) if match else ""
        if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", page.title, re.IGNORECASE):
            yield name, [Evidence("label", 9.0)], False


def _known(page: Page, jobs: Sequence[JobRef]) -> Iterator[_Found]:
    """Names of the season's companies that stand in the title, whatever words they are made of."""
    title = straight(page.title)
    for start, end in known_names(title, tuple(job.company for job in jobs)):
        yield title[start:end], [Evidence("title", 2.0), Evidence("known", 3.0)], True


def _in_title(page: Page) -> Iterator[_Found]:
    title = straight(page.title)
    topic = bool(wording.ABOUT_HIRING.search(title)) or bool(wording.ABOUT_HIRING.search(page.text[:600]))
    for number, run in enumerate(find_names(title)):
        second = number > 0 and re.search(r"\s[-–—|:/]+\s*$", title[: run.start]) is not None
        evidence = [Evidence("title", 2.0 if topic else 0.5)]
        before, after = title[: run.start], title[run.end :]
        if wording.CONTEST_AFTER.match(after):
            evidence.append(Evidence("a contest's name", -0.5))
        if second:
            evidence.append(Evidence("a later piece of the title", -1.0))
        if number == 0:
            evidence.append(Evidence("first in title", 0.5 if before.strip() else 1.25))
        if (not before.strip() or wording.OPENER.match(before) or before.rstrip()[-1:] in "|:–—-([") and re.match(
            r"\s*(?:$|[|:?!–—(\[-])", after
        ):
            evidence.append(Evidence("piece of title", 0.75))
        yield _without_kind(run, title), evidence + _around(run, title), True


def _without_kind(run: NameRun, title: str) -> str:
    """ "Orbit" of "Orbit Innovation Challenge" and of "Orbit Tech round"."""
    if wording.ROUND_AFTER.match(title, run.end):
        return run.name.removesuffix(" Tech")
    return wording.KIND.sub("", run.name) if wording.CONTEST_AFTER.match(title, run.end) else run.name


def _in_text(page: Page) -> Iterator[_Found]:
    number, signed = 0, False
    for sentence in page.sentences:
        if sentence.line < 0:
            continue
        number += 1
        if number > _MOST_SENTENCES:
            return
        signed = signed or (number > 3 and wording.SIGNED.fullmatch(sentence.text[:60]) is not None)
        if signed and not wording.SIGNS_FOR.match(sentence.text):
            continue
        text = straight(sentence.text)
        if "\t" in text:
            continue
        for run in find_names(text):
            evidence = _around(run, text)
            first = [Evidence("said early", 0.5)] if number <= 3 else []
            if number == 1 and not run.start:
                first.append(Evidence("begins the text", 0.75))
            if number <= 3 and not text[: run.start].strip(" *•▪-") and wording.HEADS.match(text, run.end):
                first.append(Evidence("heads the text", 0.5 if text[run.end :].lstrip()[:1] == ":" else 1.75))
            yield run.name, evidence + first or [Evidence("said", 0.2)], False


def _sender(page: Page) -> Iterator[_Found]:
    """The firm in the name of who sent a mail: "HR Kestrel Labs <hr@kestrel.example>"."""
    shown = straight(page.sender.partition("<")[0][:_LONGEST_LABEL])
    return ((run.name, [Evidence("sender", 1.5)], False) for run in find_names(shown))


def _of_domain(page: Page) -> Iterator[_Found]:
    """What the text calls the firm whose mail address it gives: "Orbit Pay" of hr@orbitpay.example."""
    said = f"{page.sender}\n{page.text}"
    domains = (match["labels"].casefold().replace("-", "") for match in _MAIL_DOMAIN.finditer(said))
    labels = {label for domain in domains for label in domain.split(".") if len(label) > 3} - _MAIL_HOSTS
    text, lines = straight(page.text) if labels else "", frozenset(page.lines)
    for run in _CAPITALS.finditer(text):
        named = [(match[0], match.start(), match.end()) for match in _PLAIN_WORD.finditer(run[0])]
        for first, (_, start, _) in enumerate(named):
            for last in range(first + (len(named) > 1), min(first + 5, len(named))):  # "Orbit" alone, or more words
                plain = [re.sub(r"\W", "", word).casefold() for word, _, _ in named[first : last + 1]]
                joined = "".join(plain)
                signs = last > first and last + 1 == len(named) and not first and run[0] in lines and plain[0] in labels
                begins = last > first and any(
                    len(label) >= _LONG_LABEL and joined.startswith(label) for label in labels
                )
                if ({joined, plain[0] + plain[-1]} & labels and len(joined) > 3) or signs or begins:
                    yield run[0][start : named[last][2]], [Evidence("its mail address", 2.5)], False


def _around(run: NameRun, text: str) -> list[Evidence]:
    """What the words before and behind a name say."""
    before, after = text[max(0, run.start - 90) : run.start], text[run.end : run.end + 120]
    if before.strip(" *•▪-").casefold() == "about":
        return [Evidence("about it", 1.5)]
    found = [evidence for pattern, evidence in _SAID_BEFORE if pattern.search(before)]
    found += [evidence for pattern, evidence in _SAID_AFTER if pattern.match(after)]
    if wording.WILL_DO.match(after) and (" " in run.name or run.name.casefold() in words("known_companies")):
        found.append(Evidence("does", 2.0))
    if run.possessive:
        found.append(Evidence("'s", 1.0))
    if run.name.casefold() in _PLATFORMS and wording.PLATFORM_AFTER.match(after):
        found.append(Evidence("a form or a meeting", -6.0))
    if wording.QUOTED.search(before) and not wording.OPENER.match(before) and re.match(r"[^\"“”]{0,60}[\"”'’]", after):
        found.append(Evidence("quoted", -1.5))
    if wording.PLACE_AFTER.match(after) and run.name.casefold() in words("cities"):
        found.append(Evidence("place", -6.0))
    return _strongest(found)


def _strongest(found: list[Evidence]) -> list[Evidence]:
    """Where something clear is said, what is merely likely adds nothing."""
    clear = {evidence.what for evidence in found}
    weak = {"by, of, at"} if "of a selection" in clear else set()
    weak |= {"its selection"} if "does" in clear else set()
    return [evidence for evidence in found if evidence.what not in weak]


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


def _compare_with_text(names: Iterable[_Name], page: Page) -> None:
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


def _grouped(names: Sequence[_Name]) -> list[list[_Name]]:
    """The ways one company is written put together: "Clearwater" and "Clearwater Analytics"."""
    groups: list[list[_Name]] = []
    for name in sorted(names, key=lambda one: -one.score):
        group = next((group for group in groups if any(_are_one(name.name, other.name) for other in group)), None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    return groups


def _are_one(one: str, other: str) -> bool:
    first, second = sorted((core_words(one), core_words(other)), key=len)
    if not first:
        return False
    begins = second[: len(first)] == first and len("".join(first)) > 1
    return begins or company_score(one, other) >= 90


def _chosen(group: Sequence[_Name]) -> Scored:
    """The group under the way of writing that most speaks for; all of them speak for the group."""
    top = max(group, key=lambda name: (name.labelled, name.score + _as_shown(name, group)))
    others = sum(max(0.0, min(1.5, name.score)) for name in group if name is not top)
    return Scored(
        top.name, top.score + min(others, 2.0), tuple(map(str, (*top.evidence, of_tagger(top.likely, _TAGGER))))
    )


def _as_shown(name: _Name, group: Sequence[_Name]) -> float:
    """Whether a way of writing is the whole name: "Adobe She Codes" is what Adobe holds, "TCS Prime" one of two."""
    words_of_it = core_words(name.name)
    if any(company_key(other.name) == initials(name.name) for other in group if len(words_of_it) > 2):
        return 4.0
    shorter = [other for other in group if 0 < len(core_words(other.name)) < len(words_of_it)]
    longer = [
        other for other in group if core_words(other.name)[: len(words_of_it)] == words_of_it and other is not name
    ]
    if len({core_words(other.name) for other in longer} - {words_of_it}) > 1:
        return 4.0
    more = words_of_it[min(len(core_words(other.name)) for other in shorter) :] if shorter else ()
    if more and _ENDINGS.issuperset(more):
        return 4.0
    own = [word for word in more if word not in words("company_endings", "cities")]
    if own and name.in_title and name.times == 1 and any(other.times > other.in_title for other in shorter):
        return -4.0
    return 0.5 if shorter and not name.in_title else 0.0
