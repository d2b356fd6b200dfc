"""A document on its way to its row, and a stamp of the row: another one means that it changed here since."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import bson
import orjson
from bson.codec_options import CodecOptions, DatetimeConversion
from django.db import models

from accounts.models import Subscriber
from notifications.models import Notice
from scraping.models import Job, MongoDocument, Offer, OfficialSnapshot, Policy
from scraping.mongo.documents import Document


@dataclass(slots=True)
class Entry:
    """A document, and in `record` what the last import noted of it. `newer_here`: our row changed since."""

    key: str
    document: Document
    record: MongoDocument | None = None
    newer_here: bool = False

    def may_change(self, row: models.Model) -> bool:
        """Whether the row still is as the last import left it; if not, that is remembered."""
        self.newer_here = self.record is None or self.record.stamp != stamp_of(row)
        return not self.newer_here

    def stamp(self, row: models.Model) -> str:
        """What is noted of the row now that the document was stored; "" where the row was here before the document."""
        if self.newer_here:
            return self.record.stamp if self.record else ""
        return stamp_of(row)


_LENIENT = CodecOptions[dict[str, Any]](datetime_conversion=DatetimeConversion.DATETIME_AUTO)


def stored_document(record: MongoDocument) -> Document:
    """The document of a record as MongoDB is to have it; a date beyond 9999 stays one."""
    return bson.decode(bytes(record.document), _LENIENT)


def stamp_of(row: models.Model) -> str:
    """At most 64 characters. A subscriber's needs its subscriptions: fetch them before."""
    match row:
        case Notice():
            return "withdrawn" if row.withdrawn_at else row.content_hash
        case Job() | Offer():
            return row.updated_at.isoformat()
        case Policy():
            versions = Policy.objects.filter(year=row.year).order_by("version")
            return _hashed([list(version) for version in versions.values_list("version", "title", "content")])
        case OfficialSnapshot():
            return row.content_hash
        case Subscriber():
            addresses = sorted([each.channel, each.address, each.state] for each in row.subscriptions.all())
            return _hashed([row.name, row.username, addresses])
    raise TypeError(f"no stamp of {type(row).__name__}")


def _hashed(facts: list[object]) -> str:
    return sha256(orjson.dumps(facts)).hexdigest()
