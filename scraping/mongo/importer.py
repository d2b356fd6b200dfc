"""An existing database, brought over: streamed in batches, each a transaction (spec: mongo).

What is stored already and did not change is passed over, so a run that was cut off is simply run again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

import bson
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from pymongo.database import Database

from accounts.categories import Category
from notifications.models import Notice
from notifications.publishing.publish import publish
from scraping.models import Job, MongoDocument, Offer
from scraping.mongo.documents import JOBS, KINDS, OFFERS, Document, Kind, RefusedError, mended, stored_key
from scraping.mongo.entries import Entry, stamp_of
from scraping.mongo.rows import PUTS
from scraping.telling.portal_draft import job_draft

BATCH = 500
UNSTORABLE = (DatabaseError, ValueError, ArithmeticError)
Counts = Counter[str]
# Told of each document that was refused or mended: collection, _id, outcome, reason.
Tell = Callable[[str, str, str, str], object]
Progress = Callable[[str, int, int], object]


def import_database(
    database: Database[dict[str, Any]], season: int, *, tell: Tell, progress: Progress, keep: bool = True
) -> dict[str, Counts]:
    """Bring over every collection there is; answers collection → counts of new, changed, unchanged, refused.

    Nobody is told anything. With `keep` off nothing is stored: it only counts.
    """
    there = set(database.list_collection_names())
    found = {}
    for name, kind in KINDS.items():
        if name in there:
            source = database[name]
            documents = source.find({}, batch_size=BATCH, sort=[("_id", 1)])
            run = Run(kind, season, tell, keep=keep)
            found[name] = run.take_all(documents, source.estimated_document_count(), progress)
    if keep:
        link_jobs()
    return found


@dataclass(slots=True)
class Sorting:
    """A batch sorted: what is to be written by its key, the others counted, documents that share a key with another."""

    counts: Counts = field(default_factory=Counter)
    written: dict[str, tuple[Entry, MongoDocument]] = field(default_factory=dict)
    twins: list[tuple[Document, str]] = field(default_factory=list)


class Run:
    """One collection on its way into rows."""

    def __init__(self, kind: Kind, season: int, tell: Tell, *, keep: bool = True) -> None:
        self.counts: Counts = Counter(new=0, changed=0, unchanged=0, refused=0)
        self._kind, self._season, self._tell, self._keep = kind, season, tell, keep
        self._counted: dict[str, str] = {}  # key → _id, of a run that keeps nothing

    def take_all(self, documents: Iterable[Mapping[str, Any]], total: int, progress: Progress) -> Counts:
        done = 0
        for batch in batches(documents, BATCH):
            self.take(batch)
            done += len(batch)
            progress(self._kind.collection, done, max(total, done))
        return self.counts

    def take(self, batch: Sequence[Mapping[str, Any]]) -> None:
        """Store one batch. What can't be stored is refused, and costs the others nothing."""
        self._store_in_parts(list(self._read(batch)))

    def _read(self, batch: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Document]]:
        for raw in batch:
            try:
                key, document = self._kind.read(raw)
            except RefusedError as refusal:
                self._refuse(raw, str(refusal))
                continue
            if fields := mended(raw, document):
                self._tell(self._kind.collection, id_text(raw), "mended", ", ".join(fields))
            yield stored_key(key), document | {"_id": raw.get("_id")}

    def _store_in_parts(self, read: Sequence[tuple[str, Document]]) -> None:
        """All at once; where that fails each half by itself, down to the document that can't be stored."""
        try:
            self._store(read)
        except (OperationalError, InterfaceError):
            raise
        except UNSTORABLE as error:
            middle = len(read) // 2
            if not middle:
                self._refuse(read[0][1], f"can't be stored: {' '.join(str(error).split())[:200]}")
                return
            self._store_in_parts(read[:middle])
            self._store_in_parts(read[middle:])

    def _store(self, read: Sequence[tuple[str, Document]]) -> None:
        """Write what is new or changed in one transaction; only then it counts."""
        sorting = self._sorted(read)
        with transaction.atomic():
            self._put(sorting.written)
            if not self._keep:
                transaction.set_rollback(True)
                self._counted |= {key: record.source_id for key, (_, record) in sorting.written.items()}
        self.counts.update(sorting.counts)
        for document, twin in sorting.twins:
            self._refuse(document, f"the same as document {twin}")

    def _sorted(self, read: Sequence[tuple[str, Document]]) -> Sorting:
        """Tell new, changed and unchanged documents, and those whose key another document has."""
        ours = MongoDocument.objects.filter(collection=self._kind.collection, key__in=[key for key, _ in read])
        known = {record.key: record for record in ours.defer("document")}
        sorting = Sorting()
        for key, document in read:
            record = self._record(key, document)
            before = known.get(key)
            twin = sorting.written[key][1].source_id if key in sorting.written else self._counted.get(key, "")
            twin = (before and before.source_id) or twin
            if twin and twin != record.source_id:
                sorting.twins.append((document, twin))
            elif before is not None and before.digest == record.digest:
                sorting.counts["unchanged"] += 1
            else:
                sorting.counts["new" if before is None else "changed"] += 1
                sorting.written[key] = Entry(key, document, before), record
        return sorting

    def _record(self, key: str, document: Document) -> MongoDocument:
        encoded = bson.encode(document)
        return MongoDocument(
            collection=self._kind.collection,
            key=key,
            source_id=id_text(document)[:200],
            document=encoded,
            digest=sha256(encoded).hexdigest(),
        )

    def _put(self, records: Mapping[str, tuple[Entry, MongoDocument]]) -> None:
        if not records:
            return
        rows = PUTS[self._kind]([entry for entry, _ in records.values()], self._season)
        for key, (entry, record) in records.items():
            record.row, record.stamp = rows[key].pk, entry.stamp(rows[key])
        MongoDocument.objects.bulk_create(
            (record for _, record in records.values()),
            update_conflicts=True,
            unique_fields=["collection", "key"],
            update_fields=["source_id", "row", "document", "digest", "stamp"],
        )
        if self._kind is OFFERS:
            _stamp_again(Offer.objects.filter(pk__in=[row.pk for row in rows.values()]))

    def _refuse(self, raw: Mapping[str, Any], reason: str) -> None:
        self.counts["refused"] += 1
        self._tell(self._kind.collection, id_text(raw), "refused", reason)


def _stamp_again(offers: Iterable[Offer]) -> None:
    """Several documents make one offer: each has the stamp it has after the last of them."""
    for offer in offers:
        MongoDocument.objects.filter(collection=OFFERS.collection, row=offer.pk).update(stamp=stamp_of(offer))


def link_jobs() -> None:
    """Give each imported job the notice that told of it; one without gets its own, which nobody is told of."""
    imported = MongoDocument.objects.filter(collection=JOBS.collection).values("row")
    jobs = Job.objects.filter(notice=None, pk__in=imported).prefetch_related("documents").order_by("pk")
    postings = Notice.objects.filter(category=Category.JOB_POSTING, follows=None, job_key__in=jobs.values("identifier"))
    own = {notice.job_key: notice for notice in postings.only("job_key")}
    for job in jobs:
        with transaction.atomic():
            notice = own.get(job.identifier) or publish(job_draft(job), announce=False).notice
            Job.objects.filter(pk=job.pk).update(notice=notice)


def batches(documents: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    rows = iter(documents)
    while batch := list(islice(rows, size)):
        yield batch


def id_text(document: Mapping[str, Any]) -> str:
    return str(document.get("_id", ""))
