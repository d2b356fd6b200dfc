"""What the bot says about subscriptions, and the buttons below it (spec: messages).

All of it is plain text. Callback data: `choose`, `categories`, `seasons`, `season:202627:on`, `category:webinar:off`,
`forget:yes`. They say what is to be, so that a press that arrives twice does no harm.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise
from telegram import InlineKeyboardButton as Key

from accounts.categories import Category
from accounts.privacy import days
from accounts.seasons import show_season
from accounts.subscribing.subscriptions import STOPPED, Standing, seasons_offered
from accounts.telegram.call import Keyboard

NOT_SUBSCRIBED = _lazy("Nothing comes here yet. Send /start to begin.")
LISTS_FOR_MEMBERS = _lazy("Lists name you once you are a member: /join.")
STOPPED_NOW = _lazy("Done, no more notices here.\nSend /start whenever you want them back.")
STOPPED_BEFORE = _lazy("Notices are off here already.\nSend /start whenever you want them back.")
GROUP_JOINED = _lazy("Placement notices will come here from now on.\nAn admin of this group can change that: /status")
GROUP_ADMINS_ONLY = _lazy("Only an admin of this group can change that. /status shows what comes here.")
TOPIC_FOR_ADMINS = _lazy(
    "Notices come to another topic of this group.\nOne of its admins can change that by /start here."
)
LAST_SEASON = _lazy("One season has to stay. Choose another one first, or send /stop.")
FORGET_IN_PRIVATE = _lazy("Please send me /forget in a private chat, then I forget you.")
FORGET_QUESTION = _lazy(
    "This deletes all I know about you: your name, your profile, your membership, what you chose, and what was sent to"
    " you.\nGo ahead?"
)
SAVED = _lazy("Saved.")
NOTHING_TO_FORGET = _lazy("Nothing is stored about you.")
KEPT = _lazy("Nothing was deleted.")


def choose_key() -> Key:
    """Return the button that leads to what may come."""
    return Key(_("Choose what you want"), callback_data="choose")


def switched(label: StrOrPromise, *, on: bool) -> str:
    """Return what is said over the chat when a season, a category or a reminder is switched."""
    return (_("%(what)s: on") if on else _("%(what)s: off")) % {"what": label}


def forget_keyboard() -> Keyboard:
    """Return the buttons that delete all, or nothing."""
    return [
        [Key(_("Delete it all"), callback_data="forget:yes")],
        [Key(_("Keep it"), callback_data="forget:no")],
    ]


def forgotten() -> str:
    return _(
        "All of it is deleted.\nBackup copies lose it within %(days)s, the newest one with the next.\n"
        "Send /start if you ever want to come back."
    ) % {"days": days(settings.KEEP_BACKUPS_DAYS)}


def welcome(name: str, standing: Standing, *, new: bool, waits: bool = False) -> str:
    """Return the two lines above the buttons, with the name as the person wrote it.

    `waits`: they chose that something comes later than it could.
    """
    return f"{_greeting(name, new=new)}\n{_what_comes(standing, waits=waits)}"


def _greeting(name: str, *, new: bool) -> str:
    if not name:
        return _("Welcome!") if new else _("Welcome back!")
    return (_("Welcome, %(name)s!") if new else _("Welcome back, %(name)s!")) % {"name": name}


def _what_comes(standing: Standing, *, waits: bool) -> str:
    if standing.every_season and waits:
        return _("Jobs, shortlists, offers and updates of all seasons come here, at the times you chose: /status")
    if standing.every_season:
        return _("Jobs, shortlists, offers and updates of all seasons come here as soon as they are out.")
    if waits:
        text = _("Jobs, shortlists, offers and updates of %(seasons)s come here, at the times you chose: /status")
    else:
        text = _("Jobs, shortlists, offers and updates of %(seasons)s come here as soon as they are out.")
    return text % {"seasons": _seasons(standing)}


def status(standing: Standing) -> str:
    if standing.active:
        first = _("🔔 Notices come here.")
    elif standing.off_reason == STOPPED:
        first = _("🔕 Notices are off, as you asked. Send /start to switch them on.")
    else:
        first = _("🔕 Notices are off. Send /start to switch them on.")
    seasons = _("Seasons: %(seasons)s") % {"seasons": _seasons(standing)}
    return f"{first}\n{seasons}\n" + _("Categories: %(categories)s") % {"categories": _categories(standing)}


def categories(standing: Standing) -> tuple[str, Keyboard]:
    """The text and the buttons to choose categories by."""
    keys = [
        _switch(category.label, f"category:{category.value}", on=category.value not in standing.muted)
        for category in Category
    ]
    last = [Key(_("Seasons: %(seasons)s ›") % {"seasons": _seasons(standing)}, callback_data="seasons")]
    return _("What do you want to hear of? Tap to switch."), [*_rows(keys), last]


def seasons(standing: Standing) -> tuple[str, Keyboard]:
    """The text and the buttons to choose seasons by."""
    listed = sorted({*seasons_offered(), *standing.seasons}, reverse=True)
    keys = [_switch(show_season(s), f"season:{s}", on=standing.follows(s)) for s in listed]
    last = [Key(_("‹ Categories"), callback_data="categories")]
    return _("Which placement seasons do you follow? Tap to switch."), [*_rows(keys), last]


def _switch(label: StrOrPromise, data: str, *, on: bool) -> Key:
    return Key(f"{'✅' if on else '▫️'} {label}", callback_data=f"{data}:{'off' if on else 'on'}")


def _rows(keys: Iterable[Key]) -> list[list[Key]]:
    """Return the buttons, two a row."""
    every = list(keys)
    return [every[i : i + 2] for i in range(0, len(every), 2)]


def _seasons(standing: Standing) -> str:
    return _("all") if standing.every_season else ", ".join(map(show_season, standing.seasons))


def _categories(standing: Standing) -> str:
    muted = [str(category.label) for category in Category if category.value in standing.muted]
    if not muted:
        return _("all")
    if len(muted) == len(Category):
        return _("none")
    return _("all but %(categories)s") % {"categories": ", ".join(muted)}
