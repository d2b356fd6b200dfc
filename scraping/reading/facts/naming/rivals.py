"""Whether a text is about several companies, where none is the one (spec: reading, Many in one text)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scraping.reading.facts.naming.digests import companies_of_lines
from scraping.reading.facts.naming.forms import Company, are_one
from scraping.reading.layout.name_runs import find_names
from scraping.reading.layout.text import straight
from scraping.reading.page import Page
from scraping.reading.vocabulary import words

_LEAST_SEEN = 0.4  # of another company, where the title holds neither
_LEAST_OF_A_RIVAL = -1.0
_LEAST_SCORE = -2.8  # of what begins a line: no more than unknown
_MOST_LINES = 60
_MOST = 12
_MOST_APART = 4  # lines
_LEAD = re.compile(
    r"[\W_]*?(?P<count>(?:(?:update|company|drive|no)\.?\s*)?(?:\d{1,2}\s*[.):]|[ivx]{1,4}[.)]|[a-d][.)]))?[^\w(]*",
    re.IGNORECASE,
)
_DO_IT = (
    r"(?:(?:are|will|have|has)\s+both|both\s+(?:are|will|have)|dono"
    r"|are\s+(?:hiring|visiting|coming|recruiting))\b"
)
_NEXT = re.compile(r"(?:\s*\([^()]*\))?\s*(?P<sign>[-–—:|(]|\t|$)|\s(?P<noun>[a-z]+)")


@dataclass(frozen=True, slots=True)
class _Head:
    """A name that begins a line: what counts the line ("0."), and the sign or the word behind the name."""

    name: str
    line: int
    count: str
    next: str


def several(page: Page, found: Sequence[Company]) -> tuple[str, ...]:
    """The companies that are told of like the likeliest one, and itself; () where it stands alone."""
    first, *others = found
    if first.labelled:
        return ()
    if joined := _joined(first.value):
        return joined
    if paired := _paired(page, first, others):
        return paired
    alike = list(_rivals(page, first, others)) or _listed(page, first) or list(_beside(page, first, found))
    return tuple(dict.fromkeys((first.value, *alike)))[:_MOST] if alike else ()


def _joined(name: str) -> tuple[str, ...]:
    """Two known companies written as one name: "Adobe & Microsoft", not "Ernst & Young"."""
    parts = tuple(name.split(" & "))
    known = words("known_companies")
    apart = len(parts) > 1 and name.casefold() not in known and all(part.casefold() in known for part in parts)
    return parts if apart else ()


def _paired(page: Page, first: Company, others: Sequence[Company]) -> tuple[str, ...]:
    """Those of a title on two: "PPTs of Orbit and Nimbus", "Offers from Orbit (4) & Nimbus (2)"; and those that do the
    same: "Orbit and Nimbus are both hiring".
    """
    title, text = straight(page.title), straight(page.text)
    for other in others:
        if other.seen < _LEAST_SEEN and other.value.casefold() not in words("known_companies"):
            continue
        for one, two in ((first.value, other.value), (other.value, first.value)):
            between = r"(?:\s*\([^()]*\))?\s*(?:,|/|&|\+|\band\b|\baur\b)\s*"
            both = rf"(?<!\w){re.escape(one)}{between}{re.escape(two)}(?!\w)"
            if re.search(both, title, re.IGNORECASE) or re.search(rf"{both}\s+{_DO_IT}", text, re.IGNORECASE):
                return one, two
    return ()


def _rivals(page: Page, first: Company, others: Sequence[Company]) -> Iterator[str]:
    """The others that are likely, too, where the title has none."""
    if _is_titled(page, first):
        return
    for other in others:
        likely = other.seen >= _LEAST_SEEN and other.score > _LEAST_OF_A_RIVAL
        if likely and not _is_titled(page, other) and not _is_short_for(other.value, first.value):
            yield other.value


def _is_short_for(one: str, other: str) -> bool:
    """Whether both are one company: "BTC" is "Bharat Turbine Corporation", legal form and all."""
    letters = {"".join(word[0] for word in name.split()).casefold() for name in (one, other)}
    return are_one(one, other) or bool(letters & {one.casefold(), other.casefold()})


def _listed(page: Page, first: Company) -> Sequence[str]:
    """Those of a week, where it is one of them."""
    week = () if _is_titled(page, first) else companies_of_lines(page)
    return week if any(are_one(first.value, name) for name in week) else ()


def _is_titled(page: Page, company: Company) -> bool:
    return company.in_title or company.value in page.title


def _beside(page: Page, first: Company, found: Sequence[Company]) -> Iterator[str]:
    """Those that begin lines as it does: "1. Orbit - test at 10", "2. Nimbus - interviews at 2"."""
    heads = list(_heads(page, [company for company in found if company.score > _LEAST_SCORE]))
    ours = [head for head in heads if head.name == first.value]
    alike = {head.name for head in heads for own in ours if head.name != own.name and _are_alike(head, own)}
    titled = [one for one in found if one.value in {first.value, *alike} and _is_titled(page, one)]
    if len(titled) != 1:
        yield from (head.name for head in heads if head.name in alike)


def _heads(page: Page, found: Sequence[Company]) -> Iterator[_Head]:
    for number, line in enumerate(page.lines[:_MOST_LINES]):
        lead = _LEAD.match(line)
        rest = straight(line[lead.end() if lead else 0 :][:200])
        run = next(iter(find_names(rest)), None)
        company = next((one for one in found if run and not run.start and are_one(one.value, run.name)), None)
        behind = _NEXT.match(rest, run.end) if run else None
        if company and lead and behind:
            yield _Head(company.value, number, _count(lead), _sign(behind))


def _count(lead: re.Match[str]) -> str:
    return re.sub(r"\d+", "0", lead["count"] or lead[0].strip()).casefold()


def _sign(behind: re.Match[str]) -> str:
    return (behind["sign"] or "").replace("–", "-").replace("—", "-") or behind["noun"] or ""


def _are_alike(one: _Head, other: _Head) -> bool:
    counted = bool(one.count)
    return (
        one.count == other.count
        and (counted or (bool(one.next) and one.next == other.next))
        and abs(one.line - other.line) <= _MOST_APART
    )
