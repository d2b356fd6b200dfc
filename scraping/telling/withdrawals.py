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


def doubt_of_withdrawal(facts: Facts, text: str) -> str:
    """Return why somebody should look at offers that were taken back, "" where nobody needs to."""
    if facts.state != WITHDRAWN:
        return ""
    if not company_key(facts.company or ""):
        return "offers were withdrawn, and it is not known by whom"
    if not _whose(facts) and not _everybodys(facts, text):
        return "offers were withdrawn, and it is not known whose"
    return ""


def take_back_offers(facts: Facts, season: int, sent_at: datetime | None, text: str) -> None:
    """Withdraw what the text withdraws, where it is known by whom and whose."""
    if facts.state == WITHDRAWN and not doubt_of_withdrawal(facts, text):
        withdraw(season, facts.company or "", _whose(facts), sent_at, everybody=_everybodys(facts, text))


def _whose(facts: Facts) -> list[Selected]:
    return [Selected(student.name, student.enrollment) for student in facts.roster if student.meaning == WITHDRAWN]


def _everybodys(facts: Facts, text: str) -> bool:
    return not facts.roster and bool(_EVERYBODY.search(text))
