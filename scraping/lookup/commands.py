"""/company NAME and /deadlines (spec: personal, What can be asked)."""

from collections.abc import Sequence
from urllib.parse import quote

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import InlineKeyboardButton as Key
from telegram import MessageEntity

from accounts.encryption import LostKeyError
from accounts.personal import profiles
from accounts.subscribing import subscriptions
from accounts.subscribing.members import sees_names
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Topic, button, command, doubtful_text, in_database
from notifications.finding.search import newest_with
from notifications.rendering.formats import storable_text
from notifications.rendering.pages import is_button_url, web_url
from notifications.telegram_bot.numbered import rows_of, show_key, web_keys
from scraping.lookup.companies import Known, all_companies, meant, named_in, of_token
from scraping.lookup.company import stored_of
from scraping.lookup.deadlines import Due, next_deadlines, wanted_by
from scraping.lookup.words import about, cut, due_lines

USAGE = _lazy("Send /company and a name, such as /company Zenith.")
UNKNOWN = _lazy("I know no company “%(name)s”. /find looks for it in all notices.")
MISSPELT = _lazy("Nothing about “%(name)s”. Did you mean one of these companies?")
NEAR = _lazy("I know no company “%(name)s”. Did you mean one of these?")
NOT_ALL_WORDS = _lazy("No notice has all these words. This is known of the company:")
GONE = _lazy("Nothing is stored of that company any more.")
NOTHING_DUE = _lazy("Nothing that I know of is open now. You hear of it as soon as something is.")
SHOWN = 10
NOT_ALL = _lazy("These are the next %(count)d; more is open.")
_LONGEST_ECHO = 60
_LONGEST_LABEL = 40
_MOST_JOBS = 3

Answer = tuple[str, Keyboard]


@command("company", does=_lazy("What is known of a company: /company Zenith"), about=Topic.PLACEMENTS)
async def company(call: Call) -> None:
    if call.words:
        text, keyboard = await in_database(_company_named, storable_text(" ".join(call.words)))
        await call.reply(text, keyboard, stored=False)
    else:
        await call.reply(USAGE)


@button("company:([0-9a-f]{12})")
async def company_chosen(call: Call) -> None:
    await call.toast()
    await call.reply(*await in_database(_company_of, call.words[0]))


@command("deadlines", does=_lazy("What is open, the nearest deadline first"), about=Topic.PLACEMENTS)
async def deadlines(call: Call) -> None:
    text, keyboard, entities = await in_database(_deadlines, call.chat.id)
    await call.reply(text, keyboard, entities=entities)


@doubtful_text
async def company_asked_about(call: Call, text: str) -> bool:
    """Tell of the company that a question names, where no notice has all its words ("zenith kab aa rahi hai?").

    A word that is almost the name of one is met with those that may be meant.
    """
    answer, keyboard = await in_database(_asked_about, call.chat.id, storable_text(text))
    if answer:
        call.kind = "/company"
        await call.reply(answer, keyboard, stored=False)
    return bool(answer)


def near_keys(near: tuple[Known, ...]) -> list[list[Key]]:
    """A button a company."""
    return [[Key(cut(known.name, _LONGEST_LABEL), callback_data=f"company:{known.token}")] for known in near]


def _company_named(text: str) -> Answer:
    found = meant(text, all_companies())
    if found.company:
        return _company(found.company)
    return (NEAR if found.near else UNKNOWN) % {"name": cut(text, _LONGEST_ECHO)}, near_keys(found.near)


def _asked_about(chat_id: int, text: str) -> Answer:
    if newest_with(text, names=sees_names(chat_id), limit=1):
        return "", ()
    companies = all_companies()
    if known := named_in(text, companies):
        told, keyboard = _company(known)
        return f"{NOT_ALL_WORDS}\n\n{told}", keyboard
    near = meant(text, companies).near if len(text.split()) == 1 else ()
    return (MISSPELT % {"name": cut(text, _LONGEST_ECHO)}, near_keys(near)) if near else ("", ())


def _company_of(token: str) -> Answer:
    known = of_token(token, all_companies())
    return _company(known) if known else (str(GONE), ())


def _company(known: Known) -> Answer:
    now = timezone.now()
    found = stored_of(known, now)
    jobs = [open_.job for open_ in found.open if open_.job.notice_id][:_MOST_JOBS]
    keys = [[show_key(job.notice_id or 0, cut(_show(job.role), _LONGEST_LABEL))] for job in jobs]
    return about(found, now), [*keys, *web_keys(_("More on the web"), f"/companies/{quote(known.name, safe='')}")]


def _show(role: str) -> str:
    return _("Show %(role)s") % {"role": role} if role else _("Show the job")


def heading(due: Sequence[Due]) -> str:
    if any(one.closed for one in due):
        return _("Open now, the nearest deadline first; what is not open to you comes last:")
    return _("Open now, the nearest deadline first:")


def _deadlines(chat_id: int) -> tuple[str, Keyboard, list[MessageEntity]]:
    now = timezone.now()
    wanted = wanted_by(subscriptions.standing(chat_id))
    found = next_deadlines(now, SHOWN + 1, wanted, names=sees_names(chat_id), facts=_facts(chat_id))
    due = found[:SHOWN]
    if not due:
        return str(NOTHING_DUE), (), []
    text, entities = f"{heading(due)}\n", []
    for one, line in zip(due, due_lines(due, now), strict=True):
        text += "\n"
        title = line.split("\n")[0].partition(" ")[2]
        if url := _link(one):
            offset = len(text) + line.index(title)
            entities.append(MessageEntity(MessageEntity.TEXT_LINK, offset, len(title), url=url))
        text += line
    keys = [show_key(one.notice_id, str(number)) for number, one in enumerate(due, start=1) if one.notice_id]
    more = len(found) > SHOWN
    if more:
        text += f"\n\n{NOT_ALL % {'count': SHOWN}}"
    rows = [*rows_of(keys), *(web_keys(_("More on the web"), "/jobs") if more else ())]
    return text, rows, list(MessageEntity.adjust_message_entities_to_utf_16(text, entities))


def _facts(chat_id: int) -> dict[str, str]:
    """What somebody told of themselves, as far as it can be read."""
    try:
        return profiles.known(chat_id)
    except LostKeyError:
        return {}


def _link(due: Due) -> str:
    """The page of ours where there is one, else where it is opened; "" where Telegram takes neither."""
    return next((url for url in (web_url(due.path), due.url) if is_button_url(url)), "")
