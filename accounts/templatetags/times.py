"""Times on pages and in the admin, as everywhere else."""

from datetime import datetime, time

from django import template

from accounts import times

register = template.Library()


@register.filter
def moment(when: datetime | None) -> str:
    """`Sat 29 Nov, 11:59 PM`, "" for None."""
    return times.moment(when) if when else ""


@register.filter
def time_of_day(at: datetime | time | None) -> str:
    """`11:59 PM`, "" for None."""
    return times.time_of_day(at) if at else ""


@register.filter
def day(when: datetime | None) -> str:
    """`Sat 29 Nov`, "" for None."""
    return times.moment(when, all_day=True) if when else ""
