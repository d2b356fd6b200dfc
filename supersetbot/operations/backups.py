"""Copies of the database: made while everything goes on, checked, kept for a while, and put back."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.models import AutoField, Model, QuerySet
from django.utils import timezone

from accounts.models import Forgotten
from accounts.subscribing import forgetting
from notifications.models import Heartbeat, beat
from supersetbot.models import Alert

Row = TypeVar("Row", bound=Model)
_LONGEST_BACKUP = timedelta(days=1)
_PREFIX, _SET_ASIDE = "supersetbot-", "before-restore-"
_SUFFIXES = {"sqlite": ".sqlite3", "postgresql": ".dump"}
_MADE, _FAILED = "backup", "backup failed"
_DUMP_MARK = b"PGDMP"
_LONGEST_DUMP_SECONDS = 3600


class BackupError(Exception):
    """One line for the operator."""


def make(label: str = "") -> Path:
    """Copy the database into BACKUP_DIR; nobody has to stop for it. The copy is whole or not there at all.

    Raises BackupError.
    """
    folder = Path(settings.BACKUP_DIR)
    name = f"{_PREFIX}{label}{timezone.localtime():%Y%m%d-%H%M%S-%f}{_SUFFIXES[connection.vendor]}"
    unfinished = folder / f".{name}.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.touch(mode=0o600)
        _copy_to(unfinished)
        unfinished.replace(folder / name)
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BackupError(f"{folder / name} can't be written: {why}") from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return folder / name


def make_noted() -> Path:
    """Make a copy, delete those that are too old, and note for `/ready`, the doctor and the admins how it went.

    Raises BackupError.
    """
    try:
        path = make()
    except BackupError as error:
        _note(_FAILED, str(error).replace(f"{settings.BACKUP_DIR}/", ""))  # `/ready` is open: folders are not for it
        raise
    _note(_MADE)
    thin_out()
    return path


def _note(row: str, complaint: str = "") -> None:
    with suppress(DatabaseError):  # a full disk: the caller says so
        beat(row, complaint)


@dataclass(frozen=True, slots=True)
class Standing:
    """When the newest copy was made, None without any; and why the last attempt after it failed, "" where none did."""

    made_at: datetime | None
    failed_at: datetime | None = None
    why: str = ""


def standing() -> Standing:
    """Return how the copies stand, from the database: they may lie on another machine."""
    rows = {row.process: row for row in Heartbeat.objects.filter(process__in=(_MADE, _FAILED))}
    newest = next((datetime.fromtimestamp(_made_at(path), UTC) for path in kept()), None)
    made_at = rows[_MADE].at if _MADE in rows else newest
    failed = rows.get(_FAILED)
    if failed is None or (made_at and failed.at <= made_at):
        return Standing(made_at)
    return Standing(made_at, failed.at, failed.complaint)


def require_programs() -> None:
    """Raises BackupError where PostgreSQL's pg_dump is missing, or older than the server: it refuses to copy that."""
    if connection.vendor != "postgresql":
        return
    if shutil.which("pg_dump") is None:
        raise BackupError("pg_dump is not installed here: apt install postgresql-client")
    command = [shutil.which("pg_dump") or "pg_dump", "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our words)
    found = re.search(r"\) (\d+)", said.stdout)
    database: Any = connection
    server = database.pg_version // 10_000
    if found and int(found[1]) < server:
        mend = f"apt install postgresql-client-{server}; docs/troubleshooting.md says from where"
        raise BackupError(f"pg_dump {found[1]} is older than the server ({server}): {mend}")


def require_folder() -> None:
    """Raises BackupError where BACKUP_DIR, or what it lies in, is closed to this user."""
    folder = Path(settings.BACKUP_DIR)
    try:
        closed = folder.exists() and not os.access(folder, os.W_OK | os.X_OK)
    except PermissionError:
        closed = True
    if closed:
        mend = f"as root, chown -R USER {folder} (the service's user), or set another BACKUP_DIR"
        raise BackupError(f"{folder} can't be written by this user: {mend}")


def kept() -> list[Path]:
    """The copies there are, the newest first; those made before a restore are not counted among them."""
    suffix = _SUFFIXES[connection.vendor]
    try:
        return sorted(Path(settings.BACKUP_DIR).glob(f"{_PREFIX}[0-9]*{suffix}"), reverse=True)
    except PermissionError:  # closed to this user: the doctor says so
        return []


def thin_out() -> list[Path]:
    """Delete all but the newest BACKUPS_KEPT copies, copies older than KEEP_BACKUPS_DAYS, and what was set aside
    before them. The newest copy always stays. Returns what was deleted.
    """
    newest, old = kept()[: settings.BACKUPS_KEPT], kept()[settings.BACKUPS_KEPT :]
    set_aside = list(Path(settings.BACKUP_DIR).glob(f"{_PREFIX}{_SET_ASIDE}*{_SUFFIXES[connection.vendor]}"))
    before = time() - timedelta(days=settings.KEEP_BACKUPS_DAYS).total_seconds()
    old += [path for path in (*newest[1:], *set_aside) if _made_at(path) < before]
    if len(newest) == settings.BACKUPS_KEPT:
        old += [path for path in set_aside if path.name.replace(_SET_ASIDE, "") < newest[-1].name]
    begun = Path(settings.BACKUP_DIR).glob(f".{_PREFIX}*.part")
    old += [path for path in begun if _made_at(path) < time() - _LONGEST_BACKUP.total_seconds()]  # killed half-way
    gone = list(dict.fromkeys(old))
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _made_at(path: Path) -> float:
    """When a copy was made (seconds since 1970); now, where another process has just deleted it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time()


def put_back(path: Path) -> Path:
    """Make the database what it was when `path` was made; the copy of how it is now. Raises BackupError.

    Who said /forget since, which processes live and what the admins were told stays as it is now: of these the copy
    tells what is no longer true.
    """
    check(path)
    forgotten, of_now = _rows(Forgotten), {model: _rows(model) for model in (Heartbeat, Alert)}
    before = make(_SET_ASIDE)
    if connection.vendor == "sqlite":
        _restore_sqlite(path)
    else:
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(path))
    _forget_again(forgotten)
    for model, rows in of_now.items():
        _replace(model, rows)
    with suppress(DatabaseError):
        cache.clear()
    return before


def _rows(model: type[Row]) -> list[Row]:
    """Return the rows of a table; none, where the database has no such table (yet)."""
    try:
        return list(QuerySet(model))
    except DatabaseError:
        return []


def _replace(model: type[Model], rows: list[Any]) -> None:
    if isinstance(model._meta.pk, AutoField):
        for row in rows:
            row.pk = None  # the copy's sequence goes on from where it was
    with suppress(DatabaseError):  # a copy of an older version
        QuerySet(model).delete()
        QuerySet(model).bulk_create(rows)


def _forget_again(forgotten: list[Forgotten]) -> None:
    """Forget again whoever said /forget after the copy was made."""
    with suppress(DatabaseError):  # a copy of an older version
        Forgotten.objects.bulk_create(forgotten, ignore_conflicts=True)
        forgetting.forget_again()


def check(path: Path) -> None:
    """Raises BackupError where the file is no copy that can be put back."""
    try:
        _require_file(path)
        if connection.vendor == "sqlite":
            _check_sqlite(path)
            return
        with path.open("rb") as dump:
            if dump.read(len(_DUMP_MARK)) != _DUMP_MARK:
                raise BackupError(f"{path} is no dump of PostgreSQL.")
    except OSError as error:
        raise BackupError(f"{path} can't be read: {error.strerror}") from None


def _require_file(path: Path) -> None:
    if not path.is_file():
        newest = next(iter(kept()), None)
        there = f"the newest copy is {newest}" if newest else f"there are no copies in {settings.BACKUP_DIR}"
        raise BackupError(f"There is no file {path}: {there}.")
    if not os.access(path, os.R_OK):
        raise BackupError(f"{path} can't be read by this user: as root, chown USER {path} (the service's user).")


def _copy_to(path: Path) -> None:
    if connection.vendor == "postgresql":
        require_programs()
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={path}")
        return
    with closing(sqlite3.connect(_database_file())) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    _check_sqlite(path)


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        raise BackupError(f"{path} is no database that can be read: {error}") from None
    if verdict != "ok":
        raise BackupError(f"{path} is damaged: {verdict}")
    if "notifications_notice" not in tables:
        raise BackupError(f"{path} is not a database of this service.")


def _restore_sqlite(path: Path) -> None:
    connection.close()
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(_database_file(), timeout=20)) as database:
        try:
            source.backup(database)
        except sqlite3.Error as error:
            raise BackupError(f"{path} can't be put back: {error}") from None


def _database_file() -> str:
    return str(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. The password is in its environment, which others can't see."""
    if shutil.which(program) is None:
        raise BackupError(f"{program} is not installed here: apt install postgresql-client")
    command = [program, f"--dbname={connection.settings_dict['NAME']}", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 (pg_dump, with arguments of our own)
            command,
            env={**os.environ, **_libpq(connection.settings_dict)},
            capture_output=True,
            text=True,
            timeout=_LONGEST_DUMP_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BackupError(f"{program} did not end within {_LONGEST_DUMP_SECONDS} s") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupError(f"{program} failed: {lines[0]}")


def _libpq(database: Mapping[str, Any]) -> dict[str, str]:
    """Return where the database is, in the variables that PostgreSQL's programs read."""
    options = database.get("OPTIONS", {})
    found = {
        "PGHOST": database["HOST"] or options.get("host", ""),
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGSSLMODE": options.get("sslmode", ""),
    }
    return {name: str(value) for name, value in found.items() if value}
