"""The bot's side of a profile: agreeing, telling, changing, deleting (spec: personal, Profile).

Replies that show a profile are not stored while they wait. A value that was sent before its owner agreed stands in the
button below the notice, at Telegram, and nowhere else.
"""

from functools import wraps

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise
from telegram import InlineKeyboardButton as Key

from accounts.encryption import LostKeyError
from accounts.personal import profiles
from accounts.personal.facts import FACTS, FactError, fact_named, shown
from accounts.personal.numbers import is_number, normal_number
from accounts.privacy import notice_text
from accounts.pseudonyms import pseudonym
from accounts.subscribing import subscriptions
from accounts.subscribing.members import sees_names
from accounts.telegram.call import Call, Keyboard
from accounts.telegram.registry import Answer, Topic, button, command, in_database
from accounts.telegram.replies import LISTS_FOR_MEMBERS, NOT_SUBSCRIBED
from accounts.times import too_often
from accounts.web.throttling import count

IN_PRIVATE = _lazy("Please send me that in a private chat.")
AGREED = _lazy("Thank you. You can change or delete your profile at any time: /me")
USAGE = _lazy("Send /me and what it is, such as /me cgpa 7.8. The names are: %(names)s.")
NOTHING_TOLD = _lazy(
    "You told me nothing about yourself yet.\nWith your number I tell you first when you are on a list."
)
DELETE_QUESTION = _lazy("This deletes your profile and takes your agreement back. All notices go on coming. Go ahead?")
KEPT = _lazy("Nothing was deleted.")
NOTHING_TO_DELETE = _lazy("You have no profile.")
FREED = "The number is free now."
NOT_CLAIMED = "Nobody claimed that number."
FREE_USAGE = "/free NUMBER, such as /free 22103001: takes an enrolment number from whoever claimed it."
DELETED = _lazy("Your profile is deleted.")
ALL_TOLD = _lazy("Thank you, that is all I ask.")
LONGEST_DATA = 64  # callback_data takes so many bytes (Bot API)


def _key(text: StrOrPromise, data: str) -> Key:
    return Key(str(text), callback_data=data)


_BEFORE_MORE = _lazy("Before I store anything about you, please read this:")
_EVERY_FACT = "|".join(FACTS)


def delete_keyboard() -> Keyboard:
    """Return the buttons that delete a profile, or leave it."""
    return [[_key(_("Delete it"), "me:delete:yes")], [_key(_("Keep it"), "me:delete:no")]]


def in_private(answer: Answer) -> Answer:
    """Guard a button: what somebody told of themselves is nobody else's, and in a group anybody can forge a press."""

    @wraps(answer)
    async def guarded(call: Call) -> None:
        if call.chat.type == call.chat.PRIVATE:
            await answer(call)
        else:
            await call.toast(IN_PRIVATE, alert=True)

    return guarded


@command("agree", does=_lazy("Agree to what is stored of your profile"), about=Topic.YOU)
async def agree(call: Call) -> None:
    if call.chat.type == call.chat.PRIVATE:
        await _agree(call)
    else:
        await call.reply(IN_PRIVATE)


@command("me", does=_lazy("Your profile: number, branch, marks"), about=Topic.YOU)
async def me(call: Call) -> None:
    words = call.words
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(IN_PRIVATE)
    elif not words:
        text, keyboard = await in_database(_profile_page, call.user.id)
        await call.reply(text, keyboard, stored=False)
    elif words[0].lower() == "delete":
        agreed = await in_database(profiles.has_agreed, call.user.id)
        await call.reply(DELETE_QUESTION if agreed else NOTHING_TO_DELETE, delete_keyboard() if agreed else ())
    elif (name := fact_named(words[0])) and len(words) > 1:
        await tell(call, name, " ".join(words[1:]), go_on=False)
    elif name:
        await _ask(call, name)
    else:
        await call.reply(USAGE % {"names": ", ".join(FACTS)})


@button(rf"agree(?::({_EVERY_FACT}):(.+))?")
@in_private
async def agree_and_tell(call: Call) -> None:
    await call.toast()
    name, text = call.words
    agreed = name is not None and await in_database(profiles.agree, call.user.id)
    if agreed:
        await tell(call, name, text)
    else:
        await _agree(call)


@button(rf"me:ask:({_EVERY_FACT})")
@in_private
async def ask_for(call: Call) -> None:
    await call.toast()
    await _ask(call, call.words[0])


@button(rf"me:set:({_EVERY_FACT}):(.+)")
@in_private
async def choose_value(call: Call) -> None:
    await call.toast()
    await tell(call, *call.words)


@button(rf"me:drop:({_EVERY_FACT})")
@in_private
async def drop_value(call: Call) -> None:
    await call.toast()
    try:
        await in_database(profiles.drop, call.user.id, call.words[0])
    except profiles.NoConsentError:
        await _show_notice(call)
    except LostKeyError:
        await call.reply(profiles.UNREADABLE)
    else:
        await _show_profile(call)


@button(rf"me:skip:({_EVERY_FACT})")
@in_private
async def skip(call: Call) -> None:
    await call.toast()
    await ask_next(call, call.words[0])


async def ask_next(call: Call, after: str) -> None:
    """Ask what comes behind a question that is left."""
    text, keyboard = await in_database(_next_question, call.user.id, after)
    await call.show(text, keyboard, stored=False)


@button("me:enough")
@in_private
async def enough(call: Call) -> None:
    await call.toast()
    await in_database(profiles.ask, call.user.id, "")
    await _show_profile(call)


@button("me:delete:(ask|yes|no)")
@in_private
async def delete(call: Call) -> None:
    await call.toast()
    if call.words == ("ask",):
        await call.show(DELETE_QUESTION, delete_keyboard())
    elif call.words == ("no",):
        await call.show(KEPT)
    else:
        await in_database(profiles.delete, call.user.id)
        await call.show(DELETED)


async def _agree(call: Call) -> None:
    """Note the agreement. The notice stands above its button, or was shown when they agreed before: once is enough."""
    read = bool(call.query) or await in_database(profiles.has_agreed, call.user.id)
    if not await in_database(profiles.agree, call.user.id):
        await call.reply(NOT_SUBSCRIBED)
        return
    text, keyboard = await in_database(_next_question, call.user.id)
    notice = () if read else (_("You agreed to this:"), notice_text())
    await call.reply("\n\n".join(map(str, (*notice, AGREED, text))), keyboard, stored=False)


async def tell(call: Call, name: str, text: str, *, go_on: bool = True) -> None:
    """Store a value, or say why it can't be taken. With `go_on` the next question follows."""
    call.kind = f"/me {name}"
    try:
        value = await in_database(_told, call.user.id, name, text)
    except FactError as error:
        await call.reply(str(error), [_last_keys(name)] if go_on else (), stored=False)
    except profiles.NoConsentError:
        data = f"agree:{name}:{text}"
        await _show_notice(call, data if len(data.encode()) <= LONGEST_DATA else "agree")
    except LostKeyError:
        await call.reply(profiles.UNREADABLE)
    else:
        noted = _("%(fact)s: %(value)s. Noted.") % {"fact": FACTS[name].label, "value": shown(name, value)}
        is_number = name == profiles.NUMBER
        guess = await in_database(profiles.guessed, value) if is_number else {}
        lists = await in_database(_lists, call.user.id, value) if is_number else []
        question, keyboard = await in_database(_next_question, call.user.id, name) if go_on or guess else ("", ())
        await call.reply("\n\n".join(filter(None, (noted, *lists, question))), keyboard, stored=False)


def _told(telegram_id: int, name: str, text: str) -> str:
    """Store a value, and count what is a claim of a number. Raises what `profiles.tell` raises."""
    FACTS[name].parse(text)  # what is no number claims none
    if name == profiles.NUMBER:
        key = f"me:number:{pseudonym(telegram_id)}"
        if wait := count(key, limit=profiles.CLAIMS_A_DAY, seconds=86_400):
            raise FactError(too_often(wait))
    return profiles.tell(telegram_id, name, text)


def _lists(telegram_id: int, number: str) -> list[str]:
    """Return a line for each list of late that holds a number, or what it takes to be told of them."""
    return profiles.lists_with(telegram_id, number) if sees_names(telegram_id) else [str(LISTS_FOR_MEMBERS)]


async def _show_notice(call: Call, data: str = "agree") -> None:
    if await in_database(subscriptions.standing, call.user.id) is None:
        await call.reply(NOT_SUBSCRIBED)
    else:
        await call.reply(f"{_BEFORE_MORE}\n\n{notice_text()}", [[_key(_("Agree"), data)]], stored=False)


async def _show_profile(call: Call) -> None:
    text, keyboard = await in_database(_profile_page, call.user.id)
    await call.show(text, keyboard, stored=False)


async def _ask(call: Call, name: str) -> None:
    if await in_database(profiles.has_agreed, call.user.id):
        text, keyboard = await in_database(_question, call.user.id, name)
        await call.reply(text, keyboard, stored=False)
    else:
        await _show_notice(call)


def _question(telegram_id: int, name: str, suggested: str = "") -> tuple[str, Keyboard]:
    """Return one question with the buttons that answer it; the next plain text is its answer too."""
    profiles.ask(telegram_id, name)
    fact = FACTS[name]
    rows = choice_keys(name, suggested)
    question = (
        _("%(fact)s: is it %(value)s?") % {"fact": fact.label, "value": suggested} if suggested else fact.question
    )
    how = _("Press a button or write it, such as %(example)s.") if rows else _("Write it, such as %(example)s.")
    how %= {"example": fact.example}
    return f"{question}\n{how}", [*rows, _last_keys(name)]


def choice_keys(name: str, suggested: str = "") -> list[list[Key]]:
    """Return the buttons that answer a question; the one of what is suggested alone."""
    choices = (suggested,) if suggested else FACTS[name].choices
    keys = [_key(shown(name, choice), f"me:set:{name}:{choice}") for choice in choices]
    return [keys[start : start + 3] for start in range(0, len(keys), 3)]


def _last_keys(name: str) -> list[Key]:
    return [_key(_("Skip"), f"me:skip:{name}"), _key(_("That is enough"), "me:enough")]


def _next_question(telegram_id: int, after: str = "") -> tuple[str, Keyboard]:
    """Return the question for the first thing behind `after` that is not told; what the number says is suggested."""
    try:
        told = profiles.known(telegram_id)
    except LostKeyError:
        return str(profiles.UNREADABLE), ()
    names = list(FACTS)
    left = [name for name in names[names.index(after) + 1 if after else 0 :] if name not in told]
    if not left:
        profiles.ask(telegram_id, "")
        return str(ALL_TOLD), ()
    guess = profiles.guessed(told.get(profiles.NUMBER, ""))
    return _question(telegram_id, left[0], guess.get(left[0], ""))


def _profile_page(telegram_id: int) -> tuple[str, Keyboard]:
    """What somebody told, with a button for each thing."""
    try:
        told = profiles.known(telegram_id)
    except LostKeyError:
        return str(profiles.UNREADABLE), ()
    keys = [_key(f"{'✏️ ' if name in told else ''}{fact.label}", f"me:ask:{name}") for name, fact in FACTS.items()]
    rows = [keys[start : start + 2] for start in range(0, len(keys), 2)]
    if not told:
        return str(NOTHING_TOLD), rows
    lines = [f"{fact.label}: {shown(name, told[name])}" for name, fact in FACTS.items() if name in told]
    if missing := ", ".join(str(fact.label) for name, fact in FACTS.items() if name not in told):
        lines.append(_("Not told: %(facts)s") % {"facts": missing})
    text = "\n".join([_("What you told me:"), *lines])
    return text, [*rows, [_key(_("Delete my profile"), "me:delete:ask")]]


@command("free", does="Take a number from whoever claimed it", about=Topic.ADMINS, admin=True)
async def free_number(call: Call) -> None:
    number = normal_number(" ".join(call.words))
    if not is_number(number):
        await call.reply(FREE_USAGE)
        return
    freed = await in_database(profiles.free, number)
    await call.reply(FREED if freed else NOT_CLAIMED)
