"""What the filters of a person did with the notices of the last days (spec: personal, What I want)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.categories import Category
from accounts.models import Filter
from accounts.personal import filters
from accounts.personal.may_apply import Answer, may_apply
from accounts.subscribing import subscriptions
from accounts.subscribing.subscriptions import Standing
from notifications.models import Notice
from notifications.publishing.offers import stated_by

DAYS = 30
_MOST_NOTICES = 300


def last_month(telegram_id: int) -> tuple[int, int]:
    """Return how many notices of the last days the filters let through, and of how many."""
    standing = subscriptions.standing(telegram_id)
    if standing is None or not standing.active:
        return 0, 0
    mine = filters.of(telegram_id)
    facts = _facts(telegram_id) if any(each.kind == Filter.Kind.ELIGIBLE for each in mine) else {}
    since = timezone.now() - timedelta(days=DAYS)
    lately = Notice.objects.filter(first_seen_at__gte=since, announced=True, follows=None).order_by("-pk")
    through = of = 0
    for notice in lately.defer("roster", "files", "links")[:_MOST_NOTICES]:
        wanted = _chosen(notice, standing)
        not_open = bool(facts) and _is_not_open(notice, facts)
        comes = filters.lets_through(mine, stated_by(notice), wanted=wanted, not_open=not_open)
        through, of = through + comes, of + (wanted or comes)
    return through, of


def _chosen(notice: Notice, standing: Standing) -> bool:
    """Whether seasons and categories choose a notice, as accounts/subscribing/audience.py says for all."""
    return (notice.season is None or standing.follows(notice.season)) and notice.category not in standing.muted


def _facts(telegram_id: int) -> dict[str, str]:
    from accounts.encryption import LostKeyError  # decrypting is not for every process
    from accounts.personal import profiles

    try:
        return profiles.known(telegram_id)
    except LostKeyError:
        return {}


def _is_not_open(notice: Notice, facts: dict[str, str]) -> bool:
    if notice.category != Category.JOB_POSTING or not notice.eligibility:
        return False
    verdict = may_apply(notice.eligibility, facts)
    return bool(verdict and verdict.answer is Answer.NO)


def with_filter(telegram_id: int, new: Filter) -> tuple[int, int] | None:
    """Return what `last_month` would say with one more filter; None where the person never subscribed.

    Raises FilterError where there are too many. Nothing is stored.
    """
    with transaction.atomic():
        stored = filters.add(telegram_id, new)
        figures = last_month(telegram_id) if stored else None
        transaction.set_rollback(True)
    return figures
