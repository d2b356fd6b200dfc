"""What keeps the service from working, and how to fix it (spec: system, Commands). Changes nothing.

A check returns what is fine, or raises CheckFailedError with what is wrong and how to fix it, or Skipped. An error that
no check foresees is a finding, too.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.clock import CLOCKS_DIFFER, seconds_ahead_of_database
from scraping.attachments.care import summary
from scraping.attachments.process import read_bytes
from scraping.attachments.text import State
from supersetbot.operations import health
from supersetbot.operations.failures import why_unreachable
from supersetbot.operations.permissions import open_to_others
from supersetbot.operations.room import write_to_data_dir

TIMEOUT_SECONDS = 15.0
LEAST_FREE_BYTES = 500_000_000
CLOCK_OFF_SECONDS = 60.0
_TOLD_BELOW = {"supersetbot.W002", "supersetbot.W003"}
_HINTS = {"security.W009": "Make a new SECRET_KEY: openssl rand -base64 48"}
_MAKE_ROOM = "Free some: `manage.py prune`, older files in BACKUP_DIR, other programs' logs; a quota may be used up."
_MOST_NAMED = 3
WATCHER_SILENT_SECONDS = 120
_OF_HTTPS = {"security.W004", "security.W012", "security.W016", "security.W021"}


class CheckFailedError(Exception):
    """Something is wrong; `fix` is what to do or to type."""

    def __init__(self, wrong: str, fix: str) -> None:
        super().__init__(wrong)
        self.fix = fix


class Skipped(Exception):  # noqa: N818 (a result, not an error)
    """Not set up, which may be meant so; `fix` is how to."""

    def __init__(self, why: str, fix: str = "") -> None:
        super().__init__(why)
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. `ok` is None where there was nothing to look at."""

    name: str
    ok: bool | None
    detail: str
    fix: str = ""


def examine() -> Iterator[Finding]:
    """Check after check. Where the database does not answer, or has no tables, what needs them is not looked at."""
    missing = ""
    for name, check in CHECKS.items():
        if missing:
            yield Finding(name, None, f"not looked at: first the {missing}")
            continue
        found = _finding(name, check)
        yield found
        if name in FIRST and not found.ok:
            missing = name


def _finding(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, ok=True, detail=check())
    except CheckFailedError as ailment:
        return Finding(name, ok=False, detail=str(ailment), fix=ailment.fix)
    except Skipped as skipped:
        return Finding(name, ok=None, detail=str(skipped), fix=skipped.fix)
    except Exception as error:  # the next check may still tell something
        text = " ".join(str(error).split())
        return Finding(name, ok=False, detail=f"{type(error).__name__}: {text}", fix="See docs/troubleshooting.md.")


# --- of this machine ----------------------------------------------------------


def _settings() -> str:
    found = [
        message
        for message in run_checks(include_deployment_checks=not settings.DEBUG)
        if message.level >= WARNING
        and not message.is_silenced()
        and message.id not in (_TOLD_BELOW if settings.HTTPS else _TOLD_BELOW | _OF_HTTPS)
    ]
    if found:
        wrong = "; ".join(f"{message.msg.partition('. ')[0]} ({message.id})" for message in found)
        hints = (_HINTS.get(str(message.id), message.hint) for message in found)
        raise CheckFailedError(wrong, " ".join(filter(None, hints)) or "Mend it in .env.")
    return "DEBUG is on: for development only" if settings.DEBUG else "every value can be used"


def _disk() -> str:
    usage = shutil.disk_usage(settings.DATA_DIR)
    free = f"{usage.free / 1e9:.1f} GB of {usage.total / 1e9:.0f} GB free in {settings.DATA_DIR}"
    if usage.free < LEAST_FREE_BYTES:
        raise CheckFailedError(free, _MAKE_ROOM)
    try:
        write_to_data_dir()
    except OSError as error:
        raise CheckFailedError(f"{settings.DATA_DIR} can't be written: {error.strerror}", _MAKE_ROOM) from None
    return free


def _private_files() -> str:
    """Names of students, chats and sessions lie in them."""
    found = open_to_others()
    if not found:
        return f"{settings.DATA_DIR} is for this user alone"
    first, mode = found[0], found[0].stat().st_mode & 0o777
    others = f", and {len(found) - 1} more" if len(found) > 1 else ""
    paths = " ".join(map(str, found[:_MOST_NAMED])) if len(found) <= _MOST_NAMED else f"-R {settings.DATA_DIR}"
    fix = f"chmod go= {paths} (as root, where they are somebody else's; each start does it, too)"
    raise CheckFailedError(f"other users may read {first} ({mode:04o}){others}", fix)


def _files() -> str:
    """Whether files can be stored, and read in a process of their own."""
    try:
        storages["attachments"].exists("00/doctor")
    except Exception as error:  # each storage has errors of its own
        wrong = f"the storage of attached files does not answer: {type(error).__name__}: {error}"
        raise CheckFailedError(wrong[:300], "See ATTACHMENTS_STORAGE in .env.example.") from None
    text = read_bytes(b"Roll No,Name\n22103001,Asha\n")
    if text.state is not State.READ:
        wrong = f"the process that reads attached files ends with {text.state!r}"
        raise CheckFailedError(wrong, "Run `manage.py explain FILE.xlsx`; memory or process limits may be too tight.")
    return summary()


def _logs() -> str:
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


def _static() -> str:
    if settings.DEBUG:
        raise Skipped("served from the source while DEBUG is on")
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        raise Skipped("not collected, which the web server needs", "manage.py collectstatic --no-input")
    return "collected"


def _database() -> str:
    started = monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        text = why_unreachable() or " ".join(str(error).split())
        raise CheckFailedError(
            text, "DATABASE_URL says where it is: is it there, and may this user go there?"
        ) from None
    file = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not os.access(file, os.W_OK):
        raise CheckFailedError(
            f"{file} can't be written", f"As root: chown -R USER {settings.DATA_DIR} (the service's user)."
        )
    return f"{connection.display_name} answers in {1000 * (monotonic() - started):.0f} ms"


# --- what needs the database --------------------------------------------------


def _clock() -> str:
    off = seconds_ahead_of_database()
    if abs(off) > CLOCKS_DIFFER.total_seconds():
        mend = "timedatectl set-ntp true, here and on the database's machine"
        raise CheckFailedError(f"this machine's clock is {off:+.0f} s off the database's", mend)
    return "agrees with the database's" if connection.vendor == "postgresql" else "SQLite has no other to compare with"


def _migrations() -> str:
    check = health.CHECKS["migrations"]()
    if not check.ok:
        raise CheckFailedError(check.detail, "manage.py migrate")
    return check.detail


def _broker() -> str:
    from django_q.brokers import get_broker

    kind = next(iter(settings.Q_BROKER))
    try:
        broker = get_broker()
        waiting, info = broker.queue_size(), broker.info()
    except Exception as error:  # each broker has errors of its own
        wrong = f"{kind} does not answer ({type(error).__name__})"
        raise CheckFailedError(wrong, "Is it up? Q_BROKER says where it is; `Q_BROKER=database` needs none.") from None
    return f"{info}, {waiting} tasks wait"


def _scheduler() -> str:
    check = health.CHECKS["cluster"]()
    if check.age is None:
        raise Skipped("never started", "manage.py daemon start scheduler")
    if not check.ok:
        raise CheckFailedError(f"the last heartbeat is {check.age:.0f} s old", "manage.py daemon restart scheduler")
    return f"last heartbeat {check.age:.0f} s ago"


def _bot() -> str:
    check = health.CHECKS["bot"]()
    if check.age is None:
        raise Skipped("never started", "manage.py daemon start bot")
    if not check.ok:
        raise CheckFailedError(check.detail, "manage.py daemon logs bot, then: manage.py daemon restart bot")
    return check.detail


def _token() -> str:
    if not settings.TELEGRAM_BOT_TOKEN:
        raise CheckFailedError("TELEGRAM_BOT_TOKEN is not set", "Ask @BotFather for one, and put it into .env.")
    answer = _ask_telegram("getMe")
    return f"@{answer['username']}" if isinstance(answer, dict) and "username" in answer else "accepted"


def _channel() -> str:
    if not settings.TELEGRAM_CHAT_ID:
        raise Skipped("TELEGRAM_CHAT_ID is not set")
    chat = _ask_telegram("getChat", chat_id=settings.TELEGRAM_CHAT_ID)
    return str(chat.get("title", settings.TELEGRAM_CHAT_ID)) if isinstance(chat, dict) else "there"


def _admins() -> str:
    from accounts.telegram.admins import admin_ids

    count = len(admin_ids())
    if not count:
        fix = "Put your Telegram id into ADMIN_TELEGRAM_USER_IDS (@userinfobot tells it), and send the bot /start."
        raise Skipped("nobody may give the bot orders, and nobody is told of trouble", fix)
    return f"{count} of them"


def _ask_telegram(method: str, **parameters: object) -> object:
    """What the Bot API answers. Its address, which holds the token, is in no error."""
    import httpx

    url = f"{settings.TELEGRAM_API_URL}/bot{settings.TELEGRAM_BOT_TOKEN}/{method}"
    try:
        response = httpx.post(url, json=parameters, timeout=TIMEOUT_SECONDS)
    except httpx.HTTPError as error:
        wrong = f"{settings.TELEGRAM_API_URL} can't be reached ({type(error).__name__})"
        raise CheckFailedError(wrong, "Does this machine reach the internet? A proxy is set by HTTPS_PROXY.") from None
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        wrong = f"something on the way to {settings.TELEGRAM_API_URL} answers in its place: HTTP {response.status_code}"
        raise CheckFailedError(wrong, "A proxy or a firewall: let this machine reach it, or set TELEGRAM_API_URL.")
    if answer.get("error_code") in (401, 404):
        raise CheckFailedError(
            "Telegram does not accept TELEGRAM_BOT_TOKEN", "Copy it anew from @BotFather (/mybots → API Token)."
        )
    if not answer["ok"]:
        why = answer.get("description")
        fix = "Is TELEGRAM_CHAT_ID right, and the bot an admin of that channel or a member of that group?"
        raise CheckFailedError(
            f"{method}: {why or response.status_code}", fix if parameters else "Try again in a minute."
        )
    _compare_clocks(response.headers.get("Date", ""))
    return answer["result"]


def _compare_clocks(date: str) -> None:
    try:
        off = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return
    if abs(off) > CLOCK_OFF_SECONDS:
        raise CheckFailedError(f"this machine's clock is {off:+.0f} s off", "timedatectl set-ntp true")


def _portal() -> str:
    from scraping.sources.base import SourceError
    from scraping.sources.portal.client import LoginRefusedError, PortalClient
    from scraping.sources.portal.sessions import DatabaseSessions
    from scraping.sources.registry import portal_config

    config = portal_config()
    if config is None:
        raise CheckFailedError("no account", "Set SUPERSET_CREDENTIALS; .env.example shows how.")
    sessions = DatabaseSessions(config.accounts)

    async def log_in() -> None:
        async with config.open() as http:
            for account in config.accounts:
                await sessions.load(account.email)  # raises where this password was refused before
                await PortalClient(http, config, account, sessions).log_in()

    try:
        async_to_sync(log_in)()
    except LoginRefusedError as error:
        raise CheckFailedError(
            str(error), "Log in with it in a browser; set the right password in SUPERSET_CREDENTIALS."
        ) from None
    except SourceError as error:
        raise CheckFailedError(
            str(error), "Is the portal up in a browser? SUPERSET_BASE_URL says where it is."
        ) from None
    return f"{len(config.accounts)} accounts can log in"


def _mailbox() -> str:
    from scraping.sources.mailbox.client import MailboxClient
    from scraping.sources.mailbox.errors import MailboxError, MailboxLoginRefusedError
    from scraping.sources.registry import mailbox_config

    config = mailbox_config()
    if config is None:
        raise Skipped("PLACEMENT_EMAIL and its app password are not set")
    try:
        with MailboxClient(config) as mailbox:
            unread = len(mailbox.unread())
    except MailboxLoginRefusedError as error:
        raise CheckFailedError(
            str(error), "Make an app password (Google account → Security → App passwords)."
        ) from None
    except MailboxError as error:
        raise CheckFailedError(
            str(error), "IMAP_HOST, IMAP_PORT, IMAP_SECURITY and IMAP_FOLDER say where it is."
        ) from None
    return f"{config.folder} has {unread} unread mails"


def _watch() -> str:
    from scraping.watch.state import current

    row = current()
    if not settings.PEEK and not settings.WATCH_MAILBOX:
        raise Skipped("PEEK and WATCH_MAILBOX are off: the sources are read in their slots")
    if row is None or row.beat_at is None:
        raise Skipped("nothing was watched yet: the scheduler watches")
    silent = (timezone.now() - row.beat_at).total_seconds()
    if silent > WATCHER_SILENT_SECONDS:
        raise CheckFailedError(
            f"the watcher has been silent for {silent / 60:.0f} min", "manage.py daemon restart scheduler"
        )
    for source, standing in row.sources.items():
        if standing["state"] not in ("ok", "idle", "poll"):
            fix = (
                "PEEK=off leaves the portal alone between the slots." if source == "superset" else "See mailbox above."
            )
            raise CheckFailedError(f"{source}: {standing['state']}: {standing['text']}", fix)
    spent = max(row.requests.values(), default=0)
    return f"{', '.join(row.sources) or 'nothing'} watched, {spent} of {settings.PEEK_DAILY_REQUESTS} requests today"


def _vapid() -> str:
    from notifications.channels.webpush.vapid import Vapid

    if not settings.VAPID_PRIVATE_KEY:
        raise Skipped("VAPID_PRIVATE_KEY is not set: no Web Push")
    try:
        Vapid(settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY, settings.VAPID_EMAIL)
    except ValueError as error:
        fix = "manage.py vapid_keys makes a pair; browsers must subscribe anew after a change."
        if "VAPID_EMAIL" in str(error):
            fix = "Set VAPID_EMAIL to the bare address of somebody whom push services may write to."
        raise CheckFailedError(str(error), fix) from None
    return "the keys belong together, the contact is an address"


CHECKS: dict[str, Callable[[], str]] = {
    "settings": _settings,
    "disk": _disk,
    "log folder": _logs,
    "private files": _private_files,
    "static files": _static,
    "bot token": _token,
    "channel": _channel,
    "mailbox": _mailbox,
    "watcher": _watch,
    "VAPID": _vapid,
    "database": _database,
    "migrations": _migrations,
    "clock": _clock,
    "broker": _broker,
    "scheduler": _scheduler,
    "attached files": _files,
    "bot": _bot,
    "admins": _admins,
    "portal login": _portal,
}
FIRST = ("database", "migrations")  # what comes after them needs both
