"""Kinds of text that the meaning of its list contradicts (spec: reading, Denials and states)."""

from dataclasses import replace

from accounts.categories import Category
from scraping.reading.facts.students.meanings import ABSENT, ACTION, DENIED, WAITLISTED
from scraping.reading.rules.kinds import Verdict

_GOOD_NEWS = frozenset((Category.SHORTLISTING, Category.PLACEMENT_OFFER))
_TOLD_AS: dict[str, str] = {ABSENT: Category.ANNOUNCEMENT, ACTION: Category.ANNOUNCEMENT}


def by_meaning(verdict: Verdict, meaning: str) -> Verdict:
    """The verdict, but for good news on a list that denies, or placements on a waiting list."""
    if verdict.category in _GOOD_NEWS and meaning in DENIED:
        return replace(verdict, category=_TOLD_AS.get(meaning, Category.UPDATE), rule=f"list.{meaning}")
    if verdict.category == Category.PLACEMENT_OFFER and meaning == WAITLISTED:
        return replace(verdict, category=Category.SHORTLISTING, rule=f"list.{meaning}")
    return verdict
