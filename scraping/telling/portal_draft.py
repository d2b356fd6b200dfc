"""What is said about a job of the portal, and about its notices."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.conf import settings

from accounts.categories import Category
from notifications.details import Label
from notifications.publishing.publish import Draft
from notifications.rendering.retold_rules import LEVELS, ONLY
from scraping.corrections.lines import rules_in_words
from scraping.items import Criterion, Facts, PortalNotice
from scraping.models import Job
from scraping.telling.facts_draft import PORTAL_LINK, facts_draft, job_criteria, told_criteria
from scraping.telling.pay import pay

_NO_FIELD = ("backlogs", "history_of_backlogs", "gap_years", "batch")


def notice_key(identifier: str) -> str:
    """The external key of a portal notice."""
    return f"superset:notice:{identifier}"


def job_key(identifier: str) -> str:
    """The external key of the notice a job becomes that has none of its own."""
    return f"superset:job:{identifier}"


def notice_draft(notice: PortalNotice, facts: Facts, job: Job | None, season: int, body: str) -> Draft:
    """A portal notice with what was read from it; a posting also says what its job does. `body` is its text (HTML)."""
    draft = facts_draft(facts, job, season)
    posting = job if facts.category == Category.JOB_POSTING else None
    return replace(
        draft,
        external_key=notice_key(notice.identifier),
        title=notice.title or _first_words(body),
        body=body,
        author=notice.author,
        details=(job_details(posting, facts.eligibility) if posting else {}) | draft.details,
        url=settings.STUDENT_PORTAL_URL,
        url_label=PORTAL_LINK,
        published_at=notice.published_at or notice.modified_at,
    )


def job_draft(job: Job) -> Draft:
    """The notice of a job that the portal announced without one."""
    return Draft(
        external_key=job_key(job.identifier),
        title=" · ".join(part for part in (job.company, job.role) if part) or "New job",
        category=Category.JOB_POSTING,
        season=job.season,
        body=job.description or job.invitation or job.content,
        company=job.company,
        role=job.role,
        location=job.location,
        package=pay(job),
        deadline=job.deadline,
        eligibility=told_criteria(job_criteria(job)),
        details=job_details(job),
        url=settings.STUDENT_PORTAL_URL,
        url_label=PORTAL_LINK,
        job_key=job.identifier,
        rule="job.new",
        published_at=job.created_at or job.first_seen_at,
    )


def job_details(job: Job, stated: Sequence[Criterion] = ()) -> dict[str, str]:
    """The labelled lines of a posting; only those there is something to say for.

    Of the rules that its text has `stated` those are told that no field of the portal holds.
    """
    marks = [_mark(mark.get("level", ""), mark.get("criteria")) for mark in job.marks]
    more = [rules_in_words([rule]) for rule in stated if rule.name in _NO_FIELD]
    who = " · ".join(filter(None, [_courses(job.courses), *marks, _genders(job.genders), *more]))
    details = {
        Label.TYPE: job.position_type,
        "Who can apply": who,
        "Rounds": " → ".join(job.stages),
        "Skills": ", ".join(job.skills),
        Label.DOCUMENTS: "\n".join(document.name for document in job.documents.all() if document.name),
    }
    return {label: text for label, text in details.items() if text}


def _mark(level: str, criteria: float | None) -> str:
    if not criteria or criteria <= 0:
        return ""
    amount = f"{criteria:g} %" if criteria > 10 else f"{criteria:.2f}".removesuffix("0") + " CGPA"
    return f"{LEVELS.get(level.upper(), level.replace('_', ' ').title())}: {amount}"


def _courses(courses: Iterable[str]) -> str:
    """Courses grouped by their programme: `B.Tech CSE, IT; M.Tech CSE`."""
    branches: dict[str, list[str]] = {}
    for course in courses:
        programme, _, branch = course.partition(" - ")
        branches.setdefault(programme.strip(), []).append(branch.strip())
    named = (f"{programme} {', '.join(filter(None, names))}".strip() for programme, names in branches.items())
    return "; ".join(named)


def _genders(genders: list[str]) -> str:
    return ONLY.get(genders[0].lower(), f"{genders[0]} only") if len(genders) == 1 else ""


def _first_words(body: str) -> str:
    from notifications.rendering.richtext import plain_text

    return plain_text(body).strip()[:120] or "Notice"
