"""The ways one company is written: which of them are one, and which is the whole name."""

from collections.abc import Sequence

from scraping.reading.facts.naming.match import company_score
from scraping.reading.facts.naming.name import TAGGER, Name
from scraping.reading.facts.naming.names import company_key, core_words, initials
from scraping.reading.facts.naming.scoring import Scored, of_tagger
from scraping.reading.vocabulary import words

_ENDINGS = words("company_endings")


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


def chosen(group: Sequence[Name]) -> Scored:
    """The group under the way of writing that most speaks for; all of them speak for the group."""
    top = max(group, key=lambda name: (name.labelled, name.score + _as_shown(name, group)))
    others = sum(max(0.0, min(1.5, name.score)) for name in group if name is not top)
    return Scored(
        top.name, top.score + min(others, 2.0), tuple(map(str, (*top.evidence, of_tagger(top.likely, TAGGER))))
    )


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
    if more and _ENDINGS.issuperset(more):
        return 4.0
    own = [word for word in more if word not in words("company_endings", "cities")]
    if own and name.in_title and name.times == 1 and any(other.times > other.in_title for other in shorter):
        return -4.0
    return 0.5 if shorter and not name.in_title else 0.0
