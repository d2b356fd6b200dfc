"""What the bot tells admins, and the work behind it: plain functions over the database, called off the event loop."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone
from telegram import InlineKeyboardButton as Key

from accounts.models import Subscriber, Subscription
from accounts.seasons import show_season
from accounts.telegram.call import Keyboard
from accounts.times import moment
from notifications.channels.registry import configured
from notifications.publishing import orders
from notifications.tasks import wake
from scraping.cycle.queue import queue_cycle
from scraping.cycle.runs import CycleRunningError, running
from scraping.cycle.summary import problems, summary
from scraping.cycle.told import told
from scraping.models import UpdateRun
from supersetbot.operations import daemons, health, stopping
from supersetbot.operations.logs import last_lines

# How something stands that goes on meanwhile, and whether it is over.
Look = Callable[[], tuple[str, bool]]

USERS_A_PAGE = 20
_NO_CHATS = (Subscriber.Kind.BROWSER, Subscriber.Kind.PROGRAM)
BEGINS_WITHIN = timedelta(seconds=30)  # where a scheduler runs
SENDS_WITHIN = timedelta(minutes=5)
QUEUED = "A cycle is queued …"
ORDER_SECONDS = 3600  # how long a message that was offered can be sent
LONGEST_PREVIEW = 3000
_ORDER = "supersetbot.boo.{}"


def user_figures() -> str:
    from accounts.api import user_figures as count

    found = count()
    week_ago = timezone.localdate() - timedelta(days=7)
    channels: dict[str, str] = dict(Subscription.Channel.choices)
    lines = [
        f"{found.subscribers} subscribers, {found.active} of them told things",
        f"New people in the last 7 days: {sum(day.total for day in found.joined_by_day if day.day > week_ago)}",
        _listed("Kinds", found.by_kind),
        *(f"{channels[channel.channel]}: {channel.active} on, {channel.off} off" for channel in found.by_channel),
        _listed("Off because", found.off_reasons),
        _listed("Seasons", {show_season(int(season)): count for season, count in found.seasons.items()}),
        _listed("Muted", found.muted),
    ]
    return "\n".join(filter(None, lines))


def _listed(title: str, counts: Mapping[str, int]) -> str:
    listed = ", ".join(f"{name or 'unknown'} {count}" for name, count in counts.items())
    return f"{title}: {listed}" if listed else ""


def user_page(number: int) -> tuple[str, Keyboard]:
    """A page of subscribers, the newest first, and the keys to turn it."""
    people = Subscriber.objects.exclude(kind__in=_NO_CHATS).order_by("-pk")
    pages = max(1, -(-people.count() // USERS_A_PAGE))
    number = min(max(1, number), pages)
    shown = people[(number - 1) * USERS_A_PAGE : number * USERS_A_PAGE].prefetch_related("subscriptions")
    turns = (("‹ Newer", number - 1), ("Older ›", number + 1))
    keys = [Key(label, callback_data=f"users:{to}") for label, to in turns if 1 <= to <= pages]
    return "\n".join([f"Subscribers, page {number} of {pages}", "", *map(_line, shown)]), [keys] if keys else []


def _line(subscriber: Subscriber) -> str:
    on = any(subscription.state == Subscription.State.ACTIVE for subscription in subscriber.subscriptions.all())
    handle = f" @{subscriber.username}" if subscriber.username else ""
    kind = "" if subscriber.kind == Subscriber.Kind.PERSON else f"{subscriber.get_kind_display().lower()}, "
    since = moment(subscriber.created_at, all_day=True)
    who = f"{subscriber.telegram_id} {subscriber.name}".rstrip()
    return f"{who}{handle}: {kind}{'on' if on else 'off'}, since {since}"


def offer_broadcast(text: str) -> tuple[str, Keyboard]:
    """Show a message as it will look, whom it goes to and where it is seen, with keys to send it or not."""
    try:
        order, at = orders.read_options(text)
        shown = orders.preview(order)
    except ValueError as error:
        return str(error), []
    token = str(secrets.randbelow(10**18))
    cache.set(_ORDER.format(token), orders.stored(replace(order, key=token), at), ORDER_SECONDS)
    first, *more = shown.telegram
    looks = [f"{first[:LONGEST_PREVIEW]} …" if len(first) > LONGEST_PREVIEW else first]
    looks += [f"(and {len(more)} more message{'' if len(more) == 1 else 's'})"] if more else []
    when = [f"It goes out on {moment(at)}, to whoever is subscribed then."] if at else []
    send = Key("Plan it" if at else f"Send it to {shown.total}", callback_data=f"boo:yes:{token}")
    keys = [[send], [Key("Don't", callback_data=f"boo:no:{token}")]] if at or shown.total else []
    return "\n".join([*looks, "", *shown.lines(), *when]), keys


def broadcast(token: str) -> str:
    """Queue or plan the message that was offered, once; the sentence that says so."""
    stored = cache.get(_ORDER.format(token))
    if stored is None or not cache.delete(_ORDER.format(token)):
        return "Nothing was sent: that was answered before, or is older than an hour."
    order, at = orders.read_stored(stored)
    if at:
        orders.plan(order, at)
        return f"Planned for {moment(at)}."
    published = orders.send(order)
    for channel in configured():
        wake(channel)
    return f"On its way to {published.queued} subscriber{'' if published.queued == 1 else 's'}."


def drop_broadcast(token: str) -> str:
    cache.delete(_ORDER.format(token))
    return "Nothing was sent."


def start_cycle() -> tuple[str, Look]:
    """Queue a cycle, unless one runs; what to say, and how to see how it goes on."""
    run = running()
    if run is not None:
        pk = run.pk
        return str(CycleRunningError(run)), lambda: _progress(UpdateRun.objects.get(pk=pk))
    queued = queue_cycle("bot")
    return _waits(UpdateRun.objects.get(pk=queued)), lambda: _progress(UpdateRun.objects.get(pk=queued))


def _progress(run: UpdateRun) -> tuple[str, bool]:
    match run.state:
        case UpdateRun.State.QUEUED:
            return _waits(run), False
        case UpdateRun.State.RUNNING:
            return f"Update {run.pk} is at work: {run.step or 'it begins'}", False
        case UpdateRun.State.SKIPPED:
            return run.error, True
    (figures,) = told([run])
    late = timezone.now() > (run.ended_at or run.started_at) + SENDS_WITHIN
    over = bool(run.error or not figures.waiting or late)
    lines = [f"{run}: {figures}{'' if over else ' …'}", summary(run), *problems(run), run.error]
    return "\n".join(filter(None, lines)), over


def _waits(run: UpdateRun) -> str:
    """Return why a cycle has not begun."""
    scheduler = health.CHECKS["cluster"]()
    if not scheduler.ok:
        why = "none has run yet" if scheduler.age is None else scheduler.detail
        begin = daemons.how_to_start("scheduler")
        return f"A cycle is queued, and waits: the scheduler does not work ({why}). {begin}"
    late = timezone.now() > run.started_at + BEGINS_WITHIN
    return "The cycle waits to be begun: the scheduler has much to do." if late else QUEUED


def log_lines(name: str, count: int, longest: int) -> tuple[str, str]:
    """A title, and the last lines of a daemon's log in so many characters at most."""
    path = daemons.log_file(name)
    try:
        lines = last_lines(path, count)
    except OSError:
        return f"There is no {path.name} where the bot runs: the {name} logs elsewhere, or to its terminal.", ""
    while lines and sum(len(line) + 1 for line in lines) > longest:
        lines = lines[1:] or [lines[0][-longest + 1 :]]
    shown = "the last line" if len(lines) == 1 else f"the last {len(lines)} lines"
    return f"{path.name}, {shown}" if lines else f"{path.name} is empty.", "\n".join(lines)


def stop_scheduler() -> Look:
    """Ask every cluster to stop; how to see that they have."""
    stopping.ask_everywhere()
    return _stopping


def _stopping() -> tuple[str, bool]:
    from django_q.status import Stat

    left = len(Stat.get_all())
    if not left:
        return f"The scheduler has stopped. {daemons.how_to_start('scheduler')}", True
    return f"{left} cluster{'' if left == 1 else 's'} still at work …", False
