"""The bot's side of membership: asking for it, proving it, granting it (spec: personal, Who is who).

Replies that name those who ask are not stored while they wait: /forget would miss them.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise
from telegram import InlineKeyboardButton as Key

from accounts.models import Subscriber
from accounts.personal import profiles
from accounts.privacy import days as counted_days
from accounts.pseudonyms import pseudonym
from accounts.subscribing import email_codes, members
from accounts.telegram.admins import admin_ids
from accounts.telegram.call import Call, Keyboard, Reply
from accounts.telegram.registry import Topic, button, command, in_database, plain_text
from accounts.telegram.replies import NOT_SUBSCRIBED
from accounts.times import too_often
from accounts.web.throttling import count

log = logging.getLogger(__name__)

IN_PRIVATE = _lazy("Please send me that in a private chat.")
IS_MEMBER = _lazy("You are a member: lists show names here.")
OPEN = _lazy("Everybody reads names here. You need not join.")
ASKED = _lazy("You are on the waiting list now. I tell you what an admin decides.")
WAITING = _lazy("You are on the waiting list. I tell you what an admin decides.")
REFUSED = _lazy("An admin did not accept this. Ask your placement cell.")
ADDRESS_WANTED = _lazy("Send /join with your address at the institute, like this:\n/join your.name@%(domain)s")
MAILED = _lazy("If that address is right, a code is on its way to it. Send it here within ten minutes:\n/join 123456")
MAIL_AWAY = _lazy("I can't send mail just now. Please try again in a few minutes.")
WELCOME = _lazy("You are a member now: lists show names here.")
BAD_INVITATION = _lazy("This invitation is no longer valid. Ask who gave it to you for a new one, or send /join.")
NOBODY_WAITS = "Nobody waits to become a member."
ACCEPTED, NOT_ACCEPTED = "Accepted, and told so.", "Not accepted, and told so."
DECIDED = "That was decided already."
INVITATION_USAGE = "/invite USES DAYS, such as /invite 60 7: at most 500 uses and 30 days."
NAMES_USAGE = "Send /names on or /names off in the group that it is for."
_PAGE, _LONGEST_NAME = 20, 40
# How often codes may be asked for in an hour: by a chat, for an address, in all.
_AN_HOUR = 3600
_A_CHAT, _AN_ADDRESS, _IN_ALL = 5, 3, 300
# How many codes may be tried in a day, by a chat and in all: a guess is right once in a million.
_A_DAY = 86_400
_TRIES_OF_A_CHAT, _TRIES_IN_ALL = 20, 1000
# How often admins are told that somebody waits, in ten minutes, and how often one person may ask in a day.
_TOLD, _ASKED_A_DAY = 10, 3


@command("join", does=_lazy("See the names on lists: become a member"), about=Topic.YOU)
async def join(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.reply(IN_PRIVATE)
    elif settings.MEMBER_EMAIL_DOMAINS and call.words:  # a member may prove an address too: a number may hang on it
        await call.reply(await in_database(_by_mail, call.user.id, " ".join(call.words)))
    elif await in_database(members.sees_names, call.user.id):
        await call.reply(OPEN if settings.MEMBERSHIP == "open" else IS_MEMBER)
    elif await in_database(_is_refused, call.user.id):
        await call.reply(REFUSED)
    elif settings.MEMBERSHIP == "email":
        await call.reply(ADDRESS_WANTED % {"domain": settings.MEMBER_EMAIL_DOMAINS[0]})
    else:
        await _ask_admins(call)


@plain_text
async def join_without_the_command(call: Call, text: str) -> bool:
    """Take an address of the institute alone, or the digits of a code that waits, as what /join is sent with."""
    if not settings.MEMBER_EMAIL_DOMAINS or not await in_database(_is_for_join, call.user.id, text):
        return False
    call.kind = "/join"
    await call.reply(await in_database(_by_mail, call.user.id, text))
    return True


def _is_for_join(telegram_id: int, text: str) -> bool:
    """Whether a text proves an address. A question that was asked since comes first: its answer may be digits too."""
    if profiles.waiting_question(telegram_id):
        return False
    if email_codes.is_like_code(text):
        return email_codes.waits(telegram_id)
    with suppress(email_codes.AddressError):
        return bool(email_codes.normal_address(text)) and not members.sees_names(telegram_id)
    return False


def _is_refused(telegram_id: int) -> bool:
    """Whether an admin said no: neither an address nor an invitation changes that."""
    refused = members.standing(telegram_id) == members.Membership.REFUSED
    return refused and not members.sees_names(telegram_id)


def _by_mail(telegram_id: int, text: str) -> StrOrPromise:
    """Return what a person is told who sent an address or a code."""
    if not members.standing(telegram_id):
        return NOT_SUBSCRIBED
    if _is_refused(telegram_id):
        return REFUSED
    try:
        if "@" in text:
            return _mail_code(telegram_id, email_codes.normal_address(text))
        if wait := _too_many_tries(telegram_id):
            return too_often(wait)
        email_codes.verify(telegram_id, text)
    except (email_codes.AddressError, email_codes.WrongCodeError) as error:
        return str(error)
    return WELCOME


def _mail_code(telegram_id: int, address: str) -> StrOrPromise:
    if wait := _too_often(telegram_id, address):
        return too_often(wait)
    try:
        email_codes.send(telegram_id, address)
    except SMTPRecipientsRefused:  # there is no such address, or it takes no mail
        return MAILED
    except OSError as error:  # smtplib's errors are some
        log.warning("A code could not be mailed: %s", type(error).__name__)
        return MAIL_AWAY
    return MAILED


def _too_many_tries(telegram_id: int) -> float:
    """Seconds until a code may be tried again, 0.0 where it may be now."""
    of_chat = count(
        f"join:tries:{email_codes.digest_of('chat', str(telegram_id))}", limit=_TRIES_OF_A_CHAT, seconds=_A_DAY
    )
    if not of_chat:
        in_all = count("join:tries", limit=_TRIES_IN_ALL, seconds=_A_DAY)
        if in_all:
            log.warning("More than %d codes were tried within a day: nobody may try another one.", _TRIES_IN_ALL)
        return in_all
    return of_chat


def _may_tell_admins(telegram_id: int) -> bool:
    """Who asks again and again does not flood them; whoever they are not told of stands in /waiting."""
    mine = count(f"join:asks:{email_codes.digest_of('chat', str(telegram_id))}", limit=_ASKED_A_DAY, seconds=_A_DAY)
    return not mine and not count("join:told", limit=_TOLD, seconds=600)


def _too_often(telegram_id: int, address: str) -> float:
    """Seconds until a code may be asked for again, 0.0 where it may be now."""
    limits = {
        f"join:chat:{email_codes.digest_of('chat', str(telegram_id))}": _A_CHAT,
        f"join:address:{email_codes.digest_of('address', address)}": _AN_ADDRESS,
        "join:all": _IN_ALL,
    }
    for key, limit in limits.items():
        if wait := count(key, limit=limit, seconds=_AN_HOUR):
            return wait
    return 0.0


async def _ask_admins(call: Call) -> None:
    before = await in_database(members.standing, call.user.id)
    after = await in_database(members.ask, call.user.id)
    if not after:
        await call.reply(NOT_SUBSCRIBED)
    elif before == after:
        await call.reply(WAITING)
    else:
        await call.reply(ASKED)
        if not await in_database(_may_tell_admins, call.user.id):
            return
        text, keyboard = await in_database(_waiting_page)
        for admin in await in_database(admin_ids):
            await call.replies.put(Reply(chat_id=admin, kind="waiting", text=text, keyboard=keyboard, stored=False))


async def accept_invitation(call: Call, token: str) -> None:
    """Answer /start with an invitation's token."""
    text = await in_database(_invited, call.user.id, token)
    await call.replies.put(Reply(chat_id=call.user.id, kind="invitation", text=str(text)))


def _invited(telegram_id: int, token: str) -> StrOrPromise:
    if members.accept(telegram_id, token):
        return WELCOME
    return REFUSED if _is_refused(telegram_id) else BAD_INVITATION


@command("waiting", does="Who asks to become a member", admin=True)
async def waiting(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.refuse(IN_PRIVATE)
        return
    text, keyboard = await in_database(_waiting_page)
    await call.reply(text, keyboard, stored=False)


def _waiting_page() -> tuple[str, Keyboard]:
    """Return who waits, the first ones first, each with Yes and No."""
    found = list(members.waiting()[: _PAGE + 1])
    if not found:
        return NOBODY_WAITS, ()
    shown = found[:_PAGE]
    total = members.waiting().count() if len(found) > _PAGE else len(found)
    lines = [f"{number}. {_who(person)}" for number, person in enumerate(shown, 1)]
    keyboard = [
        [
            Key(f"Yes {number}", callback_data=f"member:yes:{person.pk}"),
            Key(f"No {number}", callback_data=f"member:no:{person.pk}"),
        ]
        for number, person in enumerate(shown, 1)
    ]
    if total > 1:
        keyboard.append([Key(f"Yes to all {len(shown)} shown", callback_data=f"member:all:{shown[-1].pk}")])
    asks = "1 asks to become a member" if total == 1 else f"{total} ask to become members"
    return "\n".join([f"{asks} and read names:", *lines]), keyboard


def _who(person: Subscriber) -> str:
    name = person.name[:_LONGEST_NAME]
    return f"{name} (@{person.username})" if person.username else name or str(person)


@button(r"member:(yes|no):(\d{1,18})", admin=True)
async def decide(call: Call) -> None:
    word, pk = call.words
    done = await in_database(_decide, word, int(pk))
    await call.toast((ACCEPTED if word == "yes" else NOT_ACCEPTED) if done else DECIDED)
    text, keyboard = await in_database(_waiting_page)
    await call.show(text, keyboard, stored=False)


@button(r"member:all:(\d{1,18})", admin=True)
async def admit_all(call: Call) -> None:
    """Admit those who were shown: nobody who came after the message was made."""
    admitted = await in_database(_admit_shown, int(call.words[0]))
    call.done_to = " ".join(map(str, admitted))
    await call.toast()
    text, keyboard = await in_database(_waiting_page)
    await call.show(text, keyboard, stored=False)


def _decide(word: str, pk: int) -> bool:
    """Return whether it still had to be decided."""
    person = members.waiting().filter(pk=pk)
    return bool(members.admit(person, by=members.BY_APPROVAL) if word == "yes" else members.refuse(person))


def _admit_shown(last: int) -> list[int]:
    """Return the primary keys of the new members."""
    keys = list(members.waiting().values_list("pk", flat=True)[:_PAGE])
    shown = keys[: keys.index(last) + 1] if last in keys else []
    return members.admit(members.waiting().filter(pk__in=shown), by=members.BY_APPROVAL)


@command("invite", does="Make a link that lets people join", admin=True)
async def invite(call: Call) -> None:
    if call.chat.type != call.chat.PRIVATE:
        await call.refuse(IN_PRIVATE)
        return
    uses, days = (*call.words, *("60", "7")[len(call.words) :])[:2]
    try:
        valid = timedelta(days=int(days))
        token = await in_database(members.invite, uses=int(uses), valid=valid)
    except (ValueError, OverflowError):
        await call.refuse(INVITATION_USAGE)
        return
    call.done_to = f"{int(uses)} {int(days)}"
    log.info("%s made an invitation: %s uses, %s days", pseudonym(call.user.id), uses, days)
    link = f"https://t.me/{call.context.bot.username}?start={token}"
    often = "once" if int(uses) == 1 else f"{uses} times"
    text = f"Whoever opens this link becomes a member: {often}, for {counted_days(int(days))}.\n{link}"
    await call.reply(text, stored=False)


@command("names", does="Show names in this group, or no longer", admin=True)
async def names(call: Call) -> None:
    word = call.words[0].lower() if call.words else ""
    if call.chat.type == call.chat.PRIVATE or word not in ("on", "off"):
        await call.refuse(NAMES_USAGE)
        return
    call.done_to = word
    chat = Subscriber.objects.filter(telegram_id=call.chat.id)
    if word == "on":
        await in_database(members.admit, chat, by=members.BY_APPROVAL)
    else:
        await in_database(members.end, chat)
    sees = await in_database(members.sees_names, call.chat.id)
    await call.reply("Lists show names here." if sees else "Lists show no names here.")
