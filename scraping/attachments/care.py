"""Files that nothing points to any more, and figures on those there are."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec

from django.core.files.storage import storages
from django.db.models import Count, Sum
from django.utils import timezone

from notifications.models import Notice, StoredFile
from scraping.attachments.text import State
from scraping.models import Attachment, FileReading

log = logging.getLogger(__name__)

_YOUNG = timedelta(days=1)  # a file may be stored a moment before anything points to it


def remove_unused_files(*, dry_run: bool = False) -> int:
    """Delete what no item and no notice points to, from the storage, too; how many files."""
    named = (
        file["digest"] for files in Notice.objects.exclude(files=[]).values_list("files", flat=True) for file in files
    )
    used = set(named)
    old = StoredFile.objects.filter(attachments=None, created_at__lt=timezone.now() - _YOUNG)
    unused = [file for file in old.iterator() if file.digest not in used]
    strays = list(_strays())
    if not dry_run:
        for file in unused:
            storages["attachments"].delete(file.path)
            file.delete()
        for path in strays:
            storages["attachments"].delete(path)
    return len(unused) + len(strays)


def figures() -> tuple[dict[str, int], int]:
    """How many files by the word for them, and the bytes that are kept."""
    read = FileReading.objects.values_list("state").annotate(Count("pk")).order_by()
    missing = Attachment.objects.filter(file=None).values_list("state").annotate(Count("pk")).order_by()
    counts: dict[str, int] = {}
    for state, count in (*read, *missing):
        counts[state] = counts.get(state, 0) + count
    return counts, StoredFile.objects.aggregate(bytes=Sum("size"))["bytes"] or 0


def summary() -> str:
    """Return one line for the operator."""
    counts, size = figures()
    unread = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()) if state != State.READ)
    beside = f"; not read: {unread}" if unread else ""
    ocr = "OCR is installed" if find_spec("rapidocr_onnxruntime") else "scans are not read (requirements-ocr.txt)"
    return f"{counts.get(State.READ, 0)} files read, {size / 1e6:.1f} MB kept{beside}; {ocr}"


def _strays() -> Iterator[str]:
    """Files that a process put down and died before it noted them; what was put down just now may be noted yet."""
    storage = storages["attachments"]
    try:
        folders = storage.listdir("")[0]
    except (OSError, NotImplementedError):
        return
    known = set(StoredFile.objects.values_list("digest", flat=True))
    before = timezone.now() - _YOUNG
    for folder in folders:
        for name in storage.listdir(folder)[1]:
            path = f"{folder}/{name}"
            if name not in known and storage.get_modified_time(path) < before:
                yield path
