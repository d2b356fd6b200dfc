"""The portal's own title templates: they name company, role and stage (spec: system, Extraction)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraping.items import JobRef
from scraping.reading.facts.naming.match import company_score, role_score
from scraping.reading.facts.naming.names import clean_company
from scraping.reading.layout.text import collapse, straight

_STAGE = r"(?P<stage>Stage\s+\d+(?:\s*\(.*?\))?|.{2,80}?)\s+of\s+"
_PROFILE = r"(?P<company>.+?)'s\s+job\s+profile\s*[-–—:]\s*(?P<role>.+)"
_CHANGED = r"(?:published|updated|released|announced|changed|revised|extended)"
_TEMPLATES = tuple(
    (rule, re.compile(pattern, re.IGNORECASE))
    for rule, pattern in (
        ("title.shortlist", rf"shortlist\s+{_CHANGED}\s+for\s+{_STAGE}(?P<whose>.+)"),
        ("title.final_shortlist", rf"final\s+shortlist\s+(?:{_CHANGED}\s+)?(?:for|of)\s+(?P<whose>.+)"),
        ("title.applications_open", rf"open\s+for\s+applications?\s*[-–—:]\s*{_PROFILE}"),
        ("title.deadline_changed", rf"deadline\s+for\s+applications?\s+{_CHANGED}\s*[-–—:]\s*{_PROFILE}"),
        ("title.venue_and_date", rf"venue\s+and\s+date\s+{_CHANGED}\s+for\s+{_STAGE}(?P<whose>.+)"),
        ("title.update", r"updates?\s+in\s+(?:date\s+of\s+\w+|.{3,60}?)\s+of\s+(?P<role>.+)\s+at\s+(?P<company>.+)"),
        ("title.placement_cycle", r"placement\s+cycle\s+.+[-–—:]\s*open\s+for\s+registrations?"),
        ("title.event", r"upcoming\s+events?\s*[:–—-]\s*(?P<event>.+)"),
    )
)
# The portal's own sentences, for a notice whose title is missing or written by hand.
_SENTENCES = tuple(
    (rule, re.compile(pattern, re.IGNORECASE))
    for rule, pattern in (
        (
            "text.applications_open",
            r"applications\s+are\s+now\s+being\s+accepted\s+for\s+(?P<company>.+?)\s*'s\s+job\s+profile\s*:\s*"
            r"(?P<role>.+?)\s*\.?",
        ),
        ("text.placement_cycle", r"placement\s+cycle\s+.+\s+is\s+now\s+open\s+for\s+registrations?\.?"),
        ("text.venue_and_date", r"(?P<stage>Stage\s+\d+\s*\(.*?\))\s+of\s+(?P<whose>.+)"),
    )
)
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
    return _first_match(_TEMPLATES, collapse(title[:_LONGEST]), jobs)


def read_sentences(lines: Sequence[str], jobs: Sequence[JobRef] = ()) -> Heading | None:
    """The first heading among lines of text: a title of the portal quoted there, or one of its own sentences."""
    headings = (_first_match((*_TEMPLATES, *_SENTENCES), line[:_LONGEST], jobs) for line in lines[:40])
    return next(filter(None, headings), None)


def _first_match(patterns: Sequence[tuple[str, re.Pattern[str]]], text: str, jobs: Sequence[JobRef]) -> Heading | None:
    plain = straight(text)
    for rule, pattern in patterns:
        if match := pattern.fullmatch(plain):
            return _heading(rule, match, text, jobs)
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
