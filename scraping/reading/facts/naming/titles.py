"""The portal's own title templates: they name company, role and stage (spec: system, Extraction)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraping.items import JobRef
from scraping.reading.facts.naming.match import company_score, role_score
from scraping.reading.facts.naming.names import clean_company
from scraping.reading.layout.text import collapse, straight
from scraping.reading.rules.titles import TitleRecord, title_records

_PLAIN = [record for record in title_records() if not record.is_special]
_LONGEST = 600
_WHOSE = re.compile(r"\s*,?'s\s+")
_ENDS_A_COMPANY = re.compile(r"(?:s|\)|\b(?:ltd|limited|inc|llp|llc|pvt|corp|gmbh|plc)\.?),?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a title names, None where it does not. `rule` is the id of its template, `rest` an event's own title."""

    rule: str | None = None
    company: str | None = None
    role: str | None = None
    stage: str | None = None
    rest: str | None = None


def read_title(title: str, jobs: Sequence[JobRef] = ()) -> Heading | None:
    """The heading of a title in one of the portal's templates; None for a title written by hand."""
    return _first_match([record for record in _PLAIN if not record.in_text], collapse(title[:_LONGEST]), jobs)


def read_sentences(lines: Sequence[str], jobs: Sequence[JobRef] = ()) -> Heading | None:
    """The first heading among lines of text: a title of the portal quoted there, or one of its own sentences."""
    headings = (_first_match(_PLAIN, line[:_LONGEST], jobs) for line in lines[:40])
    return next(filter(None, headings), None)


def _first_match(records: Sequence[TitleRecord], text: str, jobs: Sequence[JobRef]) -> Heading | None:
    plain = straight(text)
    for record in records:
        if match := record.pattern.fullmatch(plain):
            return _heading(record.id, match, text, jobs)
    return None


def _heading(rule: str, match: re.Match[str], text: str, jobs: Sequence[JobRef]) -> Heading:
    found = {name: text[slice(*match.span(name))] for name in match.re.groupindex}
    if "whose" in found:
        found["company"], found["role"] = split_possessive(found["whose"], jobs)
    return Heading(
        rule,
        clean_company(found.get("company", "")) or None,
        found.get("role", "").strip() or None,
        found.get("stage", "").strip() or None,
        found.get("event"),
    )


def split_possessive(text: str, jobs: Sequence[JobRef] = ()) -> tuple[str, str]:
    """Company and role of "COMPANY's ROLE"; the role is "" where nothing is possessed.

    Where the sign stands more than once ("Dr. Reddy's Laboratories's Trainee", "Orbit's Founder's Office") a known
    job decides, then an ending only a company's name has, then the first.
    """
    splits = [(text[: m.start()], text[m.end() :]) for m in _WHOSE.finditer(straight(text)) if m.start()]
    if len(splits) < 2:
        return splits[0] if splits else (text, "")
    known = [_known(company, role, jobs) for company, role in splits]
    if max(known) > 0:
        return splits[known.index(max(known))]
    return next((split for split in splits if _ENDS_A_COMPANY.search(split[0])), splits[0])


def _known(company: str, role: str, jobs: Sequence[JobRef]) -> float:
    return max((company_score(company, job.company) + role_score(role, job.role) for job in jobs), default=0.0)
