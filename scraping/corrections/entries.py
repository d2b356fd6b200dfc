"""Opens, closes and reopens reviews as items are read, and says what a person's word makes of a reading.

An entry stays closed while the text is read as it was when somebody looked. It opens again where a corrected field is
read as something new, or where a doubt is new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notifications.models import Notice
from notifications.publishing.publish import is_fresh
from notifications.rendering.formats import storable
from scraping.corrections.fields import Values, corrected, values_of
from scraping.items import Facts
from scraping.models import RawItem, Review
from scraping.reading.rules.kinds import IRRELEVANT

BEFORE = "before"
Verdict = Review.Verdict


@dataclass(frozen=True, slots=True)
class Read:
    """What was read from an item, before a person's word on it. `key` is that of the notice it becomes.

    `second` is what the second reader says (reading/second_reader.py).
    """

    item: RawItem
    key: str
    title: str
    facts: Facts
    sent_at: datetime | None = None
    doubts: Sequence[str] = ()
    second: Mapping[str, Any] = field(default_factory=dict)


def note(read: Read, *, announce: bool) -> Review | None:
    """The review of this reading, as it is now: opened, reopened or closed by itself; None where none is needed.

    Where both readers agree it is closed, and keeps what the second one said, so that it is not asked again.
    With `announce` off nobody is told of it: a review that holds an item back stays as it is.
    """
    if not (read.doubts or read.second or Review.objects.filter(key=read.key).exists()):
        return None  # without a transaction: most items end here
    return _noted(read, announce=announce)


@transaction.atomic
def _noted(read: Read, *, announce: bool) -> Review:
    Review.objects.get_or_create(key=read.key, defaults={"item": read.item})
    review = Review.objects.select_for_update().get(key=read.key)
    if review.held_since and not announce:
        return review
    now, new_doubts = values_of(read.facts), [doubt for doubt in read.doubts if doubt not in review.doubts]
    if review.is_open and not read.doubts:
        review.verdict, review.closed_at = Verdict.CLEARED, timezone.now()
    elif not review.is_open and not _opens_again(review, now, new_doubts, read.doubts):
        return review
    elif not review.is_open:
        review.verdict, review.closed_at, review.closed_by = Verdict.OPEN, None, None
        review.opened_at = timezone.now()
    _describe(review, read)
    review.held_since = _held_since(review, read, announce=announce)
    review.save()
    return review


def word_on(read: Read) -> tuple[Facts, Review]:
    """The facts with what a person said of them, and the review, locked until the transaction ends."""
    review = Review.objects.select_for_update().get(key=read.key)
    return corrected(read.facts, review.correction), review


def second_said(key: str) -> dict[str, Any]:
    """What the second reader said of this text before; {} where it was not asked."""
    return Review.objects.filter(key=key).values_list("second", flat=True).first() or {}


def is_held(review: Review, *, announce: bool) -> bool:
    """Whether nobody is told: somebody has to look first, or this pass tells nobody and it would be lost."""
    waits = review.is_open and settings.REVIEW == BEFORE
    return review.held_since is not None and (waits or not announce)


def _describe(review: Review, read: Read) -> None:
    facts = read.facts
    review.title = str(storable(read.title))[:500]
    review.doubts = list(read.doubts)
    review.read = storable(values_of(facts))
    review.second = storable(dict(read.second))
    review.seen = storable(
        {
            "rule": facts.rule,
            "confidence": facts.confidence,
            "evidence": facts.evidence,
            "unread": facts.unread,
            "sent_at": read.sent_at.isoformat() if read.sent_at else "",
            "students": [
                {"name": one.name, "enrollment": one.enrollment, "meaning": one.meaning} for one in facts.roster
            ],
        }
    )


def _opens_again(review: Review, now: Values, new_doubts: Sequence[str], doubts: Sequence[str]) -> bool:
    """Whether what somebody said no longer settles it."""
    known = {name: value for name, value in now.items() if name in review.read}  # others could not be corrected then
    moved = {name for name, value in known.items() if value not in (review.read[name], review.correction.get(name))}
    if moved & review.correction.keys() or new_doubts:
        return True
    return bool(doubts) and (bool(moved) or review.verdict == Verdict.CLEARED)


def _held_since(review: Review, read: Read, *, announce: bool) -> datetime | None:
    """Since when it is held back, None where it is not: what nobody would be told anyway is not held."""
    if corrected(read.facts, review.correction).category == IRRELEVANT:
        return None
    if review.held_since:
        return review.held_since
    if settings.REVIEW != BEFORE or not review.is_open:
        return None
    now = timezone.now()
    told = Notice.objects.filter(external_key=read.key).values_list("announced", flat=True).first()
    would_be_told = announce and is_fresh(read.sent_at or now, now) if told is None else told
    return now if would_be_told else None
