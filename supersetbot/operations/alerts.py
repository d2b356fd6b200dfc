"""Admins are told when something needs them, and when it is well again: once each.

What is told goes through the ledger like any other message: it is retried, and what says that Telegram refuses the
token arrives when it no longer does.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.timesince import timesince

from accounts.models import Subscription
from accounts.subscribing import topics
from accounts.telegram.admins import admin_ids
from accounts.web import login
from notifications.channels.registry import configured
from notifications.models import ChannelState, Service
from notifications.publishing import broadcasts
from notifications.tasks import wake
from notifications.telegram_bot import bot_status
from scraping.corrections.waiting import waiting, where
from scraping.models import UpdateRun
from scraping.sources.registry import SOURCES
from scraping.watch.state import current
from supersetbot.models import Alert
from supersetbot.operations import health

log = logging.getLogger(__name__)

STORM = (
    "The fault is probably ours: the token of another bot, a changed VAPID pair, a wrong clock. Nobody is switched "
    "off, and what waits goes out once it is mended. docs/troubleshooting.md says what to look at."
)
MUTE = (
    "All topics that notices could go to are closed in {count} of them. What waits goes out when an admin of the group "
    "reopens one, or sends /start in an open one. The admin's page of subscriptions has a filter for them."
)
REVIEW = "review"
REVIEW_AGAIN = timedelta(days=1)  # told anew of what nobody looked at, where nothing new came
TIMES_RUNNING = 3
UNREACHABLE_LONG = timedelta(minutes=15)
OFFLINE_LONG = timedelta(seconds=30)
_RUNS_LOOKED_AT = 50
_ENDED = (UpdateRun.State.OK, UpdateRun.State.PARTLY, UpdateRun.State.FAILED)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong; its key stays the same while it lasts."""

    key: str
    title: str
    detail: str


def look() -> int:
    """Compare what is wrong with what was told; tell what is new, and what is over. Counts what was told."""
    wrong = list(problems())
    told = sum(map(_begin, wrong))
    told += sum(map(_end, Alert.objects.exclude(key__in=[REVIEW, *(problem.key for problem in wrong)])))
    told += _remind_of_reviews()
    for channel in configured() if told else ():
        wake(channel)
    return told


def problems() -> Iterator[Problem]:
    """Return what is wrong now."""
    for source in SOURCES:
        yield from _with(source)
    yield from _watched()
    bot = bot_status.read()
    if bot and bot.alive and bot.state == bot_status.State.CONFLICT:
        yield Problem("bot", "The bot is not alone", bot.text)
    if names := sorted(map(login.who, login.locked())):
        yield Problem("login", "Somebody is locked out of the admin", f"Too many attempts by: {', '.join(names)}.")
    if count := topics.mute_chats().count():
        yield Problem("topics", "A forum group takes no messages", MUTE.format(count=count))
    stuck = [*_channels(), *_storms()]
    yield from stuck
    waiting = health.CHECKS["deliveries"]()
    if not (waiting.ok or stuck):
        minutes = (waiting.age or 0) / 60
        yield Problem("deliveries", "Deliveries pile up", f"{waiting.detail}, the first of them for {minutes:.0f} min.")


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
        reasons = "; ".join(service.held_reason for service in services[:3])
        yield Problem(f"storm:{services[0].channel}", f"{channel}: most addresses are refused", f"{reasons}. {STORM}")


def _with(source: str) -> Iterator[Problem]:
    """A refused login is told at once: each further attempt may lock the account. Other failures may pass."""
    reports = _last_reports(source)
    errors = [str(error) for error in reports[0].get("errors", ())] if reports else []
    if refused := [error for error in errors if "login_refused" in error]:
        yield Problem(f"login:{source}", f"A login of {source} is refused", refused[0])
    elif len(reports) == TIMES_RUNNING and all(report.get("failed_whole") for report in reports):
        yield Problem(f"source:{source}", f"{source} failed {TIMES_RUNNING} times running", "\n".join(errors[:1]))


def _watched() -> Iterator[Problem]:
    """Return what the watcher met. It has the keys of the cycles' own findings: one cause is told once."""
    row = current()
    for source, standing in (row.sources if row else {}).items():
        text = standing["text"]
        lasts = timezone.now() - datetime.fromisoformat(standing["since"])
        if standing["state"] == "refused" or "login_refused" in text:
            yield Problem(f"login:{source}", f"A login of {source} is refused", text)
        elif standing["state"] == "off":
            yield Problem(f"watch:{source}", f"{source} is only read in the slots", text)
        elif standing["state"] in ("slow", "unreachable") and lasts > UNREACHABLE_LONG:
            yield Problem(
                f"source:{source}", f"{source} has not answered for {lasts.total_seconds() / 60:.0f} min", text
            )


def _last_reports(source: str) -> list[dict[str, list[object]]]:
    """Return the reports of the last runs that read the source, the newest first."""
    runs = UpdateRun.objects.filter(state__in=_ENDED).values_list("sources", flat=True)[:_RUNS_LOOKED_AT]
    return [run[source] for run in runs if source in run][:TIMES_RUNNING]


@transaction.atomic
def _begin(problem: Problem) -> bool:
    detail = problem.detail[:500]
    _, new = Alert.objects.get_or_create(key=problem.key, defaults={"title": problem.title, "detail": detail})
    if new:
        log.error("%s: %s", problem.title, detail)
        _tell(problem.title, detail)
    return new


@transaction.atomic
def _end(alert: Alert) -> bool:
    ended, _ = Alert.objects.filter(pk=alert.pk).delete()
    if ended:
        log.warning("Well again: %s", alert.title)
        began = timezone.localtime(alert.since)
        _tell("Well again", f"{alert.title}: that is over. It began on {began:%a %d %b at %H:%M}.")
    return bool(ended)


@transaction.atomic
def _remind_of_reviews() -> bool:
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
    _tell(title, detail)
    return True


def _tell(title: str, text: str) -> None:
    """Tell every admin who has started the bot: a bot can't write to others."""
    addresses = [str(number) for number in admin_ids()]
    chats = Subscription.objects.filter(channel=Subscription.Channel.TELEGRAM, address__in=addresses)
    for chat in chats.filter(state=Subscription.State.ACTIVE):
        broadcasts.tell([chat], text or title, title=title)
