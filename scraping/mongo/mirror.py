"""What is stored is written on to MongoDB, from an outbox: it may be down, the outbox waits (spec: mongo).

A note says which row changed; what is written is the row as it is now. So writing twice changes nothing, and notes of
one row need no order among them.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from bson.errors import InvalidDocument
from django.utils import timezone
from pymongo import DeleteOne, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure

from scraping.models import MirrorOutbox, MongoDocument
from scraping.mongo import client, lease, subscribers
from scraping.mongo.client import MongoUnavailableError
from scraping.mongo.documents import KINDS, Kind
from scraping.mongo.shapes import SHAPES
from scraping.mongo.wanted import Wanted, wanted

log = logging.getLogger(__name__)

BATCH = 200
_LONGEST_WAIT = timedelta(hours=1)
_UNWRITABLE = (DocumentTooLarge, InvalidDocument, OverflowError)
Doc = dict[str, Any]
Operation = UpdateOne | DeleteOne
# (index, more of create_index) a collection: what its readers sort by and look up. Site-made notices have no id.
Index = tuple[list[tuple[str, int]], dict[str, Any]]
_BY_TIME: Index = ([("createdAt", -1)], {})
INDEXES: dict[str, list[Index]] = {
    "Notices": [_BY_TIME, ([("id", 1)], {"unique": True, "partialFilterExpression": {"id": {"$type": "string"}}})],
    "Jobs": [_BY_TIME, ([("id", 1)], {})],
    "PlacementOffers": [_BY_TIME, ([("company", 1), ("email_subject", 1)], {})],
    "OfficialPlacementData": [([("scrape_timestamp", -1)], {})],
    "Users": [([("user_id", 1)], {})],
    "Policies": [([("year", 1)], {})],
}


@dataclass(frozen=True, slots=True)
class Lag:
    """What MongoDB does not know yet: how many notes, since when (None: nothing), what failed last."""

    notes: int
    since: datetime | None
    error: str


def lag() -> Lag:
    oldest = MirrorOutbox.objects.order_by("noted_at").first()
    error = lease.state().error or (oldest.error if oldest else "")
    return Lag(MirrorOutbox.objects.count(), oldest.noted_at if oldest else None, error)


def mirror(seconds: float) -> str:
    """Write what waits, for so long at most; what happened in one line. Never raises for MongoDB's sake."""
    subscribers.forget_unreachable()
    if not client.is_configured():
        return "not configured"
    owner = lease.acquire()
    if not owner:
        return "at work elsewhere, or resting after a failure"
    try:
        subscribers.note_changes()
        with client.database() as database:
            done = ship(database, owner, monotonic() + seconds)
    except MongoUnavailableError as error:
        lease.fail(owner, str(error))
        log.warning("The mirror lags: %s", error)
        return str(error)
    lease.release(owner)
    return f"{done} written"


def ship(database: Database[Doc], owner: str, until: float) -> int:
    """Write batch by batch until nothing waits, the time is up, or the lease was lost; answers how many notes."""
    done = 0
    while lease.renew(owner) and monotonic() < until:
        settled = ship_batch(database)
        if not settled:
            break
        done += settled
    return done


def ship_batch(database: Database[Doc]) -> int:
    """Write the rows of the oldest notes that are due; answers how many notes that were, 0 where none is."""
    notes = list(MirrorOutbox.objects.filter(next_attempt_at__lte=timezone.now()).order_by("pk")[:BATCH])
    for collection in dict.fromkeys(note.collection for note in notes):
        mine = [note for note in notes if note.collection == collection]
        failures = write(database, KINDS[collection], [*dict.fromkeys(note.row for note in mine)])
        MirrorOutbox.objects.filter(pk__in=[note.pk for note in mine if note.row not in failures]).delete()
        for note in mine:
            if note.row in failures:
                _try_later(note, failures[note.row])
    return len(notes)


def write(database: Database[Doc], kind: Kind, rows: Sequence[int]) -> dict[int, str]:
    """Bring the documents of these rows up to date; answers row → why, for those MongoDB does not take."""
    documents = list(wanted(kind, rows))
    failed = _bulk(database[kind.collection], [_operation(one) for one in documents])
    failures = {documents[index].row: reason for index, reason in failed.items()}
    gone = [one.row for one in documents if one.is_gone and one.row not in failures]
    MongoDocument.objects.filter(collection=kind.collection, row__in=gone).delete()
    subscribers.remember(kind, [one for one in documents if one.row not in failures])
    return failures


def full(database: Database[Doc]) -> Iterator[tuple[str, int, int, dict[int, str]]]:
    """Write everything: yields collection, how many rows are done, of how many, and what failed, after each batch."""
    for name, kind in KINDS.items():
        _make_indexes(database[name], name)
        pks = list(SHAPES[kind].query.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), BATCH):
            rows = pks[start : start + BATCH]
            yield name, start + len(rows), len(pks), write(database, kind, rows)


def _operation(one: Wanted) -> Operation:
    if one.document is None:
        return DeleteOne(one.find)
    fields = {name: value for name, value in one.document.items() if name != "_id"}
    return UpdateOne(one.find, {"$set": fields}, upsert=True)


def _bulk(collection: Collection[Doc], operations: Sequence[Operation]) -> dict[int, str]:
    """Index → why, for what was not taken. A document the driver refuses does not take the others along."""
    try:
        if operations:
            collection.bulk_write(operations, ordered=False)
    except BulkWriteError as error:
        return {row["index"]: str(row.get("errmsg", ""))[:300] for row in error.details["writeErrors"]}
    except _UNWRITABLE as error:
        if len(operations) == 1:
            return {0: f"{type(error).__name__}: the document can't be written"}
        alone = (_bulk(collection, [operation]) for operation in operations)
        return {index: failed[0] for index, failed in enumerate(alone) if failed}
    return {}


def _try_later(note: MirrorOutbox, reason: str) -> None:
    note.attempts += 1
    note.next_attempt_at = timezone.now() + min(timedelta(minutes=2 ** min(note.attempts, 10)), _LONGEST_WAIT)
    note.error = reason[:300]
    note.save(update_fields=["attempts", "next_attempt_at", "error"])
    log.warning("MongoDB does not take %s %s: %s", note.collection, note.row, reason)


def _make_indexes(collection: Collection[Doc], name: str) -> None:
    """Old data may not allow one (an id twice); readers do without it, only slower."""
    for fields, options in INDEXES[name]:
        try:
            collection.create_index(fields, **options)
        except OperationFailure as error:
            log.warning("No index on %s %s: code %s", name, fields, error.code)
