"""What is deleted when it is old: rows nobody needs, a few thousand at a time, so that nobody waits for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone
from django_q.models import Task

from accounts.models import AccountLink, AccountSession, AccountToken, AuditEntry, WebSession
from accounts.subscribing.forgetting import empty_write_ahead_log, somebody_since
from notifications.delivery.blame import UNDONE_WITHIN
from notifications.models import Delivery, Notice, Refusal, Service
from scraping.attachments.care import remove_unused_files
from scraping.models import RawItem, UpdateRun

_AT_ONCE = 2000
_FREE_SHARE = 0.2
_LATELY = timedelta(days=2)  # a night may be missed
_FINISHED = (Delivery.State.SENT, Delivery.State.FAILED, Delivery.State.SKIPPED)
_READ = (RawItem.State.DONE, RawItem.State.IRRELEVANT, RawItem.State.SET_ASIDE)


def prune(*, dry_run: bool = False) -> dict[str, int]:
    """Delete what is older than the settings keep; how many of what. With `dry_run` they are only counted."""
    pruned = {name: rows.count() if dry_run else _delete(rows) for name, rows in old_rows(timezone.now())}
    return pruned | {"attached files": remove_unused_files(dry_run=dry_run)}


def old_rows(now: datetime) -> Iterator[tuple[str, QuerySet[Model]]]:
    """Return what may go, by name.

    What a source gave stays as long as its season is read: without it, the same would count as new again.
    """
    if before := _before(now, settings.KEEP_RAW_DAYS):
        read = {settings.ACTIVE_PLACEMENT_YEAR, *settings.SUPERSET_CREDENTIALS_BY_YEAR, *settings.PLACEMENT_YEARS}
        items = RawItem.objects.filter(changed_at__lt=before, state__in=_READ)
        yield "items of sources", items.exclude(season__in=read)
    if before := _before(now, settings.KEEP_DELIVERIES_DAYS):
        yield "deliveries", Delivery.objects.filter(created_at__lt=before, state__in=_FINISHED)
        private = Notice.objects.filter(private=True, first_seen_at__lt=before)
        yield "messages not for the site", private
    yield "refusals", Refusal.objects.filter(at__lt=now - UNDONE_WITHIN, service__held_since=None)
    yield "services that refuse nobody", Service.objects.filter(held_since=None, refusals=None)
    if before := _before(now, settings.KEEP_RUNS_DAYS):
        ended = UpdateRun.objects.filter(started_at__lt=before).exclude(state__in=UpdateRun.OPEN)
        yield "update runs", ended
        yield "tasks that failed", Task.objects.filter(stopped__lt=before)
    yield "audit log", AuditEntry.objects.filter(at__lt=now - timedelta(days=settings.KEEP_AUDIT_DAYS))
    yield "sessions", WebSession.objects.filter(expire_date__lt=now)
    yield "sessions of the account page", AccountSession.objects.filter(expires_at__lt=now)
    yield "links to the account page", AccountLink.objects.filter(expires_at__lt=now)
    yield "keys of persons", AccountToken.objects.filter(expires_at__lt=now)


def vacuum() -> bool:
    """Give the room of deleted rows back, where SQLite holds much of it or somebody was forgotten lately: it may hold
    copies of what was deleted. PostgreSQL does so by itself.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    empty_write_ahead_log()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize")
        cursor.execute("PRAGMA freelist_count")
        (free,) = cursor.fetchone()
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        if free < pages * _FREE_SHARE and not somebody_since(_LATELY):
            return False
        cursor.execute("VACUUM")
    empty_write_ahead_log()
    return True


def _before(now: datetime, days: int) -> datetime | None:
    return now - timedelta(days=days) if days else None


def _delete(rows: QuerySet[Model]) -> int:
    """Delete rows; returns their number without those deleted in cascade."""
    deleted = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        rows.model._default_manager.filter(pk__in=keys).delete()  # noqa: SLF001 (Django's public name for it)
        deleted += len(keys)
    return deleted
