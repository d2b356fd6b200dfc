"""Where something takes place: every place of a text is a candidate, scored by what speaks for it and against it."""

import re
from collections.abc import Iterator, Sequence

from scraping.reading.facts.naming.names import company_key
from scraping.reading.facts.naming.scoring import Evidence, Scored, best
from scraping.reading.facts.times.dates import find_moments
from scraping.reading.page import Page
from scraping.reading.vocabulary import alternatives, words

LEAST = 2.0
_LEAST_WITHOUT_TIME = 2.3
_LONGEST = 300
_LONGEST_LINE = 1000
_IS = (
    r"(?:is\s+still|shall\s+be|(?:\S+\s){0,4}changed\s*(?:→|->)|remains?(?:\s+the)?"
    r"(?:\s+same)?(?:\s+i\.?\s?e\.?,?)?|(?:has\s+been\s+|is\s+)?(?:changed|shifted|moved"
    r"|revised)(?:\s+from\s+.{1,40}?)?\s+to"
    r"|is|will\s+be|i\.e\.?|[:\t–-])\s*[:–-]?\s*"
)
_LABELS = (
    re.compile(
        rf"\bvenues?(?:\s*(?:&|and)\s*(?:date|time)|\s+(?:of|for)\s+[\w\s'.&-]{{1,60}}?)?\s*{_IS}(?P<venue>\S.*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:\breporting\s+(?:place|location|at|venue)|\b(?:test|interview|drive|event|session"
        r"|exam)\s+(?:location|cent(?:re|er))"
        r"|\b(?:lab|room|hall)\s+(?:details|allotted|allocation)|^\W*(?:place|where|cent(?:re"
        r"|er)|kahan|jagah|sthan|engae?|ekkada|kuthe|स्थान|स्थळ|ठिकाण|कहाँ|कुठे))\s*[:\t–-]\s*(?P<venue>\S.*)",
        re.IGNORECASE,
    ),
    re.compile(r"^📍\W*(?P<venue>\w.*)"),
    # A bare "Location:" is mostly the job's.
    re.compile(
        r"^\W*location\s*[:\t–-]\s*(?P<venue>(?:virtual|online|zoom|google\s+meet|(?:ms"
        r"|microsoft)\s+teams|.{0,60}\b(?:hall"
        r"|labs?|auditorium|room|block|campus)\b).*)",
        re.IGNORECASE,
    ),
)
# Without an event it is how to apply.
_MODE = re.compile(
    r"(?:^|\.\s)\W*(?:platform|mode(?:\s+of\s+[\w\s]{3,30})?)\s*[:\t–-]+\s*(?P<venue>"
    r"(?:virtual|online|zoom|google|ms|microsoft|teams|webex|cisco|hacker|g-?meet|skype"
    r"|youtube)\b.*)",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(r"(?:[\w-]+\s+)?venues?\s*[:–-]*", re.IGNORECASE)
_LATER = re.compile(
    r"(?:to\s+be\s+|will\s+be\s+)?(?:shared|informed|announced|intimated|communicated"
    r"|notified|same\b|tba|tbd|as\s+per)\b",
    re.IGNORECASE,
)
_AFTER_IT = re.compile(
    r"""[\s,;.|(\t]*\b(?:date|time|timings?|reporting\s+time|date\s*(?:&|and)\s*time|followed\s+by|mode
    |note|dress\s+code
       |day|link|duration|entry)\s*(?:[:–]|\s-\s).*
    | [\s,;–-]+(?:at|from|on|by)?\s*\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\b.*
    | \s+instead\s+of\b.*
    | \s+and\s+not\s+at\b.*
    | [\s,;–(-]*(?:https?://|www\.).*
    | \s*,\s*(?:the\s+)?link\b.*""",
    re.IGNORECASE | re.VERBOSE,
)
_NEXT_SENTENCE = re.compile(
    r"""(?<=[\w)])\.\s+(?:the|this|these|all|please|kindly|students?|candidates?|carry|bring|do|no|not|attendance|report
    |time|timings?|only|those|you|your|it|there|rest|we|be|everyone|any|in|for|join|reach|ensure|laptops?|date)\b.*
    | (?<=[\w)])\.\s+[A-Z][\w\ ]{1,25}:\s.*
    | (?<=[\w)])(?<!\bDr)(?<!\bSt)(?<!\bNo)(?<!\b[A-Z])\.\s+(?-i:[A-Z][a-z]+(?:\s+[a-z]+){2,}).*""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = (
    r"(?:\s*[-–]?\s*(?:nos?\.?\s*)?(?:[A-Z]{1,3}[- ]?)?\d{1,4}[A-Z]?(?![\w:]|\.\d|\s?(?:[ap]\.?m|baje|students))"
    r"|\s+[A-Z](?!\w)|[-\s](?:I{1,3}|IV|V|VI{0,3}|IX|X)(?!\w))?"
    r"(?:\s*(?:&|,|and)\s*\d{1,3}(?=\s*(?:,\s*[A-Z\d]|[.;)]|$)))?"
)
_KIND = rf"(?:{alternatives('venue_kinds')})"
_WORD = (
    r"(?:[A-Z][\w&.'/-]*|\d{1,2}(?:st|nd|rd|th)|of|(?i:ground|first|second|third|seminar"
    r"|conference|board|main|new|old|lecture"
    r"|computer|exam|examination|mini|placement|central|academic|admin|interview|training|t&p|tnp|tpo))"
)
_UNIT = (
    rf"(?:(?:{_WORD}\s+){{0,5}}(?i:{_KIND})(?![a-z]){_NUMBER}(?:\s*\((?![^()]*\d\s?[ap]\.?m)[^()]{{2,40}}\))?"
    r"|[A-Z]{2,4}\d?[- ]?(?:[A-Z]{1,3}[- ]?)?\d{1,4}[A-Z]?(?![\w:]|\s?(?:LPA|lakhs?|students|marks|[ap]m))"
    r"|[A-Z]{2,4}-(?:I{1,3}|IV|V)(?!\w)|(?:\d{1,2}(?:st|nd|rd|th)|I{1,3}|IV)\s+(?i:floor)|"
    r"(?i:ground\s+floor)|Sec(?:tor)?[\s.-]*\d{1,3}|Gate\s+(?:No\.?\s*)?\d)"
)
_BETWEEN = r"(?:\s*,\s*|\s*&\s*|\s+(?:and|in|on|to(?=\s[A-Z]{2,4}-?\d))\s+(?:the\s+)?|\s+|\s*[–-]\s*)"
_TAIL = (
    r"(?:\s+of\s+(?:the\s+)?[A-Z(][\w&().]*(?:\s[A-Z(][\w&().]*){0,3})?"
    r"(?:\s*,\s*[A-Z][\w.'-]*(?:\s[A-Z][\w.'-]*){0,3}(?=\s*(?:,|[.;()]|$)))?"
)
_PLACE = re.compile(
    rf"(?<![\w-])(?P<venue>{_UNIT}(?:(?:{_BETWEEN}{_UNIT}){{1,6}}|{_TAIL}(?:{_BETWEEN}{_UNIT}){{0,6}}){_TAIL})"
)
_BEFORE_IT = re.compile(r"^(?:(?:[A-Z.]+\s){0,4}(?:IN|AT|ON)\s)?(?:the\s+|our\s+)?", re.IGNORECASE)
_HAS_KIND = re.compile(rf"\b(?:{alternatives('venue_kinds')})\b|\d", re.IGNORECASE)
_IN_HINDI = re.compile(r"(?P<venue>(?:[\u0900-\u097f]+\s)?(?:हॉल|सभागार|प्रयोगशाला|भवन|कक्ष\s[\w-]+(?:\s\d+)?))(?!\w)")
_AT_A_PLACE = re.compile(
    r"\b(?i:at|in)\s(?:the\s)?(?P<venue>[A-Z]\w+(?:\s[A-Z]\w+){0,4},\s"
    r"(?:Gate|Tower|Block|Hall|Room|Building|Auditorium)(?:\s[A-Z\d][\w-]{0,3}(?!\w))?"
    r"|[A-Z][\w.]+(?:\s[A-Z][\w.]+){0,4}\s(?i:Institute|College|University|School)"
    r"(?:\sof\s[A-Z]\w+(?:(?:\sand|\s&)?\s[A-Z]\w+){0,3})?"
    r"(?:,\s[A-Z]\w+)?)"
)
_BEHIND_IT = re.compile(
    r"\b(?:interviews?|tests?|ppt|talk|gd|drive|exam|discussion|session)\s*[,:–-]\s*$", re.IGNORECASE
)
_ONLINE = re.compile(
    r"\b(?P<venue>zoom|google\s+meet|gmeet|g-?meet|(?:ms|microsoft)\s+teams|teams|"
    r"(?:cisco\s+)?webex|skype|youtube(?:\s+live)?)\b",
    re.IGNORECASE,
)
_HOSTS = {
    "zoom.": "Zoom",
    "meet.google.": "Google Meet",
    "teams.microsoft.": "MS Teams",
    "teams.live.": "MS Teams",
    "webex.": "Webex",
}
_VIRTUAL = re.compile(
    r"\bvirtual(?:ly)?\s+(?:[\w-]+\s+){0,2}(?:talk|test|session|interviews?|assessment"
    r"|drive|meeting|event|mode|ppt|orientation|rounds?"
    r"|discussion|exam|gd|presentation|interaction|hackathon)\b|\b(?:in|through|via)\s+"
    r"(?:virtual|online)\s+mode\b|\bonline\s+from\s+\w+\b",
    re.IGNORECASE,
)
_TO_IT = re.compile(
    r"(?:\b(?:in|at|from|to|near|inside|outside|reach|report|into)\s+(?:the\s+|our\s+)?|@\s*)$", re.IGNORECASE
)
_AFTER_WHEN = re.compile(
    r"(?:\d|[ap]\.?m\.?|\bnoon|\btoday|\btomorrow|\bkal|\baaj|\bbaje(?:\sse)?"
    r"|वाजता|बजे|\bhrs?\.?|\dh|day|\b(?:jan|feb|mar|apr|may"
    r"|ju[nl]|aug|sept?|oct|nov|dec)[a-z]*|\bonwards|\bsharp|\boffline|\))"
    r"\s*[,|(/:–-]\s*$",
    re.IGNORECASE,
)
_VIRTUAL_THEN = re.compile(
    r"(?:[ap]\.?m\.?|day|today|tomorrow|\))\s*[,(–-]\s*(?P<venue>virtual|online)\s*\)?\s*(?=[.;|]|$)", re.IGNORECASE
)
_COMING = re.compile(
    r"\b(?:tests?|interviews?|talks?|ppt|sessions?|report|attend|drive|assessment"
    r"|discussion|held|come|reach|assemble|speak|interact"
    r"|present|class(?:es)?|gd|exam|round|finals?|finale|appear|aao|aa\s?jana|pahunch\w*|milo|aana|hoga"
    r"|walk-?in|collect)\b|\d\s?[ap]\.?m\b|\d:\d\d|\bbaje\b|होगा|होगी",
    re.IGNORECASE,
)
_MOVED = re.compile(r"\b(?:now\s+be|shifted|moved|changed|instead)\b", re.IGNORECASE)
_MOVED_FROM = re.compile(
    r"\b(?:from|instead\s+of|in\s+place\s+of|earlier|not\s+in|not\s+at)\s+(?:the\s+)?$", re.IGNORECASE
)
_OF_THE_JOB = re.compile(
    r"\b(?:location|posting|posted|based|joining|work(?:ing)?|office\s+is|its|their|intern"
    r"(?:ship)?|role|appoint\w*|develop\w*|technology)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_OF_PAPERS = re.compile(
    r"\b(?:submit\w*|deposit\w*|display\w*|notice|contact|available|jama|bhar\w*|form"
    r"|application|copy|documents?|issued|explain|explanation)\b",
    re.IGNORECASE,
)
_HANDED_IN = re.compile(r"\b(?:submit|deposit)", re.IGNORECASE)
_SPOKEN_OF = re.compile(r"\bvenue\b[^.;]{0,40}$", re.IGNORECASE)
_IN_IT = re.compile(r"\s*(?:me|mein|में|pe|par|ke\s+bahar|aao|aake)(?!\w)", re.IGNORECASE)
_CLOCK = re.compile(r"\d\s?[ap]\.?m\b|baje", re.IGNORECASE)
_SAID_BEFORE = (
    (_OF_THE_JOB, Evidence("place of work", -2.5)),
    (re.compile(r"\b(?:no|not|nahi)\s+(?:\w+\s)?$"), Evidence("denied", -4.0)),
)
_DENIED = re.compile(r"\bnot\s+(?:be\s+)?allowed|\bno\s+virtual|\boffline\b", re.IGNORECASE)
_SENTENCE = re.compile(r"\b(?:IS|ARE|WAS|WILL|FOR|HAS|HAVE|COMP?ANY|STUDENTS)\b")
_OF_A_GROUP = re.compile(r"\bplacement\s+cell\b|\b(?:t&p|tnp|tpo)\s+cell\b|\bcampus\b|\bfloor\b", re.IGNORECASE)


def find_venue(page: Page, company: str | None = None, *, has_event: bool, whole: bool = False) -> str | None:
    """The place a text asks to come to, None where none has enough to speak for it.

    `whole` with all that the line of a label says, as the portal's own field does. Without an event only a label
    counts, or a place with more to speak for it: elsewhere such words are about rounds to come.
    """
    if whole and (stated := next(_labelled(page.lines, _LABELS, whole=True), None)):
        return stated
    labels = (*_LABELS, _MODE) if has_event else _LABELS
    labelled = _labelled(page.lines, labels, whole=False)
    candidates = [Scored(place, 8.0 - 0.1 * number) for number, place in enumerate(labelled)]
    places = (place for place in _places(page) if not company or company_key(place.value) != company_key(company))
    candidates += [*places, *_online(page)] if has_event else (place for place in places if not _of_a_city(place.value))
    found = best(candidates, LEAST if has_event else _LEAST_WITHOUT_TIME)
    return found.value if found else None


def _labelled(lines: Sequence[str], labels: Sequence[re.Pattern[str]], *, whole: bool) -> Iterator[str]:
    """The places after labels such as "Venue:" or "Venue has been changed to", in order."""
    for number, line in enumerate(lines):
        match = next(filter(None, (label.search(line[:_LONGEST_LINE]) for label in labels)), None)
        below = lines[number + 1] if _LABEL_ALONE.fullmatch(line) and number + 1 < len(lines) else ""
        shown = match["venue"] if match else below
        if venue := shown.strip() if whole and match else _trimmed(shown):
            yield venue


def _trimmed(text: str) -> str:
    text = re.sub(r"^(?:the\s+)?same(?:\s+i\.?e\.?)?[\s,:-]+(?=\w)", "", text.replace("\t", " "), flags=re.IGNORECASE)
    venue = _NEXT_SENTENCE.sub("", _AFTER_IT.sub("", text)).strip(" .,;:–-(")
    venue = venue + ")" * (venue.count("(") - venue.count(")"))
    if venue.casefold() in words("cities"):  # where the job is
        return ""
    return venue[:_LONGEST] if any(sign.isalpha() for sign in venue) and not _LATER.match(venue) else ""


def _places(page: Page) -> Iterator[Scored]:
    """Halls, labs and rooms that sentences name."""
    for sentence in page.sentences:
        text = sentence.text[:_LONGEST_LINE]
        comes = bool(_COMING.search(text)) or bool(find_moments(text, page.near))
        for match in (*_PLACE.finditer(text), *_IN_HINDI.finditer(text), *_AT_A_PLACE.finditer(text)):
            venue = _cut(match["venue"])
            if (_HAS_KIND.search(venue) and not venue.isdigit()) or match.re in (_IN_HINDI, _AT_A_PLACE):
                start = text.index(venue, match.start("venue"))
                evidence = list(_around(text, start, start + len(venue), comes=comes))
                yield Scored(
                    venue,
                    sum(one.points for one in evidence) + min(0.6, 0.1 * len(venue.split())),
                    tuple(map(str, evidence)),
                )


def _of_a_city(place: str) -> bool:
    """ "Ahmedabad office": without an event it is where the job is."""
    city, _, kind = place.casefold().rpartition(" ")
    return kind in {"office", "campus"} and city in words("cities")


def _cut(venue: str) -> str:
    """The place without the words in capitals before it: "AM SHARP IN CSE LAB 1"."""
    return _BEFORE_IT.sub("", venue.strip(" ,.-–"))


def _around(text: str, start: int, end: int, *, comes: bool) -> Iterator[Evidence]:
    before, place = text[max(0, start - 80) : start], text[start:end]
    yield _named_how(before, text[end : end + 60])
    if comes:
        yield Evidence("something takes place", 1.0)
    yield from (evidence for pattern, evidence in _SAID_BEFORE if pattern.search(before))
    if _MOVED.search(before):
        yield Evidence("no longer there", -5.0) if _MOVED_FROM.search(before) else Evidence("moved", 1.0)
    if _OF_PAPERS.search(before) and (_HANDED_IN.search(before) or not _CLOCK.search(text)):
        yield Evidence("for papers", -1.5)
    if _SENTENCE.search(place):
        yield Evidence("a sentence in capitals", -4.0)
    if _OF_A_GROUP.fullmatch(place):
        yield Evidence("no place of an event", -2.5)


def _named_how(before: str, after: str) -> Evidence:
    """What stands right before a place."""
    if _SPOKEN_OF.search(before):
        return Evidence("called the venue", 2.0)
    if _TO_IT.search(before):
        return Evidence("come to it", 1.5)
    if _AFTER_WHEN.search(before):
        return Evidence("behind a time", 1.5)
    if _BEHIND_IT.search(before):
        return Evidence("behind what takes place", 1.5)
    alone = not before.strip(" ,–-") or _IN_IT.match(after)
    return Evidence("begins or ends with it", 1.0) if alone or before.endswith("(") else Evidence("named", -0.5)


def _online(page: Page) -> Iterator[Scored]:
    """What takes place on a platform, or is called virtual."""
    for sentence in page.sentences:
        text = sentence.text[:_LONGEST_LINE]
        if match := _ONLINE.search(text):
            by = re.search(
                r"\b(?:on|via|through|over|using|join|below|by)\s+(?:the\s+|a\s+)?(?:link\s+\w+\s+)?$",
                text[: match.start()],
                re.IGNORECASE,
            )
            yield Scored(match["venue"], 2.6 if by else 1.6 + 0.6 * bool(_COMING.search(text)))
        if match := _VIRTUAL_THEN.search(text):
            yield Scored(match["venue"], 2.4)
        if (match := _VIRTUAL.search(text)) and not _DENIED.search(text):
            yield Scored(match[0] if match[0].lower().startswith("online from") else "Virtual", 2.2)
    addresses = " ".join((*(link.url for link in page.anchors), *re.findall(r"https?://\S+", page.text)))
    yield from (
        Scored(name, 2.1) for host, name in _HOSTS.items() if f"//{host}" in addresses or f".{host}" in addresses
    )
