"""Where something takes place, as a notice says it."""

import re
from collections.abc import Iterable, Sequence

_IS = (
    r"(?:is\s+still|(?:has\s+been\s+|is\s+)?(?:changed|shifted|moved|revised)(?:\s+from\s+.{1,40}?)?\s+to"
    r"|is|will\s+be|[:\t–-])\s*[:–-]?\s*"
)
_LABELS = (
    re.compile(
        rf"\bvenue(?:\s*(?:&|and)\s*(?:date|time)|\s+(?:of|for)\s+[\w\s'.&-]{{1,60}}?)?\s*{_IS}(?P<venue>\S.*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:reporting\s+(?:place|location)|(?:test|interview|drive|event|session)\s+location|^place)\s*[:\t–-]\s*"
        r"(?P<venue>\S.*)",
        re.IGNORECASE,
    ),
    re.compile(r"^📍\W*(?P<venue>\S.*)"),
    # A bare "Location:" is mostly the job's.
    re.compile(
        r"^location\s*[:\t–-]\s*(?P<venue>(?:virtual|online|zoom|google\s+meet|(?:ms|microsoft)\s+teams|.{0,60}\b(?:hall"
        r"|labs?|auditorium|room|block|campus)\b).*)",
        re.IGNORECASE,
    ),
)
_LABEL_ALONE = re.compile(r"(?:[\w-]+\s+)?venue\s*[:–-]*", re.IGNORECASE)
_LATER = re.compile(
    r"(?:to\s+be\s+|will\s+be\s+)?(?:shared|informed|announced|intimated|communicated|notified|tba|tbd)\b",
    re.IGNORECASE,
)
_AFTER_IT = re.compile(
    r"""[\s,;.|(\t]*\b(?:date|time|timings?|reporting\s+time|date\s*(?:&|and)\s*time|followed\s+by|mode|note|dress\s+code
       |day|link|duration)\s*(?:[:–]|\s-\s).*
    | [\s,;–-]+(?:at|from|on|by)?\s*\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\b.*""",
    re.IGNORECASE | re.VERBOSE,
)
_NEXT_SENTENCE = re.compile(
    r"""(?<=[\w)])\.\s+(?:the|this|these|all|please|kindly|students?|candidates?|carry|bring|do|no|not|attendance|report
    |time|timings?|only|those|you|your|it|there|rest|we|be|everyone|any|in|for|join|reach|ensure|laptops?)\b.*
    | (?<=[\w)])\.\s+[A-Z][\w\ ]{1,25}:\s.*
    | (?<=[\w)])(?<!\bDr)(?<!\bSt)(?<!\bNo)\.\s+(?-i:[A-Z][a-z]+(?:\s+[a-z]+){2,}).*""",
    re.IGNORECASE | re.VERBOSE,
)
_PLACE_NAME = r"""(?:(?:[A-Z\d][\w&.'/-]*|of)\s+){0,5}
    (?:Labs?|Hall|Auditorium|Rooms?(?:\s+No\.?)?|Block|LT|CL|CR|Campus|Library|Premises|Floor|Building|Cell|Cent(?:re|er)
    |Theat(?:re|er)|Office|Ground|Complex|Lounge)(?:[\s-]*[\dA-Z]{1,4}\b)?(?:\s*\([^()]{2,40}\))?"""
_WHERE_IT_IS = r"(?:\s*,\s*(?:(?:JIIT|[A-Z]{3,4}-?[IVX\d]{1,3}\b|Sec(?:tor)?[\s.-]*\d+)(?:\s[A-Z\d][\w-]*){0,3}))*"
_PLACE = re.compile(
    rf"""\b(?:from|at|in|(?i:come|report|reach|assemble|gather)\s+to)\s+(?:the\s+|our\s+)?
    (?P<venue>{_PLACE_NAME}(?:(?:\s*[,&]\s*|\s+and\s+){_PLACE_NAME}){{0,4}}{_WHERE_IT_IS})""",
    re.VERBOSE,
)
# "10 AM, LT-2", "Tuesday (Virtual)": what follows a time, and nothing follows that.
_AFTER_WHEN = re.compile(
    rf"""(?:\d|(?i:[ap]\.?m\b\.?)|\bnoon|\btoday|\btomorrow|day|\b(?:Jan|Feb|Mar|Apr|May|Ju[nl]|Aug|Sept?|Oct|Nov|Dec)[a-z]*|\))
    \s*[,|(–-]\s*(?P<venue>{_PLACE_NAME}{_WHERE_IT_IS}|Virtual|Online)\s*\)?\s*(?=[.;|]|$)""",
    re.VERBOSE,
)
_COMING = re.compile(
    r"\b(?:tests?|interviews?|talks?|ppt|sessions?|report|attend|drive|assessment|discussion|held|come|reach|assemble|speak|interact|present|class(?:es)?)\b|\d\s?[ap]\.?m\b|\d:\d\d",
    re.IGNORECASE,
)
_MOVED = re.compile(r"\b(?:now\s+be|shifted|moved|changed|instead)\b", re.IGNORECASE)
_VIRTUAL = re.compile(
    r"""\bvirtual(?:ly)?\s+(?:[\w-]+\s+){0,2}(?:talk|test|session|interviews?|assessment|drive|meeting|event|mode|ppt
    |orientation|rounds?|discussion|exam|gd|presentation|interaction)\b|\bmode(?:\s+of\s+[\w\s]{3,30})?\s*[:\t–-]+\s*(?:virtual|online)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DENIED = re.compile(r"\bnot\s+(?:be\s+)?allowed|\bno\s+virtual|\boffline\b", re.IGNORECASE)
_LONGEST = 300


def labelled_venue(lines: Sequence[str], *, whole: bool = False) -> str | None:
    """The place after a label such as "Venue:" or "Venue has been changed to"; `whole` with all its line says."""
    for number, line in enumerate(lines):
        match = next(filter(None, (label.search(line[:1000]) for label in _LABELS)), None)
        below = lines[number + 1] if _LABEL_ALONE.fullmatch(line) and number + 1 < len(lines) else ""
        shown = match["venue"] if match else below
        if venue := shown.strip() if whole and match else _trimmed(shown):
            return venue
    return None


def named_venue(texts: Iterable[str]) -> str | None:
    """A hall or lab a sentence asks to come to; "Virtual" where the thing itself is called so.

    For notices that tell of an event only: elsewhere such words are about rounds to come.
    """
    texts = [text[:1000] for text in texts]
    places = (
        _last_place(text) if _MOVED.search(text) else _PLACE.search(text) or _AFTER_WHEN.search(text)
        for text in texts
        if _COMING.search(text)
    )
    virtual = any(_VIRTUAL.search(text) and not _DENIED.search(text) for text in texts)
    return next((match["venue"].strip() for match in places if match), "Virtual" if virtual else None)


def _last_place(text: str) -> re.Match[str] | None:
    return next(iter([*_PLACE.finditer(text)][::-1]), None)


def _trimmed(text: str) -> str:
    venue = _NEXT_SENTENCE.sub("", _AFTER_IT.sub("", text.replace("\t", " "))).strip(" .,;:–-")
    return venue[:_LONGEST] if any(sign.isalpha() for sign in venue) and not _LATER.match(venue) else ""
