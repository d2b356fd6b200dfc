"""This machine and its settings: files, rights, room, what is attached."""

import shutil
from pathlib import Path
from tempfile import TemporaryFile

import httpx
from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.files.storage import storages

from scraping.attachments.care import summary
from scraping.attachments.process import read_bytes
from scraping.attachments.text import State
from supersetbot.operations import backups, daemons, health
from supersetbot.operations.doctor.results import TIMEOUT_SECONDS, CheckFailedError, Skipped
from supersetbot.operations.permissions import open_to_others
from supersetbot.operations.room import LEAST_FREE_BYTES, MAKE_ROOM, write_to_data_dir
from supersetbot.spelled import spell

_TOLD_BELOW = {"supersetbot.W002", "supersetbot.W003"}
_HINTS = {"security.W009": "Make a new SECRET_KEY: openssl rand -base64 48"}
_MOST_NAMED = 3
_ALL_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (nothing listens there: it is asked)
_OF_HTTPS = {"security.W004", "security.W011", "security.W016", "security.W021"}


def check_settings() -> str:
    """Raises an ExceptionGroup of CheckFailedError, one a setting."""
    unwanted = _TOLD_BELOW if settings.HTTPS else _TOLD_BELOW | _OF_HTTPS
    found = [
        CheckFailedError(
            f"{message.msg.partition('. ')[0].removesuffix('.')} ({message.id})",
            _HINTS.get(str(message.id)) or message.hint or "Fix it in .env.",
        )
        for message in run_checks(include_deployment_checks=not settings.DEBUG)
        if message.level >= WARNING and not message.is_silenced() and message.id not in unwanted
    ]
    if found:
        raise ExceptionGroup("settings", found)
    return "DEBUG is on: for development only" if settings.DEBUG else "every value can be used"


def check_disk() -> str:
    usage = shutil.disk_usage(settings.DATA_DIR)
    free = f"{_size(usage.free)} of {_size(usage.total)} free in {settings.DATA_DIR}"
    if usage.free < LEAST_FREE_BYTES:
        raise CheckFailedError(free, MAKE_ROOM)
    try:
        write_to_data_dir()
    except OSError as error:
        raise CheckFailedError(f"{settings.DATA_DIR} can't be written: {error.strerror}", MAKE_ROOM) from None
    return free


def _size(count: int) -> str:
    """`49 GB`, `1.5 GB`, `300 MB`, of a number of bytes."""
    if count < 1e9:
        return f"{count / 1e6:.0f} MB"
    return f"{count / 1e9:.1f} GB" if count < 1e10 else f"{count / 1e9:.0f} GB"


def check_backups() -> str:
    """Check that copies are made, how old the newest is, and that PostgreSQL's programs fit its server."""
    try:
        backups.require_programs()
        backups.require_folder()
    except backups.BackupError as error:
        wrong, _, fix = str(error).partition(": ")
        raise CheckFailedError(wrong, fix) from None
    check = health.CHECKS["backups"]()
    if not check.ok:
        raise CheckFailedError(check.detail, "./manage backup makes one now, or says why not.")
    return check.detail if check.age is None else f"{check.detail} {spell(check.age)} ago"


def check_private_files() -> str:
    """Check that files with names, chats and sessions are closed to other users."""
    found, settings_file = open_to_others(), settings.ENV_FILE
    if settings_file.is_file() and (mode := settings_file.stat().st_mode & 0o777) & 0o007:
        wrong = f"other users may read the settings in {settings_file} ({mode:04o})"
        raise CheckFailedError(wrong, f"chmod o= {settings_file} (as root, where it is somebody else's)")
    if not found:
        return f"{settings.DATA_DIR} is for this user alone"
    first, mode = found[0], found[0].stat().st_mode & 0o777
    others = f", and {len(found) - 1} more" if len(found) > 1 else ""
    paths = " ".join(map(str, found[:_MOST_NAMED])) if len(found) <= _MOST_NAMED else f"-R {settings.DATA_DIR}"
    fix = f"chmod go= {paths} (as root, where they are somebody else's; each start does it, too)"
    raise CheckFailedError(f"other users may read {first} ({mode:04o}){others}", fix)


def check_web() -> str:
    """Whether our web server answers on this machine, and not another program; it may run on another machine."""
    host = _ALL_ADDRESSES.get(settings.WEBHOOK_HOST, settings.WEBHOOK_HOST)
    address = f"{f'[{host}]' if ':' in host else host}:{settings.WEBHOOK_PORT}"
    try:
        answer = httpx.get(f"http://{address}/health", timeout=TIMEOUT_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        raise _no_answer(address, taken=not isinstance(error, httpx.ConnectError)) from None
    found = answer.headers.get(health.INSTALLATION_HEADER)
    if found is None:
        raise CheckFailedError(f"another program answers at {address}", _port_is_taken())
    if found != health.installation():
        wrong = f"a SuperSet Bot with another DATA_DIR answers at {address}, not this one"
        raise CheckFailedError(wrong, _port_is_taken())
    return f"answers at {address}"


def _no_answer(address: str, *, taken: bool) -> Exception:
    """Return what is wrong where nothing speaks HTTP; with `taken` some program has the port all the same."""
    if process := daemons.running("web"):
        wrong = f"its process (PID {process.pid}) runs, and nothing answers at {address}"
        return CheckFailedError(wrong, "./manage daemon restart web")
    if taken:
        return CheckFailedError(f"another program holds {address}, and does not answer", _port_is_taken())
    return Skipped(f"nothing answers at {address}", "./manage daemon start web")


def _port_is_taken() -> str:
    port = settings.WEBHOOK_PORT
    return (
        f"As root, `ss -ltnp 'sport = :{port}'` names it: end it, or set WEBHOOK_PORT to a port that is free. "
        "Straight after an upgrade: ./manage daemon restart web."
    )


def check_files() -> str:
    """Whether files can be stored, and read in a process of their own."""
    try:
        storages["attachments"].exists("00/doctor")
    except Exception as error:  # each storage has errors of its own
        wrong = f"the storage of attached files does not answer: {type(error).__name__}: {error}"
        raise CheckFailedError(wrong[:300], "See ATTACHMENTS_STORAGE in .env.example.") from None
    text = read_bytes(b"Roll No,Name\n22103001,Asha\n")
    if text.state is not State.READ:
        wrong = f"the process that reads attached files ends with {text.state!r}"
        raise CheckFailedError(wrong, "Run `./manage explain FILE.xlsx`; memory or process limits may be too tight.")
    return summary()


def check_logs() -> str:
    for path in settings.LOG_FILES.values():
        there = path
        try:
            there = next(place for place in (path, *path.parents) if place.exists())
            if there == path:
                path.open("a").close()
            else:
                TemporaryFile(dir=there).close()
        except OSError as error:
            fix = f"As root: chown -R USER {there} (the user the service runs as)."
            raise CheckFailedError(f"{path} can't be written: {error.strerror}", fix) from None
    return f"{settings.LOG_FILES['bot'].parent} can be written"


def check_static() -> str:
    if settings.DEBUG:
        raise Skipped("served from the source while DEBUG is on")
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        raise Skipped("not collected, which the web server needs", "./manage collectstatic --no-input")
    return "collected"
