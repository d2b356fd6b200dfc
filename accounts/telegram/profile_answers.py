"""A text as the answer to a question of /me (spec: personal, Profile)."""

from contextlib import suppress

from accounts.personal import profiles
from accounts.personal.facts import FACTS, FactError
from accounts.telegram.call import Call
from accounts.telegram.profile_commands import tell
from accounts.telegram.registry import before_command, doubtful_text, in_database, plain_text

_LONGEST_ANSWER = 5  # words

before_command(profiles.end_question)


@plain_text
async def answer(call: Call, text: str) -> bool:
    """Take a text as the answer to the question that waits. False where none does, and for one that does not fit."""
    question = await in_database(profiles.waiting_question, call.user.id)
    if not question or not _fits(question, text):
        return False
    await tell(call, question, text)
    return True


@doubtful_text
async def ask_once_more(call: Call, text: str) -> bool:
    """Say once why a text does not fit the question that waits. False for what was not meant as its answer."""
    question = await in_database(profiles.waiting_question, call.user.id)
    if not question or not _may_answer(question, text) or not await in_database(profiles.ask_again, call.user.id):
        return False
    await tell(call, question, text)
    return True


def _fits(name: str, text: str) -> bool:
    with suppress(FactError):
        return bool(FACTS[name].parse(text))
    return False


def _may_answer(name: str, text: str) -> bool:
    """Whether a text that does not fit was perhaps meant as an answer: a few words, and digits for a number."""
    in_doubt = len(text.split()) <= _LONGEST_ANSWER and "?" not in text
    return in_doubt and (name != profiles.NUMBER or any(map(str.isdecimal, text)))
