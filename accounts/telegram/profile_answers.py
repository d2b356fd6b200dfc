"""A text as the answer to a question of /me (spec: personal, Profile)."""

import re
from contextlib import suppress

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from telegram import InlineKeyboardButton as Key

from accounts.models import Profile
from accounts.personal import profiles
from accounts.personal.facts import FACTS, FactError, shown, told_in
from accounts.personal.numbers import is_number, normal_number
from accounts.personal.said import words_left
from accounts.telegram.call import Call
from accounts.telegram.profile_commands import LONGEST_DATA, ask_next, choice_keys, tell
from accounts.telegram.registry import before_command, doubtful_text, in_database, plain_text

IS_IT_YOURS = _lazy(
    "Is that your enrolment number? With it I tell you first when you are on a list. /find %(number)s looks for it "
    "in the notices."
)
SHALL_I_NOTE_IT = _lazy("%(fact)s: %(value)s. Shall I note it?")
_LONGEST_ANSWER = 5  # words
_LIKE_NUMBER = re.compile(r"\d{7,}")
_SKIPS = frozenset(("skip", "pass", "later", "next", "baad me", "छोड़ें", "छोड़ो"))
_LEFT = _lazy("I leave it at that. When you like, send it so: /me %(name)s %(example)s")

before_command(profiles.end_question)


@plain_text
async def answer(call: Call, text: str) -> bool:
    """Take a text as the answer to the question that waits. False where none does, and for one that does not fit."""
    question = await in_database(profiles.waiting_question, call.user.id)
    if question and text.casefold().strip(" .!") in _SKIPS:
        await ask_next(call, question)
    elif question and _fits(question, text):
        await tell(call, question, text)
    else:
        return False
    return True


@doubtful_text
async def offer_to_note_value(call: Call, text: str) -> bool:
    """Ask whether to note what a text tells of its sender ("my cgpa is 8.2"). False for a text that says more."""
    name, value = told_in(text)
    data = f"me:set:{name}:{value}"
    if not name or len(data.encode()) > LONGEST_DATA:
        return False
    yes = Key(_("Yes, note it"), callback_data=data)
    asked = SHALL_I_NOTE_IT % {"fact": FACTS[name].label, "value": shown(name, value)}
    await call.reply(asked, [[yes]], stored=False)
    return True


@doubtful_text
async def ask_once_more(call: Call, text: str) -> bool:
    """Say once why a text does not fit the question that waits, then how to answer it later.

    False for what was not meant as its answer.
    """
    question = await in_database(profiles.waiting_question, call.user.id)
    if not question or not _may_answer(question, text):
        return False
    if await in_database(profiles.ask_again, call.user.id):
        await tell(call, question, text)
    elif any(map(str.isdecimal, text)):
        go_on = Key(_("Go on"), callback_data=f"me:skip:{question}")
        left = _LEFT % {"name": question, "example": FACTS[question].example}
        await call.reply(left, [*choice_keys(question), [go_on]])
    else:
        return False
    return True


@doubtful_text
async def offer_to_note(call: Call, text: str) -> bool:
    """Ask whether a number is the sender's own. False for a text that says more, and where their number is known."""
    number = _number_in(text)
    if not number or await in_database(_told_number, call.user.id):
        return False
    yes = Key(_("Yes, it is mine"), callback_data=f"me:set:{profiles.NUMBER}:{number}")
    await call.reply(IS_IT_YOURS % {"number": number}, [[yes]], stored=False)
    return True


def _number_in(text: str) -> str:
    """Return the number of "22103001" or "my number is 22103001"; "" of any other text."""
    words = words_left(profiles.NUMBER, text)
    number = normal_number(words[0]) if len(words) == 1 else ""
    return number if is_number(number) and _LIKE_NUMBER.search(number) else ""


def _told_number(telegram_id: int) -> bool:
    return Profile.objects.filter(subscriber__telegram_id=telegram_id, number_digest__gt="").exists()


def _fits(name: str, text: str) -> bool:
    with suppress(FactError):
        return bool(FACTS[name].parse(text))
    return False


def _may_answer(name: str, text: str) -> bool:
    """Whether a text that does not fit was perhaps meant as an answer: a few words, and digits for a number."""
    in_doubt = len(text.split()) <= _LONGEST_ANSWER and "?" not in text
    return in_doubt and (name != profiles.NUMBER or any(map(str.isdecimal, text)))
