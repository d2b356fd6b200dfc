"""Raw items become jobs, offers and notices: what waits is read by the rules of its kind, one transaction an item.

An item that can't be read is set aside with its reason, and the rest goes on.
"""

import logging
from collections.abc import Callable, Collection, Iterable

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from notifications.models import Notice
from scraping.corrections.entries import BEFORE
from scraping.models import RawItem
from scraping.sources.base import ItemKey
from scraping.telling.attached import with_files_due
from scraping.telling.base import HeldError, IrrelevantError, Reader, Reading
from scraping.telling.linking import told_without_their_job
from scraping.telling.portal import announce_jobs
from scraping.telling.readers import READERS

log = logging.getLogger(__name__)

_MOST_READ_AGAIN = 100
_FINISHED = (RawItem.State.DONE, RawItem.State.IRRELEVANT, RawItem.State.HELD)


def read_pending(
    reading: Reading | None = None,
    *,
    announce: bool = True,
    on_read: Callable[[], object] | None = None,
    sources: Collection[str] = (),
) -> Reading:
    """Read what waits, of these sources or of all. Safe to run again at any point.

    Each item is read and marked in one transaction.
    """
    reading = reading or Reading(announce=announce)
    _release_held(sources)
    _read_again_for_files(sources)
    for kind in READERS:
        for item in _in_order(_pending(sources).filter(kind=kind)):
            _read_one(item, reading)
            if on_read is not None:
                on_read()
    _link_earlier(reading)
    announce_jobs(reading)
    return reading


def read_again(items: Iterable[int], reading: Reading) -> None:
    """Read these items now, as they came; what fails waits for the next pass."""
    for item in _in_order(RawItem.objects.filter(pk__in=list(items))):
        _read_one(item, reading)


def _link_earlier(reading: Reading) -> None:
    """What was told before its job came is linked to it before the job would be told as well, and perhaps twice."""
    if items := told_without_their_job(reading):
        RawItem.objects.filter(pk__in=items).update(state=RawItem.State.PENDING, attempts=0)
        read_again(items, reading)


def _release_held(sources: Collection[str]) -> None:
    """Where nothing waits for a look any more, what was held back is told."""
    if settings.REVIEW != BEFORE:
        held = RawItem.objects.filter(state=RawItem.State.HELD)
        (held.filter(source__in=sources) if sources else held).update(state=RawItem.State.PENDING, attempts=0)


def _read_again_for_files(sources: Collection[str]) -> None:
    """Items with files that are still to be had; as many as this pass may have time for."""
    waiting = with_files_due().exclude(state=RawItem.State.PENDING)
    waiting = waiting.filter(source__in=sources) if sources else waiting
    keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:_MOST_READ_AGAIN])
    RawItem.objects.filter(pk__in=keys).update(state=RawItem.State.PENDING)


def read_jobs(reading: Reading, source: str) -> None:
    """Read the jobs that wait: nothing they need is still to come, so the next of them are fetched meanwhile."""
    for item in _in_order(_pending([source]).filter(kind="job")):
        _read_one(item, reading)


def read_now(source: str, keys: Collection[ItemKey], reading: Reading) -> set[ItemKey]:
    """Read these items if they still wait; answers those whose result is stored, now or before."""
    wanted = RawItem.objects.filter(source=source, key__in={key for _, key in keys})
    stored = set()
    for item in _in_order(wanted):
        if (item.kind, item.key) in keys:
            if item.state == RawItem.State.PENDING:
                _read_one(item, reading)
            stored.add(item.pk)
    done = RawItem.objects.filter(pk__in=stored, state__in=_FINISHED)
    return set(done.values_list("kind", "key"))


def pending_count(sources: Collection[str] = ()) -> int:
    return _pending(sources).count()


def _pending(sources: Collection[str]) -> QuerySet[RawItem]:
    waiting = RawItem.objects.filter(state=RawItem.State.PENDING)
    return waiting.filter(source__in=sources) if sources else waiting


def _in_order(items: QuerySet[RawItem]) -> Iterable[RawItem]:
    """As they came, which is as they were published."""
    return items.order_by("pk").iterator(chunk_size=500)


def _read_one(item: RawItem, reading: Reading) -> None:
    if item.pk in reading.tried:
        return
    reading.tried.add(item.pk)
    reader = READERS[item.kind]
    if reader.counts_attempts and not _may_try(item):
        _set_aside(item, f"each attempt to read it failed: {item.reason or 'it ended the process'}", reading)
        return
    try:
        tell = reader.understand(item, reading)
        with transaction.atomic():
            notice = tell()
            _mark(item, RawItem.State.DONE, notice=notice)
    except (OperationalError, InterfaceError):  # the database fails, not the item
        raise
    except IrrelevantError as verdict:
        _mark(item, RawItem.State.IRRELEVANT, reason=str(verdict))
        reading.counts["irrelevant"] += 1
    except HeldError as held:
        _mark(item, RawItem.State.HELD, reason=str(held))
        reading.counts["held"] += 1
    except ValueError as error:
        _failed(item, reader, str(error), reading)
    except Exception as error:  # a defect of ours must not hold up what comes after it
        log.exception("%s can't be read", item)
        _failed(item, reader, f"{type(error).__name__}: {error}", reading)


def _may_try(item: RawItem) -> bool:
    """Count the attempt before it is made: an item that takes the process along is given up, too."""
    RawItem.objects.filter(pk=item.pk).update(attempts=F("attempts") + 1)
    item.attempts += 1
    return item.attempts <= settings.MAIL_MAX_ATTEMPTS


def _failed(item: RawItem, reader: Reader, reason: str, reading: Reading) -> None:
    if reader.counts_attempts and item.attempts < settings.MAIL_MAX_ATTEMPTS:
        log.warning("%s waits for another attempt: %s", item, reason)
        RawItem.objects.filter(pk=item.pk).update(reason=reason[:500])
        reading.counts["failed"] += 1
    else:
        _set_aside(item, reason, reading)


def _set_aside(item: RawItem, reason: str, reading: Reading) -> None:
    log.warning("%s is set aside: %s", item, reason)
    _mark(item, RawItem.State.SET_ASIDE, reason=reason)
    reading.counts["set_aside"] += 1


def _mark(item: RawItem, state: str, *, reason: str = "", notice: Notice | None = None) -> None:
    """Finish an item as it was read; one that changed meanwhile stays pending."""
    RawItem.objects.filter(pk=item.pk, fingerprint=item.fingerprint, changed_at=item.changed_at).update(
        state=state,
        reason=reason[:500],
        doubt=item.doubt[:200],
        notice=notice or item.notice_id,
        processed_at=timezone.now(),
    )
