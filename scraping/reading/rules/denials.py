"""Kinds of text that the meaning of its list decides (spec: reading, Denials and states)."""

from dataclasses import replace

from accounts.categories import Category
from scraping.reading.facts.students.meanings import (
    ABSENT,
    ACTION,
    DENIED,
    NOT_SELECTED,
    SELECTED,
    SHORTLISTED,
    WAITLISTED,
    WITHDRAWN,
)
from scraping.reading.rules.kinds import Verdict

_GOOD_NEWS = frozenset((Category.SHORTLISTING, Category.PLACEMENT_OFFER))
_TOLD_AS: dict[str, str] = {ABSENT: Category.ANNOUNCEMENT, ACTION: Category.ANNOUNCEMENT}
_NEWS_OF_A_SELECTION = frozenset((NOT_SELECTED, WITHDRAWN, WAITLISTED))
_GENERAL = frozenset((Category.ANNOUNCEMENT, Category.JOB_POSTING, Category.UPDATE))
_HAS_LISTS = frozenset((Category.REMINDER, Category.WEBINAR))
_UNSURE = 0.7


def _is_news(verdict: Verdict, meaning: str, *, general: bool) -> bool:
    """Whether a list tells those on it how their selection stands, under words that say something else."""
    if verdict.category in _GOOD_NEWS:
        return meaning == WAITLISTED
    return verdict.category == Category.ANNOUNCEMENT and general and meaning in _NEWS_OF_A_SELECTION


def by_meaning(verdict: Verdict, meaning: str, *, has_package: bool) -> Verdict:
    """The verdict, but for good news on a list that denies, placements on a waiting list, and selected students with
    a package, who are placed.
    """
    posting = verdict.category == Category.JOB_POSTING  # none lists students who are chosen
    general = verdict.category in _GENERAL and (posting or verdict.confidence <= _UNSURE)
    told: str = verdict.category
    if verdict.category in _GOOD_NEWS and meaning in DENIED:
        told = _TOLD_AS.get(meaning, Category.UPDATE)
    elif _is_news(verdict, meaning, general=general):
        told = Category.UPDATE
    elif meaning == SELECTED and has_package and (general or verdict.category == Category.SHORTLISTING):
        told = Category.PLACEMENT_OFFER
    elif meaning in {SELECTED, SHORTLISTED} and (general or verdict.category in _HAS_LISTS):
        told = Category.SHORTLISTING
    return verdict if told == verdict.category else replace(verdict, category=told, rule=f"list.{meaning}")
