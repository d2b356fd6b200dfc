"""A digest: several notices in one message, each by its title and facts, with a button that shows it whole.

It is rendered when it goes out, and says how its notices stand then; what was withdrawn before is left out. Notices
keep their places: the messages of a digest are parted by number, so that one sent in part goes on where it was.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Subscription
from accounts.times import moment
from notifications.models import Delivery, Notice
from notifications.rendering import retold
from notifications.rendering.emoji import EMOJI, OTHER
from notifications.rendering.messages import Button, Entity, Part, PushPart, RichText, TelegramPart, Told
from notifications.rendering.public import called, kind_of, public, stage_of

IN_A_MESSAGE = 15  # notices: each has at most _LONGEST_TITLE and _LONGEST_FACTS, so that they fit into 4,096 units
_LONGEST_TITLE, _LONGEST_FACTS = 120, 110  # UTF-16 units
_PUSH_TITLES = 3
_PUSH_TTL = 12 * 3600
State = Delivery.State
Message = tuple[Part, tuple[Told, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """A notice of a digest: its title, its facts on one line, and the notice that its button shows, if any."""

    title: str
    facts: str
    shows: int | None
    emoji: str


def digested(digests: Collection[int]) -> dict[int, list[Delivery]]:
    """Return what each of these digests tells, what is urgent first: one query, none where there is no digest."""
    found: dict[int, list[Delivery]] = {}
    if not digests:
        return found
    told = Delivery.objects.filter(told_in__in=digests).select_related("notice__follows")
    for each in told.defer("notice__body", "notice__follows__body").order_by("priority", "pk"):
        found.setdefault(each.told_in_id or 0, []).append(each)
    return found


def digest_messages(channel: str, items: Sequence[Delivery], *, names: bool) -> list[Message]:
    """Return the messages of a digest with what each tells; none where nothing is left to tell."""
    earlier = _earlier_changes(items)
    listed = [item for item in items if item.pk not in earlier]
    messages: list[Message] = []
    number = 1
    count = sum(map(_stands, listed))
    size = IN_A_MESSAGE if channel == Subscription.Channel.TELEGRAM else len(listed) or 1
    for start in range(0, len(listed), size):
        shown = [item for item in listed[start : start + size] if _stands(item)]
        if not shown:
            continue
        told = [each for item in shown for each in (item, *_before(item, items, earlier))]
        lines = [_line(item, names=names) for item in shown]
        part = _push(items, lines) if channel == Subscription.Channel.WEB_PUSH else _telegram(lines, number, count)
        messages.append((part, tuple(Told(each.pk, each.notice.version) for each in told)))
        number += len(shown)
    return messages


def _stands(item: Delivery) -> bool:
    """Whether a notice is told: what is out already stays, what was withdrawn or paused before is left out."""
    if item.state == State.SENT:
        return True
    about = item.notice.follows or item.notice
    running = item.notice.broadcast == Notice.Broadcast.RUNNING
    return item.state == State.DEFERRED and about.withdrawn_at is None and running


def _earlier_changes(items: Sequence[Delivery]) -> dict[int, int]:
    """Which of the items tell a change of a notice that a later one changes again: item → the notice that changed."""
    changes = {item.pk: item.notice.follows_id for item in items if item.notice.follows_id}
    last = {follows: pk for pk, follows in changes.items()}
    return {pk: follows for pk, follows in changes.items() if last[follows] != pk}


def _before(item: Delivery, items: Sequence[Delivery], earlier: dict[int, int]) -> Iterator[Delivery]:
    """The earlier changes that an item tells with its own: it says how the notice stands now."""
    follows = item.notice.follows_id
    return (each for each in items if follows and earlier.get(each.pk) == follows)


def _line(item: Delivery, *, names: bool) -> Line:
    notice = item.notice.follows or item.notice
    title = " ".join(called(notice, names=names).split()) or _("Notice")
    emoji = EMOJI.get(notice.category, OTHER)
    if notice.withdrawn_at:
        return Line(cut(_("Withdrawn: %(title)s") % {"title": title}, _LONGEST_TITLE), "", None, emoji)
    if item.notice.follows_id:
        title = _("Changed: %(title)s") % {"title": title}
    return Line(cut(title, _LONGEST_TITLE), cut(_facts(notice, names=names), _LONGEST_FACTS), notice.pk, emoji)


def _facts(notice: Notice, *, names: bool) -> str:
    """Return stage, pay, place and times; the kind of notice where it states none of them."""
    package, location, venue = (_plain(notice, name, names=names) for name in ("package", "location", "venue"))
    facts = [stage_of(notice, names=names), retold.pay(package), location]
    if notice.deadline:
        facts.append(_("until %(when)s") % {"when": moment(notice.deadline, all_day=notice.deadline_all_day)})
    if notice.event_at:
        facts.append(moment(notice.event_at, all_day=notice.event_all_day))
    return " · ".join(filter(None, [*facts, venue])) or kind_of(notice, names=names)


def _plain(notice: Notice, name: str, *, names: bool) -> str:
    return " ".join((str(getattr(notice, name)) if names else public(notice).plain(name)).split())


def _telegram(lines: Sequence[Line], first: int, count: int) -> TelegramPart:
    """One message of a digest, its notices numbered from `first`."""
    text, entities, buttons = _head(first, count), [], []
    for number, line in enumerate(lines, start=first):
        text += f"\n\n{number}. {line.emoji} "
        entities.append(Entity("bold", units(text), units(line.title)))
        text += line.title + (f"\n{line.facts}" if line.facts else "")
        if line.shows:
            buttons.append(Button(str(number), data=f"show:{line.shows}"))
    if buttons:
        text += "\n\n" + _("A number shows the whole notice.")
    return TelegramPart(RichText(text, tuple(entities)), tuple(buttons))


def _head(first: int, count: int) -> str:
    if first > 1:
        return _("🗞 Your digest goes on:")
    return ngettext("🗞 Your digest: %(count)d notice", "🗞 Your digest: %(count)d notices", count) % {"count": count}


def _push(items: Sequence[Delivery], lines: Sequence[Line]) -> PushPart:
    """All of a digest in one message: how many, and the first titles."""
    key = f"digest-{items[0].told_in_id}"
    count = len(lines)
    return PushPart(
        title=ngettext("%(count)d notice waited for you", "%(count)d notices waited for you", count) % {"count": count},
        body="\n".join(f"{line.emoji} {line.title}" for line in lines[:_PUSH_TITLES]),
        url=settings.WEBSITE_URL,
        tag=key,
        topic=key,
        ttl=_PUSH_TTL,
        urgency="normal",
    )


def units(text: str) -> int:
    """Return how long a text is for Telegram, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int) -> str:
    """Return the text in at most `most` UTF-16 units, with an ellipsis where it is longer."""
    if units(text) <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", errors="ignore").rstrip() + "…"
