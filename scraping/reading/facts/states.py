"""What became of what a text is about: cancelled, postponed, over, not out yet (spec: reading, Denials and states)."""

import re
from dataclasses import replace

from accounts.categories import Category
from scraping.items import Facts
from scraping.reading.facts.students.meanings import DENIED, first_meaning
from scraping.reading.facts.students.meanings import WITHDRAWN as OFFER_WITHDRAWN
from scraping.reading.layout.expressions import expression
from scraping.reading.layout.text import straight
from scraping.reading.page import Page

CANCELLED, POSTPONED, WITHDRAWN, PAST, CONDITIONAL = "cancelled", "postponed", "withdrawn", "past", "conditional"
_THING = (
    r"(?:drives?|process|tests?|oa|exams?|interviews?|ppts?|talks?|sessions?|webinars?"
    r"|events?|visits?|hiring|recruitment"
    r"|rounds?|assessments?|hackathons?|gds?|discussions?|workshops?|seminars?|lectures?|contests?|meetings?|slots?|it)"
)
_LIST = r"(?:short-?\s?lists?|results?|lists?|selects?|selections?|offers?|offer\s+letters?|names)"
_RULES = tuple(
    (state, expression(pattern, re.IGNORECASE | re.VERBOSE))
    for state, pattern in (
        (
            CANCELLED,
            rf"""\b{_THING}\b[^.;\n]{{0,120}}\b(?:cancel+ed|called\s+off|scrapped|dropped|aborted|discontinued)\b
            |\bcall(?:ing|ed|s)?\s+off\b[^.;\n]{{0,60}}\b{_THING}\b|^\W*(?:cancel+ed|cancellation)\b
            |\b(?:have|has|had|need|forced|constrained|compelled|obliged)\s+to\s+cancel\b[^.;\n]{{0,60}}\b{_THING}\b
            |\b(?:has|have|had|is|are)\s+(?:\w+\s+)?cancel+(?:ed|ing)\b[^.;\n]{{0,60}}\b{_THING}\b
            |\bcancellation\s+of\b|\b(?:cancel+ed|called\s+off|scrapped)\W*$
            |\b(?:will\s+not|won't|would\s+not|shall\s+not|is\s+not|are\s+not)\s+(?:be\s+)?(?:held
            |conducted|visiting|visit|taking\s+place|happening|coming|organi[sz]ed)\b(?!\s+(?:in|at|on)\s)
            |\bcancel\s+(?:ho|kar|hua)\b|\bwithdrawn\s+(?:its|their|the)\s+(?:hiring|drive|process
            |participation|visit|jd|opening)
            |\bwithdr(?:awn|aws?|awing|ew)\s+from\s+(?:(?:the|your|this|our)\s+)?(?:(?:on|off)?-?\s?campus|drive
            |placement|hiring|recruitment|process|season)
            |\b(?:circular|notice|notification)\b[^;\n]{{0,160}}\b(?:is|stands)\s+(?:hereby\s+)?withdrawn\b
            |\b(?<!those\s)(?<!who\sare\s)(?<!students\s)(?:unable|inability|not\s+able
                |not\s+in\s+a\s+position)\s+to\s+(?:conduct|hold|visit|come|proceed)\b
            |\btreat\s+(?:it|this|the\s+\w+)\s+as\s+cancel+ed\b""",
        ),
        (
            POSTPONED,
            r"""\bpostpon\w*\b|\bdefer+ed\b|\bput\s+off\b|\bre-?schedul\w+\b|\bprepon\w+\b|\bkept\s+in\s+abeyance\b
            |\baage\s+(?:badh|badha)\b|\b(?:shifted|moved)\s+to\s+(?:a\s+)?(?:later|new)\b""",
        ),
        (
            PAST,
            rf"""\bthank(?:s|\s+you)\s+(?:to\s+)?(?:all|every|each)\b[^.;\n]{{0,80}}\b(?:attend|appear
            |participat|join|turn|came|made|who)\w*
            |\b(?:was|were|has\s+been|have\s+been)\s+(?:successfully\s+)?(?:held|conducted|organi[sz]ed
            |concluded|completed)\b
            |\b(?:has|have)?\s*(?:successfully\s+)?concluded\b|\b{_THING}\b[^.;\n]{{0,60}}\b(?:is
            |are)\s+(?:now\s+)?over\b|\bover\W*$
            |\bheld\s+(?:yesterday|on)\b[^.;\n]{{0,80}}\b(?:was|were)\b|\bglimpses\s+of\b""",
        ),
        (
            CONDITIONAL,
            rf"""\b{_LIST}\b[^.;\n]{{0,100}}\b(?:will\s+be|shall\s+be|would\s+be|is\s+to\s+be
            |are\s+to\s+be)\s+(?:\w+\s+)?(?:shared|announced|declared|published|released|intimated|notified
            |communicated|sent|out|uploaded|received)
            |\bwill\s+(?:\w+\s+)?(?:share|announce|declare|publish|release|send)\s+(?:the\s+|its\s+
            |their\s+)?(?:final\s+)?{_LIST}\b
            |\b{_LIST}\b[^.;\n]{{0,80}}\b(?:awaited|expected|yet\s+to\s+be|yet\s+to\s+come
            |not\s+(?:yet\s+)?(?:been\s+)?received|pending)\b
            |\b{_LIST}\b[^.;\n]{{0,60}}\b(?:aa|aayeg[ai]|aa\s+jayeg[ai]|jayeg[ai])\b""",
        ),
    )
)
# What only may happen, or happens to something else: a candidature, a class, an offer.
_NOT_SO = expression(
    r"""\b(?:if|in\s+case|unless|may\s+be|can\s+be|liable|would\s+be|will\s+be\s+(?:cancel+ed|postponed
    |rescheduled)|shall\s+be\s+cancel+ed|cannot\s+be|no\s+request
    |(?:don['’]?t|do\s+not|mat)\s+(?:say|complain|bolna|kehna)|not\s+be\s+(?:re-?scheduled|postponed))\b
    |\b(?:candidatures?|registrations?|admissions?|leaves?|class(?:es)?|tickets?|permission
    |cheques?|flights?|trains?)\b[^.;\n]{0,40}\bcancel""",
    re.IGNORECASE | re.VERBOSE,
)
# Postings, lists and offers state conditions and what comes later, and stand all the same.
_STAND = frozenset((Category.PLACEMENT_OFFER, Category.POLICY_UPDATE, Category.INTERNSHIP_NOC, Category.JOB_POSTING))
_INVITING = frozenset((Category.WEBINAR, Category.HACKATHON))
_TO_BE_TOLD = expression(
    r"""\b(?:dates?|schedule|time|details)\b[^.;\n]{0,40}\b(?:will|shall
    |to)\s+be\s+(?:\w+\s+)?(?:announced|shared|informed|intimated|notified|communicated|told)
    |\b(?:next|new|fresh|revised)\s+dates?\b(?=[^\d\n]*$)|\btill\s+further\b|\buntil\s+further\b|\bawait\b
      |\bindefinitely\b|\bbaad\s+(?:me|bata)|\bbata(?:yi|ya|ye)\s?ja""",
    re.IGNORECASE | re.VERBOSE,
)
_STATED = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)?\s*(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec)[a-z]*\b|\b\d{1,2}[/.-]\d{1,2}\b",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\W*(?:ref\b|no\.\s*:|dated?\W)", re.IGNORECASE)  # of a letter: its number and day
_MOST_SENTENCES = 12  # the first ones say what a text is about


def is_cancelled(page: Page) -> bool:
    """Whether its state is CANCELLED, which counts before the others."""
    return any(map(_RULES[0][1].search, _plain(page)))


def _plain(page: Page) -> list[str]:
    """The title and the first sentences, but for those on what only may happen."""
    sentences = (straight(sentence.text) for sentence in page.sentences[:_MOST_SENTENCES])
    return [sentence for sentence in sentences if not _NOT_SO.search(sentence)]


def read_state(page: Page) -> str:
    """Of the title and the first sentences; "" where the text is about something that stands."""
    plain = _plain(page)
    return next((state for state, pattern in _RULES if any(map(pattern.search, plain))), "")


def with_state(facts: Facts, page: Page) -> Facts:
    """The facts with their state, and without what it denies: the date of a test that is cancelled, a list to come."""
    said = facts.meaning if facts.roster else first_meaning((page.title, *page.lines[:_MOST_SENTENCES]))
    if said == OFFER_WITHDRAWN and facts.category not in _STAND:
        return replace(facts, state=WITHDRAWN, event_at=None, event_end=None, venue=None, events=())
    state = read_state(page)
    if not state or facts.category in _STAND or (facts.roster and (state == CONDITIONAL or facts.meaning in DENIED)):
        return facts
    if state == CONDITIONAL:
        told = Category.UPDATE if facts.category == Category.SHORTLISTING else facts.category
        return replace(facts, state=state, category=told)
    facts = replace(facts, state=state, category=_told_as(facts.category))
    if state == CANCELLED and not _holds_otherwise(page):
        return replace(facts, event_at=None, event_end=None, venue=None, deadline=None, events=(), deadlines=())
    if state == PAST or (state == POSTPONED and _TO_BE_TOLD.search(page.text)):
        return replace(facts, event_at=None, event_end=None, venue=None, events=())
    return facts


def _told_as(category: str) -> str:
    """What is off or over is news of it, no opening and no talk to register for."""
    return Category.UPDATE if category in _INVITING else category


def _holds_otherwise(page: Page) -> bool:
    """Whether another sentence has a time of its own: "The PPT is cancelled. The test is on 5 Dec as scheduled"."""
    others = (sentence.text for sentence in page.sentences if sentence.line >= 0)
    return any(_STATED.search(text) and not _RULES[0][1].search(text) and not _HEADER.search(text) for text in others)
