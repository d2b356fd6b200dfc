"""Dates as students read them: `Sat 29 Nov, 11:59 PM` in Asia/Kolkata (spec: messages); and storable texts."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.utils.translation import ngettext as _n

DAYS = (_noop("Mon"), _noop("Tue"), _noop("Wed"), _noop("Thu"), _noop("Fri"), _noop("Sat"), _noop("Sun"))
MONTHS = (
    *(_noop("Jan"), _noop("Feb"), _noop("Mar"), _noop("Apr"), _noop("May"), _noop("Jun")),
    *(_noop("Jul"), _noop("Aug"), _noop("Sep"), _noop("Oct"), _noop("Nov"), _noop("Dec")),
)
_NEAR = timedelta(days=7)
_YEARLY, _MONTHLY = (re.compile(rf"₹([\d.,]+)(?:–([\d.,]+))?{unit}") for unit in (" LPA", "/month"))
_LAKH, _MONTHS = 100_000, 12
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def moment(when: datetime, *, all_day: bool = False) -> str:
    """`Sat 29 Nov, 11:59 PM`, or `Sat 29 Nov` for a whole day; the year only where it is another one."""
    local = timezone.localtime(when)
    day = f"{_(DAYS[local.weekday()])} {local.day} {_(MONTHS[local.month - 1])}"
    if local.year != timezone.localtime().year:
        day += f" {local.year}"
    return day if all_day else f"{day}, {local.hour % 12 or 12}:{local:%M %p}"


def until(when: datetime, now: datetime) -> str:
    """`in 2 days`, `tomorrow`, `today`, `in 3 hours`; "" where it is past or more than a week away."""
    if not now < when <= now + _NEAR:
        return ""
    days = (timezone.localtime(when).date() - timezone.localtime(now).date()).days
    if days >= 2:
        return _n("in %(count)d day", "in %(count)d days", days) % {"count": days}
    hours = round((when - now) / timedelta(hours=1))
    if days == 1 and hours > 12:
        return _("tomorrow")
    if hours >= 2:
        return _n("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
    minutes = max(1, round((when - now) / timedelta(minutes=1)))
    return _n("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}


def lpa(amounts: Iterable[Decimal | float]) -> str:
    """Pay in lakhs a year: `₹12 LPA` or `₹8–12 LPA`, from the lowest amount to the highest; "" without any."""
    texts = [f"{amount:.2f}".rstrip("0").rstrip(".") for amount in sorted(set(amounts))]
    return f"₹{'–'.join(texts[:: max(1, len(texts) - 1)])} LPA" if texts else ""


def rupees_a_year(pay: str) -> tuple[int, int] | None:
    """The lowest and the highest pay of a text such as `₹8–12 LPA` or `₹25,000/month`; None for any other text."""
    for pattern, times in ((_YEARLY, _LAKH), (_MONTHLY, _MONTHS)):
        if found := pattern.match(pay):
            amounts = [round(Decimal(amount.replace(",", "")) * times) for amount in found.groups() if amount]
            return amounts[0], amounts[-1]
    return None


def storable_text(text: str) -> str:
    """Returns the text without what no database takes: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def storable(value: Any) -> Any:
    """Returns a JSON value whose texts are all storable, however deep. Tuples become lists."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, dict):
        return {storable(str(key)): storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    return value


def printable(text: str) -> str:
    """Return the text without control characters: neither XML 1.0 nor RFC 5545 allows one, even escaped."""
    return _CONTROLS.sub("", text)
