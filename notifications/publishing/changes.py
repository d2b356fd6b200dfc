"""What an edit changed that a student must know at once: a deadline, a venue, a date (spec: delivery, Edits)."""

from datetime import datetime
from typing import Protocol

from accounts.language import DEFAULT, speaking
from accounts.times import moment

_LONGEST_VENUE = 60  # so that all that moved fits into Notice.edit_note


class Facts(Protocol):
    """The facts of a notice or of a draft that are worth a ping when they move."""

    @property
    def deadline(self) -> datetime | None: ...
    @property
    def deadline_all_day(self) -> bool: ...
    @property
    def event_at(self) -> datetime | None: ...
    @property
    def event_all_day(self) -> bool: ...
    @property
    def venue(self) -> str: ...


def describe(before: Facts, after: Facts) -> str:
    """The change in words, such as "deadline moved from Sat 29 Nov to Sun 30 Nov"; "" where nothing of weight moved."""
    with speaking(DEFAULT):  # stored in English, and told in its readers' languages (rendering/retold.py)
        deadlines = [_at(facts.deadline, all_day=facts.deadline_all_day) for facts in (before, after)]
        dates = [_at(facts.event_at, all_day=facts.event_all_day) for facts in (before, after)]
    venues = map(_short, (before.venue, after.venue))
    changes = (_moved("deadline", *deadlines), _moved("date", *dates), _moved("venue", *venues))
    return ", ".join(filter(None, changes))


def _at(when: datetime | None, *, all_day: bool) -> str:
    return moment(when, all_day=all_day) if when else ""


def _short(venue: str) -> str:
    return venue if len(venue) <= _LONGEST_VENUE else f"{venue[:_LONGEST_VENUE]}…"


def _moved(what: str, old: str, new: str) -> str:
    """`deadline moved from … to …`, `deadline is …` where there was none; "" where nothing moved, or it is gone."""
    if not new or new == old:
        return ""
    return f"{what} moved from {old} to {new}" if old else f"{what} is {new}"
