"""Names in a text that may be its company's, each with what its place and the words around it say."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from scraping.items import JobRef
from scraping.reading.facts.naming import wording
from scraping.reading.facts.naming.known_names import known_names
from scraping.reading.facts.naming.names import clean_company
from scraping.reading.facts.naming.scoring import Evidence
from scraping.reading.layout.name_runs import NameRun, find_names
from scraping.reading.layout.sentences import SIGNED
from scraping.reading.layout.text import straight
from scraping.reading.page import Page
from scraping.reading.vocabulary import words

_MOST_SENTENCES = 80
_LEAST_LETTERS = 5  # of a company in a title of small letters
_LONGEST_LABEL = 120
_FELLOWSHIPS = frozenset(("JRF", "SRF", "RA", "PA"))
_PLATFORMS = frozenset(("google", "ms", "microsoft", "cisco"))

# What speaks for a name or against it, before it and behind it.
_SAID_BEFORE = (
    (wording.CLEAR_BEFORE, Evidence("of a selection", 2.0)),
    (wording.HEAD_OF, Evidence("its head", 1.0)),
    (wording.WEAK_BEFORE, Evidence("by, of, at", 0.75)),
    (wording.GREETS, Evidence("greets", 3.0)),
    (wording.HOLDS, Evidence("holds it", 1.5)),
    (wording.OTHER_SCRIPT, Evidence("spelt in Latin letters", 1.5)),
    (wording.ELSEWHERE, Evidence("named for another reason", -3.0)),
    (wording.TOPIC, Evidence("topic", -2.5)),
    (wording.OCCASION, Evidence("an occasion", -6.0)),
    (wording.ONE_OF_A_KIND, Evidence("one of a kind", -1.0)),
    (wording.HELD_BY_IT, Evidence("what a company holds", -3.0)),
    (wording.PERSON_BEFORE, Evidence("person", -6.0)),
    (wording.SCHOOL_OF, Evidence("a school's subject", -8.0)),
    (wording.PAID_BY, Evidence("a means of payment", -9.0)),
)
_SAID_AFTER = (
    (wording.DOES, Evidence("does", 2.0)),
    (wording.HAS_OPENINGS, Evidence("does", 2.0)),
    (wording.NOUN_AFTER, Evidence("its selection", 1.25)),
    (wording.HINDI_AFTER, Evidence("its, in Hindi", 1.5)),
    (wording.DENIED_AFTER, Evidence("denied", -4.0)),
    (wording.PERSON_AFTER, Evidence("person", -6.0)),
    (wording.OWNS_IT, Evidence("owns it", -6.0)),
    (wording.SPONSORED, Evidence("named for another reason", -3.0)),
    (wording.COLLECTS, Evidence("a means of payment", -9.0)),
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
Found = tuple[str, list[Evidence], bool]


def named_in(page: Page, jobs: Sequence[JobRef]) -> Iterator[Found]:
    """Each name with what speaks for it, and whether it stands in the title; a name comes as often as it is said."""
    yield from _labelled(page)
    yield from _whole(page)
    yield from _known(page, jobs)
    yield from _in_title(page)
    yield from _in_text(page)
    yield from _sender(page)
    yield from _of_domain(page)


def _labelled(page: Page) -> Iterator[Found]:
    for value in page.values("company"):
        line = re.split(
            r"\n|\s[|–—-]\s|,\s(?=\D)|\.\s|\(?https?:|\s(?:is|has|will|visiting)\s", value[:_LONGEST_LABEL]
        )[0].strip(" .*")
        is_heads = "\t" in line  # "Company | Name | Roll No"
        if line and not is_heads and re.search(r"[^\W\d_]", line) and len(line.split()) < 9:
            yield line, [Evidence("label", 6.0)], False


def _whole(page: Page) -> Iterator[Found]:
    """ "…offers from To The New.": what a sentence ends with, whatever its words, where the title holds it, too."""
    for sentence in page.sentences[:_MOST_SENTENCES]:
        match = wording.OFFERS_FROM.search(sentence.text) if sentence.line >= 0 else None
        name = clean_company(match["name"]) if match else ""
        if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", page.title, re.IGNORECASE):
            yield name, [Evidence("label", 9.0)], False


def _known(page: Page, jobs: Sequence[JobRef]) -> Iterator[Found]:
    """Names of the season's companies that stand in the title, whatever words they are made of."""
    title = straight(page.title)
    for start, end in known_names(title, tuple(job.company for job in jobs)):
        yield title[start:end], [Evidence("title", 2.0), Evidence("known", 3.0)], True
    for word in title.split() if title.islower() else ():
        if len(word) >= _LEAST_LETTERS and word in words("known_companies"):
            yield word, [Evidence("title", 2.0), Evidence("known", 3.0)], True


def _in_title(page: Page) -> Iterator[Found]:
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
        evidence += _around(run, title)
        yield _without_kind(run, title), evidence, True
        if (begins := _known_beginning(run.name)) and begins != run.name:
            yield begins, [*evidence, Evidence("known", 3.0)], True


def _known_beginning(name: str) -> str:
    """ "Axis Bank" of "Axis Bank AB&I": two words or more that are a company's all over India."""
    plain = name.split()
    wholes = (" ".join(plain[:last]) for last in range(min(len(plain), 4), 1, -1))
    return next((whole for whole in wholes if whole.casefold() in words("known_companies")), "")


def _without_kind(run: NameRun, title: str) -> str:
    """ "Orbit" of "Orbit Innovation Challenge" and of "Orbit Tech round"."""
    if wording.ROUND_AFTER.match(title, run.end):
        return run.name.removesuffix(" Tech")
    return wording.KIND.sub("", run.name) if wording.CONTEST_AFTER.match(title, run.end) else run.name


def _in_text(page: Page) -> Iterator[Found]:
    number, signed = 0, False
    for sentence in page.sentences:
        if sentence.line < 0:
            continue
        number += 1
        if number > _MOST_SENTENCES:
            return
        signed = signed or (number > 3 and SIGNED.fullmatch(sentence.text[:60]) is not None)
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


def _sender(page: Page) -> Iterator[Found]:
    """The firm in the name of who sent a mail: "HR Kestrel Labs <hr@kestrel.example>"."""
    shown = straight(page.sender.partition("<")[0][:_LONGEST_LABEL])
    return ((run.name, [Evidence("sender", 1.5)], False) for run in find_names(shown))


def _of_domain(page: Page) -> Iterator[Found]:
    """What the text calls the firm whose mail address it gives: "Orbit Pay" of hr@orbitpay.example."""
    said = f"{page.sender}\n{page.text}"
    domains = (match["labels"].casefold().replace("-", "") for match in _MAIL_DOMAIN.finditer(said))
    labels = {label for domain in domains for label in domain.split(".") if len(label) > 3} - _MAIL_HOSTS
    yield from _of_sender(page, labels)
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
                    yield run[0][start : named[last][2]].removesuffix("'s"), [Evidence("its mail address", 2.5)], False


def _of_sender(page: Page, labels: Collection[str]) -> Iterator[Found]:
    """ "Orbit Pay" of "Orbit Pay Campus <hr@orbitpay.example>"."""
    said = straight(page.sender.partition("<")[0][:_LONGEST_LABEL]).split()
    for first, last in combinations(range(min(len(said), 5) + 1), 2):
        if re.sub(r"\W", "", "".join(said[first:last])).casefold() in labels:
            yield " ".join(said[first:last]), [Evidence("its mail address", 2.5)], False


def _around(run: NameRun, text: str) -> list[Evidence]:
    """What the words before and behind a name say."""
    before, after = text[max(0, run.start - 90) : run.start], text[run.end : run.end + 120]
    if before.strip(" *•▪-").casefold() == "about":
        return [Evidence("about it", 1.5)]
    found = [evidence for pattern, evidence in _SAID_BEFORE if pattern.search(before)]
    found += [evidence for pattern, evidence in _SAID_AFTER if pattern.match(after)]
    if wording.WILL_DO.match(after) and (" " in run.name or run.name.casefold() in words("known_companies")):
        found.append(Evidence("does", 2.0))
    if run.name in _FELLOWSHIPS and wording.AT_SOMEWHERE.match(after):
        found.append(Evidence("a post", -8.0))
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
