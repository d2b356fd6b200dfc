"""/quiet, /digest, /mute, and the button that mutes a kind: when somebody wants to be told (spec: personal, My time).

Callback data say what is to be (`quiet:2300-0700`, `digest:off`, `mute:3h`), so that a press that arrives twice does no
harm.
"""

import re
from datetime import time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from telegram import InlineKeyboardButton as Key

from accounts.categories import Category
from accounts.models import Subscription, Timing
from accounts.personal import timing
from accounts.personal.timing import TimingError
from accounts.subscribing import subscriptions
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Topic, button, command, in_database, status_line
from accounts.telegram.replies import NOT_SUBSCRIBED, SAVED
from accounts.times import moment, time_of_day
from notifications.models import Notice
from notifications.my_time.digest import waiting_for
from notifications.tasks import wake_quietly

Page = tuple[str, Keyboard]
_OFF = "off"
_DIGESTS = (time(8), time(13), time(20))
_MUTES = ("3h", "8h", "1d", "2d")
_HALF = re.compile(r"\s+([ap]m)\b", re.IGNORECASE)


@command("quiet", does=_lazy("Quiet hours: what is not urgent waits"), about=Topic.NOTICES)
async def quiet(call: Call) -> None:
    await _answer(call, _quiet_page, _quiet_hours)


@button(r"quiet:(\d{4}-\d{4}|off)")
async def quiet_pressed(call: Call) -> None:
    await _pressed(call, _quiet_page, _quiet_hours)


@command("digest", does=_lazy("All that is not urgent once a day"), about=Topic.NOTICES)
async def digest(call: Call) -> None:
    await _answer(call, _digest_page, _digest)


@button(r"digest:(\d{4}|off)")
async def digest_pressed(call: Call) -> None:
    await _pressed(call, _digest_page, _digest)


@command("mute", does=_lazy("Some hours or days without what is not urgent"), about=Topic.NOTICES)
async def mute(call: Call) -> None:
    await _answer(call, _mute_page, _mute)


@button(rf"mute:({'|'.join(_MUTES)}|off)")
async def mute_pressed(call: Call) -> None:
    await _pressed(call, _mute_page, _mute)


@button(r"mutekind:(\d{1,18})")
async def mute_kind(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.toast(_("Please do that in a private chat with me."))
    else:
        await call.toast(await in_database(_kind_muted, call.chat.id, int(call.words[0])), alert=True)


@status_line
def lines(telegram_id: int) -> list[str]:
    """Return what /status says of somebody's times, and how much waits; nothing where notices are off."""
    person, standing = timing.person_of(telegram_id), subscriptions.standing(telegram_id)
    if person is None or standing is None or not standing.active:
        return []
    mine, waiting = timing.timing_of(person), waiting_for(telegram_id).count
    said = [_said_quiet(mine), _said_digest(mine), _said_mute(mine), _said_quietly(mine)]
    if waiting:
        text = ngettext("%(count)d notice waits for your digest.", "%(count)d notices wait for your digest.", waiting)
        said.append(text % {"count": waiting})
    return [line for line in said if line]


async def _answer(call: Call, page: Any, read: Any) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(_("Please send me that in a private chat."))
    else:
        text, keyboard = await in_database(_changed, call.chat.id, call.words, page, read)
        await call.reply(text, keyboard)


async def _pressed(call: Call, page: Any, read: Any) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.toast(_("Please do that in a private chat with me."))
    else:
        text, keyboard = await in_database(_changed, call.chat.id, call.words, page, read)
        await call.toast(SAVED if keyboard else "", seen=True)
        await call.show(text, keyboard)


def _changed(telegram_id: int, words: tuple[str, ...], page: Any, read: Any) -> Page:
    """Store what the words say, if any. Returns what holds now, with the buttons to change it."""
    person = timing.person_of(telegram_id)
    if person is None:
        return str(NOT_SUBSCRIBED), ()
    said = " ".join(words).lower()
    try:
        choices = {} if not said else read("" if said == _OFF else said)
        if choices:
            waited = waiting_for(telegram_id).count
            timing.change(person, **choices)
            if waiting_for(telegram_id).count < waited:
                wake_quietly([Subscription.Channel.TELEGRAM, Subscription.Channel.WEB_PUSH])
    except TimingError as error:
        text, keyboard = page(timing.timing_of(person))
        return f"{error}\n\n{text}", keyboard
    text, keyboard = page(timing.timing_of(person))
    return (_over(page), keyboard) if said == _OFF else (text, keyboard)


def _over(page: Any) -> str:
    """Return what is said once something is switched off; how it works stands in its own answer."""
    said = {
        _quiet_page: _("No quiet hours any more. /quiet 11 PM 7 AM brings them back."),
        _digest_page: _("No daily digest any more. /digest 8 PM brings it back."),
        _mute_page: _("Nothing is muted any more. /mute 3h mutes again."),
    }
    return said[page]


def _quiet_hours(said: str) -> dict[str, Any]:
    """Read `23:00 07:00`, `23-7`, `11 pm 7 am` or "" for none. Raises TimingError."""
    if not said:
        return {"quiet_from": None, "quiet_until": None}
    ends = _HALF.sub(r"\1", said.replace("-", " ").replace("–", " ")).split()
    if len(ends) != 2:
        raise TimingError(_("Send when they begin and when they end, such as /quiet 11 PM 7 AM."))
    begin, end = map(timing.read_time, ends)
    return {"quiet_from": begin, "quiet_until": end}


def _digest(said: str) -> dict[str, Any]:
    return {"digest_at": timing.read_time(said) if said else None}


def _mute(said: str) -> dict[str, Any]:
    return {"muted_until": timezone.now() + timing.read_span(said) if said else None}


def _quiet_page(mine: Timing) -> Page:
    if at := timing.comes_at(mine):
        how = _(
            "What is not urgent waits, and comes with your digest at %(at)s; what is due before that comes at their"
            " end. At once comes your own name on a list, and what is due before they end or up to two hours later.\n"
            "Send /quiet 11 PM 7 AM, or /quiet off."
        ) % {"at": time_of_day(at)}
    else:
        how = _(
            "What is not urgent waits, and comes as one message at their end. At once comes your own name on a list,"
            " and what is due before they end or up to two hours later.\n"
            "Send /quiet 11 PM 7 AM, or /quiet off."
        )
    begin, end = timing.SUGGESTED
    keys = [Key(f"{time_of_day(begin)} – {time_of_day(end)}", callback_data=f"quiet:{begin:%H%M}-{end:%H%M}")]
    if mine.quiet_from:
        keys.append(Key(_("No quiet hours"), callback_data="quiet:off"))
    return "\n".join((_said_quiet(mine) or _("You have no quiet hours. This is what they do:"), how)), [keys]


def _digest_page(mine: Timing) -> Page:
    how = _(
        "What is not urgent waits for it; urgent things come at once all the same.\nSend /digest 8 PM, or /digest off."
    )
    keys = [Key(time_of_day(at), callback_data=f"digest:{at:%H%M}") for at in _DIGESTS]
    rows = [keys, [Key(_("As things come"), callback_data="digest:off")]] if mine.digest_at else [keys]
    return "\n".join((_said_digest(mine) or _("You have no daily digest. This is what it does:"), how)), rows


def _mute_page(mine: Timing) -> Page:
    if at := timing.comes_at(mine):
        how = _(
            "What is not urgent waits, and comes with your digest at %(at)s; a digest that falls into the mute comes at"
            " its end, and so does what is due before the digest. At once comes your own name on a list, and what is"
            " due before the mute ends or up to two hours later.\n"
            "Send /mute 3h or /mute 2d, or /mute off."
        ) % {"at": time_of_day(at)}
    else:
        how = _(
            "What is not urgent waits, and comes as one message at the end of the mute. At once comes your own name on"
            " a list, and what is due before the mute ends or up to two hours later.\n"
            "Send /mute 3h or /mute 2d, or /mute off."
        )
    keys = [Key(span, callback_data=f"mute:{span}") for span in _MUTES]
    muted = _said_mute(mine)
    rows = [keys, [Key(_("No longer muted"), callback_data="mute:off")]] if muted else [keys]
    return "\n".join((muted or _("Nothing is muted. This is what a mute does:"), how)), rows


def _said_quiet(mine: Timing) -> str:
    if not (mine.quiet_from and mine.quiet_until):
        return ""
    ends = {"begin": time_of_day(mine.quiet_from), "end": time_of_day(mine.quiet_until)}
    return _("Quiet hours: %(begin)s to %(end)s.") % ends


def _said_digest(mine: Timing) -> str:
    at = timing.comes_at(mine)
    if not (at and mine.digest_at):
        return ""
    if at != mine.digest_at:
        times = {"at": time_of_day(mine.digest_at), "end": time_of_day(at)}
        return _("One digest a day: %(at)s lies within your quiet hours, it comes at their end, %(end)s.") % times
    return _("One digest a day, at %(at)s.") % {"at": time_of_day(at)}


def _said_mute(mine: Timing) -> str:
    until = timing.muted_until(mine, timezone.now())
    return _("Muted until %(when)s.") % {"when": moment(until)} if until else ""


def _said_quietly(mine: Timing) -> str:
    if not mine.quietly:
        return ""
    return _("What your filters keep back comes in a digest at %(at)s.") % {
        "at": time_of_day(timing.kept_back_at(mine))
    }


def _kind_muted(telegram_id: int, notice_id: int) -> str:
    """Mute the category of a notice in a chat. Returns what to say."""
    category = Notice.objects.filter(pk=notice_id).values_list("category", flat=True).first()
    if category not in Category.values:
        return _("That notice is not there any more.")
    if subscriptions.mute(telegram_id, category, on=True) is None:
        return str(NOT_SUBSCRIBED)
    kind = Category(category).label
    return _("“%(kind)s” is muted: it comes only where a list names you. /status brings it back.") % {"kind": kind}
