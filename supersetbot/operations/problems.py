"""What is wrong now, in words for whoever runs the service: what, since when, what it means, what to do."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import Subscription
from accounts.subscribing import email_codes, topics
from accounts.web import login
from notifications.models import ChannelState, Notice, Service
from notifications.telegram_bot import bot_status
from scraping.cycle.reasons import reasons
from scraping.models import UpdateRun
from scraping.sources.names import in_words
from scraping.sources.registry import SOURCES
from scraping.watch.state import current
from supersetbot.operations import health
from supersetbot.operations.daemons import how_to_start
from supersetbot.operations.room import LEAST_FREE_BYTES, MAKE_ROOM, free_bytes
from supersetbot.spelled import clock, spell

STORM = (
    "The fault is probably ours: the token of another bot, a changed VAPID pair, a wrong clock. Nobody is switched "
    "off, and what waits goes out once it is mended. docs/troubleshooting.md says what to look at."
)
MUTE = (
    "All topics that notices could go to are closed in {count} of them. What waits goes out when an admin of the group "
    "reopens one, or sends /start in an open one. The admin's page of subscriptions has a filter for them."
)
TIMES_RUNNING = 3
SIGN_IN_ANEW = "If it is the right one: /admin/, “Portal accounts”, its box, the action “Sign in anew”."
NOT_MAILED = (
    "Students who send their address are told to try again in a few minutes. ./manage doctor says what is wrong "
    "(its line “mail server”)."
)
UNREACHABLE_LONG = timedelta(minutes=15)
OFFLINE_LONG = timedelta(seconds=30)
ENDED_LONG = timedelta(minutes=2)  # a restart is no news
NOTICE_LATE = timedelta(minutes=15)
BEFORE = timedelta(hours=1)  # what was published since the last good look; older notices were late without it
_RUNS_LOOKED_AT = 50
_ENDED = (UpdateRun.State.OK, UpdateRun.State.PARTLY, UpdateRun.State.FAILED)
_REFUSAL = re.compile(r"(?:(?P<who>\S+@\S+): )?login_refused: (?:\S+@\S+: )?(?P<said>.+?)\.?", re.DOTALL)
_PASSWORDS = {"superset": "SUPERSET_CREDENTIALS", "email": "PLACEMENT_APP_PASSWORD"}
_UNANSWERED = ("http_5", "connection", "timeout", "unreachable", "stalled")
# What is said when a problem is over, by the part of its key before the colon; {name} is the part behind it.
_OVER = {
    "source": "{name} answers again",
    "login": "{name} takes the login again",
    "locked": "Nobody is locked out of the admin any more",
    "watch": "{name} is watched between the slots again",
    "bot": "The bot answers again",
    "scheduler": "The scheduler is at work again",
    "topics": "Every forum group takes messages again",
    "channel": "Messages go out by {name} again",
    "storm": "{name} takes most addresses again",
    "deliveries": "What was waiting has gone out",
    "backups": "The database is copied again",
    "disk": "There is room on the disk again",
    "database": "The database can be used again",
    "codes": "Codes are mailed again",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong. Its key stays the same while it lasts, its title is a sentence without its full stop."""

    key: str
    title: str
    detail: str


def problems() -> Iterator[Problem]:
    """Return what is wrong now."""
    yield from _processes()
    yield from _room()
    for source in SOURCES:
        yield from _with(source)
    yield from _watched()
    if names := sorted(map(login.who, login.locked())):
        yield Problem("locked", "Somebody is locked out of the admin", f"Too many attempts by: {', '.join(names)}.")
    if count := topics.mute_chats().count():
        yield Problem("topics", "A forum group takes no messages", MUTE.format(count=count))
    if settings.MEMBER_EMAIL_DOMAINS and (count := email_codes.not_mailed()) >= TIMES_RUNNING:
        yield Problem("codes", f"The last {count} codes for /join could not be mailed", NOT_MAILED)
    stuck = [*_channels(), *_storms()]
    yield from stuck
    waiting = health.CHECKS["deliveries"]()
    if not (waiting.ok or stuck):
        yield Problem("deliveries", f"Messages have waited for {spell(waiting.age or 0)}", f"{waiting.detail}.")


def over(key: str, since: datetime) -> str:
    """Return what says that a problem is over which began then; "" for a key that is no longer in use."""
    kind, _, name = key.partition(":")
    said = _OVER.get(kind, "")
    if not said or ("{name}" in said and not name):
        return ""
    channels: dict[str, str] = dict(Subscription.Channel.choices)
    said = said.format(name=channels.get(name) or _subject(name))
    return f"{said}{_late_notices(name, since)}" if kind == "source" else said


def _subject(source: str) -> str:
    """Return what a sentence about a source, or about something else that has a name, begins with."""
    return str(capfirst(in_words(source)))


def _late_notices(source: str, since: datetime) -> str:
    """Return how many notices of a source came late by its failing, and how late at most."""
    found = Notice.objects.filter(external_key__startswith=f"{source}:", first_seen_at__gte=since, follows=None)
    times = found.filter(published_at__gte=since - BEFORE).values_list("first_seen_at", "published_at")
    late = [seen - published for seen, published in times if seen - published > NOTICE_LATE]
    if not late:
        return ""
    were = "1 notice was" if len(late) == 1 else f"{len(late)} notices were"
    return f"; {were} late by up to {spell(max(late).total_seconds())}"


def _processes() -> Iterator[Problem]:
    scheduler, bot = health.CHECKS["cluster"](), bot_status.read()
    if not scheduler.ok and scheduler.age is not None and scheduler.age > ENDED_LONG.total_seconds():
        detail = f"Nothing is read or sent until it is back. {how_to_start('scheduler')}"
        yield Problem("scheduler", f"The scheduler does not work: {scheduler.detail}", detail)
    if bot and bot.alive and bot.state == bot_status.State.CONFLICT:
        yield Problem("bot", "The bot is not alone", bot.text)
    elif bot and not bot.alive and timezone.now() - bot.seen_at > ENDED_LONG:
        detail = f"Notices are sent; what students ask is answered when it is back. {how_to_start('bot')}"
        yield Problem("bot", f"The bot does not work: {health.CHECKS['bot']().detail}", detail)


def not_over() -> Iterator[str]:
    """Return the keys of what is down, though perhaps not for long enough to be told: nobody calls it well again."""
    if not health.CHECKS["cluster"]().ok:
        yield "scheduler"
    bot = bot_status.read()
    if bot and not bot.alive:
        yield "bot"


def _room() -> Iterator[Problem]:
    disk, backups = health.disk(), health.CHECKS["backups"]()
    if not disk.ok:
        yield Problem("disk", disk.detail, MAKE_ROOM)
    elif free_bytes() < LEAST_FREE_BYTES:
        yield Problem("disk", f"The disk is nearly full: {free_bytes() / 1e9:.1f} GB are free", MAKE_ROOM)
    if not backups.ok:
        yield Problem("backups", "The database is not copied", f"{backups.detail}. ./manage backup tries again.")


def _channels() -> Iterator[Problem]:
    """Channels that nothing goes out by. That Telegram is out of reach is one problem, whoever finds out first."""
    for state in ChannelState.objects.all():
        if state.trouble:
            yield Problem(f"channel:{state.channel}", f"Nothing is sent by {state}", state.trouble)
    bot = bot_status.read()
    if bot and bot.alive and bot.state == bot_status.State.OFFLINE and bot.since < timezone.now() - OFFLINE_LONG:
        yield Problem(f"channel:{Subscription.Channel.TELEGRAM}", "The bot does not reach Telegram", bot.text)


def _storms() -> Iterator[Problem]:
    """One problem a channel, however many push services strangers bring."""
    held: dict[str, list[Service]] = {}
    for service in Service.objects.exclude(held_since=None).order_by("held_since"):
        held.setdefault(service.get_channel_display(), []).append(service)
    for channel, services in held.items():
        said = "; ".join(service.held_reason for service in services[:3])
        yield Problem(f"storm:{services[0].channel}", f"{channel}: most addresses are refused", f"{said}. {STORM}")


def _with(source: str) -> Iterator[Problem]:
    """A refused login is told at once: each further attempt may lock the account. Other failures may pass."""
    runs = _last_runs(source)
    errors = list(map(str, runs[0][1].get("errors", ()))) if runs else []
    if refused := [error for error in errors if "login_refused" in error]:
        yield _refused(source, reasons(refused)[0])
        return
    good = (number for number, (_, report) in enumerate(runs) if not report.get("failed_whole"))
    failed = runs[: next(good, len(runs))]
    if len(failed) >= TIMES_RUNNING:
        yield _failing(source, failed[-1][0], (reasons(errors) or [""])[0], tries=len(failed))


def _watched() -> Iterator[Problem]:
    """Return what the watcher met. It has the keys of the cycles' own findings: one cause is told once."""
    row = current()
    for source, standing in (row.sources if row else {}).items():
        text, since = standing["text"], datetime.fromisoformat(standing["since"])
        if standing["state"] == "refused" or "login_refused" in text:
            yield _refused(source, text)
        elif standing["state"] == "off":
            yield Problem(f"watch:{source}", f"{_subject(source)} is only read in the slots", text)
        elif standing["state"] in ("slow", "unreachable") and timezone.now() - since > UNREACHABLE_LONG:
            yield _failing(source, since, text)


def _refused(source: str, said: str) -> Problem:
    return Problem(f"login:{source}", f"{_subject(source)} refuses a login", _how_to_log_in(source, said))


def _how_to_log_in(source: str, said: str) -> str:
    """Return whom a source does not let in, and what to do, in sentences; what it said where that is something else."""
    found = _REFUSAL.fullmatch(said)
    if not found:
        return said
    who = f"It does not let {found['who']} in" if found["who"] else "It does not let us in"
    setting = _PASSWORDS.get(source, ".env")
    do = f"Log in with a browser, put the right password into {setting}, and restart the service."
    again = f" {SIGN_IN_ANEW}" if source == "superset" else ""
    return f"{who}: {found['said']}. {do} A refused password is tried three times at most.{again}"


def _failing(source: str, since: datetime, said: str, *, tries: int = 0) -> Problem:
    answers = any(code in said for code in _UNANSWERED) or not tries
    failing = "has not answered" if answers else "could not be read"
    times = f" ({tries} tries)" if tries else ""
    detail = " ".join(filter(None, ("Notices may be late.", _plainly(said))))
    return Problem(f"source:{source}", f"{_subject(source)} {failing} since {clock(since)}{times}", detail)


def _plainly(said: str) -> str:
    """Return what a source said, in a sentence: a status in words; its request stands in the log."""
    if found := re.search(r"\banswered (\d{3})\b", said):
        with suppress(ValueError):
            return f"Its server says {found[1]} ({HTTPStatus(int(found[1])).phrase})."
    return f"It said: {said}" if said else ""


def _last_runs(source: str) -> list[tuple[datetime, Mapping[str, Any]]]:
    """Return when the last runs began that read the source, and their reports; the newest first."""
    runs = UpdateRun.objects.filter(state__in=_ENDED).values_list("started_at", "sources")[:_RUNS_LOOKED_AT]
    return [(began, sources[source]) for began, sources in runs if source in sources]
