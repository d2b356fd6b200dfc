"""Where a job is, as mails state it."""

import re
from collections.abc import Iterator, Sequence

from scraping.reading.facts.students.people import number_in
from scraping.reading.layout.fields import Field, field_name, values
from scraping.reading.vocabulary import alternatives, words

_UNKNOWN = re.compile(
    r"\W*(?:tbd|tba|n/?a|nil|(?:not|(?:to|will)\s+be|as\s+per|yet\s+to)\s.*|depend\w*.*|any"
    r"(?:where|\s+location)?(?:\s+in\s+india)?)?\W*",
    re.IGNORECASE,
)
_NAME = r"[A-Z][\w.&'-]*(?:\s[A-Z][\w.&'-]*){0,2}"
_NAMES = rf"(?P<place>{_NAME}(?:\s?\([\w ]{{2,20}}\))?(?:\s?(?:[,/&]|\band\b|\bor\b)\s?{_NAME}){{0,6}})"
# Where one works, however it is said: of the first of these that a line has, the places count.
_SAID = (
    re.compile(
        r"\b(?i:locations?|place\s+of\s+(?:work|posting)|postings?|posted|based|stationed|situated)\b\s*"
        r"(?i:(?:[:–-]|for\s+\w+|is|are|in|at|out\s+of|will|would|shall|be|our|the|either)\s+)*"
        r"(?P<place>[A-Z][^.;\n]{1,80})"
    ),
    re.compile(
        r"\b(?i:join|start|work|intern)\w*\b[^.\n]{0,60}\b(?:in|at)\s+"
        rf"(?P<place>(?i:{alternatives('cities')}))(?=\s*(?:[.,;(]|$))"
    ),
    re.compile(r"\b(?i:fully|completely|100\s?%|entirely)\s+(?P<place>(?i:remote))\b"),
    re.compile(r"[,(]\s*(?P<place>(?i:remote|work\s+from\s+home|wfh))\s*[,).]"),
    re.compile(
        rf"\b(?i:at|in|for|be|from)\s+(?i:(?:our|the|their)\s+)?{_NAMES}\s+(?:office|HO|location|plant|factory|works"
        r"|branch|site|unit)\b"
    ),
)
_OUR_OWN = re.compile(r"\b(?:dean|principal|director|hod|placement|tpo|t&p|college)\b|'s$", re.IGNORECASE)
_MODE_OF_WORK = re.compile(r"\s*\((?:hybrid|wfo|onsite|on-site|work from office|tentative\w*)\)", re.IGNORECASE)
_HOUSE = re.compile(
    r"(?<=[a-z])\s(?:offices?|plants?|factory|campus|works|branch|branches|sites?|units?|facility)(?=\s*(?:$|[,/&]"
    r"|and\b))"
)
_ADDRESS = re.compile(
    r"\b(?:sec(?:tor)?|tower|floor|block|phase|cyber\s+city|plot|road|street|marg|building"
    r"|park|complex|opposite|near)\b|\b\d{6}\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"""haryana|(?:uttar|madhya|andhra|himachal)\s+pradesh|u\.?p\.?|karnataka|maharashtra|telangana|tamil\s+nadu|kerala
    |west\s+bengal|gujarat|rajasthan|punjab|odisha|bihar|jharkhand|uttarakhand|assam|ka|mh|tn|ts|india
    |japan|u\.?s\.?a?|u\.?k\.?|u\.?a\.?e|germany|canada|australia|ireland|netherlands""",
    re.IGNORECASE | re.VERBOSE,
)
_COUNTRY = re.compile(r",\s*(?:india|bharat)\.?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;|/\n•]|\s+(?:and|or|&)\s+|\s&\s)\s*", re.IGNORECASE)
_ENDS_WITH = re.compile(r"\)\s*[,–-]\s*(?P<place>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\W*$")
_CITIES = words("cities")
_DIGIT = re.compile(r"\d")
_LONGEST = 200
_MOST = 20


def read_locations(fields: Sequence[Field], lines: Sequence[str], tables: Sequence[str] = ()) -> tuple[str, ...]:
    """The places of work, each once; an address stays in one piece. `tables` are rows of roles or of students."""
    stated = values(fields, "location") or list(_in_column(tables)) or list(_behind_students(tables))
    stated = stated or [
        city for value in values(fields, "venue") if (city := value.split(",")[0]).casefold() in _CITIES
    ]
    if not stated:
        said = (pattern.search(line[:1000]) for pattern in _SAID for line in lines)
        stated = [match["place"] for match in said if match][:1]
    places = (place for value in stated for place in _places(value) if not _OUR_OWN.search(place))
    return tuple(dict.fromkeys(place for place in places if not _UNKNOWN.fullmatch(place)))[:_MOST]


def _behind_students(lines: Sequence[str]) -> Iterator[str]:
    """ "Asha Rao (22103001), Pune": the town that every row of a list ends with; they differ, and one is known."""
    rows = [line for line in lines if number_in(line.split("(")[-1].split(")")[0], strict=True)]
    ends = [match["place"] for line in rows if (match := _ENDS_WITH.search(line))]
    if len(ends) == len(rows) > 1 and any(end.casefold() in _CITIES for end in ends):
        yield from ends


def _in_column(rows: Sequence[str]) -> Iterator[str]:
    """Cells under a head that says Location."""
    column = 0
    for row in rows:
        cells = [cell.strip() for cell in re.split(r"\t|\s\|\s", row)]
        names = [] if len(cells) < 3 or _DIGIT.search(row) else [field_name(cell) for cell in cells]
        if "location" in names:
            column = names.index("location")
        elif column and column < len(cells):
            yield cells[column]
        else:
            column = 0


def _places(value: str) -> list[str]:
    """ "Pune, Delhi" are two places; "Sector 67, Gurgaon, Haryana, India" and "Pune, Maharashtra" are one."""
    value = _MODE_OF_WORK.sub("", re.split(r"\.\s+(?=[A-Z])", value[:_LONGEST])[0]).strip(" .,;*")
    if not value or _UNKNOWN.fullmatch(value):
        return []
    value = _HOUSE.sub("", value)
    pieces = [piece for line in re.split(r"\s*[;\n|]\s*", value) for piece in _pieces(line)]
    return [piece for piece in (piece.strip(" .,-–•*") for piece in pieces) if 1 < len(piece) <= _LONGEST]


def _pieces(line: str) -> list[str]:
    """A state or a country belongs to the town before it: "Jaipur, Rajasthan / Indore" are two places."""
    if _ADDRESS.search(line):
        return [line]
    pieces: list[str] = []
    for border, part in _parts(_COUNTRY.sub("", line)):
        if pieces and border == "," and _STATE.fullmatch(part.strip()):
            pieces[-1] += f", {part.strip()}"
        else:
            pieces.append(part)
    return pieces


def _parts(line: str) -> Iterator[tuple[str, str]]:
    """Each part with the sign before it."""
    border, start = "", 0
    for match in _BETWEEN.finditer(line):
        yield border, line[start : match.start()]
        border, start = match[0].strip(), match.end()
    yield border, line[start:]
