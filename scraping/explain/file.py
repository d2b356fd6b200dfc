"""What is read from one file, and why: an object of `explain FILE.xlsx` (spec: attachments, Kinds)."""

from collections.abc import Sequence
from dataclasses import asdict

from scraping.attachments.facts import facts_of
from scraping.attachments.process import read_bytes
from scraping.attachments.text import State
from scraping.explain.notice import told_student
from scraping.items import JobRef
from scraping.reading.facts.eligibility.criteria import flat


def explain_file(name: str, data: bytes, jobs: Sequence[JobRef] = ()) -> dict[str, object]:
    """The state of the file, its roster and its facts: packages in LPA, moments as ISO texts."""
    text = read_bytes(data)
    told: dict[str, object] = {
        "file": name,
        "state": text.state.value,
        "format": text.kind,
        "remarks": list(text.remarks),
        "sheets": [{"title": sheet.title, "lines": len(sheet.lines)} for sheet in text.sheets],
    }
    if text.state is not State.READ:
        return told
    facts = facts_of(text, name, jobs=jobs)
    return told | {
        "roster": [told_student(student) for student in facts.roster],
        "meaning": (facts.meaning or "unknown") if facts.roster else None,
        "kind": facts.category,
        "company": facts.company,
        "role": facts.role,
        "roles": [{"role": r.role, "package": r.package, "package_details": r.details} for r in facts.roles],
        "location": list(facts.location),
        "joining_date": facts.joining_date,
        "deadline": facts.deadline.isoformat() if facts.deadline else None,
        "event_at": facts.event_at.isoformat() if facts.event_at else None,
        "venue": facts.venue,
        "eligibility": flat(facts.eligibility) or None,
        "eligibility_rules": [asdict(criterion) for criterion in facts.eligibility],
        "details": facts.extra,
    }
