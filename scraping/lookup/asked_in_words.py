"""Questions in plain words that a command answers: English, Hindi, and Hindi in Latin letters (spec: messages)."""

import re

from django.utils.translation import gettext_lazy as _lazy

from accounts.telegram.call import Call
from accounts.telegram.registry import COMMANDS, plain_text
from notifications.finding.words import says_nothing, words_of

HOW_TO_STOP = _lazy(
    "/stop ends the notices and keeps what you chose. /mute keeps back for a while what is not urgent, "
    "and /filter chooses what comes at all."
)
_DAY = "today|tomorrow|aaj|kal|आज|कल"
_ROUND = "tests?|exams?|interviews?|टेस्ट|परीक्षा|इंटरव्यू"
_PHRASES = {
    "deadline": rf"last (?:date|day)|(?:aa?khr?i?ri?|antim) (?:tareekh|tarikh|din)|(?:आखिरी|अंतिम) (?:तारीख|तिथि|दिन)"
    rf"|(?:{_DAY}) (?:kya|क्या)|(?:what|kya|क्या)(?: is| hai| है)? (?:on |for )?(?:{_DAY})",
    "myself": rf"(?:{_DAY})(?: \S+){{0,2}} (?:{_ROUND})|(?:{_ROUND})(?: \S+){{0,2}} (?:{_DAY})"
    r"|(?:i|main|my|mera|meri|meraa|मैं|मेरा|मेरी)(?: \S+){0,2} "
    r"(?:shortlist(?:ed)?|select(?:ed)?|listed|applications?|status|name|naam|नाम|शॉर्टलिस्ट|चयन"
    r"|interviews?|tests?|exams?|rounds?|slot|इंटरव्यू|टेस्ट|परीक्षा)",
    "profile": r"(?:my|apna|mera|meri|मेरा|मेरी) (?:number|cgpa|branch|profile|नंबर|प्रोफाइल)",
}
# Whoever asks that is told all their lists, whichever company they name.
_LISTED = re.compile(
    r"(?:am|was|have|did|is|kya|क्या) (?:i|my name|main|mera naam|मैं|मेरा नाम)(?: \S+){0,4} "
    r"(?:shortlist(?:ed)?|select(?:ed)?|listed|list|शॉर्टलिस्ट|चयन|सूची|लिस्ट)(?!\S)"
)
# What asks for a command, and what may stand beside it
_ASKS = {
    "deadlines": (
        "due deadline deadlines companies company eligible job jobs naukri openings डेडलाइन कंपनी कंपनियां "
        "नौकरी नौकरियां नौकरियाँ",
        "agla agli anything apply khuli mil milegi sakta sakti sakte खुली मिल मिलेगी सकता सकती सकते नई नया "
        "available every month naya nayi new next now open soon this today "
        "tomorrow upcoming week aaj kal अगला अगली आज कल",
    ),
    "applied": ("myself", "anywhere kisi lists number the लिस्ट सूची"),
    "me": ("profile", "change edit set update number"),
    "reminders": ("reminder reminders रिमाइंडर", "chahiye chahie mujhe set on off चाहिए मुझे"),
    "calendar": ("calendar कैलेंडर", "add sync"),
    "language": ("language hindi english भाषा हिंदी हिन्दी", "change only speak बात"),
    "status": ("settings setting", "change"),
    "stats": (
        "statistics stats placed highest average median",
        "ctc lpa offer package packages placement placements salary students",
    ),
    "quiet": (
        "night nights raat quiet sleep silent रात",
        "stop no not don t dont off turn message messages notifications hours during while me mat bhejo bhejna ko band "
        "मत भेजो को बंद",
    ),
    "stop": ("stop unsubscribe band बंद", "bot ise it messages notifications these ye yeh ये"),
}
_MEANT = {name: tuple(frozenset(words.split()) for words in both) for name, both in _ASKS.items()}


@plain_text
async def asked_in_words(call: Call, text: str) -> bool:
    """Take "what is due this week?" for /deadlines; a text with any other word looks for something."""
    name = command_meant(text)
    if name:
        call.kind = f"/{name}"
        await (call.reply(HOW_TO_STOP) if name == "stop" else COMMANDS[name].answer(call))
    return bool(name)


def command_meant(text: str) -> str:
    """Return the command that answers a question; "" for any other text."""
    said = " ".join(words_of(re.sub("[’']s\\b", "", text[:200])))
    if _LISTED.match(said):
        return "applied"
    for word, phrase in _PHRASES.items():
        said = re.sub(rf"(?<!\S)(?:{phrase})(?!\S)", word, said)
    words = set(said.split())
    for name, (asks, beside) in _MEANT.items():
        if words & asks and all(word in asks | beside or says_nothing(word) for word in words):
            return name
    return ""
