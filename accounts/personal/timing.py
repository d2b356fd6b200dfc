"""When somebody wants to be told: a row a person, none where all is as at first (spec: personal, My time)."""

from typing import Any

from accounts.models import Subscriber, Timing


def timing_of(subscriber: Subscriber) -> Timing:
    """Return what somebody chose; an unsaved row with the defaults where they never did."""
    return Timing.objects.filter(subscriber=subscriber).first() or Timing(subscriber=subscriber)


def change(subscriber: Subscriber, **choices: Any) -> Timing:
    """Store some choices by the names of Timing's columns; the others stay. Returns what holds now."""
    return Timing.objects.update_or_create(subscriber=subscriber, defaults=choices)[0]
