"""The role a text is about: every role in it is a candidate, scored by what speaks for it and against it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scraping.items import JobRef
from scraping.reading.facts.naming.match import same_company
from scraping.reading.facts.naming.names import initials, words_of
from scraping.reading.facts.naming.scoring import Evidence, Scored, of_tagger
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.role_runs import RolePhrase, end_of_role, find_roles, is_head, without_initials
from scraping.reading.layout.sentences import SIGNED
from scraping.reading.layout.text import straight
from scraping.reading.page import Page
from scraping.reading.tagger.model import likely
from scraping.reading.vocabulary import alternatives, words

LEAST = 0.0
_TAGGER = 1.5  # what its word weighs
_UNSEEN = 0.05  # how likely a role is that it sees none in
_STATED = {"label": 0.8, "known": 0.5}
_MOST_POINTS = 7.0  # of all that rules say
_CLEAR = 3.0
_ALONE = 0.7  # of the only role a text names
_MOST_SENTENCES = 60
_LONGEST_LABEL = 160

_NAMED_SO = expression(
    r"\bfor\s(?:the\s)?(?:role|profile|position|post)\s$|\b(?:position|role|post"
    r"|profile)\s[\"'“‘]$|\b(?:roles?|positions?|posts?|profiles?|designations?|jobs?"
    r"|vacanc(?:y|ies))\s?(?:\s(?:of|as|for|is|(?:will|shall|would)\sbe|named?|titled)\s|[:=]\s?|\s(?=$)|-\s|–\s)"
    r"(?:an?\s|the\s)?[\"'“‘]?$",
    re.IGNORECASE,
)
_HIRED_AS = expression(
    r"(?:selected|shortlisted)\s(?:candidates|students)\s?[-–:]\s?$|\b(?:select\w*|hired?"
    r"|offer\w*|plac\w+|recruit\w*|join\w*|appoint\w*|onboard\w*|intern\w*|convert\w*"
    r"|pick\w*|chosen|engag\w+|work)\b"
    r"[^.;]{0,90}?\bas\s(?:an?\s|the\s)?[\"'“‘]?$",
    re.IGNORECASE,
)
_HIRING = expression(
    r"\b(?:hir(?:ing|es?)|recruit(?:ing|s|ment)?|looking\sfor"
    r"|requirements?\s(?:of|for)|openings?\s(?:for|of|in)|wanted|seeks?|seeking"
    r"|applications?\s(?:\w+\s){0,2}for|appl(?:y|ied|ying)\s(?:for|to)|interested\sin"
    r"|inviting\s(?:\w+\s){0,3}for|drive\sfor"
    r"|internships?\s(?:for|in|of)|offers?\s(?:of|for)|opportunit(?:y|ies)\s(?:for|as|of)|chosen\sfor"
    r"|selected\sfor|shortlisted\sfor|students\sfor|candidates\sfor"
    r"|interns?\sfor|test\sfor|interviews?\sfor|ppt\sfor|form\sfor|shortlist\sfor|list\sfor"
    r"|process\sfor|campus\sfor|post\sof)"
    r"\s*[:–-]?\s?(?:(?:an?|the|its|their|our|\d+|two|three|multiple|various"
    r"|fresh\w*|full[- ]?time|ft|fte)\s){0,3}[\"'“‘]?$",
    re.IGNORECASE,
)
_AS = re.compile(r"\b(?:as|for)\s(?:an?\s|the\s)?[\"'“‘]?$", re.IGNORECASE)
_IN_BRACKET = re.compile(r"[\w.\"'”]\s?\((?:(?:for|role|profile|position|post)\s*[:-]?\s*)?$", re.IGNORECASE)
_BEHIND_A_NAME = re.compile(r"(?:^|\s)[\"'“]?[A-Z\d][\w&.'-]*[\"'”]?\s?\([^()]*$")
_ITS_NAME = re.compile(
    r"[\"'”’]?\)?\s(?:(?:job|internship|full[- ]?time)\s)?(?:roles?|positions?|profiles?|posts?|openings?|vacanc\w+"
    r"|opportunit\w+|hiring|drive|jobs?|\(?intern)\b",
    re.IGNORECASE,
)
_ITS_TEST = re.compile(
    r"\s(?:\w+\s)?(?:interviews?|tests?|rounds?|ppt|assessments?|shortlist\w*|aspirants|applicants"
    r"|candidates|form|select\w*|offers?)\b",
    re.IGNORECASE,
)
_PERSON = expression(
    rf"\b(?:{alternatives('titles_of_persons')})\b\.?[^.;:]{{2,50}}[,(–-]\s?$"
    r"|\b(?:by|with|from|speaker|contact|regards|meet|senior\sto|our|the\scompany's|under"
    r"|alumni|alumnus|working\sas)\W+(?:(?:a|an|the|our|their|its|his|her)\s)?$"
    r"|^\W*(?:speakers?|contact|regards|spoc|panel)\b",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"\s?[(,@–-]\s?(?:(?:at|ctc|stipend|package)\W{1,3})?(?:rs\.?|inr|₹)?\s?\d[\d.,]*\s?"
    r"(?:lpa|lakhs?|lacs?|l\b|k\b|cr\b|crores?)",
    re.IGNORECASE,
)
_PLACEMENT = re.compile(r"\b(?:placement|t\s?&\s?p|tnp|training)\W+(?:and\s\w+\s)?$", re.IGNORECASE)
_ELSEWHERE = expression(r"\b(?:not|except|other\sthan|already|instead\sof|like|such\sas)\s[^.;]{0,20}$", re.IGNORECASE)
_COINED = r"(?P<role>[A-Z][\w/&+'-]*(?:\s(?:[A-Z&][\w/&+'-]*|of)){0,5})"
# A role by the words around it, whatever its own are: "profile - Growth Ninja", "needs Store Champions in Pune".
_CALLED = tuple(
    expression(pattern)
    for pattern in (
        r"\b(?i:roles?|positions?|posts?|profiles?|designations?)\s?(?:[:–-]|(?i:(?:of|as|is|will\sbe"
        r"|hai)\b))\s?(?:an?\s|the\s)?[\"'“‘]?"
        rf"{_COINED}",
        rf"\bfor\s(?:the\s)?[\"'“‘]?{_COINED}[\"'”’]?\s(?:role|position|profile|post)s?\b",
        r"\b(?i:applied\sfor|hiring(?:\sfor)?|selected\sas|hired\sas|offered|join\sas"
        r"|aspirants\sof|post\sof)\s(?:an?\s|the\s)?"
        rf"(?P<role>(?:[A-Z][\w/&+-]*\s){{1,4}}(?i:{alternatives('role_heads')}))(?![\w-])",
        r"\b(?i:needs?|requires?|looking\sfor|seeks?|wants?|recruiting|hiring(?:\sfor)?)\s(?i:(?:an?|the|our|\d{1,3}"
        r"|some|few|fresh)\s)?"
        rf"{_COINED}(?=\s?(?:\([a-z]|\b(?:in|at|for|to|with|@)\b))",
        r"\b(?P<role>[PT]GT\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\b",
    )
)
# An internship is a role where it is of a kind, and no "Summer Internship".
_INTERNSHIP = expression(
    r"\b(?i:offer(?:s|ing)?|applications\s(?:\w+\s)?for)\s(?i:(?:an?|the|its|our|\w+[-\s]months?)\s){0,3}[\"'“‘]?"
    r"(?P<role>(?!Summer|Winter|Paid|Unpaid|Virtual|Online|Semester|Industrial|Free"
    r"|Month)(?:[A-Z][\w-]+\s){1,4}Internship)\b"
)
_WITH_LEVEL = re.compile(r"\s?-?\s?(?:i{1,3}|iv|[1-4])$")
_BETWEEN = re.compile(r"\s?/\s?")
_VALUE_END = re.compile(
    r"\n|\t|;|\||\s[–—]\s(?=\d|CTC|Rs|INR|₹)|\.\s|,\s(?:\d|CTC|Rs|INR|₹)|\s?\((?=[^()]*"
    r"(?:[,/]|\d{2}|\d\s?(?:l|k)\b|LPA|CSE|ECE|IT\b|batch|CTC|C&B))|\s[-–]\s(?=\d|CTC|Rs|INR|₹"
    r"|stipend)|\sCTC\b",
    re.IGNORECASE,
)


def find_role_names(page: Page, company: str | None = None, jobs: Sequence[JobRef] = ()) -> list[Scored]:
    """The roles a text may be about, the likeliest first, each once and as the text writes it.

    `jobs` are those of the season: a role of one of the company's is likelier.
    """
    found: dict[str, tuple[str, list[Evidence]]] = {}
    for name, evidence in (
        *_labelled(page),
        *_named(page),
        *_known(page, company, jobs),
        *_in_title(page, company),
        *_in_text(page, company),
    ):
        shown = _without_company(name, company)
        if shown:
            found.setdefault(shown.casefold(), (shown, []))[1].extend(evidence)
    seen: dict[str, float] = {}
    for name, probability in likely(page, "role").values():
        shown = _without_company(name, company)
        if shown:
            found.setdefault(shown.casefold(), (shown, []))
            for key in {shown.casefold(), shown.casefold().partition(" (")[0]}:  # with what it is about, and without
                seen[key] = max(probability, seen.get(key, 0.0))
    seen |= {key: max(seen.get(key, 0.0), seen.get(_WITH_LEVEL.sub("", key), 0.0)) for key in found}
    scored = [
        _scored(name, evidence, max(seen[key], _least_likely(evidence))) for key, (name, evidence) in found.items()
    ]
    return sorted(_with_shorter(scored), key=lambda one: -one.score)


def find_role(page: Page, company: str | None = None, jobs: Sequence[JobRef] = ()) -> str | None:
    """The role a text is about, None where none has enough to speak for it."""
    chosen = best_role(page, company, jobs)
    return chosen.value if chosen else None


def best_role(page: Page, company: str | None = None, jobs: Sequence[JobRef] = ()) -> Scored | None:
    """As `find_role`, with what spoke for it."""
    found = find_role_names(page, company, jobs)
    others = any(one.score > 0 for one in found[1:])
    alone = bool(found) and not others and " " in found[0].value and found[0].score >= _ALONE
    if len(found) > 1 and found[0].score == found[1].score < _CLEAR:  # a list of several
        return None
    chosen = found[0] if found and (found[0].score >= LEAST or alone) else None
    return replace(chosen, value=without_initials(chosen.value)) if chosen else None


_Found = tuple[str, list[Evidence]]


def _labelled(page: Page) -> Iterator[_Found]:
    for value in page.values("role"):
        name = _VALUE_END.split(value.strip()[:_LONGEST_LABEL])[0].strip(" .,:;*-–\"'")
        plain = [word.casefold() for word in re.findall(r"[^\W\d_][\w&+.-]*", name)]
        if (
            plain
            and len(plain) < 10
            and not all(word in words("no_company") for word in plain if word not in words("role_heads"))
            | (name.casefold() in {"multiple", "various"})
        ):
            yield name, [Evidence("label", 5.0)]


def _named(page: Page) -> Iterator[_Found]:
    """What a sentence calls a role, whatever its words: "two posts of Lab Demonstrator"."""
    for sentence in page.sentences[:_MOST_SENTENCES]:
        for pattern in _CALLED:
            for match in pattern.finditer(straight(sentence.text)[:1000]):
                name = match["role"].strip(" .,-")
                if " " not in name and not is_head(name):
                    continue
                if not all(word.casefold() in words("no_company") for word in name.split()):
                    yield name, [Evidence("called a role", 2.5)]
        if internship := _INTERNSHIP.search(straight(sentence.text)[:1000]):
            yield internship["role"], [Evidence("an internship offered", 5.0)]


def _known(page: Page, company: str | None, jobs: Sequence[JobRef]) -> Iterator[_Found]:
    """Roles of the company's jobs that stand whole in the title, or as the only one in the text."""
    roles = {
        job.role.strip() for job in jobs if company and " " in job.role.strip() and same_company(company, job.company)
    }
    if not roles:
        return
    top = page.text[:6000]
    for role in roles:
        if spot := _spot(role, straight(page.title)):
            yield spot, [Evidence("known", 2.0 + 0.02 * len(role)), Evidence("title", 2.0)]
    named = {spot for role in roles if (spot := _spot(role, top))}
    if len(named) == 1:
        yield named.pop(), [Evidence("known", 2.0)]


def _spot(role: str, text: str) -> str | None:
    match = re.search(rf"(?<![\w&/+]){re.escape(role)}(?![\w&/+])", text, re.IGNORECASE)
    return text[match.start() : end_of_role(text, match.end())] if match else None


def _in_title(page: Page, company: str | None) -> Iterator[_Found]:
    title = straight(page.title)
    roles = list(find_roles(title, wide=company is not None))
    for name, start, end in _joined(roles, title):
        evidence = [Evidence("title", 2.0), *_around(title, start, end)]
        before, after = title[:start].rstrip(), title[end:].lstrip()
        if (
            not before or before[-1] in "|:–—-(/[" or before.endswith("'s") or (company and before.endswith(company))
        ) and (not after or after[0] in "|:–—-([)/,"):
            evidence.append(Evidence("piece of title", 1.5))
        shown = _without_company(name, company)
        yield shown, evidence + _of_itself(shown, evidence)


def _joined(roles: Sequence[RolePhrase], text: str) -> Iterator[tuple[str, int, int]]:
    """ "Analyst / Developer" is said as one."""
    number = 0
    while number < len(roles):
        last = number
        while last + 1 < len(roles) and _BETWEEN.fullmatch(text, roles[last].end, roles[last + 1].start):
            last += 1
        start, end = roles[number].start, roles[last].end
        yield (roles[number].name if last == number else text[start:end].strip(" .,;:-–")), start, end
        number = last + 1


def _in_text(page: Page, company: str | None) -> Iterator[_Found]:
    number = 0
    for sentence in page.sentences:
        if sentence.line < 0:
            continue
        number += 1
        text = straight(sentence.text)
        if number > _MOST_SENTENCES or (number > 3 and SIGNED.fullmatch(text[:60])):
            return
        if "\t" in text:
            continue
        for name, start, end in _joined(list(find_roles(text, wide=True)), text):
            evidence = [*_around(text, start, end), *_piece(text, start, end)]
            early = [Evidence("said early", 0.75)] if number <= 3 else [Evidence("said", 0.25)]
            shown = _without_company(name, company)
            yield shown, evidence + early + _of_itself(shown, evidence)


def _around(text: str, start: int, end: int) -> list[Evidence]:
    before, after = text[max(0, start - 130) : start], text[end : end + 80]
    found = []
    if _NAMED_SO.search(before) or _HIRED_AS.search(before) or _HIRING.search(before):
        found.append(Evidence("hired as", 2.5))
    elif (
        _IN_BRACKET.search(before)
        and (" " in text[start:end] or _BEHIND_A_NAME.search(before))
        and after.lstrip()[:1] in {")", ",", "-", "–", ":", "/"}
    ):
        found.append(Evidence("in a bracket", 2.0))
    elif _AS.search(before):
        found.append(Evidence("as", 1.5 if " " in text[start:end] else 0.75))
    if _ITS_NAME.match(after):
        found.append(Evidence("called a role", 2.0))
    elif _ITS_TEST.match(after):
        found.append(Evidence("its selection", 1.0))
    if _PAID.match(after):
        found.append(Evidence("with its pay", 1.5))
    if _PERSON.search(before):
        found.append(Evidence("person", -5.0))
    if _PLACEMENT.search(before):
        found.append(Evidence("our own", -6.0))
    if _ELSEWHERE.search(before):
        found.append(Evidence("named for another reason", -2.0))
    return found


def _piece(text: str, start: int, end: int) -> list[Evidence]:
    """A role that is a piece of its line: "Orbit | SDE | form", "Design Intern, Jan to Jul"."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    stands = (not before or before[-1] in "|-–—:•→/,") and (not after or after[0] in "|-–—,(:/")
    return [Evidence("piece of a line", 1.25)] if stands and len(text) < 160 else []


def _of_itself(name: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    plain = name.split()
    found: list[Evidence] = []
    if not plain:
        return found
    if name.endswith("'"):
        found.append(Evidence("whose", -5.0))
    if name.islower():
        found.append(Evidence("small letters", -1.5 if len(plain) > 1 else -3.5))
    if (
        len(plain) == 1
        and not name.isupper()
        and name.casefold() in words("role_heads")
        and not any(one.points >= 2 for one in evidence)
    ):
        found.append(Evidence("one word", -1.0))
    if (
        plain[-1].casefold()
        in {
            "interns",
            "trainees",
            "engineers",
            "developers",
            "associates",
            "managers",
            "executives",
            "officers",
            "partners",
        }
        and len(plain) == 1
    ):
        found.append(Evidence("people", -2.5))
    return found


def _least_likely(evidence: Sequence[Evidence]) -> float:
    """A label and a job of the season count without the tagger's word."""
    return max((_STATED.get(one.what, _UNSEEN) for one in evidence), default=_UNSEEN)


def _scored(name: str, evidence: Sequence[Evidence], likely: float) -> Scored:
    """Of things alike the strongest counts, the next ones little."""
    by_kind: dict[str, list[float]] = {}
    for one in evidence:
        by_kind.setdefault(one.what, []).append(one.points)
    score = sum(
        max(found, key=abs) + (0.25 * min(2, len(found) - 1) if max(found) > 0 else 0) for found in by_kind.values()
    )
    tagged = of_tagger(likely, _TAGGER)
    return Scored(name, min(score, _MOST_POINTS) + tagged.points, tuple(map(str, (*evidence, tagged))))


def _with_shorter(scored: Sequence[Scored]) -> list[Scored]:
    """What is said under a shorter name speaks for the longer one that begins or ends with it, a little."""
    found = []
    for one in scored:
        inside = [
            o.score
            for o in scored
            if o is not one and len(o.value) < len(one.value) and o.value.casefold() in one.value.casefold()
        ]
        found.append(Scored(one.value, one.score + (0.5 if inside and max(inside) > 0 else 0.0), one.why))
    return found


def _bracket_of(company: str) -> str:
    """ "gsfc" of "Gujarat State Fertilizers (GSFC)"."""
    return company.partition("(")[2].rstrip(")").casefold() or company.casefold()


def _without_company(role: str, company: str | None) -> str:
    """ "Data Analyst" of "Orbit Data Analyst"."""
    if company and role.casefold() == company.casefold():
        return ""
    said = role.split(" ")
    if len(said) > 1 and said[0].casefold() in {initials(company or ""), _bracket_of(company or "")}:
        return " ".join(said[1:])
    for word in words_of(company or ""):
        if len(said) == 1 or words_of(said[0]) != [word]:
            break
        said.pop(0)
    return " ".join(said).strip(" -–:/")
