"""/find WORDS, and any text that nobody else takes: a search over what the chat may read.

What somebody looks for is neither logged nor stored: it may be a name (spec: personal, What can be asked).
"""

from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.subscribing.members import sees_names
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Topic, button, command, in_database, other_text
from notifications.finding.search import newest_with
from notifications.rendering.formats import storable_text
from notifications.telegram_bot.numbered import Message, counted, numbered, shown_again, web_keys

USAGE = _lazy("Send /find and what you look for, such as /find Zenith. Without /find it works, too.")
NOTHING = _lazy(
    "Nothing about “%(words)s”. Try a company's name or a single word. "
    "/deadlines shows what is open, /help all that I can do."
)
GONE = _lazy("That notice is not there any more.")
SHOWN = 10
_LONGEST_ECHO = 60


@command("find", does=_lazy("Search all notices: /find Zenith interview"), about=Topic.NOTICES)
async def find(call: Call) -> None:
    if call.words:
        await _find(call, " ".join(call.words))
    else:
        await call.reply(USAGE)


@other_text
async def look_for(call: Call, text: str) -> bool:
    await _find(call, text)
    return True


@button(r"show:(\d{1,18})")
async def show(call: Call) -> None:
    await call.toast()
    notice_id = int(call.words[0])
    messages = await in_database(_shown_again, call.chat.id, notice_id)
    for number, (text, entities, keyboard) in enumerate(messages):
        call.kind = f"show {notice_id} {number}"
        await call.reply(text, keyboard, entities=entities, stored=False)
    if not messages:
        await call.reply(GONE)


async def _find(call: Call, text: str) -> None:
    call.kind = "/find"
    answer, keyboard = await in_database(_found, call.chat.id, storable_text(text))
    await call.reply(answer, keyboard, stored=False)


def _found(chat_id: int, text: str) -> tuple[str, Keyboard]:
    names = sees_names(chat_id)
    notices = newest_with(text, names=names, limit=SHOWN + 1)
    words = " ".join(text.split())
    echo = words if len(words) <= _LONGEST_ECHO else f"{words[: _LONGEST_ECHO - 1].rstrip()}…"
    if not notices:
        return NOTHING % {"words": echo}, ()
    lines, keyboard = numbered(notices[:SHOWN], names=names)
    more = web_keys(_("More on the web"), f"/?q={quote(words[:200])}") if _more_for_all(text, len(notices)) else []
    head = counted(len(notices), SHOWN, about=echo)
    return f"{head}\n\n{lines}", [*keyboard, *more]


def _more_for_all(text: str, hits: int) -> bool:
    """Whether the open page finds more, too: the name or number of a student never stands in a link."""
    return hits > SHOWN and len(newest_with(text, names=False, limit=SHOWN + 1)) > SHOWN


def _shown_again(chat_id: int, notice_id: int) -> list[Message]:
    return list(shown_again(notice_id, chat_id, names=sees_names(chat_id)))
