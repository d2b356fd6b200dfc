"""What the trained model says of each date, where it is sure and the rules say otherwise."""

from collections.abc import Iterable, Mapping, Sequence

from scraping.reading.facts.times.clocks import END_OF_DAY
from scraping.reading.facts.times.dates import INDIA
from scraping.reading.facts.times.mentions import Mention
from scraping.reading.tagger.dates import DUE, EVENT, NEITHER, SeenDate, likely_date

# How sure the model is at least that contradicts the rules, by what these say and what it says.
_LEAST = {(DUE, NEITHER): 0.95, (EVENT, DUE): 0.8, (EVENT, NEITHER): 0.99, (NEITHER, DUE): 0.95, (NEITHER, EVENT): 0.98}
_LEAST_WHERE_ASKED = 0.75  # of a deadline in a line that asks for something
_AHEAD = ((0, "past"), (1, "today"), (2, "tomorrow"), (8, "in a week"), (25, "in weeks"))  # days, below
_MOST = 5


def seen_date(mention: Mention, title: str, count: int) -> SeenDate:
    """A date as the model sees it; the text has `count` of them."""
    moment = mention.moment
    signs = {
        "title": mention.in_title,
        "time": mention.has_time,
        "range": moment.until is not None,
        "opens": mention.opens,
        "table": "\t" in mention.text,
        "end of day": moment.clock == END_OF_DAY,
        f"one of {min(count, _MOST)}": True,
        _ahead(mention): True,
    }
    return SeenDate(
        title,
        mention.text,
        mention.before,
        mention.gap,
        mention.after,
        [sign for sign, holds in signs.items() if holds],
    )


def contradicted(
    mentions: Sequence[Mention], title: str, said: Mapping[Mention, str], asking: Iterable[Mention]
) -> dict[Mention, tuple[str, float]]:
    """The mentions of which the model is sure that they are not what the rules say, with what they are and how likely.

    `asking` are those whose lines ask for something: there a deadline is likelier.
    """
    found, asked = {}, frozenset(asking)
    for mention in mentions:
        by_rules = said.get(mention, NEITHER)
        label, probability = likely_date(seen_date(mention, title, len(mentions)))
        least = _LEAST.get((by_rules, label), 1.0)
        if (by_rules, label) == (NEITHER, DUE) and mention in asked:
            least = min(least, _LEAST_WHERE_ASKED)
        if label != by_rules and probability >= least:
            found[mention] = label, probability
    return found


def is_over(mention: Mention) -> bool:
    """Whether its day is before the one the text was published on."""
    days = _days_ahead(mention)
    return days is not None and days < 0


def _ahead(mention: Mention) -> str:
    days = _days_ahead(mention)
    if days is None:
        return "of an unknown day"
    return next((sign for below, sign in _AHEAD if days < below), "far ahead")


def _days_ahead(mention: Mention) -> int | None:
    return (mention.moment.day - mention.near.astimezone(INDIA).date()).days if mention.near else None
