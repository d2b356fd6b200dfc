"""What the service stores is for its own user alone: folders 0700, files 0600.

Each command and each process begins with that, whoever made the folder. SQLite gives the files beside a database
(-wal, -shm) the database's own mode.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

UMASK = 0o077
_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def begin() -> None:
    """Make this process create files for its own user alone, and close existing ones to others."""
    os.umask(UMASK)
    for path in open_to_others():
        with suppress(OSError):  # somebody else's: the doctor says so
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~_OF_OTHERS)


def open_to_others() -> list[Path]:
    """Return what belongs to the service and can be read or written by other users. DATA_DIR comes first."""
    return [path for path in (*_folders(), *_files()) if _mode(path) & _OF_OTHERS]


def _folders() -> Iterator[Path]:
    """DATA_DIR and what the service makes in it. A folder like /tmp, which is meant for all, stays as it is."""
    data = Path(settings.DATA_DIR)
    if not _mode(data) & stat.S_ISVTX:
        yield data
    made = {data / "pids", Path(settings.BACKUP_DIR), *(path.parent for path in settings.LOG_FILES.values())}
    yield from sorted(folder for folder in made if data in folder.parents)


def _files() -> Iterator[Path]:
    yield from _matching(Path(settings.DATA_DIR) / "pids", "*.pid")
    for path in settings.LOG_FILES.values():
        yield from _matching(path.parent, f"{path.name}*")
    yield from _matching(Path(settings.BACKUP_DIR), "*supersetbot-*")
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        file = Path(database["NAME"])
        yield from (path for path in _matching(file.parent, f"{file.name}*") if path.is_file())


def _matching(folder: Path, pattern: str) -> Iterator[Path]:
    """Nothing where the folder is closed to this user: whoever writes there says so."""
    with suppress(PermissionError):
        yield from folder.glob(pattern)


def _mode(path: Path) -> int:
    """The mode's bits; 0 where the file is gone meanwhile or can't be seen."""
    with suppress(OSError):
        return stat.S_IMODE(path.stat().st_mode)
    return 0
