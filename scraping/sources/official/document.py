"""The page as the document existing readers of OfficialPlacementData know (spec: mongo)."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypedDict

from scraping.sources.official.amounts import split_pointer
from scraping.sources.official.page import Batch, OfficialPage, PackageRow, Recruiter


class RecruiterLogo(TypedDict):
    """A logo; `alt` is the recruiter's name, "" where unknown."""

    src: str
    alt: str


class PackageDocument(TypedDict):
    """A row of the distribution table."""

    category: str
    average: str
    median: str


class BatchDocument(TypedDict):
    """A batch; each pointer is one line of text."""

    batch_name: str
    is_active: bool
    placement_pointers: list[str]
    package_distribution: list[PackageDocument]


class PageContent(TypedDict):
    """What the page states, without when it was read."""

    main_heading: str
    intro_text: str
    recruiter_logos: list[RecruiterLogo]
    batches: list[BatchDocument]


class OfficialDocument(PageContent):
    """A document of OfficialPlacementData; its newest is the one with the greatest `scrape_timestamp`."""

    scrape_timestamp: str
    content_hash: str


def as_document(page: OfficialPage, read_at: datetime) -> OfficialDocument:
    """The page as a document; `scrape_timestamp` is ISO 8601 in UTC to the microsecond: it sorts as text.

    Raises:
        ValueError: `read_at` has no time zone.
    """
    if read_at.tzinfo is None:
        raise ValueError("the time of reading has no time zone")
    return {
        "scrape_timestamp": read_at.astimezone(UTC).isoformat(timespec="microseconds"),
        **_content(page),
        "content_hash": content_hash(page),
    }


def content_hash(page: OfficialPage) -> str:
    """SHA-256, in hex, over the content without the time of reading (spec: official-page)."""
    canonical = json.dumps(_content(page), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def from_document(document: Mapping[str, object]) -> OfficialPage:
    """The page of such a document, also of an irregular one: what is missing or of a wrong type is left out.

    Raises:
        ValueError: it names no batch.
    """
    batches = [batch for batch in map(_read_batch, _objects(document.get("batches"))) if batch.name]
    if not batches:
        raise ValueError("the document names no batch")
    active = next((batch for batch in batches if batch.is_active), batches[0])
    logos = _objects(document.get("recruiter_logos"))
    return OfficialPage(
        batches=tuple(replace(batch, is_active=batch is active) for batch in batches),
        recruiters=tuple(Recruiter(_text(logo, "src"), _text(logo, "alt")) for logo in logos),
        main_heading=_text(document, "main_heading"),
        intro_text=_text(document, "intro_text"),
    )


def _content(page: OfficialPage) -> PageContent:
    return {
        "main_heading": page.main_heading,
        "intro_text": page.intro_text,
        "recruiter_logos": [{"src": recruiter.src, "alt": recruiter.name} for recruiter in page.recruiters],
        "batches": [_batch(batch) for batch in page.batches],
    }


def _batch(batch: Batch) -> BatchDocument:
    return {
        "batch_name": batch.name,
        "is_active": batch.is_active,
        "placement_pointers": list(batch.placement_pointers),
        "package_distribution": [
            {"category": row.category, "average": row.average, "median": row.median}
            for row in batch.package_distribution
        ],
    }


def _read_batch(entry: Mapping[str, object]) -> Batch:
    pointers = entry.get("placement_pointers")
    lines = pointers if isinstance(pointers, list) else []
    return Batch(
        name=_text(entry, "batch_name"),
        cards=tuple(split_pointer(line) for line in lines if isinstance(line, str) and line),
        package_distribution=tuple(
            PackageRow(_text(row, "category"), _text(row, "average"), _text(row, "median"))
            for row in _objects(entry.get("package_distribution"))
        ),
        is_active=entry.get("is_active") is True,
    )


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""
