"""Dates and times as Indian placement cells write them: day first, years left out, "EOD", "tomorrow".

Strict on purpose: what is not plainly a date is none, and 31 February is none either.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from scraping.reading.facts.times.clocks import COUNTED, Clock, clock_beside, find_clocks, read_clock

INDIA = ZoneInfo("Asia/Kolkata")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = r"(?:\s?(?:st|nd|rd|th)\b)?"
_TIME_AHEAD = r"(?!\s?(?::|\.\d|[ap]\.?\s?m\b|hrs?\b|hours\b))"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"

# What stands behind a day's name where it is when something takes place: "Mon 3pm", "Tuesday ko", "Friday evening".
_CLOCK_AHEAD = (
    r"(?:\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\b|sharp|onwards|o'?clock|noon|hrs)|\d{1,2}:\d\d|ko\b|tak\b|wale\b|eod\b"
    r"|morning\b|afternoon\b|evening\b|noon\b|(?:the\s)?same\b)"
)
_NOT_OF_MONTH = (
    rf"(?:\s*(?:&|and|or|,|-|–|to|/)\s*(?:the\s)?{_DAY}{_ORDINAL})*\s*(?:of\s+)?{_MONTH}|\W{{0,3}}(?:std|standard"
    rf"|class|year|yr|sem|semester|floor|round|stage|marks?|board|%|and\s\d|/|to\s"
    r"|pass|batch|block|lane|avenue|cross|main|edition|anniversary|attempt|place|rank|position|slot|panel|week)"
)

_DATE = re.compile(
    rf"""
    (?<![\w.:/-])(?:(?P<iso_y>20\d\d)[-/.](?P<iso_m>\d\d)[-/.](?P<iso_d>\d\d)(?!\d)
        (?:[T ](?P<iso_time>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?P<iso_zone>Z|[+-]\d\d:?\d\d)?)?)
    | (?<![\w.:/-])(?:(?P<num_first>\d{{1,2}})\s*(?:&|and)\s*)?(?P<num_d>\d{{1,2}})(?P<sep>[/.-])
        (?P<num_m>\d{{1,2}})(?P=sep)(?P<num_y>20\d\d|\d\d)(?![\d/-])(?!\.\d)
    | (?<![\w.:/])(?P<day>{_DAY}|I(?=st\b)){_ORDINAL}
        (?P<more>(?:\s*(?:&|and|or|,|-|–|to|/)\s*{_DAY}{_ORDINAL}){{0,5}})
        [\s,./-]*(?:\(?{_WEEKDAY}\)?[\s,]+)?(?:of\s+)?(?P<month>{_MONTH})
        (?:[\s,./-]*(?P<year>20\d\d)(?!\d)|[\s,./-]*['’](?P<short>[2-4]\d)(?!\d)
           |-(?P<short_dash>[2-4]\d)(?![\d:]){_TIME_AHEAD}|[\s,]+(?P<short_end>[2-4]\d)(?=\s*(?:$|[,;)(\n\t]|at\b|@)))?
    | \b(?P<month_first>(?!(?-i:may)\b){_MONTH})[\s,-]*(?P<day_after>{_DAY}){_ORDINAL}\b(?!-?\d){_TIME_AHEAD}
        (?:\s*(?:&|and|-|–|to)\s*{_DAY}{_ORDINAL}\b{_TIME_AHEAD}(?!\s*{_MONTH}))?
        (?:[\s,]*(?P<year_after>20\d\d)(?!\d)|[\s,]*['’](?P<short_after>[2-4]\d)(?!\d))?
    | \b(?:on|by|before|till|until|up\s?to|within|date|dated|when|ends?|closes|from|{_WEEKDAY})\b\s*[:–-]?
        \s*(?P<bare>\d{{1,2}}/\d{{1,2}})(?![\d/])
    | (?:(?<=[ap]m,\s)|(?<=[ap]m\s))(?P<bare_behind>\d{{1,2}}/\d{{1,2}})(?![\d/])
    | (?<![\w/.(-])\(?(?P<bare_before>\d{{1,2}}/\d{{1,2}})
        (?=\)|\s?(?:ko|tak|eod|at|@|\(?{_WEEKDAY})\b
        |[\s,]+\d{{1,2}}(?:[:.]\d\d)?\s?(?:(?:[ap]\.?m|hrs)\b|(?:to|-|–)\s?\d))
    | \b(?P<weekday_of>{_WEEKDAY})\b\W{{0,3}}(?:the\s)?(?P<day_only>{_DAY})(?:st|nd|rd|th)\b(?!\s*(?:of\s+)?{_MONTH})
    | \b(?P<relative>day\s+after\s+tomorrow|today|tonight|tomorrow|tmrw)\b
    | \b(?:(?:by|before|on|till|until|upto|from|the)\s|date\s?[:–-])\s*(?:the\s+)?
        (?P<alone>{_DAY})(?:st|nd|rd|th)\b(?!{_NOT_OF_MONTH})
    | (?:\b(?P<which>this|coming|upcoming|next|by|before|on|till|until|is|ab|only|of|(?:shifted|moved|pushed|postponed
        |preponed|deferred|re-?scheduled|extended)\s+to)\s+(?P<weekday>{_WEEKDAY})
        |(?:\d{{1,2}}(?:[:.]\d\d|\s?[ap]\.?m\b\.?|\s(?:sharp|onwards|baje))
        |\b(?:eod|noon|midnight|end\s+of\s+(?:the\s+)?day))[,\s]{{1,2}}(?:on\s)?(?P<weekday_behind>{_WEEKDAY})
        |(?<![\w-])(?P<weekday_then>{_WEEKDAY})(?=\W{{0,3}}(?:at\s|@\s?|from\s|by\s)?{_CLOCK_AHEAD}))\b
        (?!\.?\s*(?:to|-|–|and|&|/)\s*{_WEEKDAY})(?!\W{{0,3}}(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)

_MAY_HOLD_ONE = re.compile(r"\d|day|tonight|tomorrow|tmrw", re.IGNORECASE)
_FILLER = re.compile(
    rf"""(?:[^\w.!?]|\.(?=\s)|\b(?:on|of|at|by|from|between|before|till|until|latest|ist|hrs|sharp
    |onwards?|the|dated?|day
    |time|timings?|reporting|starting|today|tomorrow|tonight|i\.e|ie|in|ko|ka|ki|ke|se|wala|wale|hai|hoga
    |hogi|raat|subah|shaam|sham|dopahar|up\s*to|upto|forenoon|night|noon|f\.?n|a\.?n|slot|window|latest|prior
    |positively|dated|and|i\.e|morning|afternoon|evening|{_WEEKDAY})\b\.?)*""",
    re.IGNORECASE | re.VERBOSE,
)
_UP_TO = re.compile(r"[\s)]*(?:ist)?[\s)]*(?:to|-|–|—|till|until)\s*(?:the\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s*(?:&|,|and)\s*", re.IGNORECASE)
_SAME_TIME = re.compile(r"\W*(?:at\s)?(?:the\s)?same\stim(?:e|ings?)\b", re.IGNORECASE)
_BLANK = "\x01"
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in a text, with its time of day where that stands beside it.

    `start` and `end` span both in the text; `until` is the end of a range that starts here.
    """

    start: int
    end: int
    day: date
    clock: time | None = None
    until: "datetime | date | None" = None

    @property
    def value(self) -> datetime | date:
        """An aware datetime in Asia/Kolkata, or a bare date."""
        return self.day if self.clock is None else datetime.combine(self.day, self.clock, INDIA)


@dataclass(frozen=True, slots=True)
class _Day:
    start: int
    end: int
    day: date
    clock: time | None = None  # ISO forms hold their own
    vague: bool = False  # tomorrow, on Monday
    last: date | None = None  # of "23 to 27 Nov"


def find_moments(text: str, near: datetime | None) -> list[Moment]:
    """Every date in `text`, in order, with the time that belongs to it.

    A year left out is the one that puts the date around `near`, the time of publication, and rather after it
    than before; "today" and the like count from it. Without `near` such dates are not read. Of a very long text
    the beginning is read.
    """
    return list(_moments(text[:_LONGEST], near and near.astimezone(INDIA)))


@lru_cache(maxsize=128)  # dates and venues ask about the same lines
def _moments(text: str, near: datetime | None) -> Sequence[Moment]:
    days = _without_doubles(list(_find_days(text, near)), text)
    clocks = find_clocks(_blanked(text, days)) if days else []
    return tuple(_with_ranges(_sharing(_paired(text, days, clocks), text), text))


def _whole_range(match: re.Match[str], near: datetime | None) -> _Day | None:
    """The days of "23 to 27 Nov", first and last; of "Round 2 - 25 Nov" only the second. None for a single day."""
    *_, end = (match, *re.finditer(r"\d+", match["more"] or ""))
    last = _day_with_month(match, near, int(end[0])) if end is not match else None
    if last is None:
        return None
    first = _day_with_month(match, near)
    counted = COUNTED.search(match.string, max(match.start() - 12, 0), match.start())
    if first is None or first >= last or counted:
        return _Day(match.start("more") + end.start(), match.end(), last)
    return _Day(match.start(), match.end(), first, last=last)


def _blanked(text: str, days: Iterable[_Day]) -> str:
    signs = list(text)
    for day in days:
        signs[day.start : day.end] = _BLANK * (day.end - day.start)
    return "".join(signs)


def _find_days(text: str, near: datetime | None) -> Iterator[_Day]:
    for match in _DATE.finditer(text) if _MAY_HOLD_ONE.search(text) else ():
        start = max(
            match.start(), *map(match.start, ("bare", "bare_before", "weekday", "weekday_then", "weekday_behind"))
        )  # -1 where it took no part
        if match["iso_y"]:
            yield from _iso_day(match)
        elif day := _day_of(match, near):
            vague = bool(match["relative"] or _weekday_in(match))
            yield _whole_range(match, near) or _Day(start, match.end(), day, vague=vague)


def _iso_day(match: re.Match[str]) -> Iterator[_Day]:
    day = _date(int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"]))
    if day is None:
        return
    clock = read_clock(*match["iso_time"].split(":")) if match["iso_time"] else None
    if clock and match["iso_zone"]:
        day, clock = _in_india(day, clock, match["iso_zone"])
    yield _Day(match.start(), match.end(), day, clock)


def _in_india(day: date, clock: time, zone: str) -> tuple[date, time | None]:
    try:
        there = datetime.fromisoformat(f"{day}T{clock:%H:%M}{zone.upper().replace('Z', '+00:00')}")
    except ValueError:
        return day, None
    here = there.astimezone(INDIA)
    return here.date(), here.time()


def _day_of(match: re.Match[str], near: datetime | None) -> date | None:
    if match["num_d"]:
        return _numeric_day(int(match["num_first"] or match["num_d"]), int(match["num_m"]), match["num_y"], near)
    if match["relative"]:
        return _relative_day(match["relative"].lower(), near)
    if match["day_only"]:
        return _day_of_weekday(int(match["day_only"]), match["weekday_of"].lower(), near)
    if match["alone"]:
        return _day_ahead(int(match["alone"]), near)
    if name := _weekday_in(match):
        return _next_weekday(name.lower(), near, skip_today=(match["which"] or "").lower() == "next")
    return _day_with_month(match, near)


def _weekday_in(match: re.Match[str]) -> str | None:
    return match["weekday"] or match["weekday_then"] or match["weekday_behind"]


def _day_with_month(match: re.Match[str], near: datetime | None, number: int = 0) -> date | None:
    if bare := match["bare"] or match["bare_behind"] or match["bare_before"]:
        day, month = (int(part) for part in bare.split("/"))
        return _date_without_year(month, day, near)
    month = _MONTHS.index((match["month"] or match["month_first"])[:3].lower()) + 1
    day = number or (1 if match["day"] in {"I", "i"} else int(match["day"] or match["day_after"]))
    if year := match["year"] or match["year_after"]:
        return _date(int(year), month, day)
    if short := match["short"] or match["short_dash"] or match["short_end"] or match["short_after"]:
        return _date(2000 + int(short), month, day)
    return _date_without_year(month, day, near)


def _numeric_day(first: int, second: int, year: str, near: datetime | None) -> date | None:
    """Day first, as India writes it; month first only where nothing else makes a date."""
    full = int(year) if len(year) == 4 else 2000 + int(year)
    if len(year) == 2 and near is not None and abs(full - near.year) > 2:
        return None  # a version number, a grade
    return _date(full, second, first) or _date(full, first, second)


def _relative_day(word: str, near: datetime | None) -> date | None:
    if near is None:
        return None
    ahead = 0 if word in {"today", "tonight"} else 2 if word.startswith("day") else 1
    return near.date() + timedelta(days=ahead)


def _day_of_weekday(day: int, name: str, near: datetime | None) -> date | None:
    """ "Sunday 13th": the next one that is both."""
    if near is None:
        return None
    ahead = (near.date() + timedelta(days=days) for days in range(62))
    return next((d for d in ahead if d.day == day and _WEEKDAYS[d.weekday()].startswith(name[:3])), None)


def _day_ahead(day: int, near: datetime | None) -> date | None:
    """ "by 29th": the next one."""
    ahead = (near.date() + timedelta(days=days) for days in range(31)) if near else ()
    return next((d for d in ahead if d.day == day), None)


def _next_weekday(name: str, near: datetime | None, *, skip_today: bool) -> date | None:
    if near is None:
        return None
    ahead = next(days for days in range(7) if _WEEKDAYS[(near.weekday() + days) % 7].startswith(name[:3]))
    return near.date() + timedelta(days=7 if skip_today and ahead == 0 else ahead)


def _date_without_year(month: int, day: int, near: datetime | None) -> date | None:
    if near is None:
        return None
    for year in (near.year, near.year + 1, near.year - 1):
        found = _date(year, month, day)
        if found and -90 <= (found - near.date()).days <= 275:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _without_doubles(days: list[_Day], text: str) -> list[_Day]:
    """ "tomorrow, i.e. 21 August" and "by Thursday (21 August)" are one day: the plain date counts."""
    kept = []
    for index, day in enumerate(days):
        beside = [days[i] for i in (index - 1, index + 1) if 0 <= i < len(days)]
        if not (day.vague and any(not other.vague and _close(day, other, text) for other in beside)):
            kept.append(day)
    return kept


def _close(day: _Day, other: _Day, text: str) -> bool:
    gap = text[min(day.end, other.end) : max(day.start, other.start)]
    return len(gap) < 30 and _FILLER.fullmatch(gap) is not None


def _paired(text: str, days: list[_Day], clocks: list[Clock]) -> list[Moment]:
    """Each day with the time before it, else after it, where only words like "on" or "IST" stand between."""
    free = list(clocks)
    moments = []
    for day in days:
        number = next((n for n, c in enumerate(free) if day.clock is None and _belongs(text, day, c)), -1)
        while (
            number > 0
            and free[number].end <= day.start
            and _AND.fullmatch(text, free[number - 1].end, free[number].start)
        ):
            number -= 1  # "11 am-1 pm & 2-4 pm, 1 Dec"
        clock = free.pop(number) if number >= 0 else None
        clock = clock or (clock_beside(text, day.end) if day.clock is None else None)
        if clock is None:
            moments.append(Moment(day.start, day.end, day.day, day.clock, day.last))
            continue
        until = datetime.combine(day.last or day.day, clock.until, INDIA) if clock.until else day.last
        moments.append(Moment(min(day.start, clock.start), max(day.end, clock.end), day.day, clock.at, until))
    return moments


def _sharing(moments: list[Moment], text: str) -> list[Moment]:
    """ "30 Nov & 1 Dec, 9.30 am" is the same hour on both; so is "from today 2 pm to tomorrow, same time"."""
    for index, (one, after) in enumerate(pairwise(moments)):
        between = text[one.end : after.start]
        both = _AND.fullmatch(between) or (_UP_TO.fullmatch(between) and isinstance(after.until, datetime))
        if one.clock is None and after.clock and both:
            moments[index] = replace(one, clock=after.clock)
        elif one.clock and after.clock is None and _SAME_TIME.match(text, after.end):
            moments[index + 1] = replace(after, clock=one.clock)
    return moments


def _belongs(text: str, day: _Day, clock: Clock) -> bool:
    before = clock.end <= day.start
    gap = text[clock.end : day.start] if before else text[day.end : clock.start]
    return (before or day.end <= clock.start) and len(gap) <= 60 and _FILLER.fullmatch(gap) is not None


def _with_ranges(moments: list[Moment], text: str) -> list[Moment]:
    joined = []
    for index, moment in enumerate(moments):
        after = moments[index + 1] if index + 1 < len(moments) else None
        until = moment.until
        if after is not None and until is None and _UP_TO.fullmatch(text, moment.end, after.start):
            until = after.value
        joined.append(Moment(moment.start, moment.end, moment.day, moment.clock, until))
    return joined
