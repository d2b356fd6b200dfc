"""/reminders: when somebody is reminded of deadlines and events (spec: personal, My time)."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from telegram import InlineKeyboardButton as Key

from accounts.models import Subscriber, Timing
from accounts.personal.timing import change, timing_of
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Topic, button, command, in_database
from accounts.telegram.replies import NOT_SUBSCRIBED, SAVED

IN_PRIVATE = gettext_lazy("Please send me that in a private chat.")
COLUMNS = {"24h": "remind_24h", "3h": "remind_3h", "1h": "remind_1h", "events": "remind_events"}
LABELS = {
    "24h": gettext_lazy("24 hours before a deadline"),
    "3h": gettext_lazy("3 hours before a deadline"),
    "1h": gettext_lazy("1 hour before a deadline"),
    "events": gettext_lazy("the evening and the hour before an event"),
}
_AT_FIRST = ("24h", "3h", "events")
_ORDER = re.compile(r"(?:(?P<hours>24|3|1)\s*(?:h|hours?)?|(?P<events>events?))\s*(?P<one>on|off)|(?P<all>on|off)")


@command("reminders", does=gettext_lazy("When to remind you of deadlines"), about=Topic.NOTICES)
async def reminders(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(str(IN_PRIVATE))
    else:
        text, keyboard = await in_database(_ordered, call.user.id, " ".join(call.words).lower())
        await call.reply(text, keyboard)


@button(rf"reminders:({'|'.join(COLUMNS)}):(on|off)")
async def switch(call: Call) -> None:
    what, state = call.words
    text, keyboard = await in_database(_switched, call.user.id, {COLUMNS[what]: state == "on"})
    await call.toast(SAVED if keyboard else "", seen=True)
    await call.show(text, keyboard)


def _ordered(telegram_id: int, order: str) -> tuple[str, Keyboard]:
    """Do what one line asks for; the page shows what holds then."""
    found = _ORDER.fullmatch(order)
    if order and not found:
        text, keyboard = _switched(telegram_id, {})
        return f"{_how()}\n\n{text}", keyboard
    return _switched(telegram_id, _choices(found) if found else {})


def _choices(order: re.Match[str]) -> dict[str, bool]:
    if order["all"] == "off":
        return dict.fromkeys(COLUMNS.values(), False)
    if order["all"] == "on":
        return {COLUMNS[what]: True for what in _AT_FIRST}
    what = f"{order['hours']}h" if order["hours"] else "events"
    return {COLUMNS[what]: order["one"] == "on"}


def _switched(telegram_id: int, choices: dict[str, bool]) -> tuple[str, Keyboard]:
    person = Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON).first()
    if person is None:
        return str(NOT_SUBSCRIBED), ()
    return _page(change(person, **choices) if choices else timing_of(person))


def _page(timing: Timing) -> tuple[str, Keyboard]:
    on = {what for what, column in COLUMNS.items() if getattr(timing, column)}
    rows = [[_key(what, is_on=what in on)] for what in COLUMNS]
    if not on:
        return _("I remind you of nothing. Press what you want to be reminded of."), rows
    text = _(
        "I remind you of the deadlines of what I told you, and of events whose list names you. Applied or Not "
        "interested under a posting ends its reminders.\nPress to switch:"
    )
    return text, rows


def _key(what: str, *, is_on: bool) -> Key:
    return Key(f"{'✅' if is_on else '▫️'} {LABELS[what]}", callback_data=f"reminders:{what}:{'off' if is_on else 'on'}")


def _how() -> str:
    return _("Send one of these: /reminders 24h off, /reminders 1h on, /reminders events off, /reminders off")
