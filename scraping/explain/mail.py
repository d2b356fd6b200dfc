"""What the rules read from one mail, and why: an object of `explain --source email` (spec: system, Commands)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from scraping.explain.notice import dated, told_student
from scraping.items import JobRef
from scraping.reading.facts.eligibility.criteria import flat
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.sources.mailbox.parse import parse_mail


def explain_mail(file_name: str, raw: bytes, jobs: Sequence[JobRef] = ()) -> dict[str, object]:
    """The facts of a mail under the names of the samples' truth: packages in LPA, moments as ISO texts."""
    mail = parse_mail(raw)
    facts = read_mail(lay_out_mail(mail), jobs)
    return {
        "file": file_name,
        "kind": facts.category,
        "company": facts.company,
        "role": facts.role,
        "roles": [{"role": r.role, "package": r.package, "package_details": r.details} for r in facts.roles],
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
        "location": list(facts.location),
        "joining_date": facts.joining_date,
        "is_final_offer": facts.is_final_offer,
        "number_of_offers": facts.number_of_offers,
        "deadline": _iso(facts.deadline),
        "event_at": _iso(facts.event_at),
        "companies": list(facts.companies),
        "deadlines": [dated(one) for one in facts.deadlines],
        "events": [dated(one) for one in facts.events],
        "event_end": _iso(facts.event_end),
        "venue": facts.venue,
        "links": [link.url for link in facts.links],
        "details": facts.extra,
        "eligibility": flat(facts.eligibility) or None,
        "eligibility_rules": [asdict(criterion) for criterion in facts.eligibility],
        "rule": facts.rule,
        "confidence": facts.confidence,
        "evidence": list(facts.evidence),
        "unreadable": mail.unreadable and f"can't be read: open the mail ({mail.unreadable})",
        "notes": list(mail.notes),
    }


def _iso(moment: date | None) -> str | None:
    """A datetime is a date, too."""
    return moment.isoformat() if moment else None
