"""When something is due and when it takes place: which of a notice's dates is which."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import islice

from scraping.items import Dated
from scraping.reading.facts.times import wording
from scraping.reading.facts.times.clocks import END_OF_DAY, find_clocks
from scraping.reading.facts.times.dates import INDIA, Moment, find_moments
from scraping.reading.facts.times.hours import SURE_OF_IT, hour_of, start_behind
from scraping.reading.facts.times.likely import contradicted, is_over, seen_date
from scraping.reading.facts.times.mentions import LONGEST_LINE, Mention, mentions_in, sentence_start
from scraping.reading.facts.times.several import several
from scraping.reading.facts.times.spoken import in_english
from scraping.reading.layout.expressions import Expression
from scraping.reading.layout.text import shorten
from scraping.reading.tagger.dates import DUE, EVENT, NEITHER, SeenDate

_SURE = 2.0
_OF_MODEL = 1.0
_VERY_SURE = 0.97
_AT_AN_HOUR = 0.3  # of a day with its hour, whatever is said of it
_WEEKS_AHEAD = 25  # days, of when somebody joins
_BESIDE = 12  # signs between an hour and a day that may be its own
_LEAST_SLOTS = 2
_LEAST_TABS = 2  # of a row of a timetable
_LAST_OF_HEAD = 2  # a letter's number, place and date
_MOST_MENTIONS = 300


@dataclass(frozen=True, slots=True)
class Timing:
    """What a text says of time: aware datetimes in Asia/Kolkata or bare dates, and quotes of what decided.

    `event_line` is the line of the text that says when the event is.
    """

    deadline: datetime | date | None = None
    event_at: datetime | date | None = None
    event_end: datetime | date | None = None
    evidence: tuple[str, ...] = ()
    deadlines: tuple[Dated, ...] = ()
    events: tuple[Dated, ...] = ()
    event_line: str = ""


def dates_of(title: str, lines: Sequence[str], near: datetime | None) -> list[tuple[SeenDate, Moment]]:
    """Each date of a text as the model sees it."""
    mentions = list(islice(mentions_in(title, lines, near), _MOST_MENTIONS))
    return [(seen_date(mention, title, len(mentions)), mention.moment) for mention in mentions]


def read_timing(title: str, lines: Sequence[str], near: datetime | None) -> Timing:
    """Deadline and event of a notice published at `near` (aware, any zone; None where it is not known).

    Where a date was moved the new one counts; a date that others have to keep ("results will be shared by") is none.
    """
    mentions = list(islice(mentions_in(title, lines, near), _MOST_MENTIONS))
    due = {mention: weight for mention in mentions if (weight := _due_weight(mention))}
    off = {m.moment.day for m in mentions if wording.CALLED_OFF.match(m.after) or _is_told_of(m)}
    if any(map(wording.TODAY_IS_OVER.search, lines)) and near:
        off.add(near.astimezone(INDIA).date())
    takes_place = [m for m in mentions if m not in due and not (m.in_title and m.moment.day in off)]
    events = {m: weight for m in takes_place if (weight := _event_weight(m))}
    _as_the_model_says(title, takes_place, due, events)
    events = events or (_day_to_come(takes_place, title, lines) if not due else {})
    deadline = _heaviest(due)
    event = _first_of_its_list(_heaviest(events), events)
    deadline_at = _due_at(deadline, due) if deadline else None
    if not isinstance(deadline_at, datetime):
        deadline_at = _due_today((title, *lines), near, deadline_at) or deadline_at
    event_at, event_end = _event_times(event, events, title, lines) if event else (None, None)
    if event_at == deadline_at:
        event = event_at = event_end = None
    quotes = (("deadline", deadline), ("event", event))
    evidence = tuple(f"{label}: {_quote(m)}" for label, m in quotes if m)
    line = event.text if event and not event.in_title else ""
    return Timing(deadline_at, event_at, event_end, evidence, _all_of(due), _all_of(_clear(events)), line)


def _as_the_model_says(
    title: str, takes_place: Sequence[Mention], due: dict[Mention, float], events: dict[Mention, float]
) -> None:
    """Puts each date where the model is sure that it belongs; nothing takes place on a day that is off or over.

    A deadline under a label stays one.
    """
    mentions = [*due, *takes_place]
    said = {**dict.fromkeys(events, EVENT), **dict.fromkeys(due, DUE)}
    for mention, (label, probability) in contradicted(mentions, title, said, filter(_asks_somebody, mentions)).items():
        is_stated = due.get(mention, 0.0) >= _SURE or wording.MOVED_TO_AN_HOUR.match(mention.after)
        if label == NEITHER and not is_stated:
            events.pop(mention, None)
            due.pop(mention, None)
        elif label == EVENT and not _is_no_event(mention):
            events[mention] = _SURE
        elif label == DUE and _may_be_due(mention, is_event=mention in events, sure=probability >= _VERY_SURE):
            events.pop(mention, None)
            due[mention] = _OF_MODEL


def _may_be_due(mention: Mention, *, is_event: bool, sure: bool) -> bool:
    """Whether it is still to come, and not when somebody comes or shares something; an event must ask for something."""
    before = mention.before
    plainly = sure and wording.PLAINLY_ASKS.search(before) is not None
    if _denied(mention) or is_over(mention) or (wording.COME.search(before) and not plainly):
        return False
    shared = max((match.end() for match in wording.SHARED.finditer(before)), default=-1)
    asked = _last(wording.DUE_VERB, before) >= shared
    return plainly or _asks_somebody(mention) if is_event else asked and not wording.OTHERS_DO.search(before)


def _day_to_come(mentions: Sequence[Mention], title: str, lines: Sequence[str]) -> dict[Mention, float]:
    """The day of a text that names a single one, of which nothing is said but when to be there."""
    days = [m for m in mentions if not (m.has_time or _is_no_event(m))]
    single = len({m.moment.day for m in mentions}) == 1
    sure = [m for m in days[:1] if single and hour_of(m, title, lines, least=SURE_OF_IT)]
    return dict.fromkeys(sure, _AT_AN_HOUR)


def with_slots(timing: Timing, rows: Sequence[str], lines: Sequence[str], near: datetime | None) -> Timing:
    """The timing of a list of students with an hour each: it begins with the first of them.

    `rows` are those of the list, `lines` what stands beside it.
    """
    slots = [line for line in lines if wording.A_SLOT.match(line)]
    clocks = [clock.at for row in (rows or slots) for clock in find_clocks(row[:LONGEST_LINE])[:1]]
    if isinstance(timing.event_at, datetime) or len(clocks) < _LEAST_SLOTS:
        return timing
    days = (moment.day for line in lines for moment in find_moments(in_english(line[:LONGEST_LINE]), near))
    day = timing.event_at or (next(days, None) if timing.deadline is None else None)
    return replace(timing, event_at=_at(day, min(clocks))) if day else timing


def _all_of(mentions: Iterable[Mention]) -> tuple[Dated, ...]:
    """Several moments with the words they stand in; those of the title are said in the text again."""
    return several([Dated(m.moment.value, shorten(_said_of(m), 80)) for m in mentions if not m.in_title])


def _clear(events: dict[Mention, float]) -> list[Mention]:
    """Events that a label or a verb makes sure; rows of timetables are read as tables."""
    return [mention for mention, weight in events.items() if weight >= _SURE and "\t" not in mention.text]


def _said_of(mention: Mention) -> str:
    """The words before a moment since the one before it, else those behind it."""
    before = mention.gap if len(mention.gap.split()) > 1 else mention.before
    return before.strip(" \t,;:–-•*(").removeprefix("and ") or wording.SENTENCE_END.split(mention.after)[0].strip(
        " \t:–-•*()"
    )


def _heaviest(weights: dict[Mention, float]) -> Mention | None:
    """The mention of most weight, a date said twice weighing more; of equals the first."""
    said = Counter(mention.moment.value for mention in weights)
    return max(weights, key=lambda m: weights[m] + 0.5 * (said[m.moment.value] - 1) + 0.25 * m.has_time, default=None)


def _first_of_its_list(event: Mention | None, events: Iterable[Mention]) -> Mention | None:
    """ "7 Sep - talk", "8 Sep - interviews": of days that begin lines the first one."""
    rows = [m for m in events if m.line >= 0 and (m.opens or m.text.count("\t") >= _LEAST_TABS)]
    return min(rows, key=lambda m: m.moment.day) if event in rows else event


def _due_weight(mention: Mention) -> float:
    """0 where nothing is due then; a label, the title and a change add weight."""
    before = mention.before
    at_midnight = mention.moment.clock == END_OF_DAY and mention.moment.until is None and _asks_somebody(mention)
    labelled = wording.DUE_LABEL.search(before) or wording.DUE_AFTER.match(mention.after)
    label = at_midnight or _ends_a_window(mention) or bool(labelled)
    inside = mention.text[mention.moment.start : mention.moment.end]  # "today by EOD"
    until = (not mention.moment.until and wording.UNTIL_INSIDE.search(inside)) or wording.UNTIL.search(before)
    said_behind = _is_said_behind(mention)
    if (
        wording.OLD.search(mention.gap)
        or wording.OF_A_HOUSE.search(before)
        or _denied(mention)
        or not (label or said_behind or (until and _asks_for(before)))
    ):
        return 0.0
    return 1.0 + (label or said_behind) + mention.in_title + 2.0 * bool(wording.MOVED_TO.search(before))


def _ends_a_window(mention: Mention) -> bool:
    """The 25th of "apply: window 10 to 25 November"; "submit between 10 and 25 November"."""
    if _is_open_for_forms(mention) and wording.UP_TO.fullmatch(mention.gap):
        return True
    between = mention.before.rstrip().lower().endswith("between") and isinstance(mention.moment.until, date)
    return between and _asks_for(mention.before)


def _is_said_behind(mention: Mention) -> bool:
    """ "6 baje closes", "form 6 baje tak"; but not "test 8 se 9 baje tak"."""
    if wording.CLOSES_THEN.match(mention.after):
        return True
    lasts = mention.moment.until and wording.TAKES_PLACE.search(mention.before)
    return bool(wording.UNTIL_AFTER.match(mention.after)) and _asks_somebody(mention) and not lasts


def _asks_for(before: str) -> bool:
    """ "Register …", but not "report …" nor "the list will be shared …"."""
    others = bool(wording.SHARED.search(before)) and not wording.STUDENTS_DO.search(before)
    return not (others or wording.OTHERS_DO.search(before)) and (
        bool(wording.PAPERS_COME.search(before))
        or _last(wording.DUE_VERB, before) > _last(wording.COME, before)
        or bool(wording.MUST.search(before) and not wording.COME.search(before))
    )


def _asks_somebody(mention: Mention) -> bool:
    """Whether the line asks to do something."""
    return bool(wording.DUE_VERB.search(mention.text)) and not wording.SHARED.search(mention.before)


def _last(pattern: Expression | re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _event_weight(mention: Mention) -> float:
    """0 where nothing takes place then; a change weighs most, then "Timing:", the title, labels, sentences."""
    if _is_no_event(mention):
        return 0.0
    if wording.MOVED_TO.search(mention.before):
        return 6.0
    if wording.UNTIL.search(mention.before) and not wording.COME.search(mention.before):
        return 0.0
    place = _weight_of_place(mention)
    return place + 1.5 if place and mention.has_time else place


def _is_no_event(mention: Mention) -> bool:
    """Off, over, of something else, or only the end of what lasts."""
    before = mention.before
    other = wording.OTHER_DATE.search(before)
    if other and not (mention.has_time and other[0].lower().startswith("offer")):
        return True
    ends = wording.UP_TO.fullmatch(mention.gap) and not wording.MOVED_FROM.search(before)
    return bool(
        ends
        or _denied(mention)
        or _is_past(mention)
        or _is_of_the_letter(mention)
        or _is_of_the_post(mention)
        or _is_open_for_forms(mention)
        or _is_when_they_join(mention)
        or wording.OLD.search(mention.gap)
        or wording.CALLED_OFF.match(mention.after)
        or any(pattern.search(before) for pattern in (wording.CANCELLED, wording.SHARED, wording.ASKS_NOW))
    )


def _is_when_they_join(mention: Mention) -> bool:
    """ "They join on 5 January", weeks ahead; but "join the talk on Zoom on Monday"."""
    ahead = mention.near and (mention.moment.day - mention.near.astimezone(INDIA).date()).days >= _WEEKS_AHEAD
    return bool(ahead and not mention.has_time and wording.JOINS.search(mention.before))


def _is_of_the_letter(mention: Mention) -> bool:
    """ "Date: 03.08.2026" in the head of an order that was published on that day."""
    labelled = mention.before.strip(" :.").casefold() in {"date", "dated", "dt"}
    near = mention.near.astimezone(INDIA).date() if mention.near else None
    return labelled and mention.line <= _LAST_OF_HEAD and not mention.has_time and mention.moment.day == near


def _is_told_of(mention: Mention) -> bool:
    """ "were absent in the talk held today": the title's "today" is over, too."""
    return not (mention.in_title or mention.has_time) and bool(wording.LOOKS_BACK.search(mention.before))


def _is_of_the_post(mention: Mention) -> bool:
    """ "Openings of the week (20 Sep)" in a title, on that day."""
    bracketed = mention.before.rstrip().endswith("(") and mention.after.lstrip().startswith(")")
    near = mention.near.astimezone(INDIA).date() if mention.near else None
    return mention.in_title and bracketed and not mention.has_time and mention.moment.day == near


def _is_open_for_forms(mention: Mention) -> bool:
    """ "Apply on the portal. Window: 10 to 25 November"."""
    return bool(wording.WINDOW.match(mention.before) and wording.APPLIES.search(mention.text))


def _denied(mention: Mention) -> bool:
    """ "6 PM and NOT on 24 Nov", "5 Dec nahi, 6 Dec", "who applied before 5 Dec"."""
    done = wording.DONE_BEFORE.search(mention.before)
    return bool(done or wording.NOT_THEN.search(mention.gap) or wording.THEN_NOT.match(mention.after))


def _is_past(mention: Mention) -> bool:
    """A day before the one the text was published on, or one that a sentence looks back to."""
    if (
        mention.near
        and mention.moment.day < mention.near.astimezone(INDIA).date()
        and not wording.MOVED_TO.search(mention.before)
    ):
        return True
    return bool(wording.LOOKS_BACK.search(mention.before)) and not wording.MOVED_TO.search(mention.before)


def _weight_of_place(mention: Mention) -> float:
    before = mention.before
    if label := wording.WHEN_LABEL.match(before):
        return 4.0 if label[0].strip().lower().startswith("timing") else 3.0
    if mention.in_title:
        return 0.0 if wording.DUE_VERB.search(mention.after[:20]) else 3.5
    if (
        wording.COME.search(before)
        or wording.TAKES_PLACE.search(before)
        or (mention.has_time and wording.COME.search(wording.SENTENCE_END.split(mention.after)[0]))
        or wording.TAKES_PLACE_AFTER.match(mention.after)
    ):
        return 2.0
    on = mention.has_time and wording.ON.search(before)
    dated = before.strip(" :.").casefold() == "date"
    named = wording.NAMES_IT.match(before) and wording.SPEAKS_OF_TIME.search(mention.after[:40])
    spoken = mention.has_time and wording.SPEAKS_OF_TIME.search(before)
    clear = on or dated or named or spoken or _stands_alone(mention) or _in_brackets(mention)
    hour = mention.has_time and mention.moment.clock != END_OF_DAY
    return 1.0 if clear else _AT_AN_HOUR * hour


def _in_brackets(mention: Mention) -> bool:
    """ "Hall tickets for Orbit (7 Nov, 9 am, Lab 3)"."""
    return mention.has_time and mention.before.rstrip().endswith("(")


def _stands_alone(mention: Mention) -> bool:
    """A line that begins with a time or a range of days, or a row of a timetable."""
    hour_behind = mention.has_time or find_clocks(wording.SENTENCE_END.split(mention.after)[0])
    return bool(mention.opens and (hour_behind or mention.moment.until)) or ("\t" in mention.text and mention.has_time)


def _due_at(chosen: Mention, others: dict[Mention, float]) -> datetime | date:
    """ "On or before 4 Dec between 2 and 4 PM" is 4 PM, "registration: 23 to 27 Nov" the 27th."""
    exact = _exact_hours(chosen, others)
    return chosen.moment.until or _with_time(exact[0] if exact else chosen, others)


def _exact_hours(chosen: Mention, others: dict[Mention, float]) -> list[Mention]:
    """The "by 6 pm today" of a text whose title says "EOD today"."""
    if not chosen.in_title or chosen.moment.clock != END_OF_DAY:
        return []
    said = [m for m in others if not m.in_title and m.has_time and m.moment.day == chosen.moment.day]
    return [] if any(m.moment.clock == END_OF_DAY for m in said) else said


def _with_time(chosen: Mention, others: dict[Mention, float]) -> datetime | date:
    """The chosen moment; where it has no time of day, that of another mention of the day."""
    if chosen.has_time:
        return chosen.moment.value
    same = [m for m in others if m.moment.day == chosen.moment.day and m.has_time]
    return same[0].moment.value if same else chosen.moment.value


def _event_times(
    event: Mention, events: dict[Mention, float], title: str, lines: Sequence[str]
) -> tuple[datetime | date, datetime | date | None]:
    at = _with_time(event, events)
    if not isinstance(at, datetime):
        same = (m for m in events if m.moment.day == at)
        clock = next(filter(None, (hour_of(mention, title, lines) for mention in same)), None)
        if clock:
            return _at(at, clock.at), _at(at, clock.until) if clock.until else None
    elif start := start_behind(event, title, lines):
        return _at(at.date(), start.at), None
    ends = (m.moment.until for m in (event, *events) if m.moment.value == at and m.moment.until)
    end = next(ends, None)
    return at, end if isinstance(at, datetime) or not isinstance(end, datetime) else end.date()


def _due_today(texts: Sequence[str], near: datetime | None, day: date | None) -> datetime | None:
    """ "Apply by 5 PM" with no date means the day it was published, if five is still to come."""
    today = near and near.astimezone(INDIA).date()
    if near is None or today is None or day not in {None, today}:
        return None
    for text in (in_english(text[:LONGEST_LINE]) for text in texts):
        moments = find_moments(text, near)
        if not wording.DUE_VERB.search(text):
            continue
        for clock in find_clocks(text):
            if any(moment.start - _BESIDE < clock.end and clock.start < moment.end + _BESIDE for moment in moments):
                continue
            start = sentence_start(text, clock.start)
            if any(start <= moment.start < clock.start and moment.day != today for moment in moments):
                continue  # "opens 28 Nov 9 AM and closes at 9 PM"
            before, after = text[start : clock.start], text[clock.end :]
            asked = (wording.UNTIL.search(before) and _asks_for(before)) or wording.CLOSES_AT.search(before)
            if (asked or wording.UNTIL_AFTER.match(after) or wording.CLOSES_THEN.match(after)) and _at(
                today, clock.at
            ) > near:
                return _at(today, clock.at)
    return None


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, INDIA)


def _quote(mention: Mention) -> str:
    return shorten(mention.before[-60:] + mention.text[mention.moment.start : mention.moment.end])
