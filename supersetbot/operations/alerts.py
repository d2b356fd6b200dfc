"""Admins are told when something needs them, and when it is well again: once each.

What the scheduler tells goes through the ledger like any other message: it is retried, and what says that Telegram
refuses the token arrives when it no longer does. While the scheduler is dead, the bot tells by itself (`Deputy`).
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timesince import timesince

from accounts.models import Subscription
from accounts.telegram.admins import admin_ids
from notifications.channels.registry import configured
from notifications.publishing import broadcasts
from notifications.rendering.emoji import OTHER
from notifications.tasks import wake
from scraping.corrections.waiting import waiting, where
from supersetbot.models import Alert
from supersetbot.operations import health, problems
from supersetbot.operations.problems import Problem
from supersetbot.operations.room import MAKE_ROOM, write_to_database

log = logging.getLogger(__name__)
Tell = Callable[[str], None]
REVIEW = "review"
REVIEW_AGAIN = timedelta(days=1)  # told anew of what nobody looked at, where nothing new came


def look() -> int:
    """Compare what is wrong with what was told; tell what is new, and what is over. Counts what was told."""
    told = _compare(_queue, at_work="scheduler") + _remind_of_reviews(_queue)
    for channel in configured() if told else ():
        wake(channel)
    return told


class Deputy:
    """What the bot looks at beside its work: it tells the admins while the scheduler can't.

    Where the database can't be written, what was told is known to this process alone.
    """

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._admins: list[int] = []

    def look(self) -> list[tuple[int, str]]:
        """Return what is to be said now, and to whom; nothing while the scheduler is at work, or never was."""
        try:
            said = self._over() or _in_the_schedulers_place()
        except DatabaseError:
            said = self._begun()
        return [(chat, _as_message(text)) for text in said for chat in self._chats()] if said else []

    def _begun(self) -> list[str]:
        """Return what is wrong where no alert can be stored, unless it was told."""
        problem = _unwritten()
        new = problem.key not in self._told
        self._told.add(problem.key)
        return [_words(problem)] if new else []

    def _over(self) -> list[str]:
        """Return the ends of what this process told. Raises DatabaseError while the database can't be written.

        What else is wrong is looked at a minute later: by then the scheduler is at work again, too.
        """
        if not self._told:
            return []
        write_to_database()
        over = {key for key in self._told if key != "disk" or health.disk().ok}
        self._told -= over
        return [f"{problems.over(key, timezone.now())}." for key in sorted(over)]

    def _chats(self) -> list[int]:
        with suppress(DatabaseError):
            self._admins = [int(chat.address) for chat in _chats()]
        return self._admins or list(settings.ADMIN_TELEGRAM_USER_IDS)


def _in_the_schedulers_place() -> list[str]:
    scheduler = health.CHECKS["cluster"]()
    said: list[str] = []
    if not scheduler.ok and scheduler.age is not None:
        _compare(said.append)
    return said


def _as_message(text: str) -> str:
    """Return what is sent past the ledger as it would have come through it."""
    title, _, detail = text.partition("\n")
    return "\n\n".join(filter(None, (f"{OTHER} {title}", detail)))


def _unwritten() -> Problem:
    disk = health.disk()
    if not disk.ok:
        return Problem("disk", disk.detail, f"Nothing can be stored. {MAKE_ROOM}")
    detail = "Nothing is read or sent until it can be. ./manage doctor says what is wrong with it."
    return Problem("database", "The database can't be used", detail)


def _compare(tell: Tell, at_work: str = "") -> int:
    """Compare; the process that looks is `at_work`, though what it says of itself may be old after a full disk."""
    wrong = [problem for problem in problems.problems() if problem.key != at_work]
    told = sum(_begin(problem, tell) for problem in wrong)
    lasting = {REVIEW, *(problem.key for problem in wrong), *problems.not_over()} - {at_work}
    over = Alert.objects.exclude(key__in=lasting)
    return told + sum(_end(alert, tell) for alert in over)


@transaction.atomic
def _begin(problem: Problem, tell: Tell) -> bool:
    said = {"title": problem.title[:120], "detail": problem.detail[:500]}
    _, new = Alert.objects.get_or_create(key=problem.key, defaults=said)
    if new:
        log.error("%s: %s", problem.title, problem.detail)
        tell(_words(problem))
    return new


@transaction.atomic
def _end(alert: Alert, tell: Tell) -> bool:
    ended, _ = Alert.objects.filter(pk=alert.pk).delete()
    if ended:
        text = f"{problems.over(alert.key, alert.since) or f'That is over: {alert.title}'}."
        log.warning("%s", text)
        tell(text)
    return bool(ended)


@transaction.atomic
def _remind_of_reviews(tell: Tell) -> bool:
    """Tell that readings are held back until somebody looks: what is new, at most each REVIEW_ALERT_MINUTES."""
    found, now = waiting(), timezone.now()
    at_rest = timedelta(minutes=settings.REVIEW_ALERT_MINUTES)
    if not (found.held_first and found.held_last):
        Alert.objects.filter(key=REVIEW, since__lte=now - at_rest).delete()
        return False
    title = f"{found.held} held back until somebody looks"
    detail = f"The oldest has waited for {timesince(found.held_first, now, depth=1)}: {where()}"
    alert, new = Alert.objects.get_or_create(key=REVIEW, defaults={"title": title, "detail": detail, "since": now})
    due = alert.since <= now - (at_rest if found.held_last > alert.since else max(REVIEW_AGAIN, at_rest))
    mine = Alert.objects.filter(pk=alert.pk, since=alert.since)
    if not new and not (due and mine.update(title=title, detail=detail, since=now)):
        return False
    tell(f"{title}\n{detail}")
    return True


def _words(problem: Problem) -> str:
    return f"{problem.title}\n{problem.detail}" if problem.detail else problem.title


def _queue(text: str) -> None:
    for chat in _chats():
        broadcasts.tell([chat], text)


def _chats() -> QuerySet[Subscription]:
    """Return the chats of admins who have started the bot: a bot can't write to others."""
    addresses = [str(number) for number in admin_ids()]
    return Subscription.objects.filter(
        channel=Subscription.Channel.TELEGRAM, address__in=addresses, state=Subscription.State.ACTIVE
    )
