"""What each notice is found by, brought up to date by comparing: an entry is as old as the notice it was made from.

Every write of a notice moves its `updated_at` (notifications/rendering/public.py, `version`). So whatever wrote it, the
entry is outdated from that moment on, finds nothing, and is made anew before the next search or by the minute's sweep.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Manager, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.categories import Category
from accounts.language import LANGUAGES, speaking
from notifications.finding.words import as_stored
from notifications.models import Notice, SearchEntry
from notifications.rendering.public import NAMING, PublicNotice
from notifications.rendering.richtext import plain_text

log = logging.getLogger(__name__)

MOST_BEFORE_A_SEARCH = 200  # notices; the sweep does the others
RECENT = timedelta(hours=1)
_AT_ONCE = 200
_LONGEST = 200_000  # characters; PostgreSQL takes 1 MB of different words a row
_FACTS = ("company", "role", "stage", "location", "venue", "package", "author")
_LOOKS_LIKE_A_NUMBER = 7  # digits
_WRITTEN = ("notice_updated_at", "company", "role", "stage", "public_words", "all_words")


def bring_up_to_date(at_most: int | None = None, *, recent: bool = False, seconds: float = float("inf")) -> int:
    """Make the entries of new and changed notices, `at_most` so many or for so long. Returns how many it made.

    With `recent` only those stored in the last hour are compared, which costs next to nothing.
    """
    stored = Q(updated_at__gt=timezone.now() - RECENT) if recent else Q()
    give_up_at, made = monotonic() + seconds, 0
    while at_most is None or made < at_most:
        done = index_some(Notice.objects.filter(stored), SearchEntry.objects)
        made += done
        if done < _AT_ONCE or monotonic() > give_up_at:
            break
    return made


def index_some(notices: "QuerySet[Any]", entries: "Manager[Any]") -> int:
    """Make the entries of some outdated notices. Returns how many: fewer than it takes at once when all is done.

    A notice deleted meanwhile leaves all of them to the next time, and returns 0.
    """
    up_to_date = entries.filter(notice=OuterRef("pk"), notice_updated_at=OuterRef("updated_at"))
    outdated = notices.filter(~Exists(up_to_date)).select_related("follows").order_by("-updated_at", "-pk")[:_AT_ONCE]
    rows = [entries.model(notice_id=notice.pk, **_columns(notice)) for notice in outdated]
    if not rows:
        return 0
    try:
        with transaction.atomic():
            entries.bulk_create(rows, update_conflicts=True, unique_fields=["notice"], update_fields=_WRITTEN)
    except IntegrityError:
        return 0
    return len(rows)


def _columns(notice: Any) -> dict[str, Any]:
    """A notice that can't be indexed, by a defect, is found by nothing and does not keep the others waiting."""
    try:
        return found_by(notice)
    except Exception:
        log.exception("Notice %d is left out of the search", notice.pk)
        return {"notice_updated_at": notice.updated_at}


def found_by(notice: Any) -> dict[str, Any]:
    """Return the columns of a notice's entry. What strangers find it by are words of its page only, and no number."""
    seen = PublicNotice(notice)
    facts = {name: seen.facts[name] for name in _FACTS}
    public_words = as_stored(_public_texts(notice, seen), _LONGEST)
    return {
        "notice_updated_at": notice.updated_at,
        **{name: facts[name] for name in ("company", "role", "stage")},
        "public_words": " ".join(word for word in public_words.split() if not _is_number(word)),
        "all_words": as_stored(_all_texts(notice), _LONGEST),
    }


def _public_texts(notice: Any, seen: PublicNotice) -> Iterator[str]:
    """No text that may name students, or a search would tell who is in it."""
    yield _kind(notice)
    yield from (seen.facts[name] for name in _FACTS)
    if not notice.roster and notice.category not in NAMING:
        yield seen.title
        yield from (f"{label} {text}" for label, text in seen.details.items())
        yield seen.text


def _all_texts(notice: Any) -> Iterator[str]:
    yield _kind(notice)
    yield notice.title
    yield from (getattr(notice, name) for name in _FACTS)
    yield from (f"{label} {text}" for label, text in notice.details.items())
    yield from (" ".join(map(str, student.values())) for student in notice.roster)
    yield plain_text(notice.body)


def _kind(notice: Any) -> str:
    """The category in every language it is shown in."""
    labels = []
    for language in LANGUAGES if notice.category in Category.values else ():
        with speaking(language):
            labels.append(str(Category(notice.category).label))
    return " ".join(labels)


def _is_number(word: str) -> bool:
    return sum(sign.isdigit() for sign in word) >= _LOOKS_LIKE_A_NUMBER
