"""What kind of notice it is: an ordered list of rules, each with an id and how sure it makes us.

The portal's own title templates say it outright; a title written by hand says it by its words, else the text does.
The kinds and their tie-breaks are those of the mailbox (spec: mailbox, What a mail can be).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from accounts.categories import Category
from scraping.reading.layout.text import shorten

_TEMPLATES = {
    "title.shortlist": (Category.SHORTLISTING, 0.99),
    "title.final_shortlist": (Category.SHORTLISTING, 0.97),
    "title.applications_open": (Category.JOB_POSTING, 0.99),
    "title.deadline_changed": (Category.UPDATE, 0.98),
    "title.venue_and_date": (Category.UPDATE, 0.99),
    "title.update": (Category.UPDATE, 0.97),
    "title.placement_cycle": (Category.ANNOUNCEMENT, 0.97),
    "title.event": (Category.WEBINAR, 0.9),
    "text.applications_open": (Category.JOB_POSTING, 0.93),
    "text.placement_cycle": (Category.ANNOUNCEMENT, 0.93),
    "text.venue_and_date": (Category.UPDATE, 0.9),
}
_LONGEST = 6000


@dataclass(frozen=True, slots=True)
class Verdict:
    """A value of accounts.categories.Category, the id of its rule, 0 to 1 how sure it is, and what was seen."""

    category: str
    rule: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules look at: the title, its template (None for one written by hand), the text without its lists."""

    title: str
    template: str | None
    text: str
    has_students: bool = False
    has_package: bool = False
    has_process: bool = False  # a stage, a place or a time of a selection was found


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_POLICY = _words(r"\bplacement\s+(?:policy|policies|rules|guidelines)\b|\bpolicy\s+(?:update|document|change)")
_NOC = _words(r"\bnocs?\b|\bno[\s-]objection")
_FINAL = _words(
    r"""\bfinal(?:ly)?\s+(?:select\w*|result|offer)|\boffers\b|\bplaced\b|\bselects\s+(?:\d+\b|(?:\w+\s+)?(?:students|candidates)\b)|\bppos?\b|\bcongratulat\w+
    |\bselected\s+(?:by|for|in|at|as)\b|\boffer\b(?!\s+letter)|\bselected\s+(?:students?|candidates?)\b(?!\s+for)"""
)
_REMINDER = _words(
    r"""\breminders?\b|\b(?:last|final)\s+(?:call|chance|opportunity|few\s+hours)\b|\bhurry\b
    |\bclos(?:es|ing)\s+(?:today|soon|tonight)\b|\blast\s+(?:date|day)\s+(?:is\s+)?(?:today|tomorrow)\b"""
)
_SHORTLIST = _words(
    r"""\bshort[\s-]?list(?:s|ed|ing)?\b|\blist\s+of\s+(?:the\s+)?(?:\w+\s+){0,2}(?:students?|candidates?)\b
    |\b(?:selected|eligible|waitlisted|qualified)\s+(?:students?|candidates?)\b
    |\b(?:students?|candidates?)\s+(?:selected|qualified)\b|\b(?:final|updated|revised)\s+list\b(?!\s+of\s+(?!students?\b|candidates?\b))"""
)
_MEANT_FOR = _words(
    r"\b(?:for|to|by)\s+(?:all\s+)?(?:the\s+)?(?:(?-i:[A-Z])[\w&.']*\s+){0,4}(?:short-?listed|selected|eligible|waitlisted|qualified)\s+(?:students?|candidates?)\b"
)
_CHANGE = _words(
    r"""\b(?:re-?schedul\w+|postpon\w+|prepon\w+|deferred|cancel\w*|revised|corrigendum|chang(?:e|ed|es)|extended
    |extension|shifted|updated|modified|correction|updates?\s+(?:in|on|regarding)|new\s+(?:date|time|venue|link))\b
    |^\W*updates?\s*[:–-]"""
)
_CONTEST = _words(
    r"""\b\w*(?:a-?|-a-)thons?\b|\bchallenge\b|\bolympiad\b|\bctf\b
    |\b(?:coding|case|programming|innovation|tech\w*|design)\s+(?:study\s+)?(?:contest|competition)\b|\bcontest\b
    |\bcompetition\b|\bsummer\s+of\s+code\b|(?-i:\bHack(?=[A-Z])\w+)"""
)
_LECTURE = _words(
    r"""\b(?:webinars?|seminars?(?!\s+(?:hall|room))|workshops?|(?:guest|expert)\s+(?:lectures?|talks?)|tech\s+talks?|master\s?class|boot\s?camp
    |info(?:rmation)?[\s-]sessions?|symposium|conclave|panel\s+discussion|fireside\s+chat)\b"""
)
_TRAINING = _words(r"\btrainings?\b(?!\s+(?:and|&|n)\s+placement)|\bclass(?:es)?\b")
_SESSION = _words(r"\b(?:sessions?|talks?|lecture|orientation|campus\s+connect|meetup|summit)\b")
_STAGE = _words(
    r"""\bpre[\s-]*placement[\s-]*talks?\b|\bppts?\b|\b(?<!mock\s)interviews?\b|\bgroup\s+discussions?\b|\bgd\b
    |\bassessments?\b|\b(?<!mock\s)tests?\b|\b(?:hr|technical|final|managerial|coding)\s+rounds?\b|\bcampus\s+visit\b"""
)
_APPLY = _words(
    r"""(?<!\bnot\sto\s)(?<!\bnot\s)\bappl(?:y|ications?)\b|\bregist(?:er|rations?)\b|\bopenings?\b|\bvacanc\w+|\bopportunit\w+
    |\b(?:is|are|now)\s+hiring\b"""
)
_JOB = _words(
    r"""\bhir(?:es|ing)\b|\brecruit\w*|\binternships?\b|\bfull[\s-]time\s+roles?\b|\bopenings?\b|\bvacanc\w+
    |\b(?:campus|pool)\s+drive\b|\boff[\s-]campus\b|\bwalk[\s-]?in\b|\b(?:job|career|employment)\s+(?:opportunit\w+|posting|fair)
    |(?<!\bnot\sto\s)(?<!\bnot\s)\bappl(?:y|ications?)\b|\bregist(?:er|ration)\s+(?:immediately|link|by|before)"""
)
_ASKS = _words(r"\bappl(?:y|ications?)\b|\bregist\w+")
_FOR_SHORTLISTED = _words(
    r"\bshort-?listed\s+(?:students?|candidates?)\s+(?:are\s+(?:hereby\s+)?(?:requ\w+|advised|directed|asked)|have\s+to|need\s+to|must|should|will\s+have\s+to)\b"
)
_INVITES = _words(
    r"""\b(?:invit\w+|accepting|seeking)\s+(?:online\s+)?applications?\b|\b(?:is|are)\s+(?:now\s+)?(?:hiring|recruiting|looking\s+for)\b
    |\bsend\s+(?:(?:in|us|your|their|an?|the|updated)\s+){0,3}(?:cv|resume)\b
    |\b(?:interested|eligible(?!\s+to\b)|willing)\b(?:[^.]|\.(?=\S)){0,80}\b(?:apply|register|send|mail|share|fill|submit)\b|\bapply\s+(?:through|at|using|on|via|here|by|before)\b
    |\blink\s+to\s+apply\b|\bhow\s+to\s+apply\b|\bwhere\s+to\s+apply\b"""
)
_REMINDS = _words(r"\b(?:this\s+is\s+(?:a|to)|gentle|kind)\s+remind(?:er)?\b|\bonce\s+again\s+reminded\b")
_CHANGED = _words(
    r"\b(?:has|have|is|are|stands?)\s+(?:now\s+)?(?:been\s+)?(?:re-?scheduled|postponed|preponed|cancelled|shifted"
    r"|changed|extended|revised|deferred)\b"
)
_RESULT = _words(r"\bresults?\b|\bqualified\b|\bcleared\b")
_SLOTS = _words(r"\b(?:slot|panel|batch|time)s?[\s-]*wise\b|\b(?:interviews?|gd|discussions?|rounds?)\b.*\blist\b")
_HOUSEKEEPING = _words(
    r"""\bfeedback\b|\bsurvey\b|\bdress\s+code\b|\bscholarships?\b|\bholidays?\b|\bmock\s+(?:interviews?|tests?|gds?)\b
    |\b(?:preparation|practice)\s+(?:material|sessions?|tests?|portal)\b|\bphoto(?:graph)?s?\b|\bcelebrations?\b|\bcamps?\b|\bconvocation\b|\bunfair\s+means\b|\bfree\s+(?:\w+\s+){0,2}(?:courses?|certifications?)\b|\bconsent\s+forms?\b(?=.*\bseason\b)|\bseason\b(?=.*\bconsent\s+forms?\b)|\bcertificates?\b
    |\bsubmission\s+of\s+(?!resume|cv|application)"""
)
_LISTS = _words(r"\b(?:following|below)\b|\bshort[\s-]?list|\bselected\b|\beligible\b|\blist\s+of\b")


def _always(_: Reading) -> bool:
    return True


def _is_offer(reading: Reading) -> bool:
    return reading.has_students and reading.has_package


def _has_list(reading: Reading) -> bool:
    return reading.has_students


def _names_the_chosen(reading: Reading) -> bool:
    """Not where something is merely meant for them: "Joining form for selected candidates"."""
    return reading.has_students or not _MEANT_FOR.search(reading.title)


def _is_for_shortlisted(reading: Reading) -> bool:
    """A step for those who are through already, whatever the title calls it."""
    return not _ASKS.search(reading.title) and bool(_FOR_SHORTLISTED.search(reading.text))


def _invites_nobody(reading: Reading) -> bool:
    return not _APPLY.search(reading.title)


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    category: Category
    confidence: float
    words: re.Pattern[str]
    applies: Callable[[Reading], bool] = _always


_TITLE_RULES = (
    _Rule("title.policy", Category.POLICY_UPDATE, 0.9, _POLICY),
    _Rule("title.noc", Category.INTERNSHIP_NOC, 0.9, _NOC),
    _Rule("title.offer", Category.PLACEMENT_OFFER, 0.85, _FINAL, _is_offer),
    _Rule("title.reminder", Category.REMINDER, 0.9, _REMINDER),
    _Rule("title.shortlisted", Category.SHORTLISTING, 0.9, _SHORTLIST, _names_the_chosen),
    _Rule("title.selected", Category.SHORTLISTING, 0.75, _FINAL, _has_list),
    _Rule("title.result", Category.SHORTLISTING, 0.8, _RESULT, _has_list),
    _Rule("title.slots", Category.SHORTLISTING, 0.75, _SLOTS, _has_list),
    _Rule("title.change", Category.UPDATE, 0.85, _CHANGE),
    _Rule("title.housekeeping", Category.ANNOUNCEMENT, 0.7, _HOUSEKEEPING),
    _Rule("title.contest", Category.HACKATHON, 0.9, _CONTEST),
    _Rule("title.lecture", Category.WEBINAR, 0.85, _LECTURE),
    _Rule("title.stage", Category.UPDATE, 0.75, _STAGE, _invites_nobody),
    _Rule("title.step", Category.UPDATE, 0.6, _JOB, _is_for_shortlisted),
    _Rule("title.job", Category.JOB_POSTING, 0.8, _JOB),
    _Rule("title.session", Category.WEBINAR, 0.7, _SESSION),
    _Rule("title.training", Category.ANNOUNCEMENT, 0.6, _TRAINING),
)
_TEXT_RULES = (
    _Rule("text.offer", Category.PLACEMENT_OFFER, 0.8, _FINAL, _is_offer),
    _Rule("text.list", Category.SHORTLISTING, 0.75, _LISTS, _has_list),
    _Rule("text.reminder", Category.REMINDER, 0.65, _REMINDS),
    _Rule("text.change", Category.UPDATE, 0.6, _CHANGED),
    _Rule("text.contest", Category.HACKATHON, 0.65, _CONTEST),
    _Rule("text.lecture", Category.WEBINAR, 0.65, _LECTURE),
    _Rule("text.job", Category.JOB_POSTING, 0.6, _INVITES),
)


def classify(reading: Reading) -> Verdict:
    """The category of a notice. A guess where nothing is said has 0.4: a look by a person or a model is in place."""
    if reading.template:
        return _by_template(reading, reading.template)
    for where, text, rules in (("title", reading.title, _TITLE_RULES), ("text", reading.text[:_LONGEST], _TEXT_RULES)):
        for rule in rules:
            if rule.applies(reading) and (seen := rule.words.search(text)):
                return Verdict(rule.category, rule.name, rule.confidence, f"{where}: {shorten(seen[0])}")
    if reading.has_process:
        return Verdict(Category.UPDATE, "fallback.process", 0.4, "a stage, place or time of a selection")
    return Verdict(Category.ANNOUNCEMENT, "fallback.general", 0.4, "nothing more special was seen")


def _by_template(reading: Reading, template: str) -> Verdict:
    category, confidence = _TEMPLATES[template]
    if template == "title.final_shortlist" and _is_offer(reading):
        category, template, confidence = Category.PLACEMENT_OFFER, "title.final_offer", 0.85
    elif template == "title.event" and _CONTEST.search(reading.title):
        category, confidence = Category.HACKATHON, 0.85
    return Verdict(category, template, confidence, f"title: {shorten(reading.title)}")
