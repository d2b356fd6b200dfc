"""What else a text asks of who may apply: backlogs, gap years, the batch, the gender (spec: reading, Eligibility)."""

import re
from collections.abc import Sequence

from scraping.reading.layout.expressions import expression
from scraping.reading.layout.text import straight

_NUMERALS = {"zero": 0, "one": 1, "a": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(_NUMERALS)})\b"
_FEW = r"(?:[\w()/&,-]+\s+){0,5}?"  # words between a denial and what it denies
_BACKLOG = (
    r"(?:(?:f\s?/\s?)?back\s?-?\s?logs?|(?<=dead\s)backs|(?<=live\s)backs|back\s?papers?|arr?ears?|a?t?kts?"
    r"|supplementar(?:y"
    r"|ies)|supplies|['\"]?f{1,2}['\"]?\s+grades?"
    r"|fail\w*(?:\s+in(?:\s+any)?)?\s+(?:subjects?|papers?|grades?|exam\w*|semesters?)|(?<=never\s)failed|re-?appears?"
    r"|due\s+(?:papers|subjects))(?:\s*\(s\))?"
)
_AT_MOST = (
    r"(?:max(?:imum)?\.?(?:\s+of)?|up\s?to|at\s?most|beyond|(?:not|no)\s+(?:have\s+|having\s+"
    r"|be\s+)?more\s+than|not\s+exceed\w*"
    r"|<=|≤|less\s+than\s+or\s+equal\s+to)"
)
_NOW = r"(?:active|current|standing|live|pending|running|existing|open|ongoing|outstanding|present)\b"
_BACKLOG_COUNT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_AT_MOST}\W*(?:of\s+)?{_N}\W*(?:(?!no\b)\w+\W+){{0,3}}?{_BACKLOG}",
        rf"{_BACKLOG}\s*(?:allowed|permitted|acceptable)?[\s:–-]*(?:should\s+be\s+)?{_AT_MOST}\W*(?:of\s+)?{_N}",
        rf"{_BACKLOG}\s*(?:allowed|permitted)?\s*(?:[:=–-]|<=)\s*(?P<n>\d)\b",
        rf"\ballow(?:s|ed)?\s+{_N}\s+(?:\w+\s+)?{_BACKLOG}",
        rf"\b{_N}\s+(?:(?:active|live|standing|current|pending)\s+)?{_BACKLOG}\s+(?:is|are"
        rf"|will\s+be)?\s*(?:allowed|permitted|acceptable|ok|max)",
    )
)
_NO_BACKLOG = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:no|nil|zero|0|without|non|free\s+of|free\s+from|never|not(?=\s+(?:ha(?:ve|ving|d)|be(?:en)?|fail\w*"
        rf"|carry|possess))"
        rf"|don'?t\s+have|n't\s+have|bina|koi|any)\s+{_FEW}{_BACKLOG}(?=(?P<after>[^.;]{{0,40}}))",
        rf"{_BACKLOG}\W{{0,3}}(?:history\W{{0,3}})?(?:count\W{{0,3}}|status\W{{0,3}})?"
        rf"(?:allowed\W*|should\s+be\s+|must\s+be\s+|is\s+|are\s+)?(?:nil|none|zero|0|no\s+history|no|not\s+"
        rf"(?:allowed|permitted|acceptable|eligible)|nahi\w*|nhi)\b(?P<after>[\s,]*(?:\([^()]{{0,30}}\)"
        rf"|past\b[^.;]{{0,20}})|)",
        rf"(?<=but\s)(?:none|nothing|no(?:ne)?\s+one)\s+(?:should\s+be\s+)?{_NOW}(?P<after>)",
        rf"{_BACKLOG}\s+(?:ho|hai|hain|wale)\b[^.;]{{0,30}}\b(?:na|mat|nahi)\b(?P<after>)",
        rf"{_BACKLOG}\s+(?:students?\s+)?(?:as\s+[\w\s]{{2,20}}?\s)?"
        rf"(?:are\s+|is\s+|will\s+)?(?:(?:also|still)\s+)?(?:not\s+(?:be\s+)?(?:eligible"
        rf"|allowed|considered|apply)|cannot|can't|can\s+not|(?:please\s+|pls\s+)?(?:don'?t|do\s+not"
        rf"|need\s+not)\s+(?:apply|register|fill)|(?:please\s+|pls\s+)?excuse)(?P<after>)",
    )
)
# "No criteria for backlogs", "backlogs no bar".
NOTHING_ASKED = expression(
    r"\b(?:no|without(?:\s+any)?|koi)\s+(?:\w+\s+){0,2}?(?:cut\s?-?offs?|criteri(?:a|on)|bars?|limits?"
    r"|restrictions?|requirements?"
    rf"|conditions?)\b(?:\s+(?:of|for|on|in)\s+(?:any\s+)?(?:{_BACKLOG}|[\w%]+))?|{_BACKLOG}\s+no\s+(?:bar"
    rf"|issue|problem)",
    re.IGNORECASE,
)
_CLOSE = 16  # characters before a number of backlogs that say which: "History of"
_NO_F = re.compile(r"\b[Nn]o\s+F(?:s|'s)?(?=\s*(?:[.,;)]|$))")
_PAPERS = r"(?:subjects?|papers?|sem(?:ester)?s?|exam(?:ination)?s?)"
_ALL_CLEAR = expression(
    rf"\b(?:all|every|each)\s+(?:the\s+)?{_PAPERS}\s+(?:(?:should|must|to)\s+be\s+)?clear(?:ed)?\b"
    rf"|\b(?:clear|pass)(?:ed|ing)?\s+(?:in\s+)?(?:all|every|each)\s+(?:of\s+)?(?:the\s+|their\s+)?{_PAPERS}"
    r"|\ball\s+clear\b",
    re.IGNORECASE,
)
_AT_ONCE = expression(
    r"\b(?:in|at)\s+(?:the\s+|one\s+|a\s+|very\s+)?(?:first|1st|single)?\s*(?:attempt|go)\b", re.IGNORECASE
)
_DENIES = re.compile(
    r"\b(?:no|nil|zero|0|not|without|non|never|n't|bina|nahi\w*|nhi|mat|free|excuse|none|nothing|don'?t)\b|n't\b",
    re.IGNORECASE,
)
_PAST = expression(r"\b(?:history|past|previous|dead|closed|ever|never|throughout)\b", re.IGNORECASE)
_PRESENT = expression(rf"\b{_NOW}", re.IGNORECASE)
_GAP = r"(?:(?:year|academic|educational|education|study|career)\s*-?\s*)*(?:gaps?|breaks?|drops?)(?:\s+years?)?"
_SPAN = rf"{_N}\s*\+?\s*-?\s*(?P<unit>years?|yrs?|months?)(?:'s?)?"
_GAP_YEARS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_SPAN}\s*(?:of\s+)?(?:\w+\s+){{0,2}}?{_GAP}\b",
        rf"\b{_GAP}\b[^.;]{{0,60}}?(?<=\W){_SPAN}",
        rf"\b{_GAP}\s*(?:allowed\s*)?[:=–-]?\s*{_AT_MOST}\W*{_N}(?!\s*%)",
    )
)
_GAP_LIMIT = re.compile(
    rf"{_AT_MOST}|\b(?:exceed(?:ing)?|more\s+than|greater\s+than|over|within|only|allow\w*|permit\w*|accept\w*|max)\b"
    rf"|\b{_GAP}\s*[:=\t–-]",
    re.IGNORECASE,
)
_NO_GAP = expression(
    rf"\b(?:no|without|nil|zero)\s+(?:any\s+)?(?:\w+\s+)?{_GAP}\b(?!\s+(?:of\s+)?(?:more|greater|exceed|longer"
    rf"|over|beyond|above))"
    rf"|\b{_GAP}\s*(?:[:=–-]\s*|(?:is|are)\s+)?(?:nil|none|not\s+(?:allowed|permitted|acceptable|eligible|considered)"
    rf"|nahi)"
    rf"|\b(?:should|must)\s+not\s+(?:be|have)\s+any\s+{_GAP}\b(?!\s+(?:of\s+)?(?:more|exceed|beyond|above))"
    rf"|\b(?:not\s+(?:have|be)|any|a)\s+(?:any\s+)?{_GAP}\b[^.;]{{0,40}}\bnot\s+(?:be\s+)?(?:allowed|eligible"
    rf"|considered)",
    re.IGNORECASE,
)
_FEMALE = r"(?:females?|women|woman|girls?|ladies|ch?hatray\w*|ladkiy\w*|mahilay?\w*)"
_MALE = r"(?:males?|men|boys?)"
_PEOPLE = r"(?:\s+(?:students?|candidates?|applicants?|engineers?|graduates?|participants?|undergrad\w*))?"
_NAMES_BACKLOGS = expression(rf"{_BACKLOG}|clear|pass", re.IGNORECASE)
_NAMES_A_GENDER = expression(rf"\b(?:{_FEMALE}|{_MALE})\b", re.IGNORECASE)
_YEAR = r"20[1-4]\d"
_YEARS = rf"{_YEAR}(?:\s*[-–]\s*(?:20)?\d\d\b(?!\d))?(?:\s*(?:/|,|&|and|or)\s*(?:{_YEAR}|\d\d\b(?![\d:%+])))*"
_LEAVES = (
    r"(?:pass(?:ed|ing)?\s?-?\s?outs?|graduating|graduat(?:es?|ion)|grads?|outgoing|passing|pass(?:ed)?(?!\s+by)"
    r"|complet(?:ed?|es|ing)(?:\s+(?:their\s+|the\s+|a\s+)?(?:degree|course|studies|graduation|program\w*))?)"
)
_COURSE = (
    r"(?:b\.?\s?tech|b\.?e\b\.?|mca|bca|mba|bba|pgdm|m\.?\s?tech|[bm]\.?\s?sc|b\.?\s?com"
    r"|[bm]\.?\s?pharm\w*|ll\.?b|diploma)"
)
_BATCH = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<years>{_YEARS})(?:['’]s)?\W{{0,3}}(?:{_LEAVES}\W{{0,2}})?(?:batch(?:es)?|{_LEAVES})\b",
        rf"\b(?:batch(?:es)?|class)(?:\s+(?:of|year|passing\s+out\s+in)|\s*[:=–(-])*\s*(?P<years>{_YEARS})",
        rf"\b(?:students|grads?|freshers|folks|holders|candidates|{_COURSE})"
        rf"(?:\s+(?-i:[A-Z]\w*(?:[&/ ]+[A-Z]\w*){{0,4}})|\s*\([^()]{{2,30}}\))?(?:\s+(?:of|from))?(?:\s+the)?"
        rf"\W{{1,3}}(?P<years>{_YEARS})\b",
        rf"\bopen\s+(?:to|for)\s+[^.;\d]{{3,60}}?\bof\s+(?:the\s+)?(?P<years>{_YEARS})",
        rf"\bfinal[\s-]years?(?:\s+students)?\s*\(\s*(?P<years>{_YEARS})\s*\)",
        rf"(?<![/-])\b(?P<years>{_YEARS})\s+(?:only\b|{_COURSE}|freshers\b|students\b|grads?\b)",
        rf"\b(?:{_LEAVES}|yop|year\s+of\s+(?:passing|graduation|completion)|passing\s+year)"
        rf"(?:\s+(?:out|in|year|by|of|batch|the))*\W{{0,3}}(?P<years>{_YEARS})",
    )
)
_OLDEST = 1  # years before a text in which those it asks for have passed out; who passed out earlier shares it
_YOUNGEST = 5


def backlogs_in(clause: str) -> dict[str, int]:
    """How many `backlogs` and `history_of_backlogs` a student may have; {} where nothing is asked."""
    text = NOTHING_ASKED.sub(" ", straight(clause))
    if _NO_F.search(text):
        return {"backlogs": 0}
    if not _NAMES_BACKLOGS.search(text):
        return {}
    counted: dict[str, int] = {}
    if match := next(filter(None, (pattern.search(text) for pattern in _BACKLOG_COUNT)), None):
        said = text[max(match.start() - _CLOSE, 0) : match.end()]
        counted = dict.fromkeys(_kinds(said), _number(match["n"]))
        text = f"{text[: match.start()]};{text[match.end() :]}"
    kinds = [kind for pattern in _NO_BACKLOG for match in pattern.finditer(text) for kind in _denied(match)]
    if kinds or counted:
        now = ("backlogs",) if kinds and "histor" not in text.casefold() else ()  # who never had one has none now
        return {**dict.fromkeys((*now, *kinds), 0), **counted}
    if not _ALL_CLEAR.search(text):
        return {}
    return dict.fromkeys(("backlogs", "history_of_backlogs") if _AT_ONCE.search(text) else ("backlogs",), 0)


def gap_years_in(clause: str) -> int | None:
    """The longest gap in years a student may have; None where nothing is asked."""
    text = straight(clause)
    if not re.search(r"gap|break|drop", text, re.IGNORECASE):
        return None
    spans = filter(None, (pattern.search(text) for pattern in _GAP_YEARS))
    if (span := next(spans, None)) and _GAP_LIMIT.search(text):
        in_months = (span.groupdict().get("unit") or "").lower().startswith("month")
        return _number(span["n"]) // (12 if in_months else 1)
    return 0 if _NO_GAP.search(text) else None


def gender_in(clause: str) -> str | None:
    """ "female" or "male" where only they may apply."""
    if not _NAMES_A_GENDER.search(clause):
        return None
    if re.search(rf"\b{_MALE}\b.{{0,20}}\b{_FEMALE}\b|\b{_FEMALE}\b.{{0,20}}\b{_MALE}\b", clause, re.IGNORECASE):
        return None
    return next((name for name, word in (("female", _FEMALE), ("male", _MALE)) if _is_only(word, clause)), None)


def batch_in(clause: str, near: int = 0) -> tuple[int, ...]:
    """The years in which those asked for pass out, in order; of "2023-27" the last one.

    `near` is the year of the text, 0 where it is not known: an alumnus of 2019 shares it, and is not asked for.
    """
    if "20" not in clause:
        return ()
    found = (_years(match["years"]) for pattern in _BATCH for match in pattern.finditer(clause[:1000]))
    likely = (years for years in found if not near or near - _OLDEST <= max(years) <= near + _YOUNGEST)
    return tuple(sorted({year for years in likely for year in years}))


def _kinds(said: str) -> Sequence[str]:
    past, present = _PAST.search(said), _PRESENT.search(said)
    return (
        ("backlogs", "history_of_backlogs") if past and present else ("history_of_backlogs",) if past else ("backlogs",)
    )


def _denied(match: re.Match[str]) -> Sequence[str]:
    """The kinds of backlogs that a place in a text denies."""
    text = match.string
    if not _DENIES.search(f"{text[max(match.start() - 60, 0) : match.start()]} {match[0]}"):
        return ()
    close = text[max(match.start() - _CLOSE, 0) : match.start()]
    before = (
        "" if _DENIES.match(match[0]) else re.split(r"[,;.]|\band\b", close)[-1]
    )  # "history of arrears is not allowed"
    return _kinds(before + text[match.start() : match.start("after")] + _history_behind(match["after"]))


def _history_behind(after: str) -> str:
    """ "No backlogs throughout", "no backlog history": what stands behind the word counts where it comes at once."""
    match = re.match(
        r"\W*(?:(?:either\s+)?(?:active|current|present|live|standing)\s*(?:/|or|and|&)\s*)?(?:in\s+)?"
        r"(?:history|(?:in\s+)?(?:the\s+)?past|previous|dead|closed|throughout|ever"
        r"|in\s+any\s+(?:of\s+the\s+)?sem\w*)\b",
        after,
        re.IGNORECASE,
    )
    return match[0] if match else ""


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _NUMERALS[text.lower()]


def _is_only(word: str, clause: str) -> bool:
    patterns = (
        rf"\b(?:only|exclusive(?:ly)?|sirf|keval)\b(?:\s+\w+){{0,3}}?\s+{word}\b",
        rf"\b{word}{_PEOPLE}(?:\s*\([^()]{{0,60}}\))?\s*(?:only\b|exclusively\b|ke\s+liye"
        rf"|can\s+apply|are\s+eligible|may\s+apply)",
        rf"^\W*{word}{_PEOPLE[:-1]}\s+(?:of|from|in|pursuing)\b",
        rf"(?:^|,)\s*{word}\s*(?:,|only|$)",
        rf"\bgender\W{{1,4}}{word}\b",
        rf"\b(?:for|from|to|of|eligible|invit\w+"
        rf"|open)\s+(?:[\w/-]+\s+){{0,3}}?{word}(?:\s+engineering)?{_PEOPLE[:-1]}\b",
        rf"\bdiversity\b.{{0,40}}\b{word}\b|\ball[\s-]{word}\b",
    )
    return any(re.search(pattern, clause, re.IGNORECASE) for pattern in patterns)


def _years(text: str) -> list[int]:
    last = re.sub(r"\b\d{4}\s*[-–]\s*(?:20)?(\d\d)\b", r"20\1", text)
    return [int(year[-2:]) + 2000 for year in re.findall(r"\d+", last)]
