"""The ways one company is written: which of them are one, and which is the whole name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraping.reading.facts.naming.match import company_score
from scraping.reading.facts.naming.name import TAGGER, Name
from scraping.reading.facts.naming.names import company_key, core_words, initials
from scraping.reading.facts.naming.scoring import Scored, of_tagger
from scraping.reading.layout.name_runs import is_of_a_contest
from scraping.reading.layout.text import straight
from scraping.reading.page import Page
from scraping.reading.vocabulary import words

_ENDINGS = words("company_endings")
_CUT = 0.5  # how likely the tagger makes a name that takes in a shorter one
_SEEN_WHOLE = 0.7  # and one that is whole by its last word, "Orbit Umbrella Bank"


@dataclass(frozen=True, slots=True)
class Company(Scored):
    """A company under all its ways of writing: how likely the tagger makes it, whether the title holds one."""

    seen: float = 0.0
    likely: float = 0.0
    in_title: bool = False
    labelled: bool = False


def as_the_tagger_cuts(page: Page, names: Sequence[Name]) -> list[Name]:
    """ "Orbit Payment Services", where "Orbit" never stands but as its beginning: what speaks for it is the whole's."""
    said = straight(f"{page.title}\n{page.text}\n{page.sender.partition('<')[0]}")
    kept = list(names)
    for name in sorted(names, key=lambda one: len(one.name)):
        longer = [other for other in kept if other.seen >= _CUT and other.seen > name.seen and _holds(other, name)]
        if longer and not re.search(_alone(name.name), _without(said, longer)):
            _merge(name, max(longer, key=lambda other: (said.count(other.name), other.seen)))
            kept.remove(name)
    return kept


def _holds(longer: Name, name: Name) -> bool:
    """Whether a name is longer by words that may be a name's: not "Orbit Hackathon"."""
    more = re.sub(_alone(name.name), " ", longer.name).split()
    is_longer = 0 < len(more) < len(longer.name.split()) and not any(map(is_of_a_contest, more))
    return is_longer and not _goes_beyond(longer.name.casefold().split())


def _alone(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)"


def _without(text: str, names: Iterable[Name]) -> str:
    for name in sorted(names, key=lambda one: -len(one.name)):
        text = re.sub(_alone(name.name), "\n", text)
    return text


def _merge(name: Name, whole: Name) -> None:
    whole.evidence += name.evidence
    whole.times += name.times
    whole.in_title |= name.in_title
    whole.likely = max(whole.likely, name.likely)


def grouped(names: Sequence[Name]) -> list[list[Name]]:
    """The ways one company is written put together: "Clearwater" and "Clearwater Analytics"."""
    groups: list[list[Name]] = []
    for name in sorted(names, key=lambda one: -one.score):
        group = next((group for group in groups if any(are_one(name.name, other.name) for other in group)), None)
        if group is None:
            groups.append([name])
        else:
            group.append(name)
    return groups


def are_one(one: str, other: str) -> bool:
    first, second = sorted((core_words(one), core_words(other)), key=len)
    if not first:
        return False
    begins = second[: len(first)] == first and len("".join(first)) > 1
    return begins or company_score(one, other) >= 90


def chosen(group: Sequence[Name]) -> Company:
    """The group under the way of writing that most speaks for; all of them speak for the group."""
    top = max(group, key=lambda name: (name.labelled, name.score + _spelt_out(name, group) + _as_shown(name, group)))
    others = sum(max(0.0, min(1.5, name.score)) for name in group if name is not top)
    why = tuple(map(str, (*top.evidence, of_tagger(top.likely, TAGGER))))
    seen, in_title = max(name.seen for name in group), any(name.in_title for name in group)
    likely = max(name.likely for name in group)
    return Company(top.name, top.score + min(others, 2.0), why, seen, likely, in_title, top.labelled)


def _as_shown(name: Name, group: Sequence[Name]) -> float:
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
    if more and (_ends_as_a_company(name) or _ENDINGS.union(("and", "development")).issuperset(more)):
        return 6.0 if _ends_as_a_company(name) else 4.0
    if more and (_goes_beyond(name.name.casefold().split()) or _is_of_a_known_one(shorter)):
        return -8.0
    own = [word for word in more if word not in words("company_endings", "cities")]
    if own and name.in_title and name.times == 1 and any(other.times > other.in_title for other in shorter):
        return -4.0
    return 0.5 if shorter and not name.in_title else 0.0


def _goes_beyond(plain: Sequence[str]) -> bool:
    """ "Ola Electric Futurefactory": a company that all know by two words or more, and what is one of its own."""
    begins = next((last for last in range(2, len(plain)) if " ".join(plain[:last]) in words("known_companies")), 0)
    return bool(begins) and words("company_endings", "organisation_endings", "legal_forms").isdisjoint(plain[begins:])


def _is_of_a_known_one(shorter: Sequence[Name]) -> bool:
    """ "Wipro Elite", where "Wipro" stands alone, too."""
    known = words("known_companies")
    return any(other.name.casefold() in known and other.times > other.in_title for other in shorter)


def _ends_as_a_company(name: Name) -> bool:
    """ "Orbit Umbrella Co. Ltd.", and "Orbit Umbrella Bank" where the tagger sees it so."""
    last = name.name.split()[-1].strip(".").casefold()
    return last in words("legal_forms") or (last in _ENDINGS and name.seen >= _SEEN_WHOLE)


def _spelt_out(name: Name, group: Sequence[Name]) -> float:
    """ "Orbit Technology" where another one is "Orbit Tech"."""
    *first, last = core_words(name.name) or ("",)
    return 8.0 * any(first and _is_cut_short(core_words(other.name), first, last) for other in group)


def _is_cut_short(other: Sequence[str], first: Sequence[str], last: str) -> bool:
    return list(other[:-1]) == list(first) and len(last) > len(other[-1]) + 1 > 3 and last.startswith(other[-1])
