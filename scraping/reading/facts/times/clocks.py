"""Times of day as people write them: "5:30 pm", "1730 hrs", "10-11:30 AM", "EOD", "12 noon"."""

import re
from dataclasses import dataclass
from datetime import time

END_OF_DAY = time(23, 59)

_MERIDIEM = r"[ap]\.?\s?m\b\.?"
_TIME = re.compile(
    rf"""
    (?:(?<![\w.:/])(?P<from_h>\d{{1,2}})(?:\s?[:.]\s?(?P<from_m>\d\d))?(?!\d)\s*(?P<from_p>{_MERIDIEM})?
        \s*(?:ist)?\s*(?:-|–|—|&|to|till|until|and)\s*)?
      (?!(?:(?<=batch\s)|(?<=slot\s)|(?<=panel\s)|(?<=group\s))\d{{1,2}}:\s)
      (?<![\w.:/])(?P<h>\d{{1,2}})(?:\s?[:.]\s?(?P<m>\d\d))?(?:[:.]\d\d)?\s*(?P<p>{_MERIDIEM})
    | (?:(?<![\w.:/])(?P<from_h24>\d\d):?(?P<from_m24>\d\d)\s*(?:hrs?\.?|hours)?\s*(?:-|–|to|till)\s*)?
      (?<![\w.:/])(?P<h24>[01]?\d|2[0-4])[:.]?(?P<m24>[0-5]\d)\s*(?:hrs?\b|hours\b)
    | (?<![\w.:/])(?P<sharp>\d{{1,2}}(?:[:.][0-5]\d)?)\s*(?:sharp\b|o['’]?clock\b)
    | (?<![\w.:/])(?P<dotted>\d{{1,2}}\.[0-5]\d)\s*(?:-|–|to|till)\s*(?P<dotted_end>\d{{1,2}}\.[0-5]\d)(?![\d.]
    |\s*(?:lpa|l\b|lakh|cgpa|%))
    | (?:(?<![\w.:/])(?P<from_clock>\d{{1,2}}(?::[0-5]\d)?)\s*(?:-|–|to|till)\s*)?
      (?<![\w.:/])(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)(?::[0-5]\d)?(?![\d:])
    | (?<![\w.:])(?:12(?:[.:]00)?\s+)?(?P<word>noon|midnight|eod|end\s+of\s+(?:the\s+)?day)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Hardly a line has one: a lone number of two digits, four digits as hours, a word.
_MAY_HOLD_ONE = re.compile(r"(?<!\w)\d{1,2}(?!\d)|\d\s*h|noon|midnight|eod|end\s+of", re.IGNORECASE)
_BESIDE = re.compile(
    r"""[\s,()–-]*?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[\s,()–-]+?)?(?P<part>(?:forenoon|afternoon|morning
    |[fa]\.?n\.?)\b\)?\s*)?
    (?:(?P<led>\b(?:at|from|between|by)\s|@\s?|\((?=\d{1,2}[.:]\d\d\)))\s*)?[\s,(–-]*
    (?P<at>\d{1,2}(?:[:.][0-5]\d)?)(?:\s*(?:to|till|and|-|–|se)\s*(?P<until>\d{1,2}(?:[:.][0-5]\d)?))?
    (?![\w:%/]|[.-]\d|,\d|\s*(?:-|–|to)\s*\d|\s(?:lpa|lakhs?|students?|slots?|posts?|nos?|months?|th|st|nd|rd|colleges?
    |places|rooms?
    |different|or|of|years?|yrs|days?|companies|locations?|cities|centres?|centers?|labs?|positions?|members?
    |rounds?)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_BARE = re.compile(
    r"(?:\b(?:at|from|by)\s|@\s?)(?P<at>\d{1,2}(?:[.:][0-5]\d)?)(?=\s*(?:[,;)|]|\.?\s*$|\.\s|(?:in|at|sharp"
    r"|onwards|today"
    r"|tomorrow|on|hoga|hai)\b))"
    r"|(?:^|[(,:–-]\s?|timings?\s)(?P<first>\d{1,2}(?:[.:][0-5]\d)?)\s?(?:-|–|to"
    r"|till)\s?(?P<until>\d{1,2}(?:[.:][0-5]\d)?)"
    r"(?=\s*(?:[:;)]|\.?$))",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\bnot\s+(?:at\s+)?$", re.IGNORECASE)
# "Round 2 - 10 AM" holds no range of hours.
COUNTED = re.compile(
    r"\b(?:round|stage|day|phase|test|slot|batch|part|session|lab|room|group|no\.?|talk|set|level|block|hall|lt"
    r"|panel|phase|floor|profile)\s*-?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in a text, or a range of them."""

    start: int
    end: int
    at: time
    until: time | None = None


def find_clocks(text: str) -> list[Clock]:
    """Every time of day in `text`, in order; times of 1 to 6 without am or pm are taken for the afternoon."""
    if not _MAY_HOLD_ONE.search(text):
        return []
    found = (_clock_of(match, text) for match in _TIME.finditer(text))
    return [clock for clock in found if clock and not _DENIED.search(text, max(clock.start - 12, 0), clock.start)]


def find_bare_clocks(text: str) -> list[Clock]:
    """Hours without am or pm, where only they are looked for: "ppt at 2", "from 9.30", "9 - 10: talk"."""
    found = []
    for match in _BARE.finditer(text):
        at, until = daytime(match["at"] or match["first"]), daytime(match["until"])
        if at and time(7) <= at < time(20):
            found.append(Clock(match.start("at" if match["at"] else "first"), match.end(), at, until))
    return found


def _clock_of(match: re.Match[str], text: str) -> Clock | None:
    if match["word"]:
        at = time(12) if match["word"].lower() == "noon" else END_OF_DAY
        return Clock(match.start(), match.end(), at)
    if match["h"]:
        return _twelve_hour(match, text)
    if match["sharp"] or match["dotted"]:
        return _range(match, daytime(match["dotted"]), daytime(match["dotted_end"] or match["sharp"]), match.start())
    if match["h24"]:
        first, last = read_clock(match["from_h24"], match["from_m24"]), read_clock(match["h24"], match["m24"])
        start = match.start("h24")
    else:
        counted = ":" not in (match["from_clock"] or "") and _is_counted(match, text)
        first, last = None if counted else daytime(match["from_clock"]), daytime(match["clock"])
        start = match.start("clock")
    return _range(match, first, last, start)


def _twelve_hour(match: re.Match[str], text: str) -> Clock | None:
    last = read_clock(match["h"], match["m"], match["p"])
    first = None
    if match["from_h"] and (match["from_m"] or match["from_p"] or not _is_counted(match, text)):
        first = read_clock(match["from_h"], match["from_m"], match["from_p"] or _meridiem_before(match))
    return _range(match, first, last, match.start("h"))


def _is_counted(match: re.Match[str], text: str) -> bool:
    return bool(COUNTED.search(text, max(match.start() - 12, 0), match.start()))


def _meridiem_before(match: re.Match[str]) -> str:
    """11-1 PM starts in the morning, 2-4 PM does not."""
    earlier = int(match["from_h"]) % 12 <= int(match["h"]) % 12
    same = match["p"]
    return same if earlier else "am" if same.lower().startswith("p") else "pm"


def _range(match: re.Match[str], first: time | None, last: time | None, last_start: int) -> Clock | None:
    if last is None:
        return None
    if first is None:
        return Clock(last_start, match.end(), last)
    return Clock(match.start(), match.end(), first, last)


def read_clock(hour: str | None, minute: str | None = None, meridiem: str | None = None) -> time | None:
    """A time of day of its parts; None where there is none, or no such time. 24:00 is the end of the day."""
    if hour is None:
        return None
    hours, minutes = int(hour), int(minute or 0)
    if meridiem and hours <= 12:
        hours = hours % 12 + (12 if meridiem.lower().startswith("p") else 0)
    if hours == 24 and minutes == 0:
        return END_OF_DAY
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def daytime(text: str | None) -> time | None:
    """An hour without am or pm as it is meant by day: "9.30", "4" in the afternoon."""
    if not text:
        return None
    hour, _, minute = text.replace(".", ":").partition(":")
    if (hour, minute) == ("11", "59"):
        return END_OF_DAY
    afternoon = len(hour) == 1 and 1 <= int(hour) <= 6
    return read_clock(hour, minute, "pm" if afternoon else None)


def clock_beside(text: str, end: int) -> Clock | None:
    """The hours right behind a day that ends at `end`, without am or pm ("at 9", "10 to 4"); None where none are."""
    match = _BESIDE.match(text, end)
    if match is None or not (match["led"] or match["until"] or match["part"]):
        return None
    at, until = daytime(match["at"]), daytime(match["until"])
    if until and at and until < at:
        until = time(until.hour + 12, until.minute) if until.hour < 12 else None
    return Clock(match.start("at"), match.end(), at, until) if at and 7 <= at.hour < 20 else None
