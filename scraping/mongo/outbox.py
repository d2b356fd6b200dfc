"""Notes for the mirror, written in the transaction of the change they tell of."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.db.models.signals import post_delete

from accounts.models import Subscriber
from notifications.models import Notice
from scraping.changes import rows_changed
from scraping.models import Job, MirrorOutbox, MongoDocument, Offer, OfficialSnapshot, Policy

_COLLECTIONS: dict[type[Model], str] = {
    Job: "Jobs",
    Notice: "Notices",
    OfficialSnapshot: "OfficialPlacementData",
    Offer: "PlacementOffers",
    Policy: "Policies",
}


def listen() -> None:
    """Listen to announced changes: note each for the mirror, and forget users who are gone."""
    rows_changed.connect(_note_change, dispatch_uid="scraping.mongo.outbox")
    post_delete.connect(_forget_user, sender=Subscriber, dispatch_uid="scraping.mongo.outbox")


def _note_change(sender: type[Model], primary_keys: Iterable[int], **_: Any) -> None:
    if collection := _COLLECTIONS.get(sender):
        note(collection, *primary_keys)


def _forget_user(**_: Any) -> None:
    from scraping.mongo.subscribers import forget_unreachable  # loads pymongo, which few processes need

    forget_unreachable()


def users_documents(telegram_id: int) -> list[dict[str, Any]]:
    """What MongoDB has of a person, for /mydata, without the keys of browsers; of who was not imported only the id."""
    people = Subscriber.objects.filter(telegram_id=telegram_id).values("pk")
    rows = MongoDocument.objects.filter(collection="Users", row__in=people)
    return [{"id": row.key, "imported": _without_keys(row)} for row in rows]


def _without_keys(row: MongoDocument) -> dict[str, Any]:
    from scraping.mongo.entries import stored_document  # loads bson, which few processes need

    document = stored_document(row) if row.document else {}
    for browser in document.get("push_subscriptions") or ():
        browser.pop("keys", None)
    return document


def note(collection: str, *rows: int) -> None:
    """These rows of the collection's model were stored, changed or deleted. Nothing where MongoDB is not configured."""
    if settings.MONGO_CONNECTION_STR:
        note_all(collection, rows)


def note_all(collection: str, rows: Iterable[int]) -> None:
    MirrorOutbox.objects.bulk_create((MirrorOutbox(collection=collection, row=row) for row in rows), batch_size=1000)
