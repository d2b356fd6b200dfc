"""The institute's page becomes a snapshot where it changed, and a notice where a figure of the active batch moved."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial

from notifications.models import Notice
from scraping.changes import announce
from scraping.models import OfficialSnapshot, RawItem
from scraping.sources.official.document import from_document
from scraping.sources.official.figures import Difference, differences
from scraping.telling.base import Reading, Tell
from scraping.telling.official_draft import official_draft


def understand_page(item: RawItem, reading: Reading) -> Tell:
    """A page is stored as it came."""
    return partial(keep_page, item, reading)


def keep_page(item: RawItem, reading: Reading) -> Notice | None:
    """Keep the page as it was read (spec: official-page). Unchanged, only `last_seen_at` moves."""
    content = dict(item.payload)
    read_at = datetime.fromisoformat(content.pop("scrape_timestamp"))
    latest = OfficialSnapshot.objects.select_for_update().first()
    if latest and latest.content_hash == content["content_hash"]:
        OfficialSnapshot.objects.filter(pk=latest.pk, last_seen_at__lt=read_at).update(last_seen_at=read_at)
        return latest.notice
    changes = changes_to(content)
    page = from_document(content)
    snapshot = OfficialSnapshot.objects.create(
        season=page.active_batch.season,
        content=content,
        content_hash=content["content_hash"],
        first_seen_at=read_at,
        last_seen_at=read_at,
        differences=[asdict(change) for change in changes],
    )
    announce(OfficialSnapshot, snapshot.pk)
    moved = [change.text for change in changes if change.figure_moved]
    if moved:
        snapshot.notice = reading.publish(official_draft(snapshot, page, moved))
        snapshot.save(update_fields=["notice"])
    return snapshot.notice


def changes_to(content: dict[str, object]) -> Sequence[Difference]:
    """Return what such a document changes against the newest snapshot; () for the first one.

    An imported snapshot that lacked its batches or their names is nothing to compare with.
    """
    snapshots = OfficialSnapshot.objects.only("content").iterator(chunk_size=10)
    latest = next((snapshot for snapshot in snapshots if not snapshot.content.get("incomplete")), None)
    return differences(from_document(latest.content), from_document(content)) if latest else ()
