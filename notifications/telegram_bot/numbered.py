"""Notices as a numbered list with a button each, which shows the notice once more."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext as _n
from telegram import InlineKeyboardButton as Key
from telegram import MessageEntity

from accounts.models import Subscriber
from accounts.telegram.call import Keyboard
from notifications.models import Notice
from notifications.rendering.answers import with_answers
from notifications.rendering.emoji import EMOJI
from notifications.rendering.messages import TelegramPart
from notifications.rendering.own import Own, own_of, with_own
from notifications.rendering.pages import is_button_url, web_url
from notifications.rendering.public import called, readable_in, told_line, without_names
from notifications.rendering.render import telegram_parts

Message = tuple[str, list[MessageEntity], list[list[Key]]]
_LONGEST_TITLE = 100
_IN_A_ROW = 5
MOST_PARTS = 10  # messages of one notice that is shown again
CUT = _lazy("… That was its beginning. All of it is too long to be shown once more.")


def show_key(notice_id: int, label: str) -> Key:
    """Return the button that shows a notice."""
    return Key(label, callback_data=f"show:{notice_id}")


def numbered(notices: Sequence[Notice], *, names: bool) -> tuple[str, Keyboard]:
    """Return the lines of a list, and its buttons."""
    lines = (_lines(number, notice, names=names) for number, notice in enumerate(notices, start=1))
    keys = [show_key(notice.pk, str(number)) for number, notice in enumerate(notices, start=1)]
    return "\n".join(lines), rows_of(keys)


def rows_of(keys: Sequence[Key]) -> list[Sequence[Key]]:
    return [keys[start : start + _IN_A_ROW] for start in range(0, len(keys), _IN_A_ROW)]


def web_keys(label: str, path: str) -> list[list[Key]]:
    """Return a row with a button to a page of ours; none where no page is reached from a phone."""
    url = web_url(path)
    return [[Key(label, url=url)]] if is_button_url(url) else []


def shown_again(notice_id: int, chat_id: int, *, names: bool) -> Iterator[Message]:
    """Text, formatting and buttons of each message of a notice; nothing where there is no such notice to read.

    Without `names` it is as strangers read it. In a private chat its reader may say where they stand.
    """
    notice = readable_in(chat_id).filter(pk=notice_id).first()
    if notice is None:
        return
    own = _own(notice, chat_id, names=names)
    said = own.says if own else frozenset()
    shown = notice if names else without_names(notice)
    whole = with_own(telegram_parts(shown, edited=notice.edited_at is not None, said=said), own)
    parts = tuple(part for part in whole if isinstance(part, TelegramPart))
    if chat_id > 0:
        parts = with_answers(parts, notice)
    for part in parts[:MOST_PARTS]:
        yield part.body.text, _entities(part), _keys(part)
    if len(parts) > MOST_PARTS:
        yield str(CUT), [], web_keys(_("Read it on the web"), f"/notices/{notice_id}")


def _own(notice: Notice, chat_id: int, *, names: bool) -> Own | None:
    """Return what stands above a notice for the person of a private chat; nothing in a group."""
    subscriber = Subscriber.objects.filter(telegram_id=chat_id, kind=Subscriber.Kind.PERSON).values_list("pk").first()
    return own_of(notice, subscriber[0], names=names) if subscriber and not notice.withdrawn_at else None


def short(title: str) -> str:
    """Return a title on one line, cut where it is long."""
    title = " ".join(title.split()) or _("Notice")
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"


def _lines(number: int, notice: Notice, *, names: bool) -> str:
    title = short(called(notice, names=names))
    return f"{number}. {EMOJI.get(notice.category, '📣')} {title}\n    {told_line(notice, names=names)}"


def _entities(part: TelegramPart) -> list[MessageEntity]:
    return [
        MessageEntity(entity.type, entity.offset, entity.length, url=entity.url, language=entity.language)
        for entity in part.body.entities
    ]


def _keys(part: TelegramPart) -> list[list[Key]]:
    return [[Key(key.text, url=key.url or None, callback_data=key.data or None) for key in row] for row in part.rows]


def counted(count: int, most: int, *, about: str) -> str:
    """`1 notice about “x”:`, `3 notices …`, `The newest 10 notices …` where there are more than `most`."""
    if count > most:
        return _("The newest %(count)d notices about “%(words)s”:") % {"count": most, "words": about}
    text = _n("%(count)d notice about “%(words)s”:", "%(count)d notices about “%(words)s”:", count)
    return text % {"count": count, "words": about}
