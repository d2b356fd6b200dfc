"""What an edit changed that a student must know at once: a deadline, a venue, a date (spec: delivery, Edits)."""

from datetime import datetime
from typing import Protocol

from accounts.language import DEFAULT, speaking
from notifications.rendering import retold
from notifications.rendering.formats import moment


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
    """The change in words, such as "deadline moved to Sun 30 Nov, 11:59 PM"; "" where nothing of weight moved.

    It is stored in English, and put into its readers' languages when it is shown (rendering/retold.py).
    """
    with speaking(DEFAULT):
        return ", ".join(_changes(before, after))


def _changes(before: Facts, after: Facts) -> list[str]:
    changes = []
    if after.deadline and after.deadline != before.deadline:
        text = retold.DEADLINE_MOVED if before.deadline else retold.DEADLINE_IS
        changes.append(text % {"when": moment(after.deadline, all_day=after.deadline_all_day)})
    if after.event_at and after.event_at != before.event_at:
        text = retold.DATE_MOVED if before.event_at else retold.DATE_IS
        changes.append(text % {"when": moment(after.event_at, all_day=after.event_all_day)})
    if after.venue and after.venue != before.venue:
        changes.append((retold.VENUE_MOVED if before.venue else retold.VENUE_IS) % {"venue": after.venue})
    return changes
