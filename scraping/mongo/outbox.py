"""Notes for the mirror, written in the transaction of the change they tell of."""

from collections.abc import Iterable

from scraping.models import MirrorOutbox
from scraping.mongo import client


def note(collection: str, *rows: int) -> None:
    """These rows of the collection's model were stored, changed or deleted. Nothing where MongoDB is not configured."""
    if client.is_configured():
        note_all(collection, rows)


def note_all(collection: str, rows: Iterable[int]) -> None:
    MirrorOutbox.objects.bulk_create((MirrorOutbox(collection=collection, row=row) for row in rows), batch_size=1000)
