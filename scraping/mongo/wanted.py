"""What MongoDB is to have of our rows.

What was imported stays as it was as long as its row did; where the row changed, its own fields win.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from scraping.models import MongoDocument
from scraping.mongo import documents
from scraping.mongo.documents import Document, Kind
from scraping.mongo.entries import stamp_of, stored_document
from scraping.mongo.kept import kept, not_understood
from scraping.mongo.shapes import SHAPES
from scraping.mongo.twins import owner_of

# What tells the objects of a list apart.
_NAMES = ("role", "enrollment_number", "level", "identifier", "endpoint")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document as MongoDB is to have it; `document` is None where it is to be deleted, as its row may be gone."""

    row: int
    find: Mapping[str, Any]
    document: Document | None
    is_gone: bool = False


def wanted(kind: Kind, rows: Iterable[int]) -> Iterator[Wanted]:
    """Return what MongoDB is to have of these rows as they are now."""
    pks = list(rows)
    found = {row.pk: row for row in SHAPES[kind].query.filter(pk__in=pks)}
    records: dict[int, list[MongoDocument]] = {}
    for record in MongoDocument.objects.filter(collection=kind.collection, row__in=pks).order_by("pk"):
        records.setdefault(record.row, []).append(record)
    for pk in pks:
        if pk in found:
            yield from _of_row(kind, found[pk], [record for record in records.get(pk, []) if record.document])
        else:
            yield from (Wanted(pk, _where(kind, record), None, is_gone=True) for record in records.get(pk, []))


def _of_row(kind: Kind, row: Model, records: Sequence[MongoDocument]) -> Iterator[Wanted]:
    """Return what its documents are to say: as they were imported, or with what changed here."""
    imported = [stored_document(record) for record in records]
    if records and stamp_of(row) == records[-1].stamp:
        yield from (Wanted(row.pk, {"_id": document["_id"]}, document) for document in imported)
        return
    fresh = SHAPES[kind].shape(row)
    if not records:
        find = _identity(kind, fresh) if fresh else SHAPES[kind].find(row)
        if find:
            yield Wanted(row.pk, find, fresh)
        return
    if fresh:
        imported = _changed(kind, fresh, imported)
    for document in imported:
        yield Wanted(row.pk, {"_id": document["_id"]}, document if fresh else None)


def _changed(kind: Kind, fresh: Document, imported: Sequence[Document]) -> list[Document]:
    """The documents with what changed here. Twins take it each; of others that became one row, the last takes it."""
    regular = [kind.read(document)[1] for document in imported]
    if kind is documents.OFFERS:
        fresh = _rest_of_offer(fresh, regular)
    pairs = zip(imported, regular, strict=True)
    changed = [_with_changes(kind, fresh, *pair) for pair in pairs]
    return changed if kind.combine else [*imported[:-1], changed[-1]]


def _with_changes(kind: Kind, fresh: Document, imported: Document, regular: Document) -> Document:
    """An imported document with our fields; what only it knows, or nobody here understands, stays."""
    shape = SHAPES[kind]
    stays = {*kind.identity, *shape.not_ours}
    if "matched_job_id" in fresh and fresh["matched_job_id"] == imported.get("matched_job_id"):
        stays.add("matched_job")
    fragile = {*shape.only_filled, *not_understood(imported, regular)}
    stays |= {name for name in fragile if not fresh.get(name)}
    ours = {name: _beside(imported.get(name), value) for name, value in fresh.items()}
    return ours | {name: value for name, value in imported.items() if name not in fresh or name in stays}


def _beside(imported: object, ours: object) -> object:
    """Our list of objects, with what the imported one knows beyond it about the same ones in the same order."""
    if isinstance(imported, list) and isinstance(ours, list) and ours and _named(imported) == _named(ours) != []:
        return kept(imported, ours)
    return ours


def _named(rows: Sequence[object]) -> list[tuple[object, ...]]:
    return [tuple(row.get(name) for name in _NAMES) for row in rows if isinstance(row, Mapping)]


def _rest_of_offer(fresh: Document, imported: Sequence[Document]) -> Document:
    """Return what documents before the last do not tell already: the site adds all of them up."""
    earlier = imported[:-1]
    known = {
        student["enrollment_number"]: student.get("email")
        for document in imported
        for student in document["students_selected"]
    }
    named = {student["enrollment_number"] for document in earlier for student in document["students_selected"]}
    students = [
        student | {"email": known.get(student["enrollment_number"])}
        for student in fresh["students_selected"]
        if student["enrollment_number"] not in named
    ]
    others = sum(document["number_of_offers"] for document in earlier)
    number = max(fresh["number_of_offers"] - others, len(students))
    return fresh | {"students_selected": students, "number_of_offers": number}


def _identity(kind: Kind, document: Document) -> Document:
    return {name: document[name] for name in kind.identity if name in document}


def _where(kind: Kind, record: MongoDocument) -> Document:
    if record.document:
        return {"_id": stored_document(record)["_id"]}
    return {kind.identity[0]: int(owner_of(record.key))}  # of a user only the id is kept
