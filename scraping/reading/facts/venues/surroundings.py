"""What stands around a place in its sentence, and speaks for it or against it as the venue."""

import re
from collections.abc import Iterator

from scraping.reading.facts.naming.scoring import Evidence
from scraping.reading.facts.times.clocks import find_clocks
from scraping.reading.layout.expressions import expression

_TO_IT = re.compile(
    r"(?:\b(?:in|at|from|(?<!due\s)(?<!owing\s)to|near|inside|outside|in\s+front\s+of|reach|report|visit|into"
    r"|it'?ll\s+be"
    r"|will\s+(?:now\s+)?be(?:\s+in)?|go\s+to)\s+(?:the\s+"
    r"|(?:our|your|their|its)\s+(?:campus,\s+)?)?|@\s*)$",
    re.IGNORECASE,
)
_AFTER_WHEN = re.compile(
    r"(?:\d|[ap]\.?m\.?|\bnoon|\btoday|\btomorrow|\bkal|\baaj|\bbaje(?:\sse)?"
    r"|वाजता|बजे|\bhrs?\.?|\dh|day|\b(?:jan|feb|mar|apr|may"
    r"|ju[nl]|aug|sept?|oct|nov|dec)[a-z]*|\bonwards|\bsharp|\b[FA]\.?N\.?|noon|\boffline|\))"
    r"\s*(?:->|→|[,|(/:–\t-])?\s*$",
    re.IGNORECASE,
)
_MOVED = re.compile(r"\b(?:now\s+be|shifted|moved|changed|instead)\b", re.IGNORECASE)
MOVED_FROM = re.compile(
    r"\b(?:from|instead\s+of|in\s+place\s+of|earlier|not)\s+(?:in\s+|at\s+)?(?:the\s+)?$", re.IGNORECASE
)
_NOW = re.compile(
    r"[\s,]*(?:will|shall|is|are|has|have)\s+(?:been\s+)?(?:now|shifted|moved|changed)\b", re.IGNORECASE
)  # "planned in Block 34 will now be held online"
_OF_THE_JOB = re.compile(
    r"\b(?:location|posting|posted|based|situated|located|needed|vacanc(?:y|ies)|joining|work(?:ing)?|office\s+is"
    r"|(?:its|their)(?=\s*$)|intern"
    r"(?:ship)?|role|appoint\w*|develop\w*|technology)\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_OF_PAPERS = expression(
    r"\b(?:submit\w*|deposit\w*|names|display\w*|notice|contact|available|jama|bhar(?:na|o|e|ke|kar|do|lo)?|form"
    r"|application|copy|documents?|issued|explain|explanation)\b",
    re.IGNORECASE,
)
_HANDED_IN = re.compile(r"\b(?:submit|deposit|names\s)", re.IGNORECASE)
_REPORT = expression(r"\b(?:report\w*|reach|assemble|venue|come|visit)\b[^.;]{0,20}$", re.IGNORECASE)
_SPOKEN_OF = re.compile(r"\bvenue\b[^.;]{0,40}$|\b(?:room|hall|lab)\s*[:–]\s*$", re.IGNORECASE)
_KEPT_FOR_IT = re.compile(
    r"\b(?:book(?:ed)?|keep|kept|reserved?|arranged?|block(?:ed)?)\s+(?:us\s+)?(?:the\s+|your\s+)?$", re.IGNORECASE
)
_FINE_WITH = re.compile(r"\b(?:fine|ok|okay|comfortable)\s+with\s+(?:the\s+)?$", re.IGNORECASE)
_IS_FINE = re.compile(
    r"(?:\s+as\s+(?:agreed|earlier|before|discussed|decided))?\s+(?:is|will\s+be)\s+(?:ok|okay|fine)\b", re.IGNORECASE
)
_IN_IT = re.compile(r"\s*(?:me|mein|में|pe|par|ke?\s+(?:bahar|andar|saamne|samne|paas)|aao|aake)(?!\w)", re.IGNORECASE)
_ID_EST = re.compile(r"\bi\.\s?e\.?,?\s*", re.IGNORECASE)
_OF_THE_BUS = expression(r"\bbus(?:es)?\b[^.;]{0,10}\b(?:starts?|leaves?|departs?)\b.{0,50}$", re.IGNORECASE)
_NO_NEED = expression(r"\b(?:no\s+need\s+to|don'?t|do\s+not|need\s+not)\s+\w+\b[^.;,]{0,20}$", re.IGNORECASE)
_BEHIND_A_SIGN = re.compile(r"(?:[->→=:–|]|\s-)\s*(?:the\s)?$")
_ENDS_THERE = re.compile(r"\s*(?:$|[.;,|)])")
_CLOCK = re.compile(r"\d\s?[ap]\.?m\b|baje", re.IGNORECASE)
_SAID_BEFORE = (
    (_OF_THE_JOB, Evidence("place of work", -2.5)),
    (
        re.compile(
            r"\b(?:no\s+(?:more|longer)\s+(?:in|at)\s+(?:the\s)?"
            r"|(?:no|not|nahi)\s+(?:(?:permitted|allowed)\s+(?:in|inside)\s(?:the\s)?|(?:be\s)?(?:held|conducted"
            r"|happening|in|at)\s(?:in\s|at\s)?(?:the\s)?|\w+\s)?)$"
        ),
        Evidence("denied", -4.0),
    ),
)
_OF_A_GROUP = re.compile(r"(?:placement|t&p|tnp|tpo)\s+cell|campus|floor", re.IGNORECASE)


def around(text: str, start: int, end: int, *, comes: bool) -> Iterator[Evidence]:
    """What speaks for the place `text[start:end]` and against it. `comes`: the sentence tells of something to come."""
    before, place = _ID_EST.sub("ie ", text[max(0, start - 80) : start]), text[start:end]
    yield _named_how(before, text[end : end + 60])
    if _NOW.match(text, end):
        yield Evidence("no longer there", -5.0)
    if not before.strip(" ,–-") and _ENDS_THERE.match(text, end):
        yield Evidence("a sentence of its own", 0.8)
    if comes:
        yield Evidence("something takes place", 1.0)
    if _OF_THE_BUS.search(before):
        yield Evidence("where the bus stands", -2.5)
    if _NO_NEED.search(before):
        yield Evidence("denied", -4.0)
    if not _REPORT.search(before) and not find_clocks(before):
        yield from (evidence for pattern, evidence in _SAID_BEFORE if pattern.search(before))
    if MOVED_FROM.search(before) and _MOVED.search(text):
        yield Evidence("no longer there", -5.0)
    elif _MOVED.search(before):
        yield Evidence("moved", 1.0)
    if _OF_PAPERS.search(before) and (_HANDED_IN.search(before) or not _CLOCK.search(text)):
        yield Evidence("for papers", -2.0)
    if _OF_A_GROUP.fullmatch(place) and not (_TO_IT.search(before) and _CLOCK.search(text)):
        yield Evidence("no place of an event", -2.5)


def _named_how(before: str, after: str) -> Evidence:
    """What stands right before a place."""
    if _SPOKEN_OF.search(before) or _KEPT_FOR_IT.search(before) or _FINE_WITH.search(before) or _IS_FINE.match(after):
        return Evidence("called the venue", 2.0)
    if _TO_IT.search(before):
        return Evidence("come to it", 1.5)
    if _AFTER_WHEN.search(before):
        return Evidence("behind a time", 1.5)
    if _BEHIND_A_SIGN.search(before) and _ENDS_THERE.match(after):
        return Evidence("behind a sign", 1.9)
    alone = not before.strip(" ,–-") or _IN_IT.match(after)
    return Evidence("begins or ends with it", 1.0) if alone or before.endswith("(") else Evidence("named", -0.5)
