"""Template tags of the public pages."""

import re
from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.seasons import show_season
from accounts.times import moment, until
from notifications.models import Notice
from notifications.rendering import formats
from notifications.rendering.emoji import EMOJI
from notifications.rendering.public import called
from notifications.rendering.reminding import about_another

register = template.Library()
_DUE = {"apply": _lazy("Apply by %(when)s"), "until": _lazy("Until %(when)s")}


@register.filter
def emoji(category: str) -> str:
    """The sign of a category."""
    return EMOJI.get(category, "📣")


@register.filter("called")
def called_for(notice: Notice, names: bool) -> str:
    """What a notice is called, for whoever may read `names` of students or for everybody."""
    return called(notice, names=names)


register.filter(about_another)


@register.filter
def figure(number: Decimal | None) -> str:
    """A number as messages write it; a dash where there is none."""
    return "–" if number is None else formats.figure(number)


@register.filter
def season_name(season: int) -> str:
    """202627 as `2026-27`."""
    return show_season(int(season))


@register.simple_tag
def due(at: datetime, all_day: bool = False, label: str = "") -> SafeString:
    """`Apply by Sat 29 Nov, 11:59 PM (in 2 days)`, marked where it is near; `Closed Sat 29 Nov, …` once it is past.

    `label` is "apply", "until" or nothing.
    """
    now, text = timezone.now(), moment(at, all_day=all_day)
    if at < now:
        return format_html('<span class="quiet">{}</span>', _("Closed %(when)s") % {"when": text})
    said = _DUE[label] % {"when": text} if label else text
    near = until(at, now)
    if near:
        return format_html('<span class="due near">{} <span>({})</span></span>', said, near)
    return format_html('<span class="due">{}</span>', said)


@register.filter
def scrollable(html: SafeString) -> SafeString:
    """Wrap tables and code, so that what is wider than a phone can be scrolled by keyboard too."""
    return mark_safe(re.sub(r"<(pre|table)>", r'<\1 tabindex="0">', html))  # noqa: S308 (as safe as it was)
