"""The hour of an event whose day stands without one: every hour of the text is a candidate, the best is taken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from scraping.reading.facts.times import wording
from scraping.reading.facts.times.clocks import Clock, find_bare_clocks, find_clocks
from scraping.reading.facts.times.dates import Moment, find_moments
from scraping.reading.facts.times.mentions import Mention, sentence_start, without_old_hours
from scraping.reading.facts.times.spoken import in_english

_LONGEST_LINE = 400
_BEFORE = 40
_LINES_BELOW = 5
_LINES_ABOVE = 8
_LINES_OF_TITLE = 15
_LEAST = 0.4
_NONE = -1.0  # an hour that is none of the event
_STARTS, _LABELLED, _NAMED, _ALONE, _ON_THE_WAY = 3.0, 2.5, 2.2, 1.5, 1.2  # what is said of an hour, how it weighs
SURE_OF_IT = 2.0  # of an hour that makes its day one of an event
_LONGEST_WAIT = 180  # minutes
_PORTAL_MIDNIGHT = time(5, 30)  # how the portal prints a day
_EARLIEST, _LATEST = time(6), time(22, 30)


@dataclass(frozen=True, slots=True)
class _Place:
    """A line that may hold the hour: how far it is from the day."""

    text: str
    away: float
    of_event: bool = False


def hour_of(event: Mention, title: str, lines: Sequence[str], least: float = _LEAST) -> Clock | None:
    """When the event of a day begins: what starts then counts more than when to report, a bus least."""
    places = list(_places(event, title, lines))
    found = [one for place in places for one in _weighed(place, event)]
    weight, clock = max(found, key=lambda one: one[0], default=(0.0, None))
    return clock if weight >= least else None


def start_behind(event: Mention, title: str, lines: Sequence[str]) -> Clock | None:
    """ "Be seated by 1:45 pm, the talk starts at 2": two, where the hour of an event is when to be there."""
    said = event.before + event.text[event.moment.start : event.moment.end]
    if event.moment.clock is None or not _is_to_come(said):
        return None
    found = [one for place in _places(event, title, lines) for one in _weighed(place, event)]
    starts = [
        (weight, clock) for weight, clock in found if weight > _STARTS - 1 and _soon(event.moment.clock, clock.at)
    ]
    return max(starts, key=lambda one: one[0])[1] if starts else None


def _is_to_come(said: str) -> bool:
    return bool(wording.COME.search(said)) and not wording.BEGINS_AT.search(said)


def _soon(first: time, then: time) -> bool:
    return 0 < (then.hour - first.hour) * 60 + then.minute - first.minute <= _LONGEST_WAIT


def _places(event: Mention, title: str, lines: Sequence[str]) -> Iterator[_Place]:
    """The line of the event, then those below it, above it, and the title."""
    number = event.line
    yield _Place(event.text[: _LONGEST_LINE * 3], 0.0, of_event=True)
    below = _LINES_OF_TITLE if event.in_title else _LINES_BELOW
    for away, line in enumerate(lines[number + 1 : number + 1 + below], start=1):
        yield _Place(_said(line), 0.1 * away)
    yield from _above(lines[max(number - _LINES_ABOVE, 0) : max(number, 0)])
    if number >= 0:
        yield _Place(_said(title), 0.6)


def _above(lines: Sequence[str]) -> Iterator[_Place]:
    """The two lines above an event, and further up slots of which each has a line: the first of them counts."""
    for away, line in enumerate(reversed(lines)):
        slot = wording.A_SLOT.match(line)
        if away > 1 and not slot:
            return
        yield _Place(_said(line), 0.5 - 0.02 * away if slot else 0.25 + 0.25 * away)


def _said(line: str) -> str:
    return in_english(without_old_hours(line[:_LONGEST_LINE]))


def _weighed(place: _Place, event: Mention) -> list[tuple[float, Clock]]:
    """The hours of a line that may be the event's; of the line of the day also one of which nothing is said, where all
    others are those of a bus.
    """
    found = list(_clocks_of(place.text, event))
    silent = [clock for weight, clock in found if weight == 0]
    others = {weight for weight, _ in found if weight != 0}
    alone = silent[:1] if place.of_event and others <= {_ON_THE_WAY} else []
    return [((weight or _ALONE) - place.away, clock) for weight, clock in found if weight > 0 or clock in alone]


def _clocks_of(text: str, event: Mention) -> Iterator[tuple[float, Clock]]:
    """The hours of a line that belong to no other day, with their weight."""
    clocks = find_clocks(text) or find_bare_clocks(text)
    moments = find_moments(text, event.near) if clocks else ()
    last = 0
    for clock in clocks:
        first = sentence_start(text, clock.start)
        start, last = max(first, last), clock.end
        another = _is_of_another_day(clock, text, moments, event.moment.day, first)
        if another or clock.at == _PORTAL_MIDNIGHT or not _EARLIEST <= clock.at <= _LATEST:
            yield _NONE, clock
            continue
        after = wording.SENTENCE_END.split(text[clock.end : clock.end + 60])[0]
        yield _weight(text[start : clock.start], text[start : clock.end], after), clock


def _is_of_another_day(clock: Clock, text: str, moments: Sequence[Moment], day: date, start: int) -> bool:
    """Whether an hour belongs to another day: it stands beside it, or that day is the last said before it."""
    own = next((one for one in moments if one.start <= clock.start < one.end), None)
    own = own or next((one for one in reversed(moments) if start <= one.start < clock.start), None)
    return own is not None and own.day != day and not (_lasts_till(own, day) or _no_longer_holds(own, text))


def _no_longer_holds(moment: Moment, text: str) -> bool:
    """ "On 27 October and not 20 October. Time 10 AM"."""
    before = text[max(moment.start - _BEFORE, 0) : moment.start]
    return bool(wording.NOT_THEN.search(before) or wording.OLD.search(before))


def _lasts_till(moment: Moment, day: date) -> bool:
    last = moment.until.date() if isinstance(moment.until, datetime) else moment.until
    return last is not None and moment.day <= day <= last


def _weight(before: str, whole: str, after: str) -> float:
    """Below 0 for an hour that is none of the event, 0 for one of which nothing is said."""
    comes = wording.COME.search(before)
    other = wording.SHARED.search(before) or wording.NO_HOUR_OF_IT.search(before)
    if other or (not comes and wording.AT_ANOTHER_TIME.search(before)):
        return _NONE
    if wording.ON_THE_WAY.search(before):
        return _ON_THE_WAY
    if (wording.STARTS_AT if comes else wording.BEGINS_AT).search(before):
        return _STARTS
    if comes or wording.TIME_LABEL.search(whole):
        return _LABELLED
    return _NAMED if wording.NAMED_BEHIND.match(after) else 0.0
