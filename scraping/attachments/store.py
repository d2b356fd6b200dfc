"""Files kept once by the hash of their bytes, and read once (spec: attachments, Keeping)."""

import hashlib
import logging
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import storages
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
        stored = keep(file.data) if file.data and len(file.data) <= LARGEST else None
        state = "" if stored else file.state or (State.TOO_LARGE if file.data else State.EMPTY)
        Attachment.objects.update_or_create(
            item=item,
            reference=file.reference[:200],
            defaults={"name": file.name[:300], "file": stored, "state": state, "fetched_at": timezone.now()},
        )


def keep(data: bytes) -> StoredFile:
    """Put bytes into the storage, unless they lie there already. Raises OSError where the storage takes none."""
    file = StoredFile(digest=hashlib.sha256(data).hexdigest(), size=len(data))
    storage = storages["attachments"]
    if not storage.exists(file.path):
        storage.save(file.path, ContentFile(data))
    return StoredFile.objects.get_or_create(digest=file.digest, defaults={"size": file.size})[0]


def text_of(file: StoredFile) -> FileText:
    """What is read from a file; it is read when it is first asked for. Never raises for what it holds."""
    reading = FileReading.objects.filter(file=file).first()
    if reading:
        return FileText.from_json(reading.text)
    text = read_bytes(_bytes_of(file))
    FileReading.objects.update_or_create(
        file=file, defaults={"state": text.state, "kind": text.kind, "text": without_nul(text)}
    )
    names_people = text.state is not State.READ or bool(students_of(text))  # what can't be read may name anybody
    StoredFile.objects.filter(pk=file.pk).update(names_people=names_people)
    log.info("File %s: %s, %d bytes", file, text.state, file.size)
    return text


def _bytes_of(file: StoredFile) -> bytes:
    """b"" where it is gone from the storage."""
    try:
        with storages["attachments"].open(file.path) as opened:
            data: bytes = opened.read()
            return data
    except OSError as error:
        log.error("File %s is not in the storage: %s", file, type(error).__name__)
        return b""


def without_nul(text: FileText) -> dict[str, object]:
    """As JSON that PostgreSQL takes."""
    values = text.as_json()
    for sheet in values["sheets"]:
        sheet["title"] = sheet["title"].replace("\0", "")
        sheet["lines"] = [line.replace("\0", "").encode("utf-8", "replace").decode() for line in sheet["lines"]]
    return values
