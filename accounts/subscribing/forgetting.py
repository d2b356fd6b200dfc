"""/forget: nothing of a person is left, in no table and no file (spec: system, Bot commands).

Other apps listen to the deletion of a Subscriber and delete what they know (`post_delete`). Logs and the admin's
history never named the person: accounts.pseudonyms. What was deleted is overwritten (`secure_delete` in the settings),
but for copies that SQLite made while it moved rows from page to page: only a VACUUM writes the file without them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import post_delete
from django.utils import timezone

from accounts import pseudonyms
from accounts.models import Forgotten, Subscriber, Subscription

GONE = "forgotten"
_LONGEST_WAIT_MS = 1000
# Bytes of a database that is written anew at once, in a fraction of a second; a larger one waits for the night.
_SMALL = 16 * 1024 * 1024


def forget(telegram_id: int) -> bool:
    """Delete all that is stored about a person: name, addresses, choices, what was sent. False if there was nothing."""
    with transaction.atomic():
        # An admin's no outlives /forget, or /start and an invitation would undo it.
        refused = stored_as(telegram_id).filter(membership=Subscriber.Membership.REFUSED).exists()
        deleted, _ = stored_as(telegram_id).delete()
        if deleted:
            digest = pseudonyms.digest(telegram_id)
            Forgotten.objects.update_or_create(digest=digest, defaults={"refused": refused})
    if deleted:
        write_anew(_SMALL)
    empty_write_ahead_log()
    return deleted > 0


def stored_as(telegram_id: int) -> QuerySet[Subscriber]:
    """Return the rows that stand for a person: the one of the id, and those whose messages go to that chat."""
    chat = Q(subscriptions__channel=Subscription.Channel.TELEGRAM, subscriptions__address=str(telegram_id))
    return Subscriber.objects.filter(Q(telegram_id=telegram_id) | chat)


def somebody_since(span: timedelta) -> bool:
    """Whether somebody was forgotten within this span."""
    return Forgotten.objects.filter(at__gte=timezone.now() - span).exists()


def forget_again() -> int:
    """Delete who was forgotten once and is there all the same, as after a copy was put back; how many they were."""
    digests = set(Forgotten.objects.values_list("digest", flat=True))
    known = Subscriber.objects.exclude(telegram_id=None).values_list("telegram_id", flat=True) if digests else ()
    return sum(forget(number) for number in list(known) if number and pseudonyms.digest(number) in digests)


def listen() -> None:
    """Delete the admin's history of a subscriber whenever the subscriber is deleted."""
    for model in (Subscriber, Subscription):
        post_delete.connect(_clear_history, sender=model, dispatch_uid=f"accounts.forgetting.{model.__name__}")


def _clear_history(sender: type[Model], instance: Model, **_: Any) -> None:
    kind = ContentType.objects.get_for_model(sender)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(instance.pk))
    entries.update(object_repr=GONE, change_message="")


def write_anew(most_bytes: int) -> bool:
    """Have SQLite write its file without what was deleted.

    False where it is larger, another database, or somebody writes just then: the nightly cleaning does it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    with _impatient() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        (size,) = cursor.fetchone()
        if size > most_bytes:
            return False
        try:
            cursor.execute("VACUUM")
        except OperationalError:  # locked
            return False
    return True


def empty_write_ahead_log() -> bool:
    """Have SQLite give up the pages that changes were made from; they may hold what is deleted.

    False where somebody reads just then: the nightly cleaning tries again.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    with _impatient() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_) = cursor.fetchone()
    return not busy


@contextmanager
def _impatient() -> Iterator[CursorWrapper]:
    """A cursor of SQLite that waits a second for others at most."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {_LONGEST_WAIT_MS}")
        try:
            yield cursor
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
