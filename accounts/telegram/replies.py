"""What the bot says about subscriptions, and the buttons below it (spec: messages).

All of it is plain text. Callback data: `choose`, `categories`, `seasons`, `season:202627:on`, `category:webinar:off`,
`forget:yes`. They say what is to be, so that a press that arrives twice does no harm.
"""

from collections.abc import Iterable

from django.conf import settings
from telegram import InlineKeyboardButton as Key

from accounts.categories import Category
from accounts.privacy import days
from accounts.seasons import show_season
from accounts.subscribing.subscriptions import STOPPED, Standing, seasons_offered
from accounts.telegram.call import Keyboard

CHOOSE = Key("Choose what you want", callback_data="choose")
NOT_SUBSCRIBED = "Nothing comes here yet. Send /start to begin."
STOPPED_NOW = "Done, no more notices here.\nSend /start whenever you want them back."
STOPPED_BEFORE = "Notices are off here already.\nSend /start whenever you want them back."
GROUP_JOINED = "Placement notices will come here from now on.\nAn admin of this group can change that: /status"
GROUP_ADMINS_ONLY = "Only an admin of this group can change that. /status shows what comes here."
TOPIC_FOR_ADMINS = "Notices come to another topic of this group.\nOne of its admins can change that by /start here."
LAST_SEASON = "One season has to stay. Choose another one first, or send /stop."
FORGET_IN_PRIVATE = "Please send me /forget in a private chat, then I forget you."
FORGET_QUESTION = (
    "This deletes all I know about you: your name, your profile, your membership, what you chose, and what was sent to"
    " you.\nGo ahead?"
)
FORGET_KEYBOARD = [[Key("Delete it all", callback_data="forget:yes")], [Key("Keep it", callback_data="forget:no")]]
NOTHING_TO_FORGET = "Nothing is stored about you."
KEPT = "Nothing was deleted."


def forgotten() -> str:
    return (
        f"All of it is deleted.\nBackup copies lose it within {days(settings.KEEP_BACKUPS_DAYS)},"
        " the newest one with the next.\n"
        "Send /start if you ever want to come back."
    )


def welcome(name: str, standing: Standing, *, new: bool) -> str:
    """Return the two lines above the buttons, with the name as the person wrote it."""
    greeting = "Welcome" if new else "Welcome back"
    what = "all seasons" if standing.every_season else _seasons(standing)
    return (
        f"{greeting}, {name}!\n" if name else f"{greeting}!\n"
    ) + f"Jobs, shortlists, offers and updates of {what} come here as soon as they are out."


def status(standing: Standing) -> str:
    if standing.active:
        first = "🔔 Notices come here."
    elif standing.off_reason == STOPPED:
        first = "🔕 Notices are off, as you asked. Send /start to switch them on."
    else:
        first = "🔕 Notices are off. Send /start to switch them on."
    return f"{first}\nSeasons: {_seasons(standing)}\nCategories: {_categories(standing)}"


def categories(standing: Standing) -> tuple[str, Keyboard]:
    """The text and the buttons to choose categories by."""
    keys = [
        _switch(category.label, f"category:{category.value}", on=category.value not in standing.muted)
        for category in Category
    ]
    last = [Key(f"Seasons: {_seasons(standing)} ›", callback_data="seasons")]
    return "What do you want to hear of? Tap to switch.", [*_rows(keys), last]


def seasons(standing: Standing) -> tuple[str, Keyboard]:
    """The text and the buttons to choose seasons by."""
    listed = sorted({*seasons_offered(), *standing.seasons}, reverse=True)
    keys = [_switch(show_season(s), f"season:{s}", on=standing.follows(s)) for s in listed]
    last = [Key("‹ Categories", callback_data="categories")]
    return "Which placement seasons do you follow? Tap to switch.", [*_rows(keys), last]


def _switch(label: str, data: str, *, on: bool) -> Key:
    return Key(f"{'✅' if on else '▫️'} {label}", callback_data=f"{data}:{'off' if on else 'on'}")


def _rows(keys: Iterable[Key]) -> list[list[Key]]:
    """Return the buttons, two a row."""
    every = list(keys)
    return [every[i : i + 2] for i in range(0, len(every), 2)]


def _seasons(standing: Standing) -> str:
    return "all" if standing.every_season else ", ".join(map(show_season, standing.seasons))


def _categories(standing: Standing) -> str:
    muted = [category.label for category in Category if category.value in standing.muted]
    if not muted:
        return "all"
    return "none" if len(muted) == len(Category) else f"all but {', '.join(muted)}"
