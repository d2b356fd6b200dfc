"""Every check, in the order in which they are told. Changes nothing."""

from collections.abc import Callable, Iterator

from supersetbot.operations.doctor import database, machine, mail_server, reviews, sources, staff, telegram, webpush
from supersetbot.operations.doctor.results import CheckFailedError, Finding, Skipped

CHECKS: dict[str, Callable[[], str]] = {
    "settings": machine.check_settings,
    "disk": machine.check_disk,
    "log folder": machine.check_logs,
    "private files": machine.check_private_files,
    "static files": machine.check_static,
    "bot token": telegram.check_token,
    "channel": telegram.check_channel,
    "mailbox": sources.check_mailbox,
    "mail server": mail_server.check_mail_server,
    "VAPID": webpush.check_vapid,
    "push hosts": webpush.check_push_hosts,
    "database": database.check_database,
    "migrations": database.check_migrations,
    "clock": database.check_clock,
    "broker": database.check_broker,
    "scheduler": database.check_scheduler,
    "watcher": sources.check_watch,
    "cycle": database.check_cycle,
    "backups": machine.check_backups,
    "attached files": machine.check_files,
    "bot": telegram.check_bot,
    "web": machine.check_web,
    "admins": telegram.check_admins,
    "members": telegram.check_members,
    "reviews": reviews.check_reviews,
    "profiles": database.check_profiles,
    "staff": staff.check_staff,
    "portal login": sources.check_portal,
}
FIRST = ("database", "migrations")  # what comes after them needs both


def examine() -> Iterator[Finding]:
    """Check after check. Where the database does not answer, or has no tables, what needs them is not looked at."""
    missing = ""
    for name, check in CHECKS.items():
        if missing:
            yield Finding(name, None, f"not looked at: first the {missing}")
            continue
        found = findings(name, check)
        yield from found
        if name in FIRST and not found[0].ok:
            missing = name


def findings(name: str, check: Callable[[], str]) -> list[Finding]:
    """Run one check. It finds one thing, or several that are wrong, each raised in an ExceptionGroup."""
    try:
        return [Finding(name, ok=True, detail=check())]
    except ExceptionGroup as several:
        return [_failed(name, error) for error in several.exceptions]
    except Exception as error:  # the next check may still tell something
        return [_failed(name, error)]


def _failed(name: str, error: Exception) -> Finding:
    match error:
        case CheckFailedError():
            return Finding(name, ok=False, detail=str(error), fix=error.fix)
        case Skipped():
            return Finding(name, ok=None, detail=str(error), fix=error.fix)
        case _:
            text = " ".join(str(error).split())
            return Finding(name, ok=False, detail=f"{type(error).__name__}: {text}", fix="See docs/troubleshooting.md.")
