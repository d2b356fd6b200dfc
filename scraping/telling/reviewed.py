"""Between reading and telling: a doubtful reading is noted, and what a person said of it is told instead."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from notifications.models import Notice
from scraping.corrections import entries
from scraping.corrections.doubts import UNSURE_RULES, UNSURE_WHETHER, doubts_of
from scraping.corrections.entries import Read
from scraping.items import Facts
from scraping.reading.rules.kinds import IRRELEVANT
from scraping.telling.base import HeldError, IrrelevantError, Reading, Tell

TellFacts = Callable[[Facts], Notice | None]
_NOT_FOR_STUDENTS = "not for students, somebody said"


def reviewed(read: Read, reading: Reading, tell: TellFacts) -> Tell:
    """The second step of a reader: tells what was read, as a person corrected it where one did."""
    read = _with_doubts(read)
    if entries.note(read, announce=reading.announce) is None:
        return partial(_tell, read.facts, tell)
    return partial(_tell_with_review, read, reading, tell)


def _with_doubts(read: Read) -> Read:
    """What was read, with every doubt; those that are no matter of confidence stand on the item, too."""
    doubts = [*filter(None, read.doubts), *doubts_of(read.facts, read.sent_at)]
    read.item.doubt = "; ".join(doubt for doubt in doubts if doubt not in (UNSURE_RULES, UNSURE_WHETHER))
    return replace(read, doubts=doubts)


def _tell_with_review(read: Read, reading: Reading, tell: TellFacts) -> Notice | None:
    facts, review = entries.word_on(read)
    if entries.is_held(review, announce=reading.announce):
        if review.item_id != read.item.pk:
            return None  # a copy of the mail that is held back
        raise HeldError("; ".join(review.doubts))
    reading.corrections[read.key] = review.correction
    if review.held_since:
        reading.held[read.key] = review.held_since
        review.held_since = None
        review.save(update_fields=["held_since"])
    return _tell(facts, tell)


def _tell(facts: Facts, tell: TellFacts) -> Notice | None:
    if facts.category == IRRELEVANT:
        raise IrrelevantError(facts.extra.get("reason") or _NOT_FOR_STUDENTS)
    return tell(facts)
