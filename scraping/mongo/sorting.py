"""A batch of documents sorted before it is stored: what is new or changed, and which documents make one row."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256
from typing import Any

import bson

from scraping.models import MongoDocument
from scraping.mongo.documents import Document, Kind
from scraping.mongo.entries import Entry, stored_document
from scraping.mongo.twins import twin_key

Groups = Mapping[str, Mapping[str, Document]]  # key of the row → key of the record → document


@dataclass(frozen=True, slots=True)
class Arrived:
    """A document that was read: its key, the document made regular, and as MongoDB is to keep it."""

    key: str
    document: Document
    stored: Document

    @property
    def source_id(self) -> str:
        return id_text(self.stored)[:200]


@dataclass(slots=True)
class Sorting:
    """What is put, by the key of its row; the records that go with it, by their keys, each with the key of its row.

    `twins` share the key of another document, which is named with its _id. `several`: rows of more than one document.
    """

    counts: Counter[str] = field(default_factory=Counter)
    entries: dict[str, Entry] = field(default_factory=dict)
    records: dict[str, tuple[str, MongoDocument]] = field(default_factory=dict)
    twins: list[tuple[Arrived, str]] = field(default_factory=list)
    several: set[str] = field(default_factory=set)


def sorted_batch(kind: Kind, read: Sequence[Arrived], counted: Mapping[str, str]) -> Sorting:
    """Tell new, changed and unchanged documents, and those whose key another one has. `counted`: key → _id, of
    documents that were read in a run that stores nothing.
    """
    keys = {key for one in read for key in (one.key, twin_key(one.key, one.source_id))}
    ours = MongoDocument.objects.filter(collection=kind.collection, key__in=keys).defer("document")
    known = {record.key: record for record in ours}
    owners = dict(counted) | {key: record.source_id for key, record in known.items() if record.source_id}
    sorting = Sorting()
    groups: dict[str, dict[str, Document]] = defaultdict(dict)
    for one in read:
        owner = owners.setdefault(one.key, one.source_id)
        is_twin = owner != one.source_id
        record = _record(kind, twin_key(one.key, one.source_id) if is_twin else one.key, one)
        outcome = _outcome(kind, record, known.get(record.key), is_twin=is_twin)
        sorting.counts[outcome] += 1
        if outcome in ("refused", "merged"):
            sorting.twins.append((one, owner))
        if outcome in ("new", "changed", "merged"):
            row_key = record.key if kind.one_by_one else one.key
            sorting.records[record.key] = row_key, record
            groups[row_key][record.key] = one.document
    _combine(kind, groups, known, sorting)
    return sorting


def id_text(document: Mapping[str, Any]) -> str:
    return str(document.get("_id", ""))


def _outcome(kind: Kind, record: MongoDocument, before: MongoDocument | None, *, is_twin: bool) -> str:
    if before is not None:
        return "unchanged" if before.digest == record.digest else "changed"
    if not is_twin or kind.one_by_one:
        return "new"
    return "merged" if kind.combine else "refused"


def _record(kind: Kind, key: str, one: Arrived) -> MongoDocument:
    encoded = bson.encode(one.stored)
    return MongoDocument(
        collection=kind.collection,
        key=key,
        source_id=one.source_id,
        document=encoded,
        digest=sha256(encoded).hexdigest(),
    )


def _combine(kind: Kind, groups: Groups, known: Mapping[str, MongoDocument], sorting: Sorting) -> None:
    """An entry a row, of all the documents that make it: those of this batch and those stored before."""
    rows = {known[key].row for key in groups if key in known} if kind.combine else set()
    stored = _stored(kind, rows)
    for row_key, arrived in groups.items():
        before = known.get(row_key)
        documents = {**(stored.get(before.row, {}) if before else {}), **arrived}
        # misc: the row's own key is bound
        owner_first = sorted(documents, key=lambda key, row_key=row_key: key != row_key)  # type: ignore[misc]
        document = documents[owner_first[0]]
        if kind.combine:
            document = reduce(kind.combine, (documents[key] for key in owner_first))
        sorting.entries[row_key] = Entry(row_key, document, before)
        if len(documents) > 1:
            sorting.several.add(row_key)


def _stored(kind: Kind, rows: Collection[int]) -> dict[int, dict[str, Document]]:
    """The regular documents of rows as the last import stored them: row → key of the record → document."""
    found: dict[int, dict[str, Document]] = defaultdict(dict)
    if rows:
        for record in MongoDocument.objects.filter(collection=kind.collection, row__in=rows).order_by("pk"):
            found[record.row].update(_regular(kind, record))
    return found


def _regular(kind: Kind, record: MongoDocument) -> Iterator[tuple[str, Document]]:
    if record.document:
        yield record.key, kind.read(stored_document(record))[1]
