"""Which company a name means, among all that jobs, offers and notices name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from rapidfuzz import fuzz, process

from notifications.finding.devanagari import is_devanagari, latin
from notifications.finding.search import freshen
from notifications.finding.words import says_nothing
from notifications.models import SearchEntry
from notifications.rendering.public import visible_notices
from scraping.models import Job, Offer
from scraping.reading.facts.naming.names import company_key, company_keys, core_words, initials, words_of

MOST_NEAR = 5
_LONGEST_NAME = 200
_LEAST_ALIKE = 72  # of 100: "zenit lab" means Zenith Labs
_SHORTEST_INITIALS = 3
_SHORTEST_ALIKE = 4  # letters: "cse" is like half of all names


@dataclass(frozen=True, slots=True)
class Known:
    """A company: the name it is shown by, and every spelling that is stored."""

    name: str
    spellings: tuple[str, ...]

    @property
    def token(self) -> str:
        """A short text that stands for it in the data of a button."""
        return blake2b(company_key(self.name).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Meant:
    """The company that a name means, or else those with names near it."""

    company: Known | None
    near: tuple[Known, ...] = ()


def all_companies() -> dict[str, Known]:
    """Every company by its key: four statements. Of notices only names that everybody may read."""
    freshen()
    entries = SearchEntry.objects.filter(notice__in=visible_notices().order_by())
    stored = (
        rows.order_by().values_list("company", flat=True).distinct() for rows in (Job.objects, Offer.objects, entries)
    )
    spelled: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for names in stored for name in names):
        if key := company_key(name):
            spelled.setdefault(key, []).append(name)
    return {key: Known(" ".join(min(names, key=len).split()), tuple(names)) for key, names in spelled.items()}


def meant(text: str, companies: Mapping[str, Known]) -> Meant:
    """Find the company by its key, its short form or initials, or as the only one whose words begin so.

    A name in Devanagari that is none means the one that sounds like it.
    """
    text = text[:_LONGEST_NAME]
    found = _meant(text, companies)
    return found if found.company or not is_devanagari(text) else _meant(latin(text), companies)


def _meant(text: str, companies: Mapping[str, Known]) -> Meant:
    exact = companies.get(company_key(text)) or _by_short_form(text, companies.values())
    if exact or not words_of(text):
        return Meant(exact)
    beginning = [known for known in companies.values() if _begins(core_words(text), core_words(known.name))]
    if len(beginning) == 1:
        return Meant(beginning[0])
    return Meant(
        None,
        tuple(dict.fromkeys([*sorted(beginning, key=lambda known: len(known.name)), *_alike(text, companies)]))[
            :MOST_NEAR
        ],
    )


def named_in(text: str, companies: Mapping[str, Known]) -> Known | None:
    """Return the only company that one word of a question goes by: its first word, short form or initials."""
    found = {
        known.token: known
        for word in words_of(latin(text[:_LONGEST_NAME]))
        if len(word) >= _SHORTEST_INITIALS and not says_nothing(word)
        for known in (*_beginning_with(word, companies), _by_short_form(word, companies.values()))
        if known
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _beginning_with(word: str, companies: Mapping[str, Known]) -> list[Known]:
    return [known for known in companies.values() if core_words(known.name)[:1] == (word,)]


def of_token(token: str, companies: Mapping[str, Known]) -> Known | None:
    """Return the company of a button; None where nothing of it is stored any more."""
    return next((known for known in companies.values() if known.token == token), None)


def _by_short_form(text: str, companies: Iterable[Known]) -> Known | None:
    """The only company that goes by this short form: "AMD" of a bracket, "TCS" of initials."""
    key = company_key(text)
    goes_by = [
        known
        for known in companies
        if any(key in company_keys(name) for name in known.spellings)
        or (len(key) >= _SHORTEST_INITIALS and initials(known.name) == key)
    ]
    return goes_by[0] if len(goes_by) == 1 else None


def _begins(asked: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the words stand in the name in this order, one after the other, the last perhaps cut short."""
    *whole, last = asked
    size = len(asked)
    for start in range(len(words) - size + 1):
        part = words[start : start + size]
        if list(part[:-1]) == whole and part[-1].startswith(last):
            return True
    return False


def _alike(text: str, companies: Mapping[str, Known]) -> list[Known]:
    asked = " ".join(core_words(text))
    if len(asked) < _SHORTEST_ALIKE:
        return []
    names = {key: " ".join(core_words(known.name)) for key, known in companies.items()}
    found = process.extract(asked, names, scorer=fuzz.WRatio, limit=MOST_NEAR, score_cutoff=_LEAST_ALIKE)
    return [companies[key] for _, _, key in found]
