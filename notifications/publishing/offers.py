"""A notice as filters look at it (spec: personal, What I want)."""

import re
from dataclasses import replace
from decimal import Decimal

from accounts.categories import Category
from accounts.personal import filters
from accounts.personal.filters import Offer
from accounts.personal.may_apply import Answer, may_apply
from notifications.details import Label
from notifications.models import Notice
from notifications.rendering.richtext import plain_text

_LPA = re.compile(r"₹(?P<pay>[\d.–]+) LPA")  # as rendering/formats.py writes it
_LAKH = 100_000


def offer_of(notice: Notice) -> Offer:
    """Return what the notice states of what filters ask for, and to whom of those who ask it is not open."""
    stated = stated_by(notice)
    return replace(stated, not_open=_not_open(notice)) if stated.posting else stated


def stated_by(notice: Notice) -> Offer:
    """Return what the notice states of what filters ask for; no query."""
    posting = notice.category == Category.JOB_POSTING
    return Offer(
        company=notice.company,
        text="\n".join((notice.title, notice.role, plain_text(notice.body))),
        posting=posting,
        rupees=_highest_pay(notice.package),
        place=notice.location,
        type=notice.details.get(Label.TYPE, ""),
    )


def _highest_pay(package: str) -> int | None:
    """The highest amount of "₹8–12 LPA" in rupees a year: a posting is kept quiet only where none of it is enough."""
    found = _LPA.search(package)
    return round(max(map(Decimal, found["pay"].split("–"))) * _LAKH) if found else None


def _not_open(notice: Notice) -> frozenset[int]:
    """Those among who want only what is open to them that a rule of the posting turns away."""
    if not notice.eligibility:
        return frozenset()
    from accounts.personal import profiles  # decrypting is not for every process

    asking = list(filters.want_only_open().values_list("pk", flat=True))
    known = profiles.of_subscribers(asking) if asking else {}
    verdicts = ((pk, may_apply(notice.eligibility, facts)) for pk, facts in known.items())
    return frozenset(pk for pk, verdict in verdicts if verdict and verdict.answer is Answer.NO)
