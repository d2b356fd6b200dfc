"""What the bot says of a company and of deadlines, as plain text (spec: messages)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from accounts.seasons import show_season
from accounts.times import moment, until
from scraping.lookup.company import Company, InSeason, Open, Role
from scraping.lookup.deadlines import Due

_MOST_ROLES = 6
_MOST_SEASONS = 4
_MOST_OPEN = 5
_LONGEST = 100


def about(company: Company, now: datetime) -> str:
    """A company in some lines: what is open, then a block a season."""
    blocks = [f"🏢 {company.name}"]
    if company.open:
        blocks.append("\n".join([_("Open now"), *(open_line(job, now) for job in company.open[:_MOST_OPEN])]))
    blocks += filter(None, (season_block(season) for season in not_open(company)))
    if not company.seasons:
        blocks.append(_("Nothing more is known of it."))
    return "\n\n".join(blocks)


def jobs_in_words(company: Company, now: datetime) -> str:
    """Its roles and their pay by season, and what is open; "" where no job is known."""
    lines = [open_line(job, now) for job in company.open[:_MOST_OPEN]]
    for season in not_open(company):
        named = [" ".join(filter(None, (role.name, *role.pay))) for role in season.roles[:_MOST_ROLES]]
        if named:
            lines.append(f"• {show_season(season.season)}: {cut(', '.join(named), 3 * _LONGEST)}")
    return "\n".join([_("💼 %(company)s: jobs") % {"company": company.name}, *lines]) if lines else ""


def role_in_words(role: str, still_open: Sequence[Open], over: Sequence[Open], now: datetime) -> str:
    """The jobs of a role at all companies, the open ones first; "" where there is none."""
    lines = [open_line(job, now, job.job.company) for job in still_open[:_MOST_OPEN]]
    lines += [open_line(job, now, job.job.company) for job in over[: _MOST_ROLES - len(lines)]]
    more = len(still_open) + len(over) - len(lines)
    if more:
        lines.append("• " + _n("and %(count)d more job", "and %(count)d more jobs", more) % {"count": more})
    return "\n".join([_("💼 %(company)s: jobs") % {"company": f"“{role}”"}, *lines]) if lines else ""


def not_open(company: Company) -> list[InSeason]:
    """Return its newest seasons without the roles that are told as open."""
    said = {(open_.job.role, tuple(filter(None, (open_.pay,)))) for open_ in company.open[:_MOST_OPEN]}
    return [
        replace(season, roles=[role for role in season.roles if (role.name, role.pay) not in said])
        for season in company.seasons[:_MOST_SEASONS]
    ]


def season_block(season: InSeason) -> str:
    """Return a season's roles, rounds and offers, a line each; "" where nothing of it is left to say."""
    lines = list(map(role_line, season.roles[:_MOST_ROLES]))
    if len(season.roles) > _MOST_ROLES:
        more = len(season.roles) - _MOST_ROLES
        lines.append("• " + _n("and %(count)d more roles", "and %(count)d more roles", more) % {"count": more})
    if season.rounds:
        lines.append(_("Rounds: %(rounds)s") % {"rounds": cut(" → ".join(season.rounds), 3 * _LONGEST)})
    if season.offers:
        lines.append(_n("%(count)d offer", "%(count)d offers", season.offers) % {"count": season.offers})
    return "\n".join([show_season(season.season), *lines]) if lines else ""


def role_line(role: Role) -> str:
    return f"• {cut(' · '.join(filter(None, (role.name, *role.pay))))}"


def open_line(open_: Open, now: datetime, company: str = "") -> str:
    """`• Zenith · Analyst · ₹12 LPA: until Sat 29 Nov …`; without a time where none is to come."""
    facts = cut(" · ".join(filter(None, (company, open_.job.role, open_.pay))) or _("Job"))
    deadline = open_.job.deadline
    return f"• {facts}" + (f": {by(deadline, now)}" if deadline and deadline >= now else "")


def due_lines(due: Sequence[Due], now: datetime) -> list[str]:
    """Two lines each: the number and what it is; until when, what is paid, and whether it is not open to who asks."""
    return [
        f"{number}. {cut(one.title)}\n    {' · '.join(filter(None, (until, one.facts, closed)))}"
        for number, one in enumerate(due, start=1)
        for until, closed in [(by(one.at, now, all_day=one.all_day), _("🚫 not open to you") if one.closed else "")]
    ]


def by(at: datetime | None, now: datetime, *, all_day: bool = False) -> str:
    """`until Sat 29 Nov, 11:59 PM (in 2 days)`; "" for None."""
    if at is None:
        return ""
    near = until(at, now)
    text = _("until %(when)s") % {"when": moment(at, all_day=all_day)}
    return f"{text} ({near})" if near else text


def cut(text: str, longest: int = _LONGEST) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
