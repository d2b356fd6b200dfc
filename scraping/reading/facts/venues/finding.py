"""Where something takes place: every place of a text is a candidate, scored by what speaks for it and against it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from scraping.reading.facts.naming.names import company_key
from scraping.reading.facts.naming.scoring import Scored, best, of_tagger
from scraping.reading.facts.times.clocks import find_clocks
from scraping.reading.facts.times.dates import find_moments
from scraping.reading.facts.venues.surroundings import MOVED_FROM, around
from scraping.reading.layout.expressions import Expression, expression
from scraping.reading.layout.place_runs import PlaceRun, find_led_names, find_places
from scraping.reading.layout.sentences import SIGNED
from scraping.reading.page import Page
from scraping.reading.tagger.model import likely
from scraping.reading.vocabulary import words

LEAST = 1.0
_TAGGER = 1.0  # what its word weighs
_UNSEEN = 0.3  # how likely a place is that it sees none in
_LEAST_WITHOUT_TIME = 3.0
_OF_THE_EVENT = 1.5
_LONGEST = 300
_LONGEST_LINE = 1000
_MOST_SENTENCES = 1000
_IS = (
    r"(?:is\s+still|shall\s+be|(?:\S+\s){0,4}changed\s*(?:→|->)|remains?(?:\s+the)?"
    r"(?:\s+same)?(?:\s+i\.?\s?e\.?,?)?|(?:has\s+been\s+|is\s+)?(?:changed|shifted|moved"
    r"|revised)(?:\s+from\s+.{1,40}?)?\s+to"
    r"|is\s+now|is|will\s+be|i\.e\.?|[:\t–-])\s*[:–-]?\s*"
)
_LABELS = (
    expression(
        rf"\bvenues?(?:\s*(?:&|and)\s*(?:date|time)|\s+(?:of|for)\s+[\w\s'.&-]{{1,60}}?)?\s*{_IS}(?P<venue>\S.*)",
        re.IGNORECASE,
    ),
    expression(
        r"(?:\breporting\s+(?:place|location|at|venue)|\b(?:test|interview|drive|event|session"
        r"|exam)\s+(?:location|cent(?:re|er))"
        r"|\b(?:lab|room|hall)\s+(?:details|allotted|allocation)|(?:^|[.|;]\s)\W*(?:place|where|cent(?:re"
        r"|er)|kahan|jagah|sthan|engae?|ekkada|kuthe|स्थान|स्थळ|ठिकाण|कहाँ|कुठे))(?:\s+same)?\s*(?:[:\t–-]"
        r"|is\s)\s*(?P<venue>\S.*)",
        re.IGNORECASE,
    ),
    expression(r"\blocation\s+(?:of|for)\s+[^:]{2,40}:\s*(?P<venue>\S.*)", re.IGNORECASE),
    expression(
        r"\b[Vv]enue\s+(?P<venue>(?!Changed?\b|Details?\b|Update|For\b|And\b|Of\b|Is\b"
        r"|&)[A-Z][\w.'-]*(?:\s[A-Z\d(][^.;]*)?(?=[.,;]|$))"
    ),
    expression(r"\b(?:place|venue)\s+as\s+(?P<venue>[A-Z][^.;]*)"),
    expression(r"^📍\W*(?:\w{3,12}\W*:\W*)?(?P<venue>\w.*)"),
    # A bare "Location:" is mostly the job's.
    expression(
        r"^\W*location\s*[:\t–-]\s*(?P<venue>(?:virtual|online|zoom|google\s+meet|(?:ms"
        r"|microsoft)\s+teams|.{0,60}\b(?:hall"
        r"|labs?|auditorium|room|block|campus)\b).*)",
        re.IGNORECASE,
    ),
)
# Without an event it is how to apply.
_MODE = expression(
    r"(?:^|\.\s)\W*(?:platform|mode(?:\s+of\s+[\w\s]{3,30})?)\s*[:\t–-]+\s*(?P<venue>"
    r"(?:virtual|online|zoom|google|ms|microsoft|teams|webex|cisco|hacker|g-?meet|skype"
    r"|youtube)\b.*)",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(r"(?:[\w-]+\s+)?venues?\s*[:–-]*", re.IGNORECASE)
_CITIES_APART = re.compile(r"[,/|&]|\band\b|\bor\b|\bya\b")
_SAID_OF_CITIES = re.compile(r",\s+(?:choice|as\s+per|any|no)\b.*")
_NO_PLACE = re.compile(
    r"(?:(?:college|placement|erp|superset|given|above|below|application)\s+)*(?:portal|link|form|website"
    r"|erp)(?:\s+only)?"
    r"|.*\b(?:stores|branches|outlets|offices)",
    re.IGNORECASE,
)
_HOUR_FIRST = re.compile(r"^\W*\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\b\.?[\s,–-]+(?=\w)", re.IGNORECASE)
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
    | \s+(?:instead|because|in\s+place|due\s+to|as\s+(?:planned|decided|discussed|agreed|before|earlier))\b.*
    | \s*(?:,|\band)\s*not\s+(?:in|at|the|[A-Z]).*
    | [\s,;–(-]*(?:https?://|www\.).*
    | \s*\((?:link|earlier|instead|not|own|details|and|also)\b.*
    | \s*,\s*(?:the\s+|joining\s+|meeting\s+)?link\b.*""",
    re.IGNORECASE | re.VERBOSE,
)
_NEXT_SENTENCE = re.compile(
    r"""(?<=[\w)])\.\s+(?:the|this|these|all|please|kindly|students?|candidates?|carry|bring|do|no|not|attendance
        |report(?:ing)?
    |time|timings?|only|those|you|your|it|there|rest|we|be|everyone|any|in|for|join|reach|ensure|laptops?|date
    |inconvenience)\b.*
    | (?<=[\w)])\.\s+[A-Z][\w\ ]{1,25}:\s.*
    | (?<=[\w)])(?<!\bDr)(?<!\bSt)(?<!\bNo)(?<!\b[A-Z])\.\s+(?-i:[A-Z][a-z]+(?:\s+[a-z]+){2,}).*""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_HINDI = expression(r"(?P<venue>(?:[\u0900-\u097f]+\s)?(?:हॉल|सभागार|प्रयोगशाला|भवन|कक्ष\s[\w-]+(?:\s\d+)?))(?!\w)")
_ONLINE = expression(
    r"\b(?P<venue>zoom|google\s+meet|gmeet|g-?meet|(?:ms|microsoft)\s+teams|teams|"
    r"(?:cisco\s+)?webex|skype|youtube(?:\s+live)?)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<![\w@])(?:https?://)?((?:[\w-]+\.){1,4}(?:com|us|in|live)/\S+)")
_ORDINARY = frozenset(("teams", "meet"))  # in small letters no platform
_HOSTS = {
    "zoom.": "Zoom",
    "meet.google.": "Google Meet",
    "teams.microsoft.": "MS Teams",
    "teams.live.": "MS Teams",
    "webex.": "Webex",
}
_VIRTUAL = expression(
    r"\b(?:interviews?|rounds?|tests?|talk|session|gd|drive|process|it|all|mode)\s+(?:is|are|will\s+be)\s+"
    r"(?:still\s+|fully\s+|completely\s+)?(?:virtual|online)\b|(?:^|[.,]\s)online,?\s+from\s+(?:home|your)\b"
    r"|\bvirtual(?:ly)?\s+(?:[\w-]+\s+){0,2}(?:talk|test|session|interviews?|assessment"
    r"|drive|meeting|event|mode|ppt|orientation|rounds?"
    r"|discussion|exam|gd|presentation|interaction|hackathon)\b|\b(?:in|through|via)\s+"
    r"(?:virtual|online)\s+mode\b|\bonline\s+from\s+[^\W\d]+\b|\bheld\s+online\b",
    re.IGNORECASE,
)
_VIRTUAL_THEN = expression(
    r"(?:[ap]\.?m\.?|day|today|tomorrow|\))\s*[,(–-]\s*(?P<venue>virtual|online)\s*\)?\s*(?=[.;|]|$)", re.IGNORECASE
)
_COMING = expression(
    r"\b(?:tests?|interviews?|talks?|ppt|sessions?|slots?|report|attend|drive|assessment"
    r"|discussion|held|come|reach|assemble|speak|interact"
    r"|present|seated|gather|class(?:es)?|gd|exam|round|finals?|finale|appear|aao|aa\s?jana|pahunch\w*|milo|aana|hoga"
    r"|walk-?in|collect|baith\w*)\b|\d\s?[ap]\.?m\b|\d:\d\d|\bbaje\b|होगा|होगी",
    re.IGNORECASE,
)
_GATHER = expression(r"\b(?:come|report|reach|assemble|gather|milo|aao|aa\s?jao|pahunch\w*)\b", re.IGNORECASE)
_DENIED = re.compile(r"\bnot\s+(?:be\s+)?allowed|\bno\s+virtual|\boffline\b", re.IGNORECASE)


def find_venue(page: Page, company: str | None = None, *, has_event: bool, whole: bool = False) -> str | None:
    """The place a text asks to come to, None where none has enough to speak for it."""
    chosen = best_venue(page, company, has_event=has_event, whole=whole)
    return chosen.value if chosen else None


def best_venue(
    page: Page, company: str | None = None, *, has_event: bool, whole: bool = False, event_line: str = ""
) -> Scored | None:
    """As `find_venue`, with what spoke for it: a place in the line that says when the event is counts more.

    `whole` with all that the line of a label says, as the portal's own field does. Without an event only a label
    counts, or a place with more to speak for it: elsewhere such words are about rounds to come.
    """
    if whole and (stated := next(_labelled(page.lines, _LABELS, whole=True), None)):
        return Scored(stated, 8.0)
    labels = (*_LABELS, _MODE) if has_event else _LABELS
    labelled = _labelled(page.lines, labels, whole=False, has_event=has_event)
    candidates = [
        Scored(place, 8.0 - 0.1 * number, ("label",)) for number, place in enumerate((*labelled, *_in_tables(page)))
    ]
    places = (place for place in _places(page) if not company or company_key(place.value) != company_key(company))
    places = (_in_a_text_on_an_event(place) if has_event else place for place in places)
    candidates += (
        [*places, *_named(page, company), *_online(page)]
        if has_event
        else (_without_an_event(place) for place in places if not _of_a_city(place.value))
    )
    scored = _with_tagger(candidates, page, has_event=has_event)
    least = LEAST if has_event else _LEAST_WITHOUT_TIME
    chosen = best((_beside_the_hour(one, event_line) for one in scored if one.score >= least), least)
    return replace(chosen, value=_with_bracket(chosen.value, page.text)) if chosen else None


def _beside_the_hour(place: Scored, event_line: str) -> Scored:
    if place.value not in event_line:
        return place
    return replace(place, score=place.score + _OF_THE_EVENT, why=(*place.why, f"beside the hour {_OF_THE_EVENT:+g}"))


def _with_bracket(place: str, text: str) -> str:
    """ "Training Suite (C-block, level 2)" of "Training Suite (C-block"."""
    if place.count("(") <= place.count(")"):
        return place
    match = re.search(rf"{re.escape(place)}[^()\n]{{0,40}}\)", text)
    return match[0] if match else place


def _with_tagger(candidates: Iterable[Scored], page: Page, *, has_event: bool) -> Iterator[Scored]:
    """The candidates with what the tagger says of them, and those that it alone sees: not "interviews over Zoom" that
    have no date yet.
    """
    seen = {
        _folded(place): (place, probability)
        for place, probability in likely(page, "venue").values()
        if place not in _ORDINARY and (has_event or place.casefold() not in words("online_venues"))
    }
    found = set()
    for one in candidates:
        found.add(_folded(one.value))
        _, probability = seen.get(_folded(one.value), ("", _UNSEEN))
        evidence = of_tagger(max(probability, _UNSEEN), _TAGGER)
        yield Scored(one.value, one.score + evidence.points, (*one.why, str(evidence)))
    for place, probability in (said for key, said in seen.items() if key not in found):
        evidence = of_tagger(probability, _TAGGER)
        yield Scored(place, evidence.points, (str(evidence),))


def _folded(place: str) -> str:
    return re.sub(r"\W", "", place.casefold())


def _in_a_text_on_an_event(place: Scored) -> Scored:
    """One that somebody is told to come to, in whatever sentence, is most likely the event's."""
    told = any(why.startswith("come to it") for why in place.why) and not any(
        why.startswith("for papers") for why in place.why
    )
    return replace(place, score=place.score + 0.4 * told)


def _labelled(
    lines: Sequence[str], labels: Sequence[Expression], *, whole: bool, has_event: bool = True
) -> Iterator[str]:
    """The places after labels such as "Venue:" or "Venue has been changed to", in order."""
    for number, line in enumerate(lines):
        match = next(filter(None, (label.search(line[:_LONGEST_LINE]) for label in labels)), None)
        below = lines[number + 1] if _LABEL_ALONE.fullmatch(line) and number + 1 < len(lines) else ""
        shown = match["venue"] if match else below
        if line.startswith("📍") and not whole and not (has_event or next(iter(find_places(shown)), None)):
            continue  # where the job is
        if venue := shown.strip() if whole and match else _trimmed(shown):
            yield venue


def _in_tables(page: Page) -> Iterator[str]:
    """The places a column "Venue" holds, in order."""
    return filter(None, (_trimmed(cell) for table in page.tables for cell in table.column("venue")))


def _trimmed(text: str) -> str:
    text = re.sub(r"^(?:your|our)\s+(?:campus|college|institute)\s*,\s*", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(?:the\s+)?same(?:\s+i\.?e\.?)?[\s,:–-]+(?=\w)", "", text.replace("\t", " "), flags=re.IGNORECASE)
    text = re.sub(r"^.*\b(?:shift|mov|chang)\w*\s+from\b.*\bto\s+(?=\S)", "", text, flags=re.IGNORECASE)
    venue = _NEXT_SENTENCE.sub("", _AFTER_IT.sub("", _HOUR_FIRST.sub("", text))).strip(" .,;:–-(")
    open_brackets = venue.count("(") - venue.count(")")
    venue = venue + ")" * open_brackets if open_brackets >= 0 else venue.rstrip(")")
    if _NO_PLACE.fullmatch(venue):
        return ""
    if all(
        part.strip() in words("cities", "kinds_of_work")
        for part in _CITIES_APART.split(_SAID_OF_CITIES.sub("", venue.casefold()))
    ):  # where the job is
        return ""
    return venue[:_LONGEST] if any(sign.isalpha() for sign in venue) and not _LATER.match(venue) else ""


def _places(page: Page) -> Iterator[Scored]:
    """Halls, labs and rooms that sentences name."""
    for number, sentence in enumerate(page.sentences[:_MOST_SENTENCES]):
        if number > 3 and SIGNED.fullmatch(sentence.text[:60]):
            return
        text = sentence.text[:_LONGEST_LINE]
        comes = bool(_COMING.search(text)) or bool(find_moments(text, page.near))
        for place in (*find_places(text), *_in_hindi(text)):
            evidence = list(around(text, place.start, place.end, comes=comes))
            evidence = [one for one in evidence if one.what != "behind a sign" or sentence.line >= 0]
            points = sum(one.points for one in evidence) + min(0.6, 0.1 * len(place.name.split()))
            yield Scored(place.name, points, tuple(map(str, evidence)))


def _named(page: Page, company: str | None) -> Iterator[Scored]:
    """Places without a word for what they are, where a sentence says that one comes there at an hour."""
    firm = company_key(company or "")
    for sentence in page.sentences[:_MOST_SENTENCES]:
        text = sentence.text[:_LONGEST_LINE]
        for place in find_led_names(text) if find_clocks(text) or _GATHER.search(text) else ():
            name = company_key(place.name)
            if firm and (firm.startswith(name) or name.startswith(firm)):
                continue
            points = sum(one.points for one in around(text, place.start, place.end, comes=True))
            yield Scored(place.name, points - 0.4, ("by its name alone",))


def _in_hindi(text: str) -> Iterator[PlaceRun]:
    return (PlaceRun(match["venue"], match.start(), match.end()) for match in _IN_HINDI.finditer(text))


def _of_a_city(place: str) -> bool:
    """ "Ahmedabad office": without an event it is where the job is."""
    city, _, kind = place.casefold().rpartition(" ")
    return kind in {"office", "campus"} and city in words("cities")


def _without_an_event(place: Scored) -> Scored:
    """Where somebody works is no venue then, whatever the tagger says."""
    of_the_job = any(why.startswith("place of work") for why in place.why)
    return replace(place, score=place.score - 5 * of_the_job)


def _online(page: Page) -> Iterator[Scored]:
    """What takes place on a platform, or is called virtual."""
    for sentence in page.sentences[:_MOST_SENTENCES]:
        text = sentence.text[:_LONGEST_LINE]
        if match := _ONLINE.search(text):
            by = re.search(
                r"\b(?:on|via|through|over|using|join|below|by)\s+(?:the\s+|a\s+)?(?:link\s+\w+\s+)?$",
                text[: match.start()],
                re.IGNORECASE,
            )
            if MOVED_FROM.search(text[: match.start()].removesuffix("on ")):
                continue
            yield Scored(match["venue"], 2.6 if by else 1.6 + 0.6 * bool(_COMING.search(text)))
        if match := _VIRTUAL_THEN.search(text):
            yield Scored(match["venue"], 2.4)
        if (match := _VIRTUAL.search(text)) and not _DENIED.search(text):
            yield Scored(match[0] if match[0].lower().startswith("online from") else "Virtual", 1.9)
    addresses = " ".join(
        (*(link.url for link in page.anchors), *(f"//{address}" for address in _ADDRESS.findall(page.text)))
    )
    yield from (
        Scored(name, 2.1) for host, name in _HOSTS.items() if f"//{host}" in addresses or f".{host}" in addresses
    )
