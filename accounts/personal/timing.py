"""When a person wants to be told: quiet hours, a daily digest, a mute (spec: personal, My time).

Times of day are those of Asia/Kolkata. Each change tells its listeners (`changed`), so that what waits is judged anew.
"""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Subscriber, Timing
from accounts.personal.quiet import OTHERWISE_AT

SUGGESTED = (time(23), time(7))  # quiet hours
SUGGESTED_DIGEST = time(20)
LONGEST_MUTE = timedelta(days=14)
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d\d))?\s*(?P<half>[ap]m)?", re.IGNORECASE)
_SPAN = re.compile(r"(?P<number>\d{1,4})\s*(?P<unit>h|d)[a-z]*", re.IGNORECASE)
changed = Signal()  # with `subscriber`


class TimingError(ValueError):
    """A time that can't be taken; the text says why to whoever wrote it."""


def person_of(telegram_id: int) -> Subscriber | None:
    """Return the person of a private chat; None where nobody there ever subscribed."""
    return Subscriber.objects.filter(telegram_id=telegram_id, kind=Subscriber.Kind.PERSON).first()


def timing_of(subscriber: Subscriber) -> Timing:
    """Return what somebody chose; an unsaved row with the defaults where they never did."""
    return Timing.objects.filter(subscriber=subscriber).first() or Timing(subscriber=subscriber)


def waits(telegram_id: int) -> bool:
    """Whether the person of a private chat has a digest, quiet hours or a mute now."""
    person = person_of(telegram_id)
    if person is None:
        return False
    mine = timing_of(person)
    return bool(mine.digest_at or mine.quiet_from or muted_until(mine, timezone.now()))


@transaction.atomic
def change(subscriber: Subscriber, **choices: Any) -> Timing:
    """Store some choices by the names of Timing's columns; the others stay. Returns what holds now.

    Raises TimingError for quiet hours that would never end.
    """
    begin = choices.get("quiet_from")
    if begin is not None and begin == choices.get("quiet_until"):
        raise TimingError(_("Quiet hours that end when they begin would never be over. Send two different times."))
    timing, _created = Timing.objects.update_or_create(subscriber=subscriber, defaults=choices)
    changed.send(sender=Timing, subscriber=subscriber.pk)
    return timing


def read_time(text: str) -> time:
    """Read `23`, `23:00`, `2300`, `7.30` or `11 pm`. Raises TimingError."""
    found = _TIME.fullmatch(text.strip())
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (24, 0)
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise TimingError(_("“%(text)s” is no time of day. Send one such as 11 PM or 7:30 AM.") % {"text": text[:20]})
    return time(hour, minute)


def read_span(text: str) -> timedelta:
    """Read `3h` or `2d`. Raises TimingError."""
    found = _SPAN.fullmatch(text.strip())
    number = int(found["number"]) if found else 0
    span = timedelta(days=number) if found and found["unit"].lower() == "d" else timedelta(hours=number)
    if not timedelta(0) < span <= LONGEST_MUTE:
        days = LONGEST_MUTE.days
        text = _("Send how many hours (h) or days (d), such as /mute 3h or /mute 2d, %(days)d days at most.")
        raise TimingError(text % {"days": days})
    return span


def comes_at(timing: Timing) -> time | None:
    """Return when the daily digest comes: at the end of quiet hours that its time lies within."""
    at, begin, end = timing.digest_at, timing.quiet_from, timing.quiet_until
    if at is None or begin is None or end is None:
        return at
    inside = begin <= at < end if begin < end else at >= begin or at < end
    return end if inside else at


def kept_back_at(timing: Timing) -> time:
    """Return when the digest with what filters keep back comes."""
    return comes_at(timing) or timing.quiet_until or OTHERWISE_AT


def muted_until(timing: Timing, now: datetime) -> datetime | None:
    """Return until when everything is muted, None where nothing is."""
    return timing.muted_until if timing.muted_until and timing.muted_until > now else None
