"""A reminder as messages: one answers the message of its posting; several stand in one, with a number each."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Subscription
from accounts.times import moment, until
from notifications.models import Notice
from notifications.rendering.answers import keys_under
from notifications.rendering.messages import Button, Entity, Part, PushPart, RichText, TelegramPart
from notifications.rendering.pages import is_button_url, opened_by_push
from notifications.rendering.public import without_names
from notifications.rendering.reminding import Kind, Reminded, kind_of, posting_of
from notifications.rendering.retold import retold
from notifications.rendering.richtext import split

UNSURE = 0.6  # the confidence of a reading up to which its date is told as written
_MOST_NUMBERS = 8  # buttons in a row (Telegram's clients)
_PUSHED_LINES, _PUSH_TTL = 7, 3600


def reminder_parts(channel: str, told: Reminded, *, names: bool) -> tuple[Part, ...]:
    """Return the messages of a reminder, without students' names unless `names`."""
    text = words(told, names=names)
    return (_push(told, text),) if channel == Subscription.Channel.WEB_PUSH else _telegram(told, text)


def _telegram(told: Reminded, text: RichText) -> tuple[TelegramPart, ...]:
    bodies, buttons = split(text), _buttons(told)
    last = len(bodies) - 1
    return tuple(
        TelegramPart(body, buttons if n == last else (), told.reply_to if n == 0 else 0)
        for n, body in enumerate(bodies)
    )


def _buttons(told: Reminded) -> tuple[Button, ...]:
    if len(told.reminders) > 1:
        shown = enumerate(told.reminders[:_MOST_NUMBERS], start=1)
        return tuple(Button(str(number), data=f"show:{posting_of(reminder).pk}") for number, reminder in shown)
    reminder = told.reminders[0]
    answers = keys_under(posting_of(reminder), ("no",) if kind_of(reminder).of_event else ("applied", "no"))
    link = Button((retold(reminder.url_label) or _("Open"))[:64], reminder.url)
    return (link, *answers) if is_button_url(reminder.url) else answers


def _push(told: Reminded, text: RichText) -> PushPart:
    title, *lines = (line for line in text.text.split("\n") if line.strip())
    first = told.reminders[0]
    url = opened_by_push(first) if len(told.reminders) == 1 else settings.WEBSITE_URL
    key = f"notice-{first.follows_id}"
    body = "\n".join(lines[:_PUSHED_LINES])
    return PushPart(title, body, url, tag=key, topic=key, ttl=_PUSH_TTL, urgency="high")


def words(told: Reminded, *, names: bool) -> RichText:
    """Return the text of a reminder, or of several in one message; without students' names unless `names`."""
    lines = [_lines(reminder, names=names) for reminder in told.reminders]
    if len(lines) == 1:
        name, when = lines[0]
        emoji = "📅" if kind_of(told.reminders[0]).of_event else "⏰"
        return _rich([(f"{emoji} ", False), (name, True), (f"\n{when}", False)])
    head = ngettext("%(count)d reminder", "%(count)d reminders", len(lines)) % {"count": len(lines)}
    pieces = [(f"⏰ {head}", True)]
    for number, (name, when) in enumerate(lines, start=1):
        pieces += [(f"\n\n{number}. ", False), (name, True), (f"\n{when}", False)]
    return _rich(pieces)


def _lines(reminder: Notice, *, names: bool) -> tuple[str, str]:
    """What a reminder is about, and when that is."""
    kind = kind_of(reminder)
    posting = posting_of(reminder) if names else without_names(posting_of(reminder))
    what = posting.stage if kind.of_event else posting.role
    name = " · ".join(filter(None, (posting.company, what))) if posting.company else retold(posting.title)
    return " ".join(name.split()), _when(reminder, posting, kind)


def _when(reminder: Notice, posting: Notice, kind: Kind) -> str:
    at = reminder.deadline
    assert at  # noqa: S101 (for the types: each reminder has its date there)
    all_day = posting.event_all_day if kind.of_event else posting.deadline_all_day
    near = _day(at) if all_day else until(at, timezone.now())
    date = moment(at, all_day=all_day) + (f" ({near})" if near else "")
    if posting.confidence <= UNSURE:
        said = (
            _("Date as written: %(date)s. Check it.")
            if kind.of_event
            else _("Deadline as written: %(date)s. Check it.")
        )
        return said % {"date": date}
    if not kind.of_event:
        return _("Deadline: %(date)s") % {"date": date}
    return f"{date}, {posting.venue}" if posting.venue else date


def _day(at: datetime) -> str:
    days = (timezone.localdate(at) - timezone.localdate()).days
    return {0: _("today"), 1: _("tomorrow")}.get(days, "")


def _rich(pieces: Iterable[tuple[str, bool]]) -> RichText:
    """The pieces as one text, some of them bold. Offsets count UTF-16 units (Bot API, MessageEntity)."""
    text, entities, here = "", [], 0
    for piece, bold in pieces:
        units = len(piece.encode("utf-16-le")) // 2
        if bold and units:
            entities.append(Entity("bold", here, units))
        text, here = text + piece, here + units
    return RichText(text, tuple(entities))
