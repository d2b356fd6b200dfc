"""A message of an admin's own before it goes out: to whom, when, where it will be seen, and how it will look.

    read_options("--to 2026-27 --at 6PM Hall 2 moved") → Order → preview() → send(), or plan() for its hour

A planned one waits as a row of the schedule: an admin sees it there, and deletes it to call it off.
"""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Count, QuerySet
from django.utils import timezone
from django_q.models import Schedule

from accounts.categories import Category
from accounts.models import Profile, Subscription
from accounts.personal import profiles, timing
from accounts.personal.facts import FACTS
from accounts.seasons import parse_season, show_season
from accounts.subscribing.audience import wanting
from notifications.models import Notice
from notifications.publishing.broadcasts import broadcast, broadcast_draft, tell
from notifications.publishing.publish import Published
from notifications.rendering.render import push_parts, telegram_parts

TASK = "notifications.tasks.planned_broadcast"
_AT = r"(?:\d{4}-\d\d-\d\d[ T])?\d{1,2}(?::\d\d(?: ?[AaPp][Mm])?| ?[AaPp][Mm])\b"
_OPTION = re.compile(
    r"(?:--|—|–)"  # phones make a dash of two hyphens
    rf"(?:to[ =](?P<to>\S+)|at[ =](?P<at>{_AT})|(?P<hidden>not-on-site))(?:\s+|$)"
)
_ALMOST_OPTION = re.compile(r"(?:--|—|–)(?P<name>[\w-]*)[ =]?\s*(?P<value>\S*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be told, and to whom: everybody, or who follows a season and has not muted a category.

    With a `branch` only who told the bot that branch: they alone see it, so it is never on the site. `key` makes it the
    same message however often it is sent.
    """

    text: str
    title: str = ""
    season: int | None = None
    category: str = ""
    branch: str = ""
    on_site: bool = True
    channels: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """How a message will look, and how many it goes to by channel (its label → how many)."""

    telegram: tuple[str, ...]
    push: tuple[str, str]
    counts: dict[str, int]
    to: str
    seen: str

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def by_channel(self) -> str:
        """`12 on Telegram, 3 on Web Push`: a channel without anybody is not said."""
        return ", ".join(f"{count} on {label}" for label, count in self.counts.items() if count)

    def lines(self) -> list[str]:
        """Return who gets it and where it is seen, in sentences."""
        told = f"{self.total}: {self.by_channel}" if self.total else "nobody now"
        return [f"It goes to {told}. {self.to}", self.seen]


def read_options(text: str) -> tuple[Order, datetime | None]:
    """Read `--to`, `--at` and `--not-on-site` before the text. Returns the order, and its time or None for now.

    Raises ValueError, in a sentence, where an option makes no sense or nothing is left to say.
    """
    to, at, on_site = [], None, True
    while match := _OPTION.match(text):
        text = text[match.end() :]
        to += [match["to"]] if match["to"] else []
        at = read_time(match["at"]) if match["at"] else at
        on_site = on_site and not match["hidden"]
    if wrong := _ALMOST_OPTION.match(text):
        raise ValueError(_what_is_wrong(wrong))
    return to_whom(Order(text=text, on_site=on_site), to), at


def _what_is_wrong(option: re.Match[str]) -> str:
    """Return what is wrong with an option that could not be read."""
    match option["name"], option["value"]:
        case "to", "":
            return "--to names nobody. Write --to 2026-27, --to shortlisting or --to CSE."
        case "at", value:
            return f"{value or '--at'} is no time. Write --at 6PM or --at 2026-11-30 6PM."
        case _:
            return f"{option[0].split()[0]} is none of --to, --at TIME, --not-on-site."


def to_whom(order: Order, words: Iterable[str]) -> Order:
    """Return the order for a season, a category and a branch named by words. Raises ValueError for another word."""
    for word in words:
        order = replace(order, **_named(word))
    return order


def _named(word: str) -> dict[str, Any]:
    if category := _category(word):
        return {"category": category}
    for name, parse in (("season", parse_season), ("branch", FACTS["branch"].parse)):
        with suppress(ValueError):
            return {name: parse(word)}
    raise ValueError(
        f"{word} is neither a season (2026-27) nor a category ({', '.join(Category.values)}) nor a branch (CSE)."
    )


def _category(word: str) -> str:
    asked = word.casefold().replace("-", "_").replace(" ", "_")
    names = {name: value for value, label in Category.choices for name in (value, label.casefold().replace(" ", "_"))}
    return names.get(asked, "")


def read_time(text: str, now: datetime | None = None) -> datetime:
    """Read `6 PM` or `18:00`, the next one, or `2026-11-30 6 PM`, by India's clock. Raises ValueError."""
    now = timezone.localtime(now)
    try:
        at = _moment(text, now)
    except ValueError:
        raise ValueError(f"{text} is no time like 6:00 PM or 2026-11-30 6:00 PM.") from None
    if at <= now:
        raise ValueError(f"{text} has passed.")
    return at


def _moment(text: str, now: datetime) -> datetime:
    """The moment that a text names, the next one where it names no day. Raises ValueError."""
    if not re.fullmatch(_AT, text):
        at = datetime.fromisoformat(text)
        return at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    day, clock = (text[:10], text[11:]) if text[4:5] == "-" else ("", text)
    at = datetime.combine(date.fromisoformat(day) if day else now.date(), timing.read_time(clock), tzinfo=now.tzinfo)
    return at + timedelta(days=1) if not day and at <= now else at


def preview(order: Order) -> Preview:
    """Return how it will look and whom it goes to. Nothing is stored. Raises ValueError for an empty text."""
    draft = broadcast_draft(order.text, title=order.title)
    now = timezone.now()
    notice = Notice(title=draft.title, body=draft.body, category=order.category, published_at=now, first_seen_at=now)
    push = push_parts(notice)[0]
    return Preview(
        telegram=tuple(part.body.text for part in telegram_parts(notice)),
        push=(push.title, push.body),
        counts=_counts(order),
        to=_to(order),
        seen=_seen(order),
    )


def _counts(order: Order) -> dict[str, int]:
    counts = dict(_wanted(order).order_by().values_list("channel").annotate(Count("pk")))
    return {str(label): counts.get(value, 0) for value, label in Subscription.Channel.choices}


def _wanted(order: Order) -> QuerySet[Subscription]:
    wanted = wanting(category=order.category, season=order.season)
    if order.channels:
        wanted = wanted.filter(channel__in=order.channels)
    return wanted.filter(subscriber__in=_of_branch(order.branch)) if order.branch else wanted


def _of_branch(branch: str) -> list[int]:
    """Return the subscribers who told that branch; profiles are encrypted, so each is read."""
    told = Profile.objects.values_list("subscriber", flat=True)
    return [pk for pk, facts in profiles.of_subscribers(told).items() if facts.get("branch") == branch]


def _to(order: Order) -> str:
    who = f"who follow {show_season(order.season)}" if order.season else "who are subscribed"
    if order.branch:
        who += f" and told me that they are in {order.branch} (/me branch)"
    muted = f" and have not muted “{Category(order.category).label}”" if order.category else ""
    return f"All are told {who}{muted}.{'' if order.category else ' Nobody can have muted it.'}"


def _seen(order: Order) -> str:
    if order.branch:
        return "Nobody else sees it: it does not appear on the site, in its feed or in the API."
    told_in_browsers = not order.channels or Subscription.Channel.WEB_PUSH in order.channels
    if not (order.on_site and told_in_browsers):
        return "It does not appear on the site, in its feed or in the API."
    return "It also appears on the site, in its feed and in the API, for everybody to read."


def send(order: Order) -> Published:
    """Queue it now; an order with a key only once. Raises ValueError where there is nothing to say."""
    if order.branch:
        return tell(list(_wanted(order)), order.text, title=order.title, category=order.category, key=order.key)
    return broadcast(
        order.text,
        title=order.title,
        channels=order.channels,
        season=order.season,
        category=order.category,
        private=None if order.on_site else True,
        key=order.key,
    )


def plan(order: Order, at: datetime) -> Schedule:
    """Have it sent at its time, to whoever is subscribed then. Raises ValueError where there is nothing to say."""
    title = broadcast_draft(order.text, title=order.title).title
    order = replace(order, key=order.key or str(uuid4()))
    return Schedule.objects.create(
        name=f"broadcast: {title}"[:100],
        func=TASK,
        args=repr((stored(order),)),
        schedule_type=Schedule.ONCE,
        next_run=at,
    )


def planned() -> list[Schedule]:
    """Return what waits for its time, the next one first."""
    return list(Schedule.objects.filter(func=TASK).order_by("next_run"))


def call_off(schedule_id: int) -> bool:
    """Call one off that has not gone out. False where there is none."""
    deleted, _ = Schedule.objects.filter(func=TASK, pk=schedule_id).delete()
    return bool(deleted)


def stored(order: Order, at: datetime | None = None) -> str:
    """Return the order and its time as JSON."""
    return json.dumps({**asdict(order), "at": at.isoformat() if at else None})


def read_stored(text: str) -> tuple[Order, datetime | None]:
    """Return what `stored` wrote."""
    values = json.loads(text)
    at = values.pop("at")
    order = Order(**{**values, "channels": tuple(values["channels"])})
    return order, datetime.fromisoformat(at) if at else None
