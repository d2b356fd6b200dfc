"""When something is due and when it takes place: which of a notice's dates is which."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import islice

from scraping.items import Dated
from scraping.reading.facts.times.clocks import Clock, find_clocks
from scraping.reading.facts.times.dates import INDIA, Moment, find_moments
from scraping.reading.facts.times.several import several
from scraping.reading.facts.times.spoken import in_english
from scraping.reading.layout.text import shorten

_LONGEST_LINE = 2000
_SURE = 2.0
_MOST_MENTIONS = 300
# "at 7:45 AM instead of 8:30 AM on 11 August": the time that no longer holds.
_OLD_TIME = re.compile(
    r"\(?\b(?:instead\s+of|in\s+place\s+of|as\s+against|rather\s+than|earlier)\s+\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\b\.?\)?"
    r"|(?<=changed )from\s+\d{1,2}(?:[:.]\d\d)?(?:\s*[ap]\.?m\b\.?)?\s+(?=to\s+\d)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?::|\b(?:on|by|before|till|until|at|from|is|to|between))\s*$", re.IGNORECASE)
_ID_EST = re.compile(r"\bi\.\s?e\b\.?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<!\b[A-Za-z])(?<!\b(?:No|dt))(?<!\b[RDMSJ][rst])(?<!\b(?:Pvt|Ltd))[.!?;](?=\s)")

# What is due.
_UNTIL = re.compile(
    r"\b(?:by|before|till|until|up\s*to|not?\s+later\s+than|latest)\b[\s:,–-]*(?:(?:the|this|coming|next)\s+)?"
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\W*)?$",
    re.IGNORECASE,
)
_DUE_LABEL = re.compile(
    r"""(?:\b(?:dead[\s-]?line|last\s+(?:date|day|time|dt\.?)|closing\s+(?:date|time)|due\s+(?:date|by|on)
        |cut[\s-]?off|(?:resume|profile|portal|cv)\s+(?:freezes?|locks?|locked)|submission\s+date|due\s*[:–-])\b[^.;]{0,120}
    |^\W*(?:[\w-]+\s){0,2}(?:registrations?|submissions?|apply)(?:\s(?:date|till))?\s*[:–-]\s*
    |\b(?:closes?|closing|expires?)\b\W{0,3}(?:on|at|by)?\W{0,3}(?:\w{3,9}day\W*)?
    |\bextend(?:ed|s)?\b[^.;]{0,80}\b(?:to|till|until|up\s*to|by)\s*(?:the\s+)?
    |\b(?:reg|regn|registrations?|applications?|submissions?|entries|forms?|links?|portal|window|requisition|openings?|position|assessment)\b(?:[^.;]|\.(?=\S)){0,80}
     \b(?:clos(?:e|es|ed|ing)|ends?|expir(?:es?|ing)|(?:be\s+)?(?:inactive|disabled|deactivated)(?:\s+after)?|(?:open|active|valid|available)\s+(?:till|until|upto))\b[^.;]{0,20}
    |\b(?:regist\w+|appl(?:y|ications?))\b(?:[^.;]|\.(?=\S)){0,80}\b(?:from|between)\b[^.;]{0,40}(?:\bto|\band|[–-])\s*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_DUE_VERB = re.compile(
    r"""\b(?:appl(?:y|ied|ications?)|regist\w+|fill\w*|submi\w+|complet\w+|attempt\w*|enrol\w*|volunteer\w*|consent
    |confirm\w*|verif\w+|collect|deposit|provide|send|(?:e-?)?mail|sign|return|convey|meet|explanation|appeal|join(?!\s+(?:the|us|at|in|on|link))|accept\w*|respon\w+|rsvp|upload\w*|share|opt|sign\s?-?up|update|reply|revert|nominat\w+|participate|book|explain|claim|request|withdraw
    |forms?|link|survey|payment|pay|(?:resume|profile|portal)\s+(?:freeze|lock)|bhar\w*|bhej\w*|bhijwa\w*|jama|kar(?:o|na|lo|do|ein|dena|lena)|khula|chahiye)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_MUST = re.compile(
    r"\b(?:must|should|shall|needs?\s+to|ha(?:s|ve)\s+to|request\w*|requir\w+|please|kindly|pls|advised|asked|directed|to\s+be\s+(?:given|submitted|filled|sent|returned))\b",
    re.IGNORECASE,
)
_DUE_AFTER = re.compile(
    r"[\s)]*(?:ist)?[\s,–-]*(?:is|will\s+be|being|as)?\s*(?:the\s+)?(?:last\s+(?:date|day|chance|opportunity)|deadline)\b",
    re.IGNORECASE,
)

_UNTIL_INSIDE = re.compile(r"\b(?:by|before|till|until|up\s*to)\b", re.IGNORECASE)
_UNTIL_AFTER = re.compile(r"[\s)]*(?:ist\s*)?tak\b", re.IGNORECASE)
_CLOSES_THEN = re.compile(r"[\s)]*(?:ist\s*|ko\s*)?closes\b", re.IGNORECASE)  # as Hindi says it

# What takes place.
_COME = re.compile(
    r"\b(?:report(?:ing)?|reach|assemble|gather|arrive|be\s+(?:ready|present|seated|available)|join|log\s?-?in|milo|mil(?:na|enge|ein)|pahunch\w*|pohoch\w*|aa\s?jana|aana|aao|in\s+person)\b",
    re.IGNORECASE,
)
_WHEN_LABEL = re.compile(
    r"""^\s*[📅📆🗓⏰🕐-🕧]\W*(?:[a-z]{3,9}\W*)?$
    | ^\W*(?:[\w-]+\s+){0,3}(?:date|time|timings?|window|schedule|slot|when|day|finale)s?\b
    (?:\s*(?:&|and|/|of|for|to)\s*(?:[\w-]+\s*){1,5})?\s*(?:[:\t–-]|(?:is|are|remains?|will\s+be)\b|@)[^.;]{0,40}$""",
    re.IGNORECASE | re.VERBOSE,
)
_TAKES_PLACE = re.compile(
    r"""\b(?:scheduled|held|conduct\w*|organi[sz]\w+|planned|tak(?:e|es|ing)\s+place|happening|visit\w*|starts?|begins?
    |commenc\w+|slated|fixed|arranged|hosting|invited|attend|tests?|interviews?|talk|ppt|session|drive|assessment|gd|oa
    |discussion|exam|webinar|workshop|boot\s?camp|event|ceremony|orientation|round|hackathon|speak\w*|interact\w*|deliver\w*|address\w*|depart\w*|leaves?|class(?:es)?)\b[^.;]{0,80}$""",
    re.IGNORECASE | re.VERBOSE,
)
_TAKES_PLACE_AFTER = re.compile(
    r"(?:'s)?\s+(?:(?:[\w/-]+\s+){0,2}(?:interviews?|tests?|ppt|talk|session|drive|webinar|rounds?|gd|oa|assessment)|(?:[^\s.]+\s+){0,4}(?:hoga|hogi|होगा|होगी))(?!\w)",
    re.IGNORECASE,
)
_ON = re.compile(r"\bon\s+(?:\w{3,9}day\W*)?$", re.IGNORECASE)
_BEGINS = re.compile(
    r"\W*(?:on\b)?\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)?\W*", re.IGNORECASE
)
_TIME_LABEL = re.compile(
    r"\b(?:changed|shifted|revised|moved|preponed|postponed|re-?scheduled|advanced)\s+to\s+(?=\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m)|\btimings?\s+(?=\d)|\btime\s+(?:is|will\s+be)\s|\b(?:time|timings?|slot)\b[^:]{0,40}[:\t–@-]|^@|^[⏰🕐-🕧]|\breport(?:\s+(?:at|by)\s|ing\s*[:–-])|\b(?:starts?|begins?|commences?)\s+(?:(?:at|from|by)\s|(?=\d))"
    r"|\b(?:rounds?|tests?|interviews?|ppt|talk|drive|gd|session|assessment|leaves?|depart\w*)\b[^.;]{0,80}\bat\s+(?=\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m)|\b(?:ppt|test|talk|interviews?|gd|oa|entry)\s+(?=\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m)",
    re.IGNORECASE,
)

# What changed.
_MOVED_TO = re.compile(
    r"""\b(?:re-?scheduled?|postponed|preponed|shifted|moved|deferred|extended|changed|revised|advanced)\b[^.;]{0,60}
        \b(?:to|for|on|as|till|until|upto)\b[\s:–-]*(?:the\s+)?$
    | \b(?:new|revised|updated|changed|extended)\s+(?:[\w-]+\s+)?
      (?:dead[\s-]?line|date|time|timings?|schedule|slot)s?\b[^.;]{0,40}$""",
    re.IGNORECASE | re.VERBOSE,
)
_MOVED_FROM = re.compile(
    r"\b(?:re-?schedul|postpon|prepon|shift|mov|extend|chang|revis|defer|advanc)[a-z]+\b[^.;]{0,30}\bfrom\b",
    re.IGNORECASE,
)
_ASKS_NOW = re.compile(
    r"\b(?:register|apply|fill|submit|complete|enrol|vote)\s+(?:it\s+)?(?:now\b|today\b|on\b|immediately\b|latest\b)?\W*$",
    re.IGNORECASE,
)
_NOT_THEN = re.compile(r"\bnot\s+(?:on\s+|for\s+|at\s+)?$", re.IGNORECASE)
_THEN_NOT = re.compile(r"[\s),]*(?:ko\s+|ka\s+)?(?:nahi|nahin|नहीं)(?!\w)", re.IGNORECASE)
_LOOKS_BACK = re.compile(
    r"\bthanks?\s+to\s+all|\b(?:was|were|already)\s+(?:held|conducted|organi[sz]ed)\b[^.;]{0,40}$|\b(?:test|interviews?|talk|ppt|drive|round|assessment|session)s?\s+held\s+(?:on\s+)?$"
    r"|\b(?:appeared|(?<!be\s)interviewed|attended|absent|missed)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_OLD = re.compile(
    r"""\b(?:earlier(?!\s+(?:may|can|should|must|shall)\b)|previous(?:ly)?|old|original(?:ly)?(?!\s+(?:documents?|certificates?|id|cop))|initial(?:ly)?|instead\s+of|was|in\s+place\s+of|rather\s+than
    |as\s+against|(?:re-?schedul|postpon|prepon|shift|mov|extend|chang|revis|defer)[a-z]+\b[^.;]{0,30}\bfrom(?!.*\bto\s*$))\b[^.;)]{0,30}$""",
    re.IGNORECASE | re.VERBOSE,
)
_UP_TO = re.compile(r"[\s)]*(?:ist)?[\s)]*(?:to|-|–|—|till|until)\s*", re.IGNORECASE)
_CALLED_OFF = re.compile(
    r"[^.;]{0,40}\b(?:is|are|was|were|has\s+been|have\s+been|stands|stand)\s+(?:therefore\s+|hereby\s+|now\s+|also\s+|accordingly\s+){0,2}(?:cancel|postponed|called|deferred|scrapped|put\s+on\s+hold|on\s+hold|off\b)"
    r"|[^.;]{0,40}\b(?:cancel|postpone)\w*\s+(?:ho|kar|hai)|[^.;]{0,30}\bwill\s+not\s+(?:take|be\s+held|happen|be\s+conducted)",
    re.IGNORECASE,
)
_CANCELLED = re.compile(r"\bcancel+ed\b", re.IGNORECASE)

# What is neither.
_SHARED = re.compile(
    r"""\b(?:will|shall|would)\s+(?:be\s+)?(?:share|announce|sen[dt]|release|publish|inform|intimate|declare|communicate
        |update|provide|circulate|notifie|(?:e-?)?maile?|displaye?|uploade?)d?\b
    | \bresults?\s+(?:will|on|by|date)\b|\b(?:results?|offer\s+letters?|list|shortlist)\b[^.;]{0,60}
        \b(?:expected|awaited|likely)\b
    | \b(?:need|do|does|should|must|shall|will)\s+not\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OTHERS_DO = re.compile(r"\b(?:we|company|hr|team)\s+(?:will|shall)\b", re.IGNORECASE)
_OTHER_DATE = re.compile(
    r"\b(?:joining(?!\s+the\b)|birth|internship\s+(?:from|starts?)|born|dated|(?:published|issued|circulated|notified)\s+on|as\s+on|w\.e\.f|with\s+effect|offer\s+letters?(?!\s+(?:signing|distribution|collection|ceremony)))\b"
    r"[^.;]{0,60}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Timing:
    """What a text says of time: aware datetimes in Asia/Kolkata or bare dates, and quotes of what decided."""

    deadline: datetime | date | None = None
    event_at: datetime | date | None = None
    event_end: datetime | date | None = None
    evidence: tuple[str, ...] = ()
    deadlines: tuple[Dated, ...] = ()
    events: tuple[Dated, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mention:
    """A moment where it stands: the sentence before it, what parts it from the moment before, what follows."""

    moment: Moment
    before: str
    gap: str
    after: str
    line: int  # -1 for the title
    text: str
    near: datetime | None = None

    @property
    def in_title(self) -> bool:
        return self.line < 0

    @property
    def has_time(self) -> bool:
        return self.moment.clock is not None


def read_timing(title: str, lines: Sequence[str], near: datetime | None) -> Timing:
    """Deadline and event of a notice published at `near` (aware, any zone; None where it is not known).

    Where a date was moved the new one counts; a date that others have to keep ("results will be shared by") is none.
    """
    mentions = list(islice(_mentions(title, lines, near), _MOST_MENTIONS))
    due = {mention: weight for mention in mentions if (weight := _due_weight(mention))}
    events = {m: weight for m in mentions if m not in due and (weight := _event_weight(m))}
    deadline = _heaviest(due)
    event = _heaviest(events)
    deadline_at = _with_time(deadline, due) if deadline else None
    if not isinstance(deadline_at, datetime):
        deadline_at = _due_today((title, *lines), near, deadline_at) or deadline_at
    event_at, event_end = _event_times(event, events, lines) if event else (None, None)
    quotes = (("deadline", deadline), ("event", event))
    evidence = tuple(f"{label}: {_quote(m)}" for label, m in quotes if m)
    return Timing(deadline_at, event_at, event_end, evidence, _all_of(due), _all_of(_clear(events)))


def _mentions(title: str, lines: Sequence[str], near: datetime | None) -> Iterator[_Mention]:
    for number, line in enumerate((title, *lines), start=-1):
        text = in_english(_OLD_TIME.sub("", line[:_LONGEST_LINE]))
        above = in_english(lines[number - 1]) if number > 0 and _GOES_ON.search(lines[number - 1]) else ""
        last = 0
        for moment in find_moments(text, near):
            start = _sentence_start(text, moment.start)
            before = f"{above[-80:]} {text[start : moment.start]}" if above else text[start : moment.start]
            gap = text[max(last, start) : moment.start]
            last = moment.end
            yield _Mention(
                _whole_day(moment),
                _ID_EST.sub("ie", before)[-200:],
                gap,
                text[moment.end : moment.end + 200],
                number,
                text,
                near,
            )


def _all_of(mentions: Iterable[_Mention]) -> tuple[Dated, ...]:
    """Several moments with the words they stand in; those of the title are said in the text again."""
    return several([Dated(m.moment.value, shorten(_said_of(m), 80)) for m in mentions if not m.in_title])


def _clear(events: dict[_Mention, float]) -> list[_Mention]:
    """Events that a label or a verb makes sure; rows of timetables are read as tables."""
    return [mention for mention, weight in events.items() if weight >= _SURE and "\t" not in mention.text]


def _said_of(mention: _Mention) -> str:
    """The words before a moment since the one before it, else those behind it."""
    before = mention.gap if len(mention.gap.split()) > 1 else mention.before
    return before.strip(" \t,;:–-•*(").removeprefix("and ") or _SENTENCE_END.split(mention.after)[0].strip(" \t:–-•*()")


def _heaviest(weights: dict[_Mention, float]) -> _Mention | None:
    """The mention of most weight, a date said twice weighing more; of equals the first."""
    said = Counter(mention.moment.value for mention in weights)
    return max(weights, key=lambda m: weights[m] + 0.5 * (said[m.moment.value] - 1), default=None)


def _due_weight(mention: _Mention) -> float:
    """0 where nothing is due then; a label, the title and a change add weight."""
    before = mention.before
    label = _DUE_LABEL.search(before) or _DUE_AFTER.match(mention.after)
    inside = mention.text[mention.moment.start : mention.moment.end]  # "today by EOD"
    until = _UNTIL_INSIDE.search(inside) or _UNTIL.search(before)
    closes = _CLOSES_THEN.match(mention.after)
    said_behind = bool(closes) or bool(_UNTIL_AFTER.match(mention.after) and _asks_somebody(mention))
    if _OLD.search(mention.gap) or _denied(mention) or not (label or said_behind or (until and _asks_for(before))):
        return 0.0
    return 1.0 + (bool(label) or said_behind) + mention.in_title + 2.0 * bool(_MOVED_TO.search(before))


def _asks_for(before: str) -> bool:
    """ "Register …", but not "report …" nor "the list will be shared …"."""
    others = _SHARED.search(before) or _OTHERS_DO.search(before)
    return not others and (
        _last(_DUE_VERB, before) > _last(_COME, before) or bool(_MUST.search(before) and not _COME.search(before))
    )


def _asks_somebody(mention: _Mention) -> bool:
    """Whether the line asks to do something."""
    return bool(_DUE_VERB.search(mention.text)) and not _SHARED.search(mention.before)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _event_weight(mention: _Mention) -> float:
    """0 where nothing takes place then; a change weighs most, then "Timing:", the title, labels, sentences."""
    before = mention.before
    off = (
        _OLD.search(mention.gap)
        or _denied(mention)
        or _is_past(mention)
        or _CALLED_OFF.match(mention.after)
        or _CANCELLED.search(before)
    )
    if off or _SHARED.search(before) or _OTHER_DATE.search(before) or _ASKS_NOW.search(before):
        return 0.0
    if _UP_TO.fullmatch(mention.gap) and not _MOVED_FROM.search(before):
        return 0.0  # the end of a range begins nothing
    if _MOVED_TO.search(before):
        return 6.0
    place = _weight_of_place(mention)
    return place + 1.5 if place and mention.has_time else place


def _denied(mention: _Mention) -> bool:
    """ "6 PM and NOT on 24 Nov", "5 Dec nahi, 6 Dec"."""
    return bool(_NOT_THEN.search(mention.gap) or _THEN_NOT.match(mention.after))


def _is_past(mention: _Mention) -> bool:
    """A day before the one the text was published on, or one that a sentence looks back to."""
    if (
        mention.near
        and mention.moment.day < mention.near.astimezone(INDIA).date()
        and not _MOVED_TO.search(mention.before)
    ):
        return True
    return bool(_LOOKS_BACK.search(mention.before)) and not _MOVED_TO.search(mention.before)


def _weight_of_place(mention: _Mention) -> float:
    before = mention.before
    if label := _WHEN_LABEL.match(before):
        return 4.0 if label[0].strip().lower().startswith("timing") else 3.0
    if mention.in_title:
        return 3.5
    if (
        _COME.search(before)
        or _TAKES_PLACE.search(before)
        or (mention.has_time and _COME.search(_SENTENCE_END.split(mention.after)[0]))
        or _TAKES_PLACE_AFTER.match(mention.after)
    ):
        return 2.0
    on = mention.has_time and _ON.search(before)
    return 1.0 if on or _stands_alone(mention) or _in_brackets(mention) else 0.0


def _in_brackets(mention: _Mention) -> bool:
    """ "Hall tickets for Orbit (7 Nov, 9 am, Lab 3)"."""
    return mention.has_time and mention.before.rstrip().endswith("(")


def _stands_alone(mention: _Mention) -> bool:
    """A line that begins with a time or a range of days, or a row of a timetable."""
    begins = _BEGINS.fullmatch(mention.before) and (mention.has_time or mention.moment.until)
    return bool(begins) or ("\t" in mention.text and mention.has_time)


def _with_time(chosen: _Mention, others: dict[_Mention, float]) -> datetime | date:
    """The chosen moment; where it has no time of day, that of another mention of the day."""
    if chosen.has_time:
        return chosen.moment.value
    same = [m for m in others if m.moment.day == chosen.moment.day and m.has_time]
    return same[0].moment.value if same else chosen.moment.value


def _event_times(
    event: _Mention, events: dict[_Mention, float], lines: Sequence[str]
) -> tuple[datetime | date, datetime | date | None]:
    at = _with_time(event, events)
    if not isinstance(at, datetime):
        same = (m for m in events if m.moment.day == at)
        clock = next(filter(None, (_clock_beside(mention, lines) for mention in same)), None)
        if clock:
            return _at(at, clock.at), _at(at, clock.until) if clock.until else None
    ends = (m.moment.until for m in (event, *events) if m.moment.value == at and m.moment.until)
    end = next(ends, None)
    return at, end if isinstance(at, datetime) or not isinstance(end, datetime) else end.date()


def _whole_day(moment: Moment) -> Moment:
    """05:30 to 05:30 is how the portal prints days, midnight in UTC: no time of day then."""
    until = moment.until
    if moment.clock == time(5, 30) and isinstance(until, datetime) and until.time() == moment.clock:
        return replace(moment, clock=None, until=until.date())
    return moment


def _clock_beside(mention: _Mention, lines: Sequence[str]) -> Clock | None:
    """The time after a label such as "Reporting time:" behind the date or in a line near it, in any for the title's."""
    number = mention.line
    near = range(15) if mention.in_title else (*range(number + 1, number + 5), number - 1, number - 2)
    for text in (mention.after, *(in_english(lines[i][:300]) for i in near if 0 <= i < len(lines))):
        label = _TIME_LABEL.search(text[:200])
        if label and (clocks := find_clocks(text[label.start() :])):
            return clocks[0]
    said = find_clocks(_SENTENCE_END.split(mention.after)[0])
    alone = len(said) == 1 and said[0].at != time(5, 30)
    return said[0] if alone and not _AT_ANOTHER_TIME.search(mention.after[: said[0].start]) else None


_CLOSES_AT = re.compile(r"\b(?:closes?|closing)\s+(?:at\s+|by\s+)?$", re.IGNORECASE)
_AT_ANOTHER_TIME = re.compile(
    r"\b(?:before|by|till|until|latest|earlier|contact|call|instead|was)\b[^.;]{0,20}$", re.IGNORECASE
)


def _due_today(texts: Sequence[str], near: datetime | None, day: date | None) -> datetime | None:
    """ "Apply by 5 PM" with no date means the day it was published, if five is still to come."""
    today = near and near.astimezone(INDIA).date()
    if near is None or today is None or day not in {None, today}:
        return None
    for text in (in_english(text[:_LONGEST_LINE]) for text in texts):
        if not _DUE_VERB.search(text) or find_moments(text, near):
            continue
        for clock in find_clocks(text):
            before, after = text[_sentence_start(text, clock.start) : clock.start], text[clock.end :]
            asked = (_UNTIL.search(before) and _asks_for(before)) or _CLOSES_AT.search(before)
            if (asked or _UNTIL_AFTER.match(after) or _CLOSES_THEN.match(after)) and _at(today, clock.at) > near:
                return _at(today, clock.at)
    return None


def _sentence_start(text: str, end: int) -> int:
    return max((match.end() for match in _SENTENCE_END.finditer(text, 0, end)), default=0)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, INDIA)


def _quote(mention: _Mention) -> str:
    return shorten(mention.before[-60:] + mention.text[mention.moment.start : mention.moment.end])
