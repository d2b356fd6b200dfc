"""What a person's word does: the review is closed, the item is read again by it, and what was told is edited."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

import orjson
from django.db import transaction
from django.utils import timezone

from accounts.categories import Category
from accounts.models import Subscription
from notifications.publishing.publish import withdraw
from notifications.tasks import wake_quietly
from scraping.corrections.fields import Values
from scraping.models import RawItem, Review
from scraping.placements.undoing import give_back, take_out, take_out_policy
from scraping.reading.facts.naming.names import company_key
from scraping.reading.facts.states import WITHDRAWN
from scraping.reading.rules.kinds import IRRELEVANT

Verdict = Review.Verdict


class ChangedMeanwhileError(Exception):
    """It was read anew or closed by somebody else since the page was opened."""


def stamp(review: Review) -> str:
    """Return what tells the review as a person saw it from a later one."""
    seen = (review.read, review.doubts, review.correction, review.verdict)
    return hashlib.blake2b(orjson.dumps(seen, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()


def confirm(review_id: int, user_id: int | None, seen: str) -> Review:
    """Close a review: it is right, with the correction it has. What was held back is told now.

    `seen` is the stamp of the review as the person saw it. Raises ChangedMeanwhileError, Review.DoesNotExist.
    """
    return _close(review_id, user_id, seen, None)


def correct(review_id: int, user_id: int | None, seen: str, correction: Mapping[str, str]) -> Review:
    """Close a review with these fields corrected: they are kept over every later reading. Raises as `confirm`."""
    return _close(review_id, user_id, seen, dict(correction))


def _close(review_id: int, user_id: int | None, seen: str, correction: Values | None) -> Review:
    with transaction.atomic():
        review = Review.objects.select_for_update(of=("self",)).select_related("item").get(pk=review_id)
        if stamp(review) != seen:
            raise ChangedMeanwhileError
        before = review.read | review.correction
        review.correction = review.correction if correction is None else correction
        after = review.read | review.correction
        review.verdict = Verdict.CORRECTED if review.correction else Verdict.RIGHT
        review.closed_at, review.closed_by_id = timezone.now(), user_id
        again = {review.item_id} if review.held_since or before != after else set()
        if after["category"] == IRRELEVANT:
            review.held_since = None
        review.save()
        if before != after:
            again |= _undo(review, before, after)
        RawItem.objects.filter(pk__in=again).update(state=RawItem.State.PENDING, attempts=0)
    if again:
        _read_again(again)
        review.refresh_from_db()
    return review


def _read_again(items: Collection[int]) -> None:
    """Read these items, and have what changed delivered; what this process does not get to, the next cycle does."""
    from scraping.cycle.read_items import read_again  # loads the clients of the sources, which few pages need
    from scraping.telling.base import Reading

    read_again(items, Reading(announce=True))
    wake_quietly(Subscription.Channel.values)


def _undo(review: Review, before: Values, after: Values) -> set[int]:
    """Take back what the reading before did to other rows; returns the items that must be read again for it."""
    again: set[int] = set()
    item = review.item
    if before["category"] == Category.PLACEMENT_OFFER:
        of = company_key(after["company"]) if after["category"] == Category.PLACEMENT_OFFER else ""
        again |= take_out(item, still_of=of)
    if before["category"] == Category.POLICY_UPDATE != after["category"]:
        take_out_policy(item)
    if before["state"] == WITHDRAWN:
        sent_at = review.seen.get("sent_at")
        again |= give_back(item.season, before["company"], datetime.fromisoformat(sent_at) if sent_at else None)
    if after["category"] == IRRELEVANT:
        withdraw(review.key)
    return again
