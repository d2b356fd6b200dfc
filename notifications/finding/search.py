"""Notices by their words, the newest first: all they say for members, what names nobody for everybody else."""

import logging

from django.db import DatabaseError, connection
from django.db.models import BooleanField, F, Q
from django.db.models.expressions import RawSQL

from notifications.finding.devanagari import is_devanagari, latin
from notifications.finding.index import MOST_BEFORE_A_SEARCH, bring_up_to_date
from notifications.finding.sql import held, matching
from notifications.finding.words import words_asked
from notifications.models import Notice
from notifications.rendering.public import visible_notices

log = logging.getLogger(__name__)

_FEW = 500  # hits that are looked up by their keys


def holding(text: str) -> Q:
    """The condition on notices that say all words of a text, or words that begin with them, to everybody.

    No text that may name students is looked into, and no number: a hit would tell who is in it. All notices hold the
    words of an empty text, none those of a text without a word that says anything.
    """
    words = words_asked(text)
    if not words:
        return Q(pk=None) if text.strip() else Q()
    freshen()
    statement, wanted = matching(connection.vendor, words, names=False)
    return _up_to_date() & Q(pk__in=RawSQL(statement, [wanted]))  # noqa: S611 (words are bound)


def of_company(text: str) -> Q:
    """The condition on notices whose company holds a text, as everybody may read it: a company may name a student."""
    freshen()
    return _up_to_date() & Q(search_entry__company__icontains=text)


def newest_with(text: str, *, names: bool, limit: int) -> list[Notice]:
    """Return the newest notices with all words of a text, as `holding`; with `names` by all that members read.

    Where none has a word in Devanagari, as the word sounds in Latin letters.

    Those with a frequent word are met soon among the newest ones, which is faster than to put all hits in order.
    """
    found = _newest_with(words_asked(text), names=names, limit=limit)
    return found or (_newest_with(words_asked(latin(text)), names=names, limit=limit) if is_devanagari(text) else [])


def _newest_with(words: list[str], *, names: bool, limit: int) -> list[Notice]:
    if not words:
        return []
    freshen()
    statement, wanted = matching(connection.vendor, words, names=names)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {_FEW + 1}", [wanted])
        hits = [key for (key,) in cursor.fetchall()]
    found = visible_notices().filter(_up_to_date()).defer("body", "links")
    if len(hits) <= _FEW:
        return list(found.filter(pk__in=hits)[:limit])
    frequent = RawSQL(held(connection.vendor, statement), [wanted], BooleanField())  # noqa: S611 (words are bound)
    return list(found.filter(frequent)[:limit])


def _up_to_date() -> Q:
    return Q(search_entry__notice_updated_at=F("updated_at"))


def freshen() -> None:
    """Index what is new. Where the database is busy, the search does without: an outdated entry finds nothing."""
    try:
        bring_up_to_date(MOST_BEFORE_A_SEARCH, recent=True)
    except DatabaseError as error:
        log.warning("The search finds nothing new: %s", type(error).__name__)
