"""What several accounts see, as one: the union by identifier (spec: portal). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scraping.items import RejectedItem
from scraping.sources.base import fingerprint
from scraping.sources.portal.parse import parse_identifier
from scraping.sources.portal.values import number


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of listing. A change of a `compared` field is an edit; `edited_at` tells the newer version."""

    name: str
    id_field: str
    compared: tuple[str, ...]
    made_at: str
    edited_at: str | None


NOTICE = Kind(
    "notice",
    "identifier",
    compared=("title", "content", "lastModifiedByUserName"),
    made_at="publishedAt",
    edited_at="lastModifiedOn",
)
JOB = Kind(
    "job",
    "jobProfileIdentifier",
    compared=(
        "jobProfileTitle",
        "companyName",
        "placementCategoryLevel",
        "placementCategoryName",
        "content",
        "createdAt",
        "jobProfileApplicationDeadline",
    ),
    made_at="createdAt",
    edited_at=None,
)


@dataclass(slots=True)
class Sighting:
    """One record, in the version that counts, and the numbers of the accounts that list it."""

    record: dict[str, Any]
    fingerprint: str
    season: int
    listed_by: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Union:
    """Everything that was listed: identifier → sighting, and the records that have no identifier."""

    sightings: dict[str, Sighting] = field(default_factory=dict)
    rejected: dict[str, RejectedItem] = field(default_factory=dict)  # by fingerprint: each once


def merge(source: str, kind: Kind, listings: Iterable[tuple[int, int, list[Any]]], known: Mapping[str, str]) -> Union:
    """Put the listings `(account number, season, records)` together.

    Of different versions of a record the one modified last counts; where that does not tell, one whose
    fingerprint is known, so that accounts that differ for good are no endless edits; else the first. What
    accounts of two seasons list belongs to the later season: last year's accounts go on seeing what is
    published for this year's.
    """
    union = Union()
    for account, season, records in listings:
        for record in records:
            try:
                key = parse_identifier(record, kind.id_field)
            except ValueError as error:
                reject = RejectedItem(source, kind.name, season, str(error), record)
                union.rejected.setdefault(fingerprint(record), reject)
                continue
            seen = union.sightings.get(key)
            if seen is None:
                seen = union.sightings[key] = Sighting(record, _hash(record, kind), season)
            elif record != seen.record:
                _prefer(seen, record, kind, known.get(key))
            seen.season = max(seen.season, season)
            if account not in seen.listed_by:
                seen.listed_by.append(account)
    return union


def _prefer(seen: Sighting, record: dict[str, Any], kind: Kind, known: str | None) -> None:
    """Let `record` take the place of the version seen before, if it outranks it."""
    found = _hash(record, kind)
    if _rank(record, found, kind, known) > _rank(seen.record, seen.fingerprint, kind, known):
        seen.record, seen.fingerprint = record, found


def _hash(record: Mapping[str, Any], kind: Kind) -> str:
    return fingerprint(*(record.get(name) for name in kind.compared))


def _rank(record: Mapping[str, Any], found: str, kind: Kind, known: str | None) -> tuple[float, bool]:
    edited = number(record.get(kind.edited_at)) if kind.edited_at else None
    return float(edited or 0), found == known
