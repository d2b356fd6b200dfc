"""A text that takes offers back: the offers it names no longer count."""

import re
from datetime import datetime

from scraping.items import Facts
from scraping.placements.offers import Selected
from scraping.placements.withdrawals import withdraw
from scraping.reading.facts.naming.names import company_key
from scraping.reading.facts.states import WITHDRAWN

_EVERYBODY = re.compile(
    r"\ball\s+(?:of\s+)?(?:the\s+|its\s+|their\s+)?(?:\w+\s+)?offers\b|\boffers?\s+(?:\w+\s+){0,3}(?:to|of)\s+all\b"
    r"|\ball\s+(?:the\s+)?(?:selected\s+)?(?:students|candidates)\b",
    re.IGNORECASE,
)


def take_back_offers(facts: Facts, season: int, sent_at: datetime | None, text: str) -> str:
    """Withdraw what the text withdraws. Returns why somebody should look at it, "" where nobody needs to."""
    if facts.state != WITHDRAWN:
        return ""
    if not company_key(facts.company or ""):
        return "offers were withdrawn, and it is not known by whom"
    students = [Selected(student.name, student.enrollment) for student in facts.roster if student.meaning == WITHDRAWN]
    everybody = not facts.roster and bool(_EVERYBODY.search(text))
    if not students and not everybody:
        return "offers were withdrawn, and it is not known whose"
    withdraw(season, facts.company or "", students, sent_at, everybody=everybody)
    return ""
