"""What is said when students were placed: how many, where, in which roles, for how much (spec: messages)."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.categories import Category
from accounts.times import moment, time_of_day
from notifications.details import Label
from notifications.publishing.publish import Draft
from notifications.rendering.formats import lpa
from notifications.rendering.retold import PLACED, PLACED_MORE, PLACED_ONE, PLACED_ONE_MORE
from scraping.models import Offer
from scraping.placements.counted import fold
from scraping.placements.offers import Merged, RoleRow

_THIS_WEEK = timedelta(days=6)


def offer_draft(merged: Merged, new_since: str) -> Draft:
    """N placed at X, or N more and how many in total; `new_since` says when the company was told of before.

    Key, author and times are the caller's to fill in.
    """
    offer, more = merged.offer, merged.total > merged.added
    one = merged.added == 1
    title = (PLACED_ONE_MORE if one else PLACED_MORE) if more else (PLACED_ONE if one else PLACED)
    only_role: RoleRow = offer.roles[0] if len(offer.roles) == 1 else {"role": "", "package": None}
    details = {
        Label.PLACED: str(merged.total),
        Label.NEW: str(merged.added) if more else "",
        Label.SINCE: new_since if more else "",
        Label.ROLES: "\n".join(role_lines(offer, merged.total)),
        "Joining": joining(offer.joining_date),
        **offer.details,
    }
    return Draft(
        external_key="",
        title=title % {"count": merged.added, "company": offer.company, "total": merged.total},
        category=Category.PLACEMENT_OFFER,
        season=offer.season,
        company=offer.company,
        role=only_role["role"],
        package=_pay(only_role),
        location=", ".join(offer.locations),
        roster=tuple({"name": student.name, "enrollment": student.enrollment} for student in merged.new),
        details={label: text for label, text in details.items() if text},
        job_key=offer.job.identifier if offer.job else "",
    )


def role_lines(offer: Offer, total: int) -> list[str]:
    """`Software Engineer · 8 offers · ₹12 LPA`, a line a role; what is not known is left out."""
    counted: dict[str, int] = {}
    for role in offer.students.values_list("role_key", flat=True):
        counted[role] = counted.get(role, 0) + 1
    lines = []
    for role in offer.roles:
        count = total if len(offer.roles) == 1 else counted.get(fold(role["role"]), 0)
        offers = f"{count} offer{'s' if count > 1 else ''}" if count else ""
        lines.append(" · ".join(filter(None, [role["role"], offers, _pay(role)])))
    return [line for line in lines if line]


def _pay(role: RoleRow) -> str:
    return lpa([role["package"]] if role["package"] else [])


def since(told_at: datetime, now: datetime) -> str:
    """`10:00 AM` on the same day, `Monday` within the week, else `Mon 9 Nov`."""
    local = timezone.localtime(told_at)
    if local.date() == timezone.localtime(now).date():
        return time_of_day(told_at)
    return f"{local:%A}" if now - told_at < _THIS_WEEK else moment(told_at, all_day=True)


def joining(text: str) -> str:
    """`1 Jul 2027` of "2027-07-01", `Jul 2027` of "2027-07"; other texts as they are."""
    try:
        if len(text) == len("2027-07"):
            return f"{date.fromisoformat(f'{text}-01'):%b %Y}"
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%b %Y}"
