"""Files kept once by the hash of their bytes, and read once (spec: attachments, Keeping)."""

import hashlib
import logging
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError
from django.utils import timezone

from notifications.models import StoredFile
from scraping.attachments.process import LARGEST, read_bytes
from scraping.attachments.rosters import students_of
from scraping.attachments.text import FileText, State
from scraping.items import AttachedFile
from scraping.models import Attachment, FileReading, RawItem

log = logging.getLogger(__name__)


def keep_files(item: RawItem, files: Iterable[AttachedFile]) -> None:
    """Note what came with an item. A file that was there before under the same reference is replaced."""
    for file in files:
        stored, state = _kept(file)
        Attachment.objects.update_or_create(
            item=item,
            reference=file.reference[:200],
            defaults={"name": file.name[:300], "file": stored, "state": state, "fetched_at": timezone.now()},
        )


def _kept(file: AttachedFile) -> tuple[StoredFile | None, str]:
    """The stored file, or the word for why there is none. A storage that takes none must not hold up the text."""
    if not file.data or len(file.data) > LARGEST:
        return None, file.state or (State.TOO_LARGE if file.data else State.EMPTY)
    try:
        return keep(file.data), ""
    except DatabaseError:
        raise
    except Exception as error:  # each storage has errors of its own
        log.error("A file of %d bytes can't be stored: %s", len(file.data), type(error).__name__)
        return None, State.UNREACHABLE


def keep(data: bytes) -> StoredFile:
    """Put bytes into the storage, unless they lie there already, whole."""
    file = StoredFile(digest=hashlib.sha256(data).hexdigest(), size=len(data))
    storage = storages["attachments"]
    if not (storage.exists(file.path) and storage.size(file.path) == file.size):
        storage.delete(file.path)  # what a full disk or a kill cut off, and what was read of it
        FileReading.objects.filter(file__digest=file.digest).delete()
        storage.save(file.path, ContentFile(data))
    return StoredFile.objects.get_or_create(digest=file.digest, defaults={"size": file.size})[0]


def text_of(file: StoredFile) -> FileText:
    """Return what is read from a file; it is read when it is first asked for. Never raises for what it holds."""
    reading = FileReading.objects.filter(file=file).first()
    if reading:
        return FileText.from_json(reading.text)
    data = _bytes_of(file)
    if data is None:
        return FileText(State.UNREACHABLE)
    text = read_bytes(data)
    FileReading.objects.update_or_create(
        file=file, defaults={"state": text.state, "kind": text.kind, "text": without_nul(text)}
    )
    names_people = text.state is not State.READ or bool(students_of(text))  # what can't be read may name anybody
    StoredFile.objects.filter(pk=file.pk).update(names_people=names_people)
    log.info("File %s: %s, %d bytes", file, text.state, file.size)
    return text


def _bytes_of(file: StoredFile) -> bytes | None:
    """Return the bytes of a file; None where the storage does not give all of them."""
    try:
        with storages["attachments"].open(file.path) as opened:
            data: bytes = opened.read()
    except Exception as error:  # each storage has errors of its own
        log.error("File %s can't be had from the storage: %s", file, type(error).__name__)
        return None
    if len(data) == file.size:
        return data
    log.error("File %s is cut off in the storage: %d of %d bytes", file, len(data), file.size)
    return None


def without_nul(text: FileText) -> dict[str, object]:
    """As JSON that PostgreSQL takes."""
    values = text.as_json()
    for sheet in values["sheets"]:
        sheet["title"] = sheet["title"].replace("\0", "")
        sheet["lines"] = [line.replace("\0", "").encode("utf-8", "replace").decode() for line in sheet["lines"]]
    return values
