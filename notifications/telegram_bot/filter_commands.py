"""/filter: what somebody wants to hear of, with what it would have changed (spec: personal, What I want)."""

from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import InlineKeyboardButton as Key

from accounts.personal import filters, timing
from accounts.personal.filters import FilterError, said
from accounts.personal.timing import SUGGESTED_DIGEST
from accounts.pseudonyms import pseudonym
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Topic, button, command, in_database
from accounts.telegram.replies import NOT_SUBSCRIBED, SAVED
from accounts.times import time_of_day
from notifications.publishing.would_have import DAYS, last_month, with_filter

IN_PRIVATE = _lazy("Please send me that in a private chat.")
HOW = _lazy(
    "Send one of these:\n"
    "/filter company Zenith: always tell me of Zenith\n"
    "/filter word python: always tell me of the word\n"
    "/filter not-company Zenith, /filter not-word webinar: nothing of these\n"
    "/filter package 6: postings from 6 LPA, /filter place Noida, /filter type internship\n"
    "/filter eligible: no posting that is not open to me (/me)\n"
    "/filter quietly on: what filters keep back comes in a digest, else not at all\n"
    "/filter off: no filters\n"
    "What a notice does not state never counts against it, and your own name on a list always comes."
)
EXPIRED = _lazy("This button has waited too long. Send me the filter once more.")
TAKEN_AWAY = _lazy("Taken away.")
_LONGEST_DATA = 64  # callback_data takes so many bytes (Bot API)
_KEPT_SECONDS = 3600


@command("filter", does=_lazy("Choose companies, words, pay and places"), about=Topic.NOTICES)
async def choose_filters(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(IN_PRIVATE)
    elif call.words[:1] == ("quietly",):
        await call.reply(await in_database(_quietly, call.user.id, call.words[1:]))
    elif call.words in ((), ("off",)):
        if call.words:
            await in_database(filters.remove_all, call.user.id)
        text, keyboard = await in_database(_page, call.user.id)
        await call.reply(text, keyboard)
    else:
        text, keyboard = await in_database(_preview, call.user.id, call.words[0].lower(), " ".join(call.words[1:]))
        await call.reply(text, keyboard)


@button("filter:try:(eligible)")
async def try_out(call: Call) -> None:
    """Say what a suggested filter would have done."""
    await call.toast()
    text, keyboard = await in_database(_preview, call.user.id, call.words[0], "")
    await call.show(text, keyboard)


@button(r"filter:save:([a-z-]+):(.*)")
async def save(call: Call) -> None:
    await _save(call, *call.words)


@button(r"filter:kept:([0-9a-f]{16})")
async def save_kept(call: Call) -> None:
    """Save a filter whose words are too long for a button."""
    kept = await in_database(cache.get, _kept(call.user.id, call.words[0]))
    if kept is None:
        await call.toast(EXPIRED, alert=True)
    else:
        await _save(call, *kept)


async def _save(call: Call, kind: str, value: str) -> None:
    try:
        stored = await in_database(filters.add, call.user.id, filters.parse(kind, value))
    except FilterError as error:
        await call.toast(str(error), alert=True)
        return
    await call.toast(SAVED if stored else NOT_SUBSCRIBED, alert=not stored, seen=stored)
    text, keyboard = await in_database(_page, call.user.id)
    await call.show(text, keyboard)


@button(r"filter:remove:(\d{1,18})")
async def remove(call: Call) -> None:
    await in_database(filters.remove, call.user.id, int(call.words[0]))
    await call.toast(TAKEN_AWAY, seen=True)
    text, keyboard = await in_database(_page, call.user.id)
    await call.show(text, keyboard)


@button("filters")
async def show(call: Call) -> None:
    await call.toast()
    text, keyboard = await in_database(_page, call.user.id)
    await call.show(text, keyboard)


def _quietly(telegram_id: int, words: tuple[str, ...]) -> str:
    """Have what filters keep back come in a digest, or not at all. Returns what holds now."""
    person = timing.person_of(telegram_id)
    if person is None:
        return str(NOT_SUBSCRIBED)
    said = words[0].lower() if words else ""
    mine = timing.change(person, quietly=said == "on") if said in ("on", "off") else timing.timing_of(person)
    if mine.quietly:
        at = time_of_day(timing.kept_back_at(mine))
        return _("What your filters keep back comes in a digest at %(at)s. /filter quietly off ends that.") % {"at": at}
    return _("What your filters keep back does not come. /filter quietly on brings it in a digest.")


def _page(telegram_id: int) -> tuple[str, Keyboard]:
    """The filters of a person, each with a button that takes it away, and what they did in the last month."""
    mine, person = filters.of(telegram_id), timing.person_of(telegram_id)
    if person is None:
        return str(NOT_SUBSCRIBED), ()
    once_a_day = [] if timing.timing_of(person).digest_at else [[_digest_key()]]
    if not mine:
        suggested = [[Key(_("Only what I may apply to"), callback_data="filter:try:eligible")], *once_a_day]
        return _("You have no filters: all you follow comes.") + f"\n\n{HOW}", suggested
    through, of = last_month(telegram_id)
    lines = [f"{number}. {said(each)}" for number, each in enumerate(mine, 1)]
    keys = [Key(f"✕ {number}", callback_data=f"filter:remove:{each.pk}") for number, each in enumerate(mine, 1)]
    rows = [*(keys[start : start + 5] for start in range(0, len(keys), 5)), *once_a_day]
    figure = _("In the last %(days)d days they let %(through)d of %(count)d notices through.")
    figures = figure % {"days": DAYS, "through": through, "count": of}
    return "\n".join([_("Your filters:"), *lines, "", figures, "", str(HOW)]), rows


def _digest_key() -> Key:
    """Suggest what spares more messages than any filter does (docs/scaling.md, A season)."""
    words = _("All that is not urgent once a day")
    return Key(f"{words} ({time_of_day(SUGGESTED_DIGEST)})", callback_data=f"digest:{SUGGESTED_DIGEST:%H%M}")


def _preview(telegram_id: int, kind: str, value: str) -> tuple[str, Keyboard]:
    """Say what a filter would have done before it is saved."""
    try:
        new = filters.parse(kind, value)
        effect = with_filter(telegram_id, new)
    except FilterError as error:
        return f"{error}\n\n{HOW}", ()
    if effect is None:
        return str(NOT_SUBSCRIBED), ()
    through, of = effect
    told = _("In the last %(days)d days I would have told you %(through)d of %(count)d notices.")
    lines = [said(new), told % {"days": DAYS, "through": through, "count": of}]
    if of and not through:
        lines.append(_("Nothing would come but your own name on lists."))
    save_key = Key(_("Save"), callback_data=_saving(telegram_id, kind, new.value))
    return "\n".join(lines), [[save_key], [Key(_("Leave it"), callback_data="filters")]]


def _saving(telegram_id: int, kind: str, value: str) -> str:
    """Return the data of the button that saves a filter: its words, or for an hour a short key of them."""
    data = f"filter:save:{kind}:{value}"
    if len(data.encode()) <= _LONGEST_DATA:
        return data
    key = sha256(data.encode()).hexdigest()[:16]
    cache.set(_kept(telegram_id, key), (kind, value), _KEPT_SECONDS)
    return f"filter:kept:{key}"


def _kept(telegram_id: int, key: str) -> str:
    return f"filter:{pseudonym(telegram_id)}:{key}"
