"""The moments of a text where they stand: what is said before each, and behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from scraping.reading.facts.times import wording
from scraping.reading.facts.times.dates import Moment, find_moments
from scraping.reading.facts.times.spoken import in_english

LONGEST_LINE = 2000
_LONGEST_HOUR = 40


@dataclass(frozen=True, slots=True)
class Mention:
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
    def opens(self) -> bool:
        """Whether a sentence or a line begins with it, under a heading or not."""
        return bool(wording.BEGINS.fullmatch(self.before) or wording.BEGINS.fullmatch(self.text, 0, self.moment.start))

    @property
    def has_time(self) -> bool:
        return self.moment.clock is not None


def mentions_in(title: str, lines: Sequence[str], near: datetime | None) -> Iterator[Mention]:
    """Every moment of a text, those of the title first; not when a message was sent."""
    heading = ""
    for number, line in enumerate((title, *lines), start=-1):
        if number > 0 and wording.SENT_AT.match(line) and wording.SENT_BY.match(lines[number - 1]):
            continue
        said = wording.CHAT_STAMP.sub("", line[:LONGEST_LINE])
        text = _with_hour_below(in_english(without_old_hours(said)), lines[number + 1 : number + 2], near)
        if number > 0 and wording.GOES_ON.search(lines[number - 1]):
            heading = in_english(lines[number - 1])
        elif not wording.LISTED.match(line):
            heading = ""
        above = heading  # "Deadlines:" of each line of the list below it
        last = 0
        for moment in find_moments(text, near):
            start = sentence_start(text, moment.start)
            before = f"{above[-80:]} {text[start : moment.start]}" if above else text[start : moment.start]
            gap = text[max(last, start) : moment.start]
            last = moment.end
            yield Mention(
                _whole_day(moment),
                wording.SHORTENED.sub(r"\1", wording.ID_EST.sub("ie", before))[-200:],
                gap,
                text[moment.end : moment.end + 200],
                number,
                text,
                near,
            )


def without_old_hours(line: str) -> str:
    """Without the hour that no longer holds: "at 4 PM instead of 2 PM", "moved from 2 PM to 4 PM"."""
    return wording.FROM_HOUR.sub(r"\1", wording.OLD_TIME.sub("", line))


def _with_hour_below(text: str, below: Sequence[str], near: datetime | None) -> str:
    """A line that ends with a day, with the hour that is all the next line says."""
    hour = in_english(below[0]) if below else ""
    if not hour or len(hour) > _LONGEST_HOUR or not wording.ONLY_AN_HOUR.fullmatch(hour):
        return text
    moments = find_moments(text, near)
    ends = bool(moments) and moments[-1].clock is None and wording.BEGINS.fullmatch(text[moments[-1].end :])
    return f"{text}, {hour}" if ends else text


def _whole_day(moment: Moment) -> Moment:
    """05:30 to 05:30 is how the portal prints days, midnight in UTC: no time of day then."""
    until = moment.until
    if moment.clock == time(5, 30) and isinstance(until, datetime) and until.time() == moment.clock:
        return replace(moment, clock=None, until=until.date())
    return moment


def sentence_start(text: str, end: int) -> int:
    """Where the sentence begins that goes on at `end`."""
    return max((match.end() for match in wording.SENTENCE_END.finditer(text, 0, end)), default=0)
