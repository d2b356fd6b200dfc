"""The bot's side of notices: the newest ones, how many there are, where to read them; and what the bot can do."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext as _n
from telegram import InlineKeyboardButton, MessageEntity

from accounts.categories import Category
from accounts.personal import profiles
from accounts.subscribing import subscriptions
from accounts.subscribing.members import sees_names
from accounts.telegram.admins import is_admin
from accounts.telegram.call import Call
from accounts.telegram.registry import Command, Topic, button, by_topic, command, in_database
from accounts.telegram.replies import NOT_SUBSCRIBED
from accounts.times import moment
from notifications.models import Delivery, Notice

# F401: it registers itself
from notifications.my_time import reminder_commands  # noqa: F401
from notifications.rendering.own import Reader, own_words
from notifications.rendering.places import recent_lists
from notifications.rendering.public import called, kind_of, told_line

# F401: they register themselves
from notifications.telegram_bot import (  # noqa: F401
    calendar_commands,
    filter_commands,
    find_commands,
    quiet_commands,
    small_talk,
    stand_commands,
)
from notifications.telegram_bot.newest_notices import CategoryCount, counts, newest

HELP = _lazy("I tell you what is new in placements. Write me a word, and I look for it in all notices.")
NO_NOTICES = _lazy("Nothing has been published yet. You hear of it as soon as something is.")
NO_LINKS = _lazy("There is no web page yet. Everything comes here.")
_LONGEST_TITLE = 200
_LISTS_SHOWN = 10


@command("help", does=_lazy("What I can do"))
async def help_(call: Call) -> None:
    await call.reply(help_text(admin=await in_database(is_admin, call.user.id)))


def help_text(*, admin: bool) -> str:
    """What the bot can do, a block a topic; what is for admins comes last."""
    topics = {topic: _lines(commands) for topic, commands in by_topic(admin=admin).items()}
    blocks = [f"{_(topic)}\n{lines}" for topic, lines in topics.items() if lines]
    return "\n\n".join([str(HELP), *blocks])


def _lines(commands: Iterable[Command]) -> str:
    """A line a command; whoever reads this knows /help."""
    return "\n".join(f"/{command.names[0]} – {command.does}" for command in commands if "help" not in command.names)


@command("web", does=_lazy("Where to read it on the web"), about=Topic.NOTICES)
async def web(call: Call) -> None:
    links = {label: url for label, url in settings.WEB_LINKS.items() if url}
    if not links:
        await call.reply(NO_LINKS)
        return
    await call.reply(_("Read on the web:"), [[InlineKeyboardButton(_(label), url=url)] for label, url in links.items()])


@profiles.lists_by
def lists_of_late(telegram_id: int, number: str) -> list[str]:
    """Return where a number stands on the lists of the last days, for who may read names; the newest first."""
    if not sees_names(telegram_id):
        return []
    reader = Reader(facts={profiles.NUMBER: number})
    words = (own_words(notice, reader, Delivery.Named.BY_NUMBER) for notice in recent_lists())
    return [own.text for own in words if own and own.urgent and own.rest][:_LISTS_SHOWN]


@button("newest", offer=_lazy("Show me the newest five"))
async def show_newest(call: Call) -> None:
    await call.toast()
    standing = await in_database(subscriptions.standing, call.chat.id)
    if standing is None:
        await call.reply(NOT_SUBSCRIBED)
        return
    text, entities = listing(await in_database(newest, standing), names=await in_database(sees_names, call.chat.id))
    await call.reply(text, entities=entities)


@command("noticestats", does=_lazy("How many notices there are"), about=Topic.NOTICES)
async def noticestats(call: Call) -> None:
    standing = await in_database(subscriptions.standing, call.chat.id)
    if standing is None:
        await call.reply(NOT_SUBSCRIBED)
    else:
        await call.reply(count_list(await in_database(counts, standing)))


def listing(notices: Iterable[Notice], *, names: bool = False) -> tuple[str, list[MessageEntity]]:
    """Notices in one message: the title in bold, a link where there is one, and until when or since when."""
    text, entities = "", []
    for notice in notices:
        title = _shortened(called(notice, names=names))
        entities.append(_title_entity(notice.url, len(text), len(title)))
        text += f"{title}\n{_when(notice, names=names)}\n\n"
    if not text:
        return str(NO_NOTICES), []
    return text.rstrip(), list(MessageEntity.adjust_message_entities_to_utf_16(text, entities))


def _title_entity(url: str, offset: int, length: int) -> MessageEntity:
    if url.startswith(("http://", "https://")):
        return MessageEntity(MessageEntity.TEXT_LINK, offset, length, url=url)
    return MessageEntity(MessageEntity.BOLD, offset, length)


def _when(notice: Notice, *, names: bool) -> str:
    if not notice.deadline:
        return told_line(notice, names=names)
    until = _("until %(when)s") % {"when": moment(notice.deadline, all_day=notice.deadline_all_day)}
    return " · ".join(filter(None, (kind_of(notice, names=names), until)))


def count_list(rows: Sequence[CategoryCount]) -> str:
    """A line a category, the sum first."""
    if not rows:
        return str(NO_NOTICES)
    total, recent = sum(row.total for row in rows), sum(row.recent for row in rows)
    first = _n(
        "%(count)d notice, %(recent)d in the last 7 days", "%(count)d notices, %(recent)d in the last 7 days", total
    )
    lines = [first % {"count": total, "recent": recent}, ""]
    for row in rows:
        label = Category(row.category).label
        new = " " + _("(%(count)d new)") % {"count": row.recent} if row.recent else ""
        lines.append(f"{label}: {row.total}{new}")
    return "\n".join(lines)


def _shortened(title: str) -> str:
    title = " ".join(title.split()) or _("Notice")
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
