"""Texts that look for nothing: greetings, thanks and "what is this" are answered, not searched for (spec: messages)."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.telegram.call import Call
from accounts.telegram.registry import plain_text

_GREETING = re.compile(
    r"(?:hi+|hey+|hell?o+|namaste|namaskar|नमस्ते|good (?:morning|afternoon|evening|night))"
    r"(?: (?:there|bot|sir|ma'?am|all|bhai))?",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:thanks?|thank (?:you|u)|thx|ty|ok(?:ay)?|great|nice|bye|dhanyavaa?d|shukriya|thee?k hai|thik hai|accha"
    r"|धन्यवाद|शुक्रिया|ठीक है|अच्छा)"
    r"(?: (?:so much|a lot|you|bot|sir|bhai|thanks?|very much))?",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:who (?:are|r) (?:you|u)|what (?:is|are|can|do) (?:this|you|u)(?: (?:do|for|bot))?"
    r"|how (?:does|do) (?:this|it|you) work|help(?: me)?|i need help|menu|commands?|madad"
    r"|(?:yeh|ye) kya hai|मदद|यह क्या है|ये क्या है)",
    re.IGNORECASE,
)
_AROUND = " \n\t!?.,🙏😊👍🙂"
_APPLAUSE = frozenset("👍👌🙏😊🙂❤♥💯👏🎉🔥😀😄😁🥳🤝✅")
_WHAT_TO_DO = gettext_lazy(
    "Write a company or a word, such as Zenith, and I look for it in all notices. /deadlines shows what is open, "
    "/help all that I can do."
)
_WELCOME = gettext_lazy("You are welcome. Good luck!")


@plain_text
async def small_talk(call: Call, text: str) -> bool:
    """Answer a text that looks for nothing; False for any other."""
    said = " ".join(text.strip(_AROUND).split())
    answer = _answer(said, call.user.first_name) if any(map(str.isalnum, text)) else _wordless(text)
    if answer:
        call.kind = "small talk"
        await call.reply(answer)
    return bool(answer)


def _wordless(text: str) -> str:
    """Return the answer to signs and emoji alone: there is nothing in them to look for."""
    return str(_WELCOME) if _APPLAUSE.intersection(text) else _("I look for words. %(hint)s") % {"hint": _WHAT_TO_DO}


def _answer(said: str, name: str) -> str:
    if _GREETING.fullmatch(said):
        return _("Hello, %(name)s! %(hint)s") % {"name": name, "hint": _WHAT_TO_DO}
    if _THANKS.fullmatch(said):
        return str(_WELCOME)
    if _QUESTION.fullmatch(said):
        return _("I tell you here what is new in placements, by itself. %(hint)s") % {"hint": _WHAT_TO_DO}
    return ""
