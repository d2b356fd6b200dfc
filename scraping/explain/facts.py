"""What was read from a text, as `explain` prints it (spec: system, Commands)."""

from dataclasses import asdict
from datetime import date

from scraping.items import Dated, Facts, Student
from scraping.reading.facts.eligibility.criteria import flat


def explained(facts: Facts) -> dict[str, object]:
    """The facts under the names of the samples' truth: moments as ISO texts, links as addresses."""
    return {
        "company": facts.company,
        "companies": list(facts.companies),
        "role": facts.role,
        "stage": facts.stage,
        **explained_lists(facts),
        "state": facts.state or None,
        "deadline": _iso(facts.deadline),
        "deadlines": [_dated(one) for one in facts.deadlines],
        "event_at": _iso(facts.event_at),
        "events": [_dated(one) for one in facts.events],
        "venue": facts.venue,
        "links": [link.url for link in facts.links],
        **explained_eligibility(facts),
        "rule": facts.rule,
        "confidence": facts.confidence,
        "evidence": list(facts.evidence),
    }


def explained_lists(facts: Facts) -> dict[str, object]:
    """The list a text is about, those beside it, and how many numbers stand on none."""
    others = (student for student in facts.roster if student.meaning != facts.meaning)
    return {
        "roster": [_told_student(student) for student in facts.listed],
        "meaning": (facts.meaning or "unknown") if facts.roster else None,
        "other_lists": [{**_told_student(student), "meaning": student.meaning} for student in others],
        "unread_numbers": facts.unread,
    }


def explained_roles(facts: Facts) -> dict[str, object]:
    """Each role with its pay: `package` in LPA."""
    roles = [{"role": each.role, "package": each.package, "package_details": each.details} for each in facts.roles]
    return {"roles": roles, "location": list(facts.location), "joining_date": facts.joining_date}


def explained_eligibility(facts: Facts) -> dict[str, object]:
    return {
        "eligibility": flat(facts.eligibility) or None,
        "eligibility_rules": [asdict(criterion) for criterion in facts.eligibility],
    }


def _told_student(student: Student) -> dict[str, str]:
    """Name and number, and what the list tells of when and where."""
    told = asdict(student)
    del told["meaning"]
    return {name: said for name, said in told.items() if said or name in {"name", "enrollment"}}


def _dated(one: Dated) -> dict[str, str | None]:
    return {"at": one.at.isoformat(), "what": one.what, "company": one.company}


def _iso(moment: date | None) -> str | None:
    """A datetime is a date too, and writes its own zone."""
    return moment.isoformat() if moment else None
