"""What the rules read from one mail, and why: an object of `explain --source email`."""

from collections.abc import Sequence

from scraping.explain.facts import explained, explained_roles
from scraping.items import JobRef
from scraping.reading.mail import read_mail
from scraping.reading.mail_page import lay_out_mail
from scraping.sources.mailbox.parse import parse_mail


def explain_mail(file_name: str, raw: bytes, jobs: Sequence[JobRef] = ()) -> dict[str, object]:
    """The facts of a mail, with its roles and their pay in LPA."""
    mail = parse_mail(raw)
    facts = read_mail(lay_out_mail(mail), jobs)
    return {
        "file": file_name,
        "kind": facts.category,
        **explained(facts),
        **explained_roles(facts),
        "is_final_offer": facts.is_final_offer,
        "number_of_offers": facts.number_of_offers,
        "event_end": facts.event_end.isoformat() if facts.event_end else None,
        "details": facts.extra,
        "unreadable": mail.unreadable and f"can't be read: open the mail ({mail.unreadable})",
        "notes": list(mail.notes),
    }
