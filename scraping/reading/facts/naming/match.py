"""Which job a notice is about: by company and role, and only where no other job comes near."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from scraping.items import JobRef
from scraping.reading.facts.naming.names import company_key, company_keys, core_words, initials, role_words

_ENOUGH = 85.0
_MARGIN = 5.0
_LATER = timedelta(days=21)  # the portal makes a job anew now and then
# What a company may leave off its name or not: "Orbit" and "Orbit Solutions".
_DESCRIPTIONS = frozenset(
    """solution solutions service services technology technologies tech software softwares system systems labs lab
    group global infotech consulting analytics digital international holdings studio studios networks electronics
    research industries enterprises ventures media online it ai com""".split()
)
_ALTERNATIVES = re.compile(r"\s*[/,|]\s*|\s+or\s+", re.IGNORECASE)


def match_job(
    company: str | None, role: str | None, jobs: Sequence[JobRef], published_at: datetime | None = None
) -> JobRef | None:
    """The one job of this company and role; None where the role is not known, nothing fits or two jobs fit alike.

    Nor a job that the portal made weeks after the text was published: that is another drive.
    A company's other job is not taken for it: roles may differ in spelling, not in a word that says something
    (spec: system, Extraction).
    """
    if not company or not role:
        return None
    jobs = [job for job in jobs if not _is_later(job, published_at)]
    scored = sorted(((_job_score(company, role, job), job) for job in jobs), key=lambda pair: -pair[0])
    if not scored or scored[0][0] < _ENOUGH:
        return None
    runner_up = scored[1][0] if len(scored) > 1 else 0.0
    return scored[0][1] if scored[0][0] - runner_up >= _MARGIN else None


def _is_later(job: JobRef, published_at: datetime | None) -> bool:
    return bool(published_at and job.created_at and job.created_at - published_at > _LATER)


def same_company(one: str, other: str) -> bool:
    """Whether two names are of one company: as compared by company_keys, by initials, or but for a typing error."""
    return company_score(one, other) >= _ENOUGH


def company_score(one: str, other: str) -> float:
    """0 to 100: 100 the same name, 95 its initials, 90 but for a word like "Solutions", else likeness of spelling."""
    keys, others = company_keys(one), company_keys(other)
    if keys & others:
        return 100.0
    if _is_short_form(keys, other) or _is_short_form(others, one):
        return 95.0
    if _is_longer_form(core_words(one), core_words(other)) or _adds_description(company_key(one), company_key(other)):
        return 90.0
    likeness = max((fuzz.ratio(a, b) for a in keys for b in others if min(len(a), len(b)) > 7), default=0.0)
    return likeness if likeness >= 92 else 0.0


def role_score(one: str, other: str) -> float:
    """0 to 100: 100 the same words, 97 in another order, 90 but for a typing error, 85 one of the roles named."""
    words, others = role_words(one), role_words(other)
    if not words or not others:
        return 0.0
    if "".join(words) == "".join(others):
        return 100.0
    if sorted(words) == sorted(others):
        return 97.0
    if len(words) == len(others) and all(map(_nearly, sorted(words), sorted(others))):
        return 90.0
    return 85.0 if _is_alternative(words, other) or _is_alternative(others, one) else 0.0


def _job_score(company: str, role: str, job: JobRef) -> float:
    by_company = company_score(company, job.company)
    return min(by_company, role_score(role, job.role)) if by_company >= _ENOUGH else 0.0


def _is_short_form(keys: frozenset[str], name: str) -> bool:
    letters = initials(name)
    return len(letters) > 2 and letters in keys


def _is_longer_form(one: Sequence[str], other: Sequence[str]) -> bool:
    short, long = sorted((one, other), key=len)
    if not short:
        return False
    if len(short) == len(long):  # HCL Tech, HCL Technologies
        ends = sorted((short[-1], long[-1]), key=len)
        return short[:-1] == long[:-1] and len(short) > 1 and len(ends[0]) > 3 and ends[1].startswith(ends[0])
    return long[: len(short)] == short and _DESCRIPTIONS.issuperset(long[len(short) :])


def _adds_description(one: str, other: str) -> bool:
    """ "MoonIT Services" and "Moon IT": words written together."""
    short, long = sorted((one, other), key=len)
    return len(short) > 3 and long.removeprefix(short) in _DESCRIPTIONS


def _nearly(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > 4 and fuzz.ratio(one, other) > 86)


def _is_alternative(words: Sequence[str], role: str) -> bool:
    return any(role_words(part) == tuple(words) for part in _ALTERNATIVES.split(role))
