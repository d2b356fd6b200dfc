"""Where somebody stands with postings: the buttons under them, and /applied (spec: personal, Where I stand)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise

from accounts.models import Subscriber
from accounts.pseudonyms import pseudonym
from accounts.subscribing import subscriptions
from accounts.subscribing.members import sees_names
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Topic, button, command, in_database
from accounts.telegram.replies import LISTS_FOR_MEMBERS, NOT_SUBSCRIBED
from accounts.web.throttling import count
from notifications.models import Interest, Notice
from notifications.rendering.answers import ANSWERS
from notifications.rendering.public import visible_notices
from notifications.telegram_bot.applied import applied_page

IN_PRIVATE = _lazy("Please do that in a private chat with me.")
GONE = _lazy("That notice is not there any more.")
ON = {
    "applied": _lazy("Noted: you applied. /applied shows where you stand."),
    "no": _lazy("Noted. Updates of this job no longer come here, unless a list names you."),
    "remind": _lazy("Noted. I remind you of its dates: /reminders says when."),
}
OFF = {
    "applied": _lazy("Taken back: no longer noted as applied."),
    "no": _lazy("Taken back: no longer noted as not interested."),
    "remind": _lazy("Taken back: no longer noted for a reminder."),
}
_FIELDS = {"applied": "applied_at", "no": "not_interested_at", "remind": "remind_at"}
# What an answer takes back: who applied is interested, who is not interested wants no reminder
_ENDS = {
    "applied": ("not_interested_at",),
    "no": ("applied_at", "remind_at"),
    "remind": ("not_interested_at",),
}
_DOUBLE_TAP_SECONDS, _REPEATED_UPDATE_SECONDS = 2, 86_400


@button(rf"stand:({'|'.join(ANSWERS)}):(\d{{1,18}})")
async def stand(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.toast(IN_PRIVATE)
        return
    what, notice_id = call.words
    press = call.query.id if call.query else ""
    await call.toast(await in_database(_pressed, call.chat.id, what, int(notice_id), press))


@command("applied", does=_lazy("Where you stand: applied, listed, offers"), about=Topic.PLACEMENTS)
async def applied(call: Call) -> None:
    if call.chat.type == call.chat.PRIVATE:
        text, keyboard = await in_database(_applied, call.chat.id)
        await call.reply(text, keyboard, stored=False)
    else:
        await call.reply(IN_PRIVATE)


def _applied(telegram_id: int) -> tuple[str, Keyboard]:
    subscriber = Subscriber.objects.filter(telegram_id=telegram_id).first()
    if subscriber is None:
        return str(NOT_SUBSCRIBED), ()
    names = sees_names(telegram_id)
    text, keyboard = applied_page(subscriber.pk, names=names)
    return text if names else f"{text}\n\n{LISTS_FOR_MEMBERS}", keyboard


@transaction.atomic
def _pressed(telegram_id: int, what: str, notice_id: int, press: str) -> StrOrPromise:
    """Note an answer, or take it back. Returns what to say."""
    standing = subscriptions.standing(telegram_id)
    if standing is None or not standing.active:
        return NOT_SUBSCRIBED
    notice = visible_notices().filter(pk=notice_id).first()
    if notice is None:
        return GONE
    subscriber = Subscriber.objects.select_for_update().get(telegram_id=telegram_id)
    repeated = _repeated(telegram_id, press, f"{what}:{notice.pk}")
    is_on = _is_on(subscriber, notice, what) if repeated else _toggled(subscriber, notice, what)
    return (ON if is_on else OFF)[what]


def _repeated(telegram_id: int, press: str, answer: str) -> bool:
    """Whether it is the press that was answered already: told once more by Telegram, or a double tap."""
    person = pseudonym(telegram_id)
    again = count(f"press:{person}:{press}", limit=1, seconds=_REPEATED_UPDATE_SECONDS)
    return bool(again or count(f"stand:{person}:{answer}", limit=1, seconds=_DOUBLE_TAP_SECONDS))


def _is_on(subscriber: Subscriber, notice: Notice, what: str) -> bool:
    mine = Interest.objects.filter(subscriber=subscriber, key=notice.posting_key)
    return mine.filter(**{f"{_FIELDS[what]}__isnull": False}).exists()


def _toggled(subscriber: Subscriber, notice: Notice, what: str) -> bool:
    """Turn an answer over. Returns whether it holds now."""
    Interest.objects.get_or_create(subscriber=subscriber, key=notice.posting_key)
    mine = Interest.objects.filter(subscriber=subscriber, key=notice.posting_key)
    field = _FIELDS[what]
    noted = {field: timezone.now()} | dict.fromkeys(_ENDS[what])
    if mine.filter(**{f"{field}__isnull": True}).update(**noted):
        return True
    mine.update(**{field: None})
    mine.filter(applied_at=None, not_interested_at=None, remind_at=None).delete()
    return False
