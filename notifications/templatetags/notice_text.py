"""Template tags for messages: facts in a row, dates as students read them, rosters in columns."""

import re
from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from notifications.rendering.formats import moment, until

register = template.Library()
_NUMBERED_STAGE = re.compile(r"(Stage \d+) \((.+)\)")


@register.simple_tag
def dots(*facts: object) -> SafeString:
    """The facts that are there, on one line: `Noida · Full time`."""
    return format_html_join(" · ", "{}", ((fact,) for fact in facts if fact))


@register.simple_tag
def when(moment_at: datetime | None, all_day: bool = False) -> str:
    """`Sat 29 Nov, 11:59 PM`, "" for None."""
    return moment(moment_at, all_day=all_day) if moment_at else ""


@register.filter
def near(moment_at: datetime) -> str:
    """` (in 2 days)` where it is near."""
    words = until(moment_at, timezone.now())
    return f" ({words})" if words else ""


@register.filter
def stage(name: str) -> str:
    """`Stage 3, Technical interview`, of the portal's `Stage 3 (Technical interview)`."""
    return _NUMBERED_STAGE.sub(r"\1, \2", name)


@register.filter
def columns(roster: Sequence[dict[str, str]]) -> SafeString:
    """Numbers and names in two columns that stay aligned on a phone."""
    width = max((len(student.get("enrollment", "")) for student in roster), default=0)
    lines = (f"{student.get('enrollment', ''):<{width}}  {student.get('name', '')}".strip() for student in roster)
    return format_html("<pre>{}</pre>", "\n".join(lines))
