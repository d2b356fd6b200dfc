"""Whether there is room to write: it is tried. Figures of free space know no quota, no limit and no lack of inodes."""

import os
import shutil
from tempfile import TemporaryFile

from django.conf import settings
from django.db import OperationalError, connection

from notifications.models import beat

PROBE_BYTES = 256 * 1024  # more than a file system keeps beside a file's name, or has left in a block
LEAST_FREE_BYTES = 500_000_000
MAKE_ROOM = (
    "Delete older files in BACKUP_DIR and old logs, then `./manage prune`, which needs some room itself; "
    "a quota may be used up."
)
_BUSY_MILLISECONDS = 1000


def free_bytes() -> int:
    """Return what is free where DATA_DIR lies."""
    return shutil.disk_usage(settings.DATA_DIR).free


def write_to_data_dir() -> None:
    """Write a file that has no name and is gone afterwards. Raises OSError."""
    with TemporaryFile(dir=settings.DATA_DIR, buffering=0) as probe:
        probe.write(b"\0" * PROBE_BYTES)
        os.fsync(probe.fileno())


def write_to_database() -> bool:
    """Commit a row. False where SQLite's one writer is another process just now. Raises DatabaseError."""
    if connection.vendor != "sqlite":
        beat("/ready")
        return True
    try:
        _set_patience(_BUSY_MILLISECONDS)
        beat("/ready")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlite_errorname", "") != "SQLITE_BUSY":
            raise
        return False
    finally:
        _set_patience(1000 * connection.settings_dict["OPTIONS"]["timeout"])
    return True


def _set_patience(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
