"""Template tags for messages: facts in a row, dates as students read them, rosters in columns."""

import re
from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from accounts.times import moment, until
from notifications.models import Notice
from notifications.rendering import retold

register = template.Library()
_HEADINGS = {
    "": ngettext_lazy("%(count)d student", "%(count)d students", "count"),
    "unknown": ngettext_lazy("%(count)d student listed", "%(count)d students listed", "count"),
    "waitlisted": ngettext_lazy(
        "%(count)d student on the waiting list", "%(count)d students on the waiting list", "count"
    ),
    "not_selected": ngettext_lazy("%(count)d student not selected", "%(count)d students not selected", "count"),
    "absent": ngettext_lazy("%(count)d student absent", "%(count)d students absent", "count"),
    "action_required": ngettext_lazy("%(count)d student asked to act", "%(count)d students asked to act", "count"),
    "withdrawn": ngettext_lazy(
        "%(count)d student whose offer is withdrawn", "%(count)d students whose offer is withdrawn", "count"
    ),
}
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


register.filter("retold", retold.retold)
register.filter("pay", retold.pay)
register.filter("label", retold.retold_label)
register.filter("detail", retold.retold_detail)


@register.filter
def stage(name: str) -> str:
    """`Stage 3, Technical interview`, of the portal's `Stage 3 (Technical interview)`."""
    return _NUMBERED_STAGE.sub(r"\1, \2", name)


@register.filter
def lists(notice: Notice) -> list[tuple[str, list[dict[str, str]]]]:
    """The lists of a roster by their meaning, each with its heading: `42 students`, `1 student on the waiting list`."""
    by_meaning: dict[str, list[dict[str, str]]] = {}
    for student in notice.roster:
        by_meaning.setdefault(student.get("meaning") or notice.roster_meaning, []).append(student)
    return [(_heading(len(students), meaning), students) for meaning, students in by_meaning.items()]


def _heading(count: int, meaning: str) -> str:
    return _HEADINGS.get(meaning, _HEADINGS[""]) % {"count": count}


@register.filter
def columns(roster: Sequence[dict[str, str]]) -> SafeString:
    """Return numbers and names in two columns that stay aligned on a phone."""
    width = max((len(student.get("enrollment", "")) for student in roster), default=0)
    lines = (f"{student.get('enrollment', ''):<{width}}  {_named(student)}".strip() for student in roster)
    return format_html("<pre>{}</pre>", "\n".join(lines))


def _named(student: dict[str, str]) -> str:
    """The name, with when and where the student comes: `Asha Verma  Panel 2 · LT-3 · 9:40`."""
    panel = student.get("panel", "")
    panel = _("Panel %(panel)s") % {"panel": panel} if len(panel) < 3 and panel else panel
    told = " · ".join(filter(None, (panel, student.get("slot"), student.get("room"), student.get("time"))))
    return f"{student.get('name', '')}  {told}".strip()
