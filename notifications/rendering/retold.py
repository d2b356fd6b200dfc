"""Our own words that were stored in English, as their reader is told them (spec: messages, Languages).

A notice is stored once for all its readers. Its sentences that we made ourselves are made of the texts here, and put
into the language spoken when they are shown. What others wrote stays as it is.
"""

import re
from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from accounts.language import DEFAULT, spoken
from accounts.times import DAYS, MONTHS
from notifications.details import Label
from notifications.rendering.retold_rules import retold_rules

# What an edit changed (publishing/changes.py)
_CHANGES = (
    *(_noop("deadline moved from %(old)s to %(when)s"), _noop("deadline is %(when)s")),
    *(_noop("date moved from %(old)s to %(when)s"), _noop("date is %(when)s")),
    *(_noop("venue moved from %(old_venue)s to %(venue)s"), _noop("venue is %(venue)s")),
)
_NEXT_CHANGE = re.compile(r", (?=(?:deadline|date|venue) (?:is|moved from) )")
# What follows a list (publishing/named.py)
ADDED = _noop("you were added to this list")
TAKEN_OFF = _noop("you are no longer on this list: ask the placement cell")
WITHDRAWN = _noop("this list was withdrawn: ask the placement cell")
STANDS_AGAIN = _noop("this list stands again")
CRITERIA_CHANGED = _noop("who may apply has changed")  # publishing/criteria.py
# Titles, texts and links that scraping/telling makes:
PLACED_ONE = _noop("%(count)s student has been placed at %(company)s")
PLACED = _noop("%(count)s students have been placed at %(company)s")
PLACED_ONE_MORE = _noop("%(count)s more student has been placed at %(company)s, total %(total)s")
PLACED_MORE = _noop("%(count)s more students have been placed at %(company)s, total %(total)s")
POLICY = _noop("Placement policy %(year)s")
POLICY_UPDATED = _noop("Placement policy %(year)s updated")
UNREADABLE = _noop("What this mail says can't be read here: open the mail.")
REORDERED = _noop("Its wording was put in another order.")
OPEN_PORTAL = _noop("Open on SuperSet")
OPEN_PAGE = _noop("Open the page")
REGISTER = _noop("Register")
APPLY = _noop("Apply")
_OURS = (
    *(CRITERIA_CHANGED, ADDED, TAKEN_OFF, WITHDRAWN, STANDS_AGAIN),
    *(UNREADABLE, REORDERED, OPEN_PORTAL, OPEN_PAGE, REGISTER, APPLY),
)
_TITLES = (_noop("Announcement"), _noop("Notice"), _noop("New job"), _noop("Job"))
# What became of it (scraping/telling/facts_draft.py), and a signature (mail_draft.py)
_STATES = (_noop("Cancelled"), _noop("Postponed"), _noop("Offer withdrawn"), _noop("Over"), _noop("Not published yet"))
# Kinds of jobs as the portal writes them
_TYPES = (_noop("Full Time"), _noop("Internship"))
_WHOLE = frozenset((*_OURS, *_TITLES, *_STATES, *_TYPES, _noop("not checked")))
_TEMPLATES = (POLICY_UPDATED, POLICY, PLACED_ONE_MORE, PLACED_MORE, PLACED_ONE, PLACED)
_SHORT_DAY, _SHORT_MONTH = f"({'|'.join(DAYS)})", f"({'|'.join(MONTHS)})"
_DAY = re.compile(rf"\b(?:{_SHORT_DAY} )?(\d{{1,2}}) {_SHORT_MONTH}\b")
_MONTH = re.compile(rf"\b{_SHORT_MONTH} (?=\d{{4}}\b)")
_WEEKDAYS = (
    *(_noop("Monday"), _noop("Tuesday"), _noop("Wednesday"), _noop("Thursday")),
    *(_noop("Friday"), _noop("Saturday"), _noop("Sunday")),
)
_OFFERS = re.compile(r"(?<= · )(\d+) offers?(?= · |$)", re.MULTILINE)
_WITH_DATES = frozenset(("Until", "Dates", "Deadlines", "Joining", "Updated", Label.SINCE))


def retold(text: str) -> str:
    """Return a stored title, note or label in the language spoken where it is of our making, else as it is."""
    if spoken() == DEFAULT or not text:
        return text
    if text in _WHOLE:
        return _(text)
    for template in _TEMPLATES:
        if found := _pattern(template).fullmatch(text):
            return _(template) % _values(found.groupdict())
    changes = [_retold_change(part) for part in _NEXT_CHANGE.split(text)]
    return ", ".join(filter(None, changes)) if all(changes) else text


def _retold_change(text: str) -> str:
    """The words for one change; "" where it is none of ours."""
    for template in _CHANGES:
        if found := _pattern(template).fullmatch(text):
            return _(template) % _values(found.groupdict())
    return ""


def retold_body(html: str) -> str:
    """Return a stored body in the language spoken where one sentence of ours is all of it, else as it is."""
    inside = html.removeprefix("<p>").removesuffix("</p>")
    return f"<p>{retold(inside)}</p>" if inside in (UNREADABLE, REORDERED) else html


def retold_label(label: str) -> str:
    """Return the label of a further fact in the language spoken."""
    return _(label) if label else ""


def pay(text: str) -> str:
    """Return a stored pay in the language spoken: `₹25,000/month`."""
    return text.replace("/month", _("/month")) if text.startswith("₹") else text


def retold_detail(text: str, label: str) -> str:
    """Return a further fact in the language spoken: its dates, and what is of our making."""
    if spoken() == DEFAULT:
        return text
    if label == Label.ROLES:
        return _OFFERS.sub(lambda found: _("%(count)s offers") % {"count": found[1]}, text)
    if label == "Who can apply":
        return retold_rules(text)
    return dates(text) if label in _WITH_DATES else retold(text)


def dates(text: str) -> str:
    """Return a text with its English days and months in the language spoken: `Sat 29 Nov`, `Nov 2026`, `Monday`."""
    if text in _WEEKDAYS:
        return _(text)
    text = _DAY.sub(lambda found: " ".join((*([_(found[1])] if found[1] else []), found[2], _(found[3]))), text)
    return _MONTH.sub(lambda found: f"{_(found[1])} ", text)


def _values(found: Mapping[str, str]) -> dict[str, str]:
    return {name: dates(value) if name in ("when", "old") else value for name, value in found.items()}


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"%\\\((\w+)\\\)s", _group, re.escape(template)), re.DOTALL)


def _group(found: re.Match[str]) -> str:
    name = found[1]
    return rf"(?P<{name}>\d+)" if name in ("count", "total", "year") else rf"(?P<{name}>.+?)"
