"""What an edit changed that a student must know at once: a deadline, a venue, a date (spec: delivery, Edits)."""

from datetime import datetime
from typing import Protocol

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
    """The change in words, such as "deadline moved to Sun 30 Nov, 11:59 PM"; "" where nothing of weight moved."""
    changes = []
    if after.deadline and after.deadline != before.deadline:
        verb = "moved to" if before.deadline else "is"
        changes.append(f"deadline {verb} {moment(after.deadline, all_day=after.deadline_all_day)}")
    if after.event_at and after.event_at != before.event_at:
        verb = "moved to" if before.event_at else "is"
        changes.append(f"date {verb} {moment(after.event_at, all_day=after.event_all_day)}")
    if after.venue and after.venue != before.venue:
        changes.append(f"venue is {'now ' if before.venue else ''}{after.venue}")
    return ", ".join(changes)
