"""Does MongoDB have what it should? Document by document, and how many it has beyond ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

import bson
from pymongo.collection import Collection
from pymongo.database import Database

from scraping.mongo.documents import KINDS, Kind
from scraping.mongo.mirror import BATCH
from scraping.mongo.shapes import SHAPES
from scraping.mongo.wanted import Wanted, wanted

Doc = dict[str, Any]


@dataclass(slots=True)
class Finding:
    """A collection: how many documents we know of, how many it holds, and what differs, a line each."""

    ours: int = 0
    theirs: int = 0
    differences: list[str] = field(default_factory=list)


def verify(database: Database[Doc], progress: Callable[[str, int, int], object]) -> dict[str, Finding]:
    return {name: _collection(database[name], kind, progress) for name, kind in KINDS.items()}


def _collection(collection: Collection[Doc], kind: Kind, progress: Callable[[str, int, int], object]) -> Finding:
    finding = Finding(theirs=collection.count_documents({}))
    pks = list(SHAPES[kind].query.order_by("pk").values_list("pk", flat=True))
    rows = iter(pks)
    while batch := list(islice(rows, BATCH)):
        expected = [one for one in wanted(kind, batch) if one.find]
        finding.ours += sum(one.document is not None for one in expected)
        finding.differences += _differences(collection, kind, expected)
        progress(kind.collection, finding.ours, len(pks))
    return finding


def _differences(collection: Collection[Doc], kind: Kind, expected: Sequence[Wanted]) -> Iterator[str]:
    found: dict[str, Doc] = {}
    for document in collection.find({"$or": [dict(one.find) for one in expected]}) if expected else ():
        found.setdefault(_name(document, ("_id",)), document)
        found.setdefault(_name(document, kind.identity), document)
    for one in expected:
        name = _name(one.find, tuple(one.find))
        if one.document is None:
            if name in found:
                yield f"{kind.collection} {name}: still there"
        elif name not in found:
            yield f"{kind.collection} {name}: missing"
        elif fields := differing(one.document, found[name]):
            yield f"{kind.collection} {name}: {', '.join(fields)}"


def differing(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """The fields whose content is another, by their hashes; fields only they have do not count."""
    ours = {name: _hash(value) for name, value in expected.items() if name != "_id"}
    return sorted(name for name, digest in ours.items() if name not in found or _hash(found[name]) != digest)


def _hash(value: object) -> bytes:
    return sha256(bson.encode({"": _as_compared(value)})).digest()


def _as_compared(value: object) -> object:
    """As its readers see it: they know no order of fields, and 1 is 1.0."""
    match value:
        case dict():
            return {name: _as_compared(value[name]) for name in sorted(value)}
        case list():
            return [_as_compared(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
    return value


def _name(document: Mapping[str, Any], names: Sequence[str]) -> str:
    return ", ".join(f"{name} {document.get(name)}" for name in names)
