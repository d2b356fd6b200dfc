"""What a mail states under labels: "Role: Analyst", "CTC – 12 LPA", a two-column table, a label over its value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from scraping.reading.layout.text import collapse, lines_of_text

_WRAPPED = range(56, 84)  # mail programs break plain text at 70 to 80 columns
_LONGEST_VALUE = 2_000
_MOST_POINTS = 20

# What a label can be called, by the kind of thing it states. "when" and "registration" are kept apart from their
# neighbours on a line, and read elsewhere.
_LABELS: dict[str, str] = {
    "company": r"(?:name of (?:the )?)?"
    r"(?:company|organi[sz]ation|employer|recruiter|firm|client|hiring partner)(?:'?s)?(?: name)?",
    "role": r"पद|(?:job |work |offered |internship )?(?:roles?|profiles?|positions?|designations?)(?: ?\(s\))?"
    r"(?: offered| name| title)?|job title|job name|post(?: name)?|title of the post"
    r"|offered as|(?:role|position) ?/ ?(?:designation|profile)",
    "package": r"वेतन|(?:\w+[- ]){0,3}(?:package|ctc|compensation|salary|remuneration|pay)"
    r"(?: (?:details?|offered|package|range|structure|breakup|break-up|component))?"
    r"(?: (?:for|post|after|on|upon|during) (?:the )?[\w -]{1,30})?"
    r"|cost to company|(?:package|ctc) ?/ ?stipend|stipend ?/ ?(?:ctc|package)|fixed|base|variable|joining bonus",
    "stipend": r"मानदेय|(?:\w+[- ]){0,2}stipend(?: (?:offered|amount|details|during (?:the )?internship|per month))?",
    "location": r"loc|offices?|(?:job |work |office |base |tentative |internship |preferred |company )?"
    r"locations?(?: of posting| for all)?"
    r"|(?:place|location) of (?:posting|work|job)|posting|work ?place|job place|(?:posted|based) (?:at|in)",
    "joining": r"(?:tentative |expected |internship )?(?:joining(?: date)?|date of joining|doj|start(?:ing)? date)",
    "duration": r"(?:internship |training )?(?:duration|tenure|period)",
    "offers": r"(?:total )?(?:number|no\.?|count) of (?:offers|selections|students(?: selected| placed)?|selects)"
    r"|total offers",
    "deadline": r"अंतिम (?:तिथि|तारीख)"
    r"|(?:registration |application |last |submission )?(?:deadline|due date)|apply (?:by|before)"
    r"|last date(?: (?:to|for|of) [\w ]{1,30})?|(?:registration|applications?) (?:ends?|closes?)(?: on)?",
    "when": r"(?:event |session |test |interview |reporting |webinar )?dates?(?: ?(?:&|and|/) ?time)?"
    r"|day|when|schedule|(?:reporting |session |test |start )?tim(?:e|ings?)"
    r"|(?:event |hackathon |contest )?(?:starts?|begins?|ends?)(?: (?:on|date|from))?|end date",
    "venue": r"venue|(?:reporting |event )?place|where|platform|mode(?: of (?:conduct|interview|session))?",
    "eligibility": r"eligib(?:ility|le)(?: criteria| branches| courses| batch(?:es)?| degrees?)?|criteria"
    r"|who can (?:apply|participate|attend)",
    "process": r"(?:selection|hiring|recruitment|interview)[- ](?:process|procedure|flow|rounds?|stages?)"
    r"|rounds|stages",
    "job_type": r"(?:job|employment|offer|engagement) type|(?:type|nature) of (?:job|employment|offer)",
    "topic": r"topic|theme of the (?:session|talk)|subject|title(?: of (?:the )?(?:session|talk|webinar))?",
    "event": r"(?:event|webinar|session|hackathon|competition)(?: name| title)?"
    r"|name of (?:the )?(?:event|competition|hackathon)",
    "speaker": r"(?:guest |keynote |resource )?speakers?(?: name)?|guests?"
    r"|resource persons?|expert|presenter|trainer|mentor",
    "theme": r"themes?|tracks?|problem statements?|domains?",
    "prize": r"(?:total |cash )?prizes?(?: pool| money| worth)?|rewards?(?: (?:and|&) prizes?)?|awards?"
    r"|prizes? (?:and|&) rewards?",
    "team_size": r"team size|team(?: members)?|members per team|team composition",
    "organiser": r"organi[sz](?:er|ed by|ers)|hosted by|host|conducted by|presented by",
    "registration": r"(?:registration|application|apply|sign[- ]?up)(?: form)? (?:link|url|form|portal)"
    r"|link(?: to (?:apply|register))?|(?:register|apply) (?:here|at)",
    "bond": r"(?:service )?(?:bond|agreement)",
    "skills": r"(?:required |key |technical )?skills?(?: required)?",
}
_NAMES = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items())
_LABEL = re.compile(
    rf"^[\W_]{{0,6}}(?:\d{{1,2}}[.)]\s*)?(?P<label>(?:{_NAMES})(?:\s?\d{{1,2}}|\s[A-D])?(?:\s?\([^()\n]{{1,40}}\))?)"
    r"(?P<border>\s*[:：=]+-?|\s+[–—-]+(?=\s)|\s*[–—]|-(?=\s)|\t|\s*\|)\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"^[\W_]{{0,4}}(?:{_NAMES})\s*:?$", re.IGNORECASE)
_INLINE = re.compile(rf"(?:\s*[|;•।]\s*|,\s+|\.\s+|\s{{3,}})(?=(?:{_NAMES})(?:\s?\d)?\s*:\s)", re.IGNORECASE)
_NUMBERED = re.compile(r"\W*(?:[A-Za-z/-]{0,6}\d){3,12}[A-Za-z\d]{0,6}\s")  # begins with a student's number
_SPACED = re.compile(r"(\s*[A-Za-z][\w /&'-]{1,30}?)\s{3,}(?=\S)(?!.*\S\s{3,}\S)")
_LISTED = re.compile(r"\d{6}|\b\d\d[A-Z]{2,4}\d{3}")  # a student's number
_BULLET = re.compile(r"^\s*(?:[•*▪◦➢➤>·●–—-]|\(?(?:\d{1,2}|[a-z]|i{1,3})[.)])\s+\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled statement: `name` is the kind of thing, `label` the words used, `value` one or more lines."""

    name: str
    label: str
    value: str

    @property
    def statement(self) -> str:
        """Label and value: a label such as "Package for 1st year" says what the value is."""
        return f"{self.label}: {self.value}"


def readable_lines(text: str) -> list[str]:
    """The lines of a mail that hold something, those its mail program broke put together again.

    Columns are parted by tabs.
    """
    return lines_of_text("\n".join(_rejoined(list(map(_with_border, text.split("\n"))))))


def _with_border(line: str) -> str:
    """ "Package     12 LPA" with a colon behind its label, where blanks alone set the value apart."""
    match = _SPACED.match(line[:_LONGEST_VALUE])
    if match and line[match.end()] in ":=–-":
        return f"{match[1]}{line[match.end() :]}"
    return f"{match[1]}: {line[match.end() :]}" if match and field_name(match[1].strip()) else line


def read_fields(lines: Sequence[str]) -> list[Field]:
    """Every labelled statement in `lines`, in order; the ones with an empty value are left out."""
    lines = [part for line in lines for part in _INLINE.sub("\n", line[:_LONGEST_VALUE]).split("\n")]
    fields = []
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if match := _LABEL.match(line):
            points = [] if match["value"].strip() else _points(lines[number : number + _MOST_POINTS])
            number += len(points)
            value = "\n".join([match["value"], *points]).strip(" \t\n|*_")
            fields.append(_field(match, match["label"], value))
        elif (match := _ALONE.match(line)) and ":" not in line:
            fields.append(_field(match, line, _value_below(lines[number : number + 1])))
    return [field for field in fields if field.value]


def field_name(cell: str) -> str:
    """The kind of thing a cell of a table's head announces, "" where it is none of those known."""
    match = _ALONE.match(cell[:100]) or _LABEL.match(f"{cell[:100]}: ")
    return next((name for name in _LABELS if match[name]), "") if match else ""


def label_of(line: str) -> tuple[str, int]:
    """The kind of thing the label states that a line begins with, and where its value begins; ("", 0) without one."""
    match = _LABEL.match(line)
    return (next(name for name in _LABELS if match[name]), match.start("value")) if match else ("", 0)


def values(fields: Sequence[Field], *names: str) -> list[str]:
    """The values stated under these names, in the order of the text."""
    return [field.value for field in fields if field.name in names]


def _rejoined(lines: Sequence[str]) -> list[str]:
    """A line is broken where the next one's first word would not have fitted."""
    joined: list[str] = []
    before = ""
    for line in lines:
        if _goes_on(before, line):
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line)
        before = line.rstrip()
    return joined


def _goes_on(before: str, line: str) -> bool:
    words = line.split()
    if not words or "\t" in before or "\t" in line or len(before) not in _WRAPPED:
        return False
    starts_anew = (
        _BULLET.match(line)
        or _LABEL.match(line)
        or _LISTED.search(line)
        or _NUMBERED.match(line)
        or before.endswith(":")
        or (before.endswith(".") and before[-4:-1].islower())  # a sentence ends, and no "Ltd."
    )
    return not starts_anew and len(before) + 1 + len(words[0]) > _WRAPPED.start + 14


def _points(below: Sequence[str]) -> list[str]:
    """The list under a label."""
    return list(takewhile(_BULLET.match, below))


def _value_below(below: Sequence[str]) -> str:
    """The line under a label that stands alone, as mail programs flatten a table of two columns."""
    line = below[0] if below else ""
    return "" if _ALONE.match(line) or _LABEL.match(line) or line.endswith(":") else line.strip()


def _field(match: re.Match[str], label: str, value: str) -> Field:
    name = next(name for name in _LABELS if match[name])
    return Field(name, collapse(label), value)
