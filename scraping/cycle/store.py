"""What sources hand over, as rows: sees new, changed and unchanged; storing again changes nothing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson
from django.utils import timezone

from scraping.attachments.store import keep_files
from scraping.items import RejectedItem, SourceItem
from scraping.models import RawItem
from scraping.sources.base import Batch

Known = dict[str, dict[str, str]]


def known_items(source: str) -> Known:
    """kind → key → fingerprint of all that is stored of a source: one query."""
    known: Known = defaultdict(dict)
    rows = RawItem.objects.filter(source=source).values_list("kind", "key", "fingerprint")
    for kind, key, fingerprint in rows.iterator(chunk_size=5000):
        known[kind][key] = fingerprint
    return known


def store(batch: Batch, known: Mapping[str, Mapping[str, str]]) -> Counter[str]:
    """Write a batch: items wait to be read, records without identity are set aside.

    Counts new, changed, unchanged, rejected. An item given though it is as it was is read again all the same.
    """
    now = timezone.now()
    counts: Counter[str] = Counter(unchanged=batch.unchanged)
    rows = []
    for item in batch.items:
        counts[compared(item, known)] += 1
        rows.append(_row(item, now))
    RawItem.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["source", "kind", "key"],
        update_fields=["payload", "fingerprint", "season", "state", "reason", "attempts", "changed_at"],
    )
    _keep_files(batch.items)
    counts["rejected"] = _set_aside(batch.rejected)
    return counts


def _keep_files(items: Sequence[SourceItem]) -> None:
    for item in items:
        if item.files:
            keep_files(RawItem.objects.get(source=item.source, kind=item.kind, key=item.key[:200]), item.files)


def compared(item: SourceItem, known: Mapping[str, Mapping[str, str]]) -> str:
    """Whether an item is "new", "changed" or "unchanged" against what is stored."""
    before = known.get(item.kind, {}).get(item.key)
    if before is None:
        return "new"
    return "unchanged" if before == item.fingerprint else "changed"


def _row(item: SourceItem, now: datetime) -> RawItem:
    return RawItem(
        source=item.source,
        kind=item.kind,
        key=item.key[:200],
        season=item.season,
        payload=without_nul(item.payload),
        fingerprint=item.fingerprint,
        state=RawItem.State.PENDING,
        first_seen_at=now,
        changed_at=now,
    )


def _set_aside(rejected: Sequence[RejectedItem]) -> int:
    """Keep records nobody can tell apart by a hash of their content, for the operator to see. Counts the new ones."""
    rows = [
        RawItem(
            source=record.source,
            kind=record.kind,
            key="rejected-" + hashlib.blake2b(_json(record.payload), digest_size=12).hexdigest(),
            season=record.season,
            payload={"rejected": without_nul(record.payload)},
            fingerprint="",
            state=RawItem.State.SET_ASIDE,
            reason=record.reason[:500],
        )
        for record in rejected
    ]
    before = RawItem.objects.filter(key__startswith="rejected-").count() if rows else 0
    RawItem.objects.bulk_create(rows, ignore_conflicts=True)
    return (RawItem.objects.filter(key__startswith="rejected-").count() - before) if rows else 0


def _json(payload: object) -> bytes:
    return orjson.dumps(payload, default=repr, option=orjson.OPT_NON_STR_KEYS)


def without_nul(value: object) -> object:
    """JSON without NUL characters and lone surrogates, which PostgreSQL refuses."""
    match value:
        case str():
            return value.replace("\x00", "").encode("utf-8", "replace").decode()
        case dict():
            return {str(without_nul(key)): without_nul(inner) for key, inner in value.items()}
        case list():
            return [without_nul(inner) for inner in value]
    return value
