"""Which processes work, whatever started them: `daemon`, systemd, `together`, or another machine."""

from contextlib import suppress

from django.db import DatabaseError
from django.utils import timezone

from notifications.telegram_bot import bot_status
from supersetbot import heartbeats
from supersetbot.operations import daemons
from supersetbot.operations.doctor.machine import check_web
from supersetbot.operations.doctor.results import CheckFailedError, Skipped


def at_work() -> list[str]:
    """Return the names of the processes that use the database now. Raises DaemonError."""
    return [name for name in daemons.SERVICES if daemons.running(name) or lives(name)]


def lives(name: str) -> bool:
    """Whether a process shows that it lives. Where the database can't say so, it does not."""
    with suppress(DatabaseError, CheckFailedError, Skipped):
        return _SIGNS[name]()
    return False


def _scheduler_beats() -> bool:
    row = heartbeats.scheduler()
    return bool(row and not heartbeats.ended(row) and timezone.now() - row.at < heartbeats.LATE)


def _bot_beats() -> bool:
    bot = bot_status.read()
    return bool(bot and bot.alive)


def _web_answers() -> bool:
    return bool(check_web())


_SIGNS = {"scheduler": _scheduler_beats, "bot": _bot_beats, "web": _web_answers}
