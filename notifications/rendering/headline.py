"""What a notice is called: the same in a chat, on the web and in the bot's lists (spec: messages, Titles)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.categories import Category
from notifications.details import Label
from notifications.models import Notice
from notifications.rendering.retold import retold, retold_detail

_LISTS = {
    "unknown": gettext_lazy("Students listed"),
    "selected": gettext_lazy("Selected"),
    "waitlisted": gettext_lazy("Waiting list"),
    "not_selected": gettext_lazy("Not selected"),
    "absent": gettext_lazy("Absent"),
    "action_required": gettext_lazy("Action required"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands out, and what follows it on the same line."""

    bold: str
    rest: str = ""

    def __str__(self) -> str:
        return self.bold + self.rest


def headline_of(notice: Notice) -> Headline:
    """Return what a notice is called for whom may read all of it."""
    return headline(notice, title=notice.title, company=notice.company, role=notice.role, details=notice.details)


def headline(notice: Notice, *, title: str, company: str, role: str, details: Mapping[str, str]) -> Headline:
    """Return what a notice is called by those of its texts that its reader may see.

    `Zenith Labs · Software Engineer` for a posting, `Shortlist · Zenith Labs · Software Engineer` for a list,
    `12 placed at Zenith Labs` for offers; else, and where that is not known, its title.
    """
    title = retold(title)
    beside = "".join(f" · {text}" for text in (company, role) if text)
    if notice.follows_id:
        return Headline(beside.removeprefix(" · ") if company else title)
    if notice.category == Category.SHORTLISTING:
        name = str(_LISTS.get(notice.roster_meaning, _("Shortlist")))
        return Headline(name, beside if company else f" · {title}")
    if notice.category == Category.PLACEMENT_OFFER and company and details.get(Label.PLACED):
        return Headline(_placed(company, details))
    if notice.category == Category.JOB_POSTING and company and role:
        return Headline(company, f" · {role}")
    return Headline(title)


def _placed(company: str, details: Mapping[str, str]) -> str:
    if new := details.get(Label.NEW):
        return _("%(count)s more placed at %(company)s") % {"count": new, "company": company}
    return _("%(count)s placed at %(company)s") % {"count": details[Label.PLACED], "company": company}


def placed_in_all(details: Mapping[str, str]) -> str:
    """Return how many were placed with those told before: `7 in all, with the 5 told before (Monday)`; "" at first."""
    placed, new, since = (details.get(label, "") for label in (Label.PLACED, Label.NEW, Label.SINCE))
    if not new or not placed.isdecimal() or not new.isdecimal():
        return ""
    before = int(placed) - int(new)
    if not since:
        return _("%(placed)s in all") % {"placed": placed}
    text = ngettext(
        "%(placed)s in all, with the one told before (%(since)s)",
        "%(placed)s in all, with the %(before)d told before (%(since)s)",
        before,
    )
    return text % {"placed": placed, "before": before, "since": retold_detail(since, Label.SINCE)}
