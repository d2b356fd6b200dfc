"""A portal notice in, its facts out: the rules alone, no network and no database."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from itertools import islice

from accounts.categories import Category
from scraping.reading.facts.handwritten import company_and_role
from scraping.reading.facts.links import read_links
from scraping.reading.facts.packages import read_pay
from scraping.reading.facts.roles import speaks_of_pay
from scraping.reading.facts.rosters import read_roster
from scraping.reading.facts.stages import find_stage
from scraping.reading.facts.timing import Timing, read_timing
from scraping.reading.facts.titles import Heading, read_sentences, read_title
from scraping.reading.facts.venues import labelled_venue, named_venue
from scraping.reading.layout.markup import read_markup
from scraping.reading.layout.text import collapse, shorten
from scraping.reading.rules.kinds import Reading, Verdict, classify
from scraping.sources.items import Facts, JobRef, Link, PortalNotice, RolePay, Student

# An invitation lists the stages to come, with their places and times: they are the job's, not the notice's.
_INVITATIONS = frozenset(("title.applications_open", "text.applications_open"))
_OF_A_STAGE = frozenset((Category.SHORTLISTING, Category.UPDATE, Category.REMINDER, Category.PLACEMENT_OFFER))
_WITH_PAY = frozenset((Category.JOB_POSTING, Category.PLACEMENT_OFFER))
# Students with the date and time of each: they say when it is, too.
_SLOT = re.compile(r"\d[-/ ](?:\d|[A-Z][a-z]{2}).*\b\d{1,2}(?::\d\d|\s?[ap]m\b)", re.IGNORECASE)
_MOST_LINES = 2000
_LONGEST_SLOT = 300
_LONGEST_TITLE = 1000
_LONGEST_PAY = 4000


@dataclass(frozen=True, slots=True)
class _Page:
    """A notice taken apart: the title, the lines that are no list of students, the students, the links."""

    title: str
    lines: tuple[str, ...]
    students: tuple[Student, ...]
    links: tuple[Link, ...]
    near: datetime | None

    @property
    def first_line(self) -> str:
        return self.lines[0] if self.lines else ""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the notice is about. `rule` is the title template it follows, None for a title written by hand."""

    rule: str | None
    company: str | None
    role: str | None
    stage: str | None


def extract_notice(notice: PortalNotice, jobs: Sequence[JobRef] = ()) -> Facts:
    """Read a notice by rules. `jobs` are those of its season; they help to tell a company's name from its role.

    Never raises for what a notice holds; what is not stated stays None or () (spec: system, Extraction).
    """
    page = _take_apart(notice)
    subject = _subject(page, jobs)
    timing = read_timing(page.title, page.lines, page.near)
    if subject.rule in _INVITATIONS:
        timing = Timing(deadline=timing.deadline, evidence=timing.evidence[:1])
    venue = _venue(page, subject, timing)
    pay = "\n".join(filter(speaks_of_pay, (page.title, *page.lines)))[:_LONGEST_PAY]
    package = read_pay(pay).package
    verdict = classify(
        Reading(
            title=page.title or page.first_line,
            template=subject.rule,
            text="\n".join(page.lines),
            has_students=bool(page.students),
            has_package=package is not None,
            has_process=bool(subject.company and (subject.stage or venue or timing.event_at or timing.deadline)),
        )
    )
    return Facts(
        category=verdict.category,
        rule=verdict.rule,
        confidence=verdict.confidence,
        evidence=(verdict.evidence, *timing.evidence),
        company=subject.company,
        role=None if verdict.category == Category.WEBINAR else subject.role,  # there it is the speaker's
        stage=subject.stage if verdict.category in _OF_A_STAGE else None,
        deadline=timing.deadline,
        event_at=timing.event_at,
        event_end=timing.event_end,
        venue=venue,
        links=page.links,
        roster=page.students,
        roles=_roles(verdict, subject.role, package, pay),
    )


def _take_apart(notice: PortalNotice) -> _Page:
    markup = read_markup(notice.content or "")
    roster = read_roster(markup.lines)
    kept = (
        line
        for number, line in enumerate(markup.lines)
        if number not in roster.rows or speaks_of_pay(line) or _SLOT.search(line[:_LONGEST_SLOT])
    )
    lines = tuple(islice(kept, _MOST_LINES))
    title = collapse(unescape(notice.title or "")[:_LONGEST_TITLE])
    return _Page(title, lines, roster.students, read_links(markup.anchors, lines), _published(notice))


def _published(notice: PortalNotice) -> datetime | None:
    """What dates without a year are counted from; a year out of reason is none."""
    moments = (notice.published_at, notice.modified_at)
    return next((moment for moment in moments if moment and 2000 < moment.year < 2100), None)


def _subject(page: _Page, jobs: Sequence[JobRef]) -> _Subject:
    """From the title's template, else from a title of the portal quoted in the text, else from the words."""
    heading = read_title(page.title, jobs)
    quoted = read_sentences(page.lines, jobs) or Heading()
    if heading is None and not page.title and quoted.rule:
        heading = quoted
    if heading and heading.rest is None:
        stage = heading.stage or (_stage_in(page.lines[:3]) if heading.rule == "title.final_shortlist" else None)
        return _Subject(heading.rule, heading.company, heading.role, stage)
    title = (heading.rest if heading else None) or page.title or page.first_line
    company, role = company_and_role(title, page.lines, jobs)
    stage = quoted.stage or find_stage(title) or _stage_in(page.lines[:20])
    return _Subject(heading.rule if heading else None, company or quoted.company, quoted.role or role, stage)


def _stage_in(lines: Sequence[str]) -> str | None:
    """The stage a list of students is for."""
    lists = (line for line in lines if "shortlisted" in line or "eligible" in line)
    return next(filter(None, map(find_stage, lists)), None)


def _venue(page: _Page, subject: _Subject, timing: Timing) -> str | None:
    if subject.rule in _INVITATIONS:
        return None
    whole = subject.rule == "title.venue_and_date"  # the portal's own field, on a line of its own
    return labelled_venue(page.lines, whole=whole) or (
        named_venue((*page.lines, page.title)) if timing.event_at else None
    )


def _roles(verdict: Verdict, role: str | None, package: float | None, pay: str) -> tuple[RolePay, ...]:
    """The role with what it pays, where the notice is about that."""
    if verdict.category not in _WITH_PAY or package is None:
        return ()
    return (RolePay(role or "", package, shorten(pay, 300)),)
