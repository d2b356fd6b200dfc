"""An existing database, brought over: streamed in batches, each a transaction (spec: mongo).

What is stored already and did not change is passed over, so a run that was cut off is simply run again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Model
from pymongo.database import Database

from accounts.categories import Category
from notifications.models import Notice
from notifications.publishing.publish import publish
from scraping.models import Job, MongoDocument, Offer
from scraping.mongo.documents import JOBS, KINDS, OFFERS, Kind, RefusedError, mended, stored_key
from scraping.mongo.entries import stamp_of
from scraping.mongo.kept import kept_document, not_understood
from scraping.mongo.rows import PUTS
from scraping.mongo.sorting import Arrived, Sorting, id_text, sorted_batch
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

    def _read(self, batch: Sequence[Mapping[str, Any]]) -> Iterator[Arrived]:
        for raw in batch:
            try:
                key, document = self._kind.read(raw)
            except RefusedError as refusal:
                self._refuse(raw, str(refusal))
                continue
            stored = kept_document(raw, document)
            if fields := mended(raw, stored):
                self._say(raw, "mended", ", ".join(fields))
            if fields := not_understood(stored, document):
                self._say(raw, "kept", f"not understood: {', '.join(fields)}")
            yield Arrived(stored_key(key), document, stored | {"_id": raw.get("_id")})

    def _store_in_parts(self, read: Sequence[Arrived]) -> None:
        """Store documents at once; where that fails, each half by itself, down to the one that can't be stored."""
        try:
            self._store(read)
        except (OperationalError, InterfaceError):
            raise
        except UNSTORABLE as error:
            middle = len(read) // 2
            if not middle:
                self._refuse(read[0].stored, f"can't be stored: {' '.join(str(error).split())[:200]}")
                return
            self._store_in_parts(read[:middle])
            self._store_in_parts(read[middle:])

    def _store(self, read: Sequence[Arrived]) -> None:
        """Write what is new or changed in one transaction; only then it counts."""
        sorting = sorted_batch(self._kind, read, self._counted)
        with transaction.atomic():
            self._put(sorting)
            if not self._keep:
                transaction.set_rollback(True)
                self._counted |= {key: record.source_id for key, (_, record) in sorting.records.items()}
        self.counts.update(sorting.counts)
        for one, owner in sorting.twins:
            if self._kind.combine:
                self._say(one.stored, "merged", f"into document {owner}")
            else:
                self._say(one.stored, "refused", f"the same as document {owner}")

    def _put(self, sorting: Sorting) -> None:
        if not sorting.records:
            return
        entries = sorting.entries
        rows = PUTS[self._kind](list(entries.values()), self._season)
        for row_key, record in sorting.records.values():
            record.row, record.stamp = rows[row_key].pk, entries[row_key].stamp(rows[row_key])
        MongoDocument.objects.bulk_create(
            (record for _, record in sorting.records.values()),
            update_conflicts=True,
            unique_fields=["collection", "key"],
            update_fields=["source_id", "row", "document", "digest", "stamp"],
        )
        if self._kind is OFFERS:
            _stamp_again(OFFERS, Offer.objects.filter(pk__in=[row.pk for row in rows.values()]))
        _stamp_again(self._kind, (rows[key] for key in sorting.several if not entries[key].newer_here))

    def _refuse(self, raw: Mapping[str, Any], reason: str) -> None:
        self.counts["refused"] += 1
        self._say(raw, "refused", reason)

    def _say(self, raw: Mapping[str, Any], outcome: str, reason: str) -> None:
        self._tell(self._kind.collection, id_text(raw), outcome, reason)


def _stamp_again(kind: Kind, rows: Iterable[Model]) -> None:
    """Several documents make one row: each has the stamp it has after the last of them."""
    for row in rows:
        MongoDocument.objects.filter(collection=kind.collection, row=row.pk).update(stamp=stamp_of(row))


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
