"""Times that a wrong clock stored, and the one way back.

A clock that was ahead leaves times behind that lie days or years ahead, and whatever waits for them waits as long. So
each stored time has a largest legitimate distance from now (LIMITS). A time beyond it tells nothing: `bring_back` sets
it to now. Schedule rows have a limit each, which is their next but one slot: scraping/cycle/schedule.py.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

log = logging.getLogger(__name__)

# Two machines that agree on the time may differ by so much.
CLOCKS_DIFFER = timedelta(minutes=1)
# Longer than any rest that was ever asked for: after large fan-outs Telegram wanted 10,072 s (spec: delivery).
LONGEST_PAUSE = timedelta(hours=4)
_HAS_HAPPENED = CLOCKS_DIFFER
_LONGEST_MUTE = timedelta(days=14)  # accounts/personal/timing.py
_LEASE = timedelta(hours=1) + CLOCKS_DIFFER  # DELIVERY_LEASE_SECONDS is an hour at most
_WAITS = "state IN ('pending', 'retry')"  # the words of the index: SQLite takes it where it reads them again


class Limit(NamedTuple):
    """How far ahead of now a column's times may lie; `where` narrows it to some rows, in SQL of our own."""

    column: str
    ahead: timedelta
    where: str = ""

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.column.rpartition(".")[0])

    @property
    def name(self) -> str:
        return self.column.rpartition(".")[2]

    def beyond(self, now: datetime) -> QuerySet[Model]:
        """The rows whose time no right clock can have written."""
        # SLF001: the manager of every row
        rows = self.model._base_manager.filter(**{f"{self.name}__gt": now + self.ahead})  # noqa: SLF001
        return rows.extra(where=[self.where]) if self.where else rows  # noqa: S610 (conditions of our own table)


LIMITS = (
    Limit("accounts.RequestCount.ends_at", timedelta(days=1) + CLOCKS_DIFFER),
    Limit("accounts.Subscriber.updated_at", _HAS_HAPPENED),
    Limit("accounts.Subscription.state_changed_at", _HAS_HAPPENED),
    Limit("accounts.ApiKey.last_used_at", _HAS_HAPPENED),
    Limit("notifications.ChannelState.paused_until", LONGEST_PAUSE + CLOCKS_DIFFER),
    Limit("notifications.ChannelState.slowed_at", LONGEST_PAUSE + CLOCKS_DIFFER),  # the end of the pause
    Limit("notifications.ChannelState.unreachable_since", _HAS_HAPPENED),
    Limit("notifications.Service.held_since", _HAS_HAPPENED),
    Limit("notifications.Refusal.at", _HAS_HAPPENED),
    Limit("notifications.Shard.leased_until", _LEASE),
    Limit("notifications.Shard.next_slot_at", LONGEST_PAUSE + 2 * CLOCKS_DIFFER),
    Limit("notifications.Shard.replies_until", LONGEST_PAUSE + 2 * CLOCKS_DIFFER),
    Limit("notifications.WaitingReply.created_at", _HAS_HAPPENED),
    Limit("notifications.Delivery.next_attempt_at", _HAS_HAPPENED, f"{_WAITS} AND state = 'pending'"),
    Limit("notifications.Delivery.next_attempt_at", LONGEST_PAUSE + CLOCKS_DIFFER, _WAITS),
    Limit("notifications.Delivery.lease_until", _LEASE, "state = 'sending'"),
    Limit("notifications.Heartbeat.at", _HAS_HAPPENED),
    Limit("notifications.Notice.first_seen_at", _HAS_HAPPENED),
    Limit("notifications.Notice.published_at", timedelta(days=1)),  # by the source's clock, in the source's zone
    Limit("notifications.Notice.edited_at", _HAS_HAPPENED),
    Limit("notifications.Notice.updated_at", _HAS_HAPPENED),
    Limit("scraping.UpdateRun.lease_until", timedelta(minutes=10)),
    Limit("scraping.WatchState.lease_until", timedelta(minutes=2)),
    Limit("scraping.WatchState.beat_at", _HAS_HAPPENED),
    Limit("scraping.RawItem.changed_at", _HAS_HAPPENED),
    Limit("scraping.Attachment.fetched_at", _HAS_HAPPENED),  # a file is fetched again where its item changed after it
    Limit("scraping.Job.first_seen_at", _HAS_HAPPENED),
    Limit("scraping.Offer.first_seen_at", _HAS_HAPPENED),
    Limit("scraping.Offer.told_at", _HAS_HAPPENED),
    Limit("scraping.OfficialSnapshot.first_seen_at", _HAS_HAPPENED),
    Limit("scraping.OfficialSnapshot.last_seen_at", _HAS_HAPPENED),  # after the first: it never lies before it
    Limit("scraping.MirrorOutbox.next_attempt_at", timedelta(hours=1) + CLOCKS_DIFFER),
    Limit("scraping.MirrorOutbox.noted_at", _HAS_HAPPENED),
    Limit("scraping.MirrorState.leased_until", timedelta(minutes=10)),
    Limit("scraping.MirrorState.next_attempt_at", timedelta(minutes=15) + CLOCKS_DIFFER),
    Limit("scraping.MirrorState.users_seen_at", _HAS_HAPPENED),
    Limit("accounts.Timing.muted_until", _LONGEST_MUTE + CLOCKS_DIFFER),
    Limit("accounts.WebSession.expire_date", timedelta(days=7) + CLOCKS_DIFFER),  # STAFF_SESSION_HOURS at most
    Limit("accounts.WebSession.last_seen_at", _HAS_HAPPENED),
    Limit("accounts.AccountSession.expires_at", timedelta(days=30) + CLOCKS_DIFFER),
    Limit("accounts.AccountSession.last_seen_at", _HAS_HAPPENED),
    Limit("accounts.AccountToken.last_used_at", _HAS_HAPPENED),
    Limit("otp_totp.TOTPDevice.throttling_failure_timestamp", _HAS_HAPPENED),
    Limit("otp_static.StaticDevice.throttling_failure_timestamp", _HAS_HAPPENED),
    Limit("django_q.OrmQ.lock", timedelta(hours=1)),
)


def bring_back(*models: type[Model]) -> dict[type[Model], set[Any]]:
    """Set times beyond their limit to now, in these models or in all. Returns the primary keys of the changed rows.

    A machine that differs from the database about the time judges nobody's times: its own clock may be the wrong one.
    Raises DatabaseError.
    """
    changed: dict[type[Model], set[Any]] = {}
    if agrees_with_database():
        for limit in LIMITS:
            if not models or limit.model in models:
                changed.setdefault(limit.model, set()).update(_brought_back(limit))
        if not models:
            _forget_cached()
    for model, keys in changed.items():
        if keys:
            log.warning("Set the times of %d %s rows to now: a wrong clock wrote them.", len(keys), model.__name__)
    return {model: keys for model, keys in changed.items() if keys}


def _brought_back(limit: Limit) -> Iterator[Any]:
    """Write only rows that are still beyond the limit, as another process may do the same."""
    now = timezone.now()
    keys = list(limit.beyond(now).values_list("pk", flat=True))
    if keys:
        limit.beyond(now).update(**{limit.name: now})
    yield from keys


def _forget_cached() -> None:
    """Forget what the shared cache would keep for longer than anything is put there; what never expires stays."""
    now, table = timezone.now(), connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    bounds = (now + timedelta(days=1), now + timedelta(days=365_000))
    with connection.cursor() as cursor:
        moments = [connection.ops.adapt_datetimefield_value(bound) for bound in bounds]
        cursor.execute(f"DELETE FROM {table} WHERE expires BETWEEN %s AND %s", moments)  # noqa: S608 (our own name)


def seconds_until(when: datetime | None, now: datetime, *, at_most: timedelta = LONGEST_PAUSE) -> float:
    """Seconds from now to a stored time. 0.0 where it is past, or so far ahead that a clock must have been wrong."""
    ahead = when - now if when else timedelta(0)
    return max(0.0, ahead.total_seconds()) if ahead <= at_most + CLOCKS_DIFFER else 0.0


def retry_after(value: str) -> float | None:
    """Seconds to wait by a Retry-After header: a number or an HTTP date (RFC 9110, 10.2.3). None if it is neither."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[:12])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - timezone.now()).total_seconds())


def agrees_with_database() -> bool:
    """Whether this machine and a database server of its own tell the same time. Raises DatabaseError."""
    off = seconds_ahead_of_database()
    if abs(off) > CLOCKS_DIFFER.total_seconds():
        log.error("This machine's clock is %+.0f s off the database's: one of the two is wrong.", off)
        return False
    return True


def seconds_ahead_of_database() -> float:
    """How far this machine's clock is ahead. SQLite has no clock of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    return (timezone.now() - theirs).total_seconds()
