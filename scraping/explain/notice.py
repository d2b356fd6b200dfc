"""What the rules read from one raw notice, and why, as JSON (spec: system, Commands)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from scraping.items import Dated, JobRef, Student
from scraping.reading.facts.eligibility.criteria import flat
from scraping.reading.facts.naming.match import match_job
from scraping.reading.notice import extract_notice
from scraping.sources.portal.parse import parse_notice


def explain_notice(raw: object, jobs: Sequence[JobRef] = ()) -> dict[str, object]:
    """The facts of a notice as the portal answers it, under the names of the samples' truth.

    Moments are ISO texts with +05:30, or bare dates; `links` are addresses; `job_id` is that of one of `jobs`.

    Raises:
        ValueError: `raw` is no notice, with the reason.
    """
    notice = parse_notice(raw)
    facts = extract_notice(notice, jobs)
    job = match_job(facts.company, facts.role, jobs, notice.published_at)
    return {
        "id": notice.identifier,
        "category": facts.category,
        "company": facts.company,
        "role": facts.role,
        "stage": facts.stage,
        "roster": [told_student(student) for student in facts.listed],
        "meaning": (facts.meaning or "unknown") if facts.roster else None,
        "other_lists": [
            {**told_student(student), "meaning": student.meaning}
            for student in facts.roster
            if student.meaning != facts.meaning
        ],
        "state": facts.state or None,
        "unread_numbers": facts.unread,
        "deadline": _iso(facts.deadline),
        "event_at": _iso(facts.event_at),
        "companies": list(facts.companies),
        "deadlines": [dated(one) for one in facts.deadlines],
        "events": [dated(one) for one in facts.events],
        "venue": facts.venue,
        "links": [link.url for link in facts.links],
        "job_id": job.identifier if job else None,
        "eligibility": flat(facts.eligibility) or None,
        "eligibility_rules": [asdict(criterion) for criterion in facts.eligibility],
        "rule": facts.rule,
        "confidence": facts.confidence,
        "evidence": list(facts.evidence),
    }


def told_student(student: Student) -> dict[str, str]:
    """Name and number, and what the list tells of when and where."""
    told = asdict(student)
    del told["meaning"]
    return {name: said for name, said in told.items() if said or name in {"name", "enrollment"}}


def dated(one: Dated) -> dict[str, str | None]:
    """One of several deadlines or events."""
    return {"at": one.at.isoformat(), "what": one.what, "company": one.company}


def _iso(moment: date | None) -> str | None:
    """A datetime is a date too, and writes its own zone."""
    return moment.isoformat() if moment else None
